#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* X(ID, "name in JSON"). A closed list: docs and `stoa read --json` are made from it. */
#define FACET_KINDS(X)                                                                             \
	X(LINK, "link")                                                                            \
	X(MENTION, "mention")                                                                      \
	X(TAG, "tag")                                                                              \
	X(EMOJI, "emoji")                                                                          \
	X(CODE, "code")                                                                            \
	X(EMPHASIS, "emphasis")                                                                    \
	X(STRONG, "strong")                                                                        \
	X(STRIKE, "strike")                                                                        \
	X(QUOTE, "quote") /* a quoted paragraph */                                                 \
	X(HEADING, "heading")                                                                      \
	X(IMAGE, "image") /* the text is its alt text; target its URL */

#define X(id, name) FACET_##id,
enum facet_kind { FACET_KINDS(X) FACET_NKINDS };
#undef X

const char *facet_kind_name(enum facet_kind kind);

/* What bytes [start, end) of a UTF-8 text mean. */
struct facet {
	enum facet_kind kind;
	uint32_t start, end;
	const char *target; /* URL, profile URI or bare tag; NULL when the kind has none */
};

/*
 * Plain text plus facets, sorted by start; may nest but never cross. No markup,
 * no control bytes but LF; edges of facets are edges of characters. Owns all:
 * `targets` is the arena of the facets' targets.
 */
struct text {
	struct str utf8;
	struct facet *facets;
	size_t nfacets, cap;
	char **targets;
	size_t ntargets, targets_cap;
};

void text_finish(struct text *text);

/* Append a facet; copies target (may be NULL). Kept sorted by text_sort. */
void text_facet(
        struct text *text, enum facet_kind kind, size_t start, size_t end, const char *target);
/* Sort by start, longer first; drop those that cross another, are empty or out of range. */
void text_sort(struct text *text);

/*
 * Set *out (zeroed) to the cleaned form (CLEAN_BODY) of `raw` with facets given by offsets in
 * `raw`: offsets are moved along with the text. Bad facets are dropped one by one.
 */
void text_clean(
        struct text *out, const char *raw, size_t len, const struct facet *facets, size_t nfacets);

/*
 * Cut to at most max bytes at a cluster's edge, facets too, "…" at the end included.
 * Returns true when it cut.
 */
bool text_cut(struct text *text, size_t max);
