#include "link_text.h"

#include <string.h>

#include "model/link.h"

/* What is put in behind one link. */
struct note {
	uint32_t at; /* of the text as it was */
	bool lies;
	size_t from, len; /* of the words */
};

static struct note note_of(struct block_pen *pen, const struct link_text *text,
        const struct facet *facet, bool words, struct str *out)
{
	struct note note = {.at = facet->end, .from = out->len};
	struct str host = {0};
	enum link_truth truth = LINK_SAYS_SO;
	if (facet->kind == FACET_LINK && facet->target && facet->end <= text->len &&
	        facet->start < facet->end)
		truth = link_judge(
		        text->utf8 + facet->start, facet->end - facet->start, facet->target, &host);
	note.lies = truth == LINK_LIES;
	if (note.lies)
		str_addf(out, " %s%s %s", ui_mark(pen->ui, MARK_WARNING),
		        pen->ui->ascii ? "->" : "→", str_c(&host));
	else if (truth == LINK_IN_WORDS && words && host.len)
		str_addf(out, " (%s)", host.p);
	note.len = out->len - note.from;
	str_finish(&host);
	return note;
}

static void shift(struct facet *facet, uint32_t at, size_t by)
{
	if (facet->start >= at) facet->start += (uint32_t)by;
	if (facet->end > at) facet->end += (uint32_t)by;
}

/* The text with the notes in it, the last one first, so that the places before stay right. */
static void weave(struct block_pen *pen, struct link_text *text, const struct note *notes,
        size_t nnotes, const char *words)
{
	size_t more = 0, n = text->nfacets;
	for (size_t i = 0; i < nnotes; i++)
		more += notes[i].len;
	char *utf8 = arena_alloc(pen->scratch, text->len + more + 1);
	struct facet *facets = arena_alloc(pen->scratch, (n + nnotes + 1) * sizeof(*facets));
	memcpy(utf8, text->utf8, text->len);
	memcpy(facets, text->facets, n * sizeof(*facets));
	size_t len = text->len;
	for (size_t i = nnotes; i-- > 0;) {
		const struct note *note = &notes[i];
		memmove(utf8 + note->at + note->len, utf8 + note->at, len - note->at);
		memcpy(utf8 + note->at, words + note->from, note->len);
		len += note->len;
		for (size_t j = 0; j < n; j++)
			shift(&facets[j], note->at, note->len);
		/* FACET_NKINDS: no facet of the post's, but a warning of ours. */
		facets[n++] = (struct facet){.kind = note->lies ? FACET_NKINDS : FACET_LINK,
		        .start = note->at + 1,
		        .end = note->at + (uint32_t)note->len};
	}
	utf8[len] = '\0';
	*text = (struct link_text){utf8, len, facets, n};
}

/* By their places: links may lie in each other. */
static void sort_in(struct note *notes, size_t n, const struct note *note)
{
	for (; n > 0 && notes[n - 1].at > note->at; n--)
		notes[n] = notes[n - 1];
	notes[n] = *note;
}

void link_text_reveal(struct block_pen *pen, struct link_text *text, bool words)
{
	struct note *notes = arena_alloc(pen->scratch, (text->nfacets + 1) * sizeof(*notes));
	struct str said = {0};
	size_t n = 0;
	for (size_t i = 0; i < text->nfacets; i++) {
		struct note note = note_of(pen, text, &text->facets[i], words, &said);
		if (note.len) sort_in(notes, n++, &note);
	}
	if (n) weave(pen, text, notes, n, str_c(&said));
	str_finish(&said);
}
