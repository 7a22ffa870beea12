#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/poll.h"
#include "post_pack.h"

/* What a post will be made of, with offsets from the start of `strings`, plus 1. */
struct draft {
	const struct post_parts *parts;
	struct str strings, folded;
	uint32_t at[POST_NSTRINGS + 1]; /* not plus 1 */
	size_t nstrings;
	uint16_t has;
	uint8_t url_prefix, url_suffix;
	struct packed_viewer viewers[POST_MAX_VIEWERS];
	struct packed_media media[POST_MAX_MEDIA];
	struct packed_facet *facets;
	size_t nviewers, nmedia, nfacets;
};

static void add_string(struct draft *draft, enum post_string which, const char *s, size_t len)
{
	len = utf8_prefix(s, len, POST_MAX_BODY);
	if (len == 0) return;
	draft->has |= (uint16_t)(1u << which);
	draft->at[draft->nstrings++] = (uint32_t)draft->strings.len;
	str_add(&draft->strings, s, len);
	str_addc(&draft->strings, '\0');
}

/* 1 + the offset of `s`, which may be the end of one of the strings that are in. */
static uint32_t add_small(struct draft *draft, const char *s, size_t len)
{
	for (size_t i = 0; i < draft->nstrings; i++) {
		size_t end = draft->at[i + 1] - 1, start = draft->at[i];
		if (end - start < len) continue;
		if (memcmp(draft->strings.p + end - len, s, len) == 0) {
			return (uint32_t)(end - len) + 1;
		}
	}
	uint32_t at = (uint32_t)draft->strings.len;
	str_add(&draft->strings, s, len);
	str_addc(&draft->strings, '\0');
	return at + 1;
}

/* An address or id: whole or not at all. */
static uint32_t add_target(struct draft *draft, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	return len > 0 && len <= POST_MAX_TARGET ? add_small(draft, s, len) : 0;
}

static void fold_part(struct str *folded, const char *s, size_t len)
{
	if (!s || len == 0) return;
	if (folded->len > 0) str_addc(folded, '\n');
	fold_add(folded, s, len);
}

static void fold_poll(struct str *folded, const char *poll)
{
	struct poll_option option;
	while (poll_next(&poll, &option))
		fold_part(folded, option.title, option.len);
}

static const char *part_str(const struct post_parts *parts, enum post_string which)
{
	return parts->str[which] ? parts->str[which] : "";
}

static bool is_good_media(const struct media *media)
{
	size_t len = media->url ? strlen(media->url) : 0;

	return len > 0 && len <= POST_MAX_TARGET && (unsigned)media->kind < MEDIA_NKINDS;
}

static size_t alt_length(const struct media *media)
{
	return utf8_prefix(media->alt, strlen(media->alt), POST_MAX_TARGET);
}

static void fold_parts(struct draft *draft)
{
	static const enum post_string order[] = {POST_TITLE, POST_BODY, POST_WARNING};
	const struct post_parts *parts = draft->parts;

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const char *s = part_str(parts, order[i]);
		fold_part(&draft->folded, s, utf8_prefix(s, strlen(s), POST_MAX_BODY));
	}
	fold_poll(&draft->folded, part_str(parts, POST_POLL));
	for (size_t i = 0, n = 0; i < parts->nmedia && n < POST_MAX_MEDIA; i++) {
		const struct media *media = &parts->media[i];
		if (!is_good_media(media)) continue;
		n++;
		if (media->alt) fold_part(&draft->folded, media->alt, alt_length(media));
	}
}

/* What of the URL is not at the URI's ends. Servers build both from the same pieces. */
static void add_url(struct draft *draft)
{
	const struct post_parts *parts = draft->parts;
	const char *uri = part_str(parts, POST_URI), *url = part_str(parts, POST_URL);
	size_t uri_len = strlen(uri), url_len = strlen(url), prefix = 0, suffix = 0;
	size_t most = uri_len < url_len ? uri_len : url_len;

	if (parts->url_prefix + parts->url_suffix > 0) {
		prefix = parts->url_prefix;
		suffix = parts->url_suffix;
		if (prefix + suffix > uri_len) return;
	} else if (url_len > 0 && url_len < POST_LINK_MAX && strcmp(uri, url) != 0) {
		while (prefix < most && prefix < UINT8_MAX && uri[prefix] == url[prefix])
			prefix++;
		while (prefix + suffix < most && suffix < UINT8_MAX &&
		        uri[uri_len - suffix - 1] == url[url_len - suffix - 1]) {
			suffix++;
		}
		url += prefix;
		url_len -= prefix + suffix;
	} else if (strcmp(uri, url) == 0) {
		url_len = 0;
	}
	draft->url_prefix = (uint8_t)prefix;
	draft->url_suffix = (uint8_t)suffix;
	add_string(draft, POST_URL, url, url_len);
}

static void draft_strings(struct draft *draft)
{
	fold_parts(draft);
	for (int i = 0; i < POST_NSTRINGS; i++) {
		if (i == POST_FOLDED) {
			add_string(draft, i, str_c(&draft->folded), draft->folded.len);
			continue;
		}
		const char *s = part_str(draft->parts, i);
		if (i == POST_URL) {
			add_url(draft);
		} else {
			add_string(draft, i, s, strlen(s));
		}
	}
	draft->at[draft->nstrings] = (uint32_t)draft->strings.len;
}

static void draft_viewers(struct draft *draft)
{
	const struct post_parts *parts = draft->parts;

	for (size_t i = 0; i < parts->nviewers && draft->nviewers < POST_MAX_VIEWERS; i++) {
		const struct viewer *viewer = &parts->viewers[i];
		if (viewer->account > POST_MAX_ACCOUNT) continue;
		draft->viewers[draft->nviewers++] =
		        (struct packed_viewer){.account = viewer->account,
		                .flags = viewer->flags,
		                .remote_id = add_target(draft, viewer->remote_id)};
	}
}

static void draft_media(struct draft *draft)
{
	const struct post_parts *parts = draft->parts;

	for (size_t i = 0; i < parts->nmedia && draft->nmedia < POST_MAX_MEDIA; i++) {
		const struct media *media = &parts->media[i];
		if (!is_good_media(media)) continue;
		uint32_t url = add_target(draft, media->url);
		size_t alt = media->alt ? alt_length(media) : 0;
		draft->media[draft->nmedia++] = (struct packed_media){.url = url,
		        .alt = alt ? add_small(draft, media->alt, alt) : 0,
		        .type = add_target(draft, media->type),
		        .preview = add_target(draft, media->preview),
		        .width = media->width,
		        .height = media->height,
		        .kind = media->kind};
	}
}

/* Whether a character begins with this byte, or the text ends. */
static bool is_edge(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

static void draft_facets(struct draft *draft)
{
	const struct post_parts *parts = draft->parts;
	const char *body = part_str(parts, POST_BODY);
	size_t len = utf8_prefix(body, strlen(body), POST_MAX_BODY);
	size_t n = parts->nfacets < POST_MAX_FACETS ? parts->nfacets : POST_MAX_FACETS;
	uint32_t before = 0, inside[POST_MAX_FACETS]; /* ends of those around, outermost first */
	size_t ninside = 0;

	draft->facets = xcalloc(n, sizeof *draft->facets);
	for (size_t i = 0; i < parts->nfacets && draft->nfacets < n; i++) {
		struct facet facet = parts->facets[i];
		if (facet.end > len) facet.end = (uint32_t)len;
		if ((unsigned)facet.kind >= FACET_NKINDS || facet.start >= facet.end) continue;
		if (!is_edge(body[facet.start]) || !is_edge(body[facet.end])) continue;
		if (facet.start < before) continue;
		while (ninside > 0 && inside[ninside - 1] <= facet.start)
			ninside--;
		if (ninside > 0 && facet.end > inside[ninside - 1]) continue;
		inside[ninside++] = facet.end;
		before = facet.start;
		draft->facets[draft->nfacets++] =
		        (struct packed_facet){.start = (uint16_t)facet.start,
		                .len = (uint16_t)(facet.end - facet.start),
		                .kind = (uint16_t)facet.kind,
		                .target = add_target(draft, facet.target)};
	}
}

/* From 1 + the place among the strings to the place in the post. */
static uint32_t rebase(uint32_t offset, size_t base)
{
	return offset ? offset + (uint32_t)base - 1 : 0;
}

static void fill_arrays(struct post *post, const struct draft *draft, size_t base)
{
	for (size_t i = 0; i < draft->nviewers; i++) {
		struct packed_viewer *viewer = &post_viewers_of(post)[i];
		*viewer = draft->viewers[i];
		viewer->remote_id = rebase(viewer->remote_id, base) & POST_OFFSET_MASK;
	}
	for (size_t i = 0; i < draft->nmedia; i++) {
		struct packed_media *media = &post_media_of(post)[i];
		*media = draft->media[i];
		media->url = rebase(media->url, base) & POST_OFFSET_MASK;
		media->alt = rebase(media->alt, base) & POST_OFFSET_MASK;
		media->type = rebase(media->type, base) & POST_OFFSET_MASK;
		media->preview = rebase(media->preview, base) & POST_OFFSET_MASK;
	}
	for (size_t i = 0; i < draft->nfacets; i++) {
		struct packed_facet *facet = &post_facets_of(post)[i];
		*facet = draft->facets[i];
		facet->target = rebase(facet->target, base) & POST_OFFSET_MASK;
	}
	for (size_t i = 0; i <= draft->nstrings; i++) {
		uint32_t offset = (uint32_t)base + draft->at[i];
		if (post->wide) {
			((uint32_t *)post_offsets_of(post))[i] = offset;
		} else {
			((uint16_t *)post_offsets_of(post))[i] = (uint16_t)offset;
		}
	}
}

static int64_t in_48_bits(int64_t ms)
{
	const int64_t most = (INT64_C(1) << 47) - 1;

	return ms > most ? most : ms < -most ? -most : ms;
}

static struct post *assemble(const struct draft *draft)
{
	const struct post_parts *parts = draft->parts;
	size_t base = sizeof(struct post) + draft->nviewers * sizeof *draft->viewers +
	              draft->nmedia * sizeof *draft->media + draft->nfacets * sizeof *draft->facets;
	size_t noffsets = draft->nstrings + 1;
	bool wide = base + noffsets * sizeof(uint32_t) + draft->strings.len > UINT16_MAX;
	base += noffsets * (wide ? sizeof(uint32_t) : sizeof(uint16_t));
	size_t size = base + draft->strings.len;

	struct post *post = xmalloc(size);
	*post = (struct post){
	        .author = parts->author,
	        .created_ms = in_48_bits(parts->created_ms),
	        .edited_ms = in_48_bits(parts->edited_ms),
	        .seen_ms = in_48_bits(parts->seen_ms),
	        .poll_ends_ms = in_48_bits(parts->poll_ends_ms),
	        .replies = parts->replies,
	        .reposts = parts->reposts,
	        .likes = parts->likes,
	        .quotes = parts->quotes,
	        .size = (uint32_t)size,
	        .flags = (uint16_t)parts->flags,
	        .nfacets = (uint16_t)draft->nfacets,
	        .nmedia = (uint8_t)draft->nmedia,
	        .nviewers = (uint8_t)draft->nviewers,
	        .visibility = (unsigned)parts->visibility < VIS_COUNT ? (uint8_t)parts->visibility
	                                                              : VIS_PUBLIC,
	        .wide = wide,
	        .has = draft->has,
	        .url_prefix = draft->url_prefix,
	        .url_suffix = draft->url_suffix,
	};
	fill_arrays(post, draft, base);
	if (draft->strings.len > 0) {
		memcpy((char *)post + base, draft->strings.p, draft->strings.len);
	}
	return post;
}

struct post *post_new(const struct post_parts *parts)
{
	struct draft draft = {.parts = parts};

	draft_strings(&draft);
	draft_viewers(&draft);
	draft_media(&draft);
	draft_facets(&draft);
	struct post *post = assemble(&draft);
	str_finish(&draft.strings);
	str_finish(&draft.folded);
	free(draft.facets);
	return post;
}
