#pragma once
#include "block_pen.h"

/* A text with what hangs on it, as it is to be drawn. */
struct link_text {
	const char *utf8;
	size_t len;
	const struct facet *facets; /* in order */
	size_t nfacets;
};

/*
 * Put behind each link where it leads, unless its words say so: `▲→ evil.example` when they
 * name another place, `(example.org)` when they name none and `words` is set. What is added is
 * in the scratch arena; nothing is when all links are honest.
 */
void link_text_reveal(struct block_pen *pen, struct link_text *text, bool words);
