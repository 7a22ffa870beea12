#include "model/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/utf8.h"

const char *facet_kind_name(enum facet_kind kind)
{
#define X(id, name) [FACET_##id] = (name),
	static const char *const names[FACET_NKINDS] = {FACET_KINDS(X)};
#undef X
	return (unsigned)kind < FACET_NKINDS ? names[kind] : "";
}

void text_finish(struct text *text)
{
	if (!text) return;
	str_finish(&text->utf8);
	free(text->facets);
	for (size_t i = 0; i < text->ntargets; i++)
		free(text->targets[i]);
	free(text->targets);
	*text = (struct text){0};
}

void text_facet(
        struct text *text, enum facet_kind kind, size_t start, size_t end, const char *target)
{
	const char *kept = NULL;

	if (start >= end || end > UINT32_MAX) return;
	if (target) {
		text->targets = mem_grow(text->targets, &text->targets_cap, text->ntargets + 1,
		        sizeof *text->targets);
		kept = text->targets[text->ntargets++] = xstrdup(target);
	}
	text->facets = mem_grow(text->facets, &text->cap, text->nfacets + 1, sizeof *text->facets);
	text->facets[text->nfacets++] = (struct facet){
	        .kind = kind, .start = (uint32_t)start, .end = (uint32_t)end, .target = kept};
}

static int outer_first(const void *a, const void *b)
{
	const struct facet *x = a, *y = b;

	if (x->start != y->start) return x->start < y->start ? -1 : 1;
	if (x->end != y->end) return x->end > y->end ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

static bool is_edge(const struct str *utf8, size_t at)
{
	return at >= utf8->len || ((unsigned char)utf8->p[at] & 0xc0) != 0x80;
}

void text_sort(struct text *text)
{
	struct str *utf8 = &text->utf8;
	size_t kept = 0, ninside = 0, inside_cap = 0;
	uint32_t *inside = NULL; /* ends of the facets around the next one, outermost first */

	if (text->nfacets > 1) {
		qsort(text->facets, text->nfacets, sizeof *text->facets, outer_first);
	}
	for (size_t i = 0; i < text->nfacets; i++) {
		struct facet facet = text->facets[i];
		if (facet.start >= facet.end || facet.end > utf8->len) continue;
		if (!is_edge(utf8, facet.start) || !is_edge(utf8, facet.end)) continue;
		while (ninside > 0 && inside[ninside - 1] <= facet.start)
			ninside--;
		if (ninside > 0 && facet.end > inside[ninside - 1]) continue;
		inside = mem_grow(inside, &inside_cap, ninside + 1, sizeof *inside);
		inside[ninside++] = facet.end;
		text->facets[kept++] = facet;
	}
	free(inside);
	text->nfacets = kept;
}

/* One edge of a facet: an offset in the raw text, and whose it is. */
struct edge {
	size_t at;
	size_t *place;
};

static int by_offset(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* A stranger may point into the middle of a character. */
static bool is_good(const struct facet *facet, const char *raw, size_t len)
{
	const struct str utf8 = {.p = (char *)raw, .len = len};

	return (unsigned)facet->kind < FACET_NKINDS && facet->start < facet->end &&
	       facet->end <= len && is_edge(&utf8, facet->start) && is_edge(&utf8, facet->end);
}

void text_clean(
        struct text *out, const char *raw, size_t len, const struct facet *facets, size_t nfacets)
{
	size_t nedges = 0;
	size_t *moved = xcalloc(nfacets * 2, sizeof *moved);
	size_t *offsets = xcalloc(nfacets * 2, sizeof *offsets);
	struct edge *edges = xcalloc(nfacets * 2, sizeof *edges);

	for (size_t i = 0; i < nfacets; i++) {
		if (!is_good(&facets[i], raw, len)) continue;
		edges[nedges++] = (struct edge){.at = facets[i].start, .place = &moved[i * 2]};
		edges[nedges++] = (struct edge){.at = facets[i].end, .place = &moved[i * 2 + 1]};
	}
	if (nedges > 0) qsort(edges, nedges, sizeof *edges, by_offset);
	for (size_t i = 0; i < nedges; i++)
		offsets[i] = edges[i].at;
	clean_in_moving(&out->utf8, CLEAN_BODY, raw, len, offsets, nedges);
	for (size_t i = 0; i < nedges; i++)
		*edges[i].place = offsets[i];
	for (size_t i = 0; i < nfacets; i++) {
		/* Bad ones were not moved: both their edges are 0. */
		text_facet(out, facets[i].kind, moved[i * 2], moved[i * 2 + 1], facets[i].target);
	}
	free(edges);
	free(offsets);
	free(moved);
	text_sort(out);
}

bool text_cut(struct text *text, size_t max)
{
	static const char more[] = "…";
	enum { MORE = sizeof more - 1 };
	struct str *utf8 = &text->utf8;

	if (utf8->len <= max) return false;
	size_t n = max < MORE ? 0 : utf8_prefix(utf8->p, utf8->len, max - MORE);
	str_cut(utf8, n);
	size_t kept = 0;
	for (size_t i = 0; i < text->nfacets; i++) {
		struct facet facet = text->facets[i];
		if (facet.end > n) facet.end = (uint32_t)n;
		if (facet.start < facet.end) text->facets[kept++] = facet;
	}
	text->nfacets = kept;
	if (max >= MORE) str_adds(utf8, more);
	return true;
}
