#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "model/text.h"

/* What an HTML element means to a reader of plain text. */
enum html_does {
	HTML_NOTHING,
	HTML_LINK,
	HTML_SPAN,
	HTML_HEADING,
	HTML_PRE,
	HTML_LIST,
	HTML_ORDERED,
	HTML_ITEM,
	HTML_ROW,
	HTML_CELL,
	HTML_INLINE_QUOTE,
	HTML_RUBY,  /* the reading, in brackets */
	HTML_DROP,  /* with its content */
	HTML_FRAME, /* shown as its address */
	HTML_EMBED, /* the same; these four have no content */
	HTML_BREAK,
	HTML_RULE,
	HTML_IMAGE,
};

struct html_tag {
	const char *name;
	enum html_does does;
	int breaks;            /* line ends around it: 0, 1, or 2 for a paragraph */
	enum facet_kind facet; /* FACET_NKINDS: none */
};

/* Never NULL: an unknown element means nothing, its text stays. Name in lower case. */
const struct html_tag *html_tag_find(const char *name);

bool html_is_blank(char c);
/* One of the words of a class or rel attribute is `word`; NULL has none. */
bool html_has_word(const char *words, const char *word);

/* Copy without what would cost the parser more than it can say: huge tags, endless marks. */
void html_tame(struct str *out, const char *p, size_t len);

/* http, https, mailto or gemini: what a link may lead to. */
bool html_may_open(const char *url);
