#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "model/text.h"

/* HTML from strangers to clean text and facets, by libxml2's HTML parser (engine thread). */
struct html_options {
	const char *base;       /* URL that links are relative to, or NULL */
	bool article;           /* a whole article: headings, lists, images, tables kept readable */
	bool hide_quote_inline; /* leave out elements of class quote-inline (Mastodon 4.4) */
};

/*
 * Append to *out (zeroed). Paragraphs are parted by an empty line, <br> is a line
 * break, lists get "• " or numbers, script and style go with their content,
 * Mastodon's invisible spans are hidden and ellipsis spans get "…". Links become
 * FACET_LINK, or FACET_MENTION/FACET_TAG by their class and rel (target: href, bare
 * tag for a tag). Only http, https, mailto and gemini targets are kept. Bounded:
 * 1 MiB in, depth 64, POST_MAX_FACETS. False when nothing readable is inside.
 */
bool html_text(struct text *out, const char *html, size_t len, const struct html_options *opts);

/* Decode entities and drop tags of a short string (a title) into one clean line; owned. */
char *html_line(const char *html, size_t len);
