#include "networks/html_tag.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NONE FACET_NKINDS

/* Sorted by name, for the search. */
static const struct html_tag tags[] = {
        {"a", HTML_LINK, 0, FACET_LINK},
        {"address", HTML_NOTHING, 1, NONE},
        {"applet", HTML_DROP, 0, NONE},
        {"article", HTML_NOTHING, 2, NONE},
        {"aside", HTML_NOTHING, 2, NONE},
        {"audio", HTML_FRAME, 0, NONE},
        {"b", HTML_NOTHING, 0, FACET_STRONG},
        {"blockquote", HTML_NOTHING, 2, FACET_QUOTE},
        {"br", HTML_BREAK, 0, NONE},
        {"button", HTML_DROP, 0, NONE},
        {"caption", HTML_NOTHING, 1, NONE},
        {"center", HTML_NOTHING, 1, NONE},
        {"cite", HTML_NOTHING, 0, FACET_EMPHASIS},
        {"code", HTML_NOTHING, 0, FACET_CODE},
        {"dd", HTML_NOTHING, 1, NONE},
        {"del", HTML_NOTHING, 0, FACET_STRIKE},
        {"details", HTML_NOTHING, 2, NONE},
        {"dfn", HTML_NOTHING, 0, FACET_EMPHASIS},
        {"dir", HTML_LIST, 2, NONE},
        {"div", HTML_NOTHING, 1, NONE},
        {"dl", HTML_NOTHING, 2, NONE},
        {"dt", HTML_NOTHING, 1, FACET_STRONG},
        {"em", HTML_NOTHING, 0, FACET_EMPHASIS},
        {"embed", HTML_EMBED, 0, NONE},
        {"fieldset", HTML_NOTHING, 1, NONE},
        {"figcaption", HTML_NOTHING, 1, NONE},
        {"figure", HTML_NOTHING, 2, NONE},
        {"footer", HTML_NOTHING, 1, NONE},
        {"form", HTML_NOTHING, 1, NONE},
        {"h1", HTML_HEADING, 2, FACET_HEADING},
        {"h2", HTML_HEADING, 2, FACET_HEADING},
        {"h3", HTML_HEADING, 2, FACET_HEADING},
        {"h4", HTML_HEADING, 2, FACET_HEADING},
        {"h5", HTML_HEADING, 2, FACET_HEADING},
        {"h6", HTML_HEADING, 2, FACET_HEADING},
        {"head", HTML_NOTHING, 0, NONE},
        {"header", HTML_NOTHING, 1, NONE},
        {"hr", HTML_RULE, 2, NONE},
        {"i", HTML_NOTHING, 0, FACET_EMPHASIS},
        {"iframe", HTML_FRAME, 0, NONE},
        {"img", HTML_IMAGE, 0, NONE},
        {"kbd", HTML_NOTHING, 0, FACET_CODE},
        {"legend", HTML_NOTHING, 1, NONE},
        {"li", HTML_ITEM, 1, NONE},
        {"main", HTML_NOTHING, 1, NONE},
        {"menu", HTML_LIST, 2, NONE},
        {"nav", HTML_NOTHING, 1, NONE},
        {"noembed", HTML_DROP, 0, NONE},
        {"object", HTML_NOTHING, 0, NONE},
        {"ol", HTML_ORDERED, 2, NONE},
        {"optgroup", HTML_DROP, 0, NONE},
        {"option", HTML_DROP, 0, NONE},
        {"p", HTML_NOTHING, 2, NONE},
        {"pre", HTML_PRE, 2, FACET_CODE},
        {"q", HTML_INLINE_QUOTE, 0, NONE},
        {"rp", HTML_DROP, 0, NONE},
        {"rt", HTML_RUBY, 0, NONE},
        {"s", HTML_NOTHING, 0, FACET_STRIKE},
        {"samp", HTML_NOTHING, 0, FACET_CODE},
        {"script", HTML_DROP, 0, NONE},
        {"section", HTML_NOTHING, 2, NONE},
        {"select", HTML_DROP, 0, NONE},
        {"span", HTML_SPAN, 0, NONE},
        {"strike", HTML_NOTHING, 0, FACET_STRIKE},
        {"strong", HTML_NOTHING, 0, FACET_STRONG},
        {"style", HTML_DROP, 0, NONE},
        {"summary", HTML_NOTHING, 1, FACET_STRONG},
        {"svg", HTML_DROP, 0, NONE},
        {"table", HTML_NOTHING, 2, NONE},
        {"td", HTML_CELL, 0, NONE},
        {"template", HTML_DROP, 0, NONE},
        {"textarea", HTML_DROP, 0, NONE},
        {"th", HTML_CELL, 0, FACET_STRONG},
        {"title", HTML_NOTHING, 2, NONE},
        {"tr", HTML_ROW, 1, NONE},
        {"tt", HTML_NOTHING, 0, FACET_CODE},
        {"ul", HTML_LIST, 2, NONE},
        {"var", HTML_NOTHING, 0, FACET_EMPHASIS},
        {"video", HTML_FRAME, 0, NONE},
};

static int by_name(const void *name, const void *row)
{
	const char *a = name, *b = ((const struct html_tag *)row)->name;
	return *a != *b ? (*a > *b) - (*a < *b) : strcmp(a, b);
}

const struct html_tag *html_tag_find(const char *name)
{
	static const struct html_tag unknown = {"", HTML_NOTHING, 0, NONE};
	const struct html_tag *tag =
	        bsearch(name, tags, sizeof tags / sizeof *tags, sizeof *tags, by_name);
	return tag ? tag : &unknown;
}

bool html_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

bool html_has_word(const char *words, const char *word)
{
	size_t len = strlen(word);
	while (words && *words) {
		while (html_is_blank(*words))
			words++;
		size_t n = strcspn(words, " \t\r\n\f");
		if (n == len && strncasecmp(words, word, n) == 0) return true;
		words += n;
	}
	return false;
}
