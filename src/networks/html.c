#include "networks/html.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "base/clean.h"
#include "base/mem.h"
#include "model/post.h"
#include "net/url.h"
#include "networks/html_quick.h"
#include "networks/html_tag.h"
#include "networks/xml_guard.h"

/*
 * The parser's events go straight into a raw text with facets; no tree is built.
 * White space is collapsed as browsers do: breaks and blanks are owed, and paid
 * when the next visible character comes, so none stands at an edge.
 */

enum {
	MAX_DEPTH = 64,       /* open elements that mean something */
	MAX_OPEN = 128,       /* open elements at all; past it the rest is left out */
	MAX_IN = 1024 * 1024, /* bytes */
	MAX_TARGET = 4096,    /* bytes of a link */
	MAX_FACETS = 1024,    /* before the post's own limit */
	MAX_INDENT = 8,
};

#define UNSET SIZE_MAX

struct open {
	const struct html_tag *tag;
	size_t start; /* of its text; UNSET until there is some */
	enum facet_kind kind;
	bool facet;            /* it becomes one */
	bool hidden, ellipsis; /* Mastodon's spans */
	int counter;           /* of a list: the next number; 0: bullets */
	char *target;          /* owned, or NULL */
};

struct reader {
	const struct html_options *opts;
	htmlParserCtxtPtr ctxt;
	struct text raw;
	struct open stack[MAX_DEPTH];
	int depth;
	int deeper; /* open elements beyond the stack */
	int hidden; /* open elements whose content is dropped */
	int pre, lists;
	int breaks;      /* line ends owed: 0, 1 or 2 */
	bool blank;      /* a blank is owed */
	bool cell;       /* this row has a cell already */
	char marker[32]; /* of a list item, owed; "" when none */
};

/* Pay what is owed before visible text; opened elements begin here. */
static void begin(struct reader *r)
{
	struct str *s = &r->raw.utf8;
	if (s->len > 0) {
		if (r->breaks > 0)
			str_add(s, "\n\n", (size_t)r->breaks);
		else if (r->blank)
			str_addc(s, ' ');
	}
	r->breaks = 0;
	r->blank = false;
	if (*r->marker) {
		str_adds(s, r->marker);
		*r->marker = 0;
	}
	for (int i = r->depth; i-- > 0 && r->stack[i].start == UNSET;)
		r->stack[i].start = s->len;
}

/* A list in a list stays with its item. */
static int breaks_of(const struct reader *r, const struct html_tag *tag)
{
	bool list = tag->does == HTML_LIST || tag->does == HTML_ORDERED;
	return list && r->lists > 0 ? 1 : tag->breaks;
}

static void owe(struct reader *r, int breaks)
{
	if (r->breaks < breaks) r->breaks = breaks;
}

static void add_pre(struct reader *r, const char *p, size_t len)
{
	for (size_t i = 0; i < len;) {
		if (p[i] == '\n') {
			if (r->raw.utf8.len > 0 && !r->breaks)
				r->breaks = 1;
			else if (r->breaks == 1)
				r->breaks = 2;
			i++;
			continue;
		}
		size_t start = i;
		while (i < len && p[i] != '\n')
			i++;
		begin(r);
		str_add(&r->raw.utf8, p + start, i - start);
	}
}

static void add_text(struct reader *r, const char *p, size_t len)
{
	if (r->hidden) return;
	if (r->pre) {
		add_pre(r, p, len);
		return;
	}
	for (size_t i = 0; i < len;) {
		if (html_is_blank(p[i])) {
			r->blank = true;
			i++;
			continue;
		}
		size_t start = i;
		while (i < len && !html_is_blank(p[i]))
			i++;
		begin(r);
		str_add(&r->raw.utf8, p + start, i - start);
	}
}

static const char *attr(const xmlChar **attrs, const char *name)
{
	if (!attrs) return NULL;
	for (; attrs[0]; attrs += 2) {
		if (strcasecmp((const char *)attrs[0], name) == 0) return (const char *)attrs[1];
	}
	return NULL;
}

/* A link's target that may be kept, owned; NULL when it may not. */
static char *target_of(const struct reader *r, const char *href)
{
	if (!href || r->raw.nfacets >= MAX_FACETS) return NULL;
	while (html_is_blank(*href))
		href++;
	size_t len = strlen(href);
	while (len > 0 && html_is_blank(href[len - 1]))
		len--;
	if (len == 0 || len > MAX_TARGET) return NULL;
	char *ref = xstrndup(href, len);
	if (html_may_open(ref)) return ref;
	char *full = NULL;
	size_t scheme = strcspn(ref, ":/?#");
	if (r->opts->base && ref[scheme] != ':') full = url_resolve(r->opts->base, ref);
	free(ref);
	if (full && !html_may_open(full)) {
		free(full);
		full = NULL;
	}
	return full;
}

static void open_link(struct reader *r, struct open *open, const xmlChar **attrs)
{
	open->target = target_of(r, attr(attrs, "href"));
	open->facet = open->target != NULL;
	const char *class = attr(attrs, "class");
	if (html_has_word(class, "hashtag") || html_has_word(attr(attrs, "rel"), "tag"))
		open->kind = FACET_TAG;
	else if (html_has_word(class, "mention"))
		open->kind = FACET_MENTION;
	else
		open->kind = FACET_LINK;
}

/* A whole element of our own making: a picture's words, a frame's address. */
static void add_object(struct reader *r, enum facet_kind kind, const char *words, char *target)
{
	if (r->hidden) return;
	begin(r);
	size_t start = r->raw.utf8.len;
	str_adds(&r->raw.utf8, words);
	if (r->raw.nfacets < MAX_FACETS) text_facet(&r->raw, kind, start, r->raw.utf8.len, target);
}

static bool is_pixel(const xmlChar **attrs)
{
	const char *w = attr(attrs, "width"), *h = attr(attrs, "height");
	return (w && (strcmp(w, "1") == 0 || strcmp(w, "0") == 0)) ||
	       (h && (strcmp(h, "1") == 0 || strcmp(h, "0") == 0));
}

static void add_image(struct reader *r, const xmlChar **attrs)
{
	const char *alt = attr(attrs, "alt");
	bool named = alt && alt[strspn(alt, " \t\r\n")];
	const char *class = attr(attrs, "class");
	if (html_has_word(class, "emoji") || html_has_word(class, "custom-emoji")) {
		if (named) add_text(r, alt, strlen(alt));
		return;
	}
	if (is_pixel(attrs) || (!named && !r->opts->article)) return;
	char *target = target_of(r, attr(attrs, "src"));
	if (named || target) add_object(r, FACET_IMAGE, named ? alt : "image", target);
	free(target);
}

static void add_frame(struct reader *r, const xmlChar **attrs)
{
	char *target = r->opts->article ? target_of(r, attr(attrs, "src")) : NULL;
	if (!target) return;
	owe(r, 1);
	add_object(r, FACET_LINK, target, target);
	owe(r, 1);
	free(target);
}

static void open_item(struct reader *r, const xmlChar **attrs)
{
	struct open *list = NULL;
	for (int i = r->depth; i-- > 0 && !list;) {
		if (r->stack[i].tag->does == HTML_LIST || r->stack[i].tag->does == HTML_ORDERED)
			list = &r->stack[i];
	}
	int indent = r->lists > 1 ? r->lists - 1 : 0;
	if (indent > MAX_INDENT) indent = MAX_INDENT;
	if (!list || list->tag->does == HTML_LIST) {
		snprintf(r->marker, sizeof r->marker, "%*s\xe2\x80\xa2 ", 2 * indent, "");
		return;
	}
	const char *value = attr(attrs, "value");
	if (value) list->counter = (int)strtol(value, NULL, 10) % 1000000;
	snprintf(r->marker, sizeof r->marker, "%*s%d. ", 2 * indent, "", list->counter);
	list->counter++;
}

/* What an element does beyond its facet. */
static void open_special(struct reader *r, struct open *open, const xmlChar **attrs)
{
	switch (open->tag->does) {
	case HTML_LINK:
		open_link(r, open, attrs);
		break;
	case HTML_SPAN:
		open->hidden = html_has_word(attr(attrs, "class"), "invisible");
		open->ellipsis = html_has_word(attr(attrs, "class"), "ellipsis");
		break;
	case HTML_HEADING:
		open->kind = r->opts->article ? FACET_HEADING : FACET_STRONG;
		break;
	case HTML_PRE:
		r->pre++;
		break;
	case HTML_ORDERED: {
		const char *start = attr(attrs, "start");
		open->counter = start ? (int)strtol(start, NULL, 10) % 1000000 : 1;
		r->lists++;
		break;
	}
	case HTML_LIST:
		r->lists++;
		break;
	case HTML_ITEM:
		open_item(r, attrs);
		break;
	case HTML_ROW:
		r->cell = false;
		break;
	case HTML_CELL:
		if (r->cell && r->breaks == 0 && !r->hidden) {
			str_adds(&r->raw.utf8, " |");
			r->blank = true;
		}
		r->cell = true;
		break;
	case HTML_INLINE_QUOTE:
		add_text(r, "\xe2\x80\x9c", 3);
		break;
	case HTML_RUBY:
		add_text(r, "(", 1);
		break;
	case HTML_DROP:
		open->hidden = true;
		break;
	default:
		break;
	}
	if (r->opts->hide_quote_inline && html_has_word(attr(attrs, "class"), "quote-inline"))
		open->hidden = true;
}

/* Elements without content never go on the stack. */
static bool add_void(struct reader *r, const struct html_tag *tag, const xmlChar **attrs)
{
	switch (tag->does) {
	case HTML_BREAK:
		if (r->breaks < 2 && !r->hidden) r->breaks++;
		return true;
	case HTML_RULE:
		owe(r, 2);
		return true;
	case HTML_IMAGE:
		add_image(r, attrs);
		return true;
	case HTML_EMBED:
		add_frame(r, attrs);
		return true;
	default:
		return false;
	}
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attrs)
{
	struct reader *r = ctx;
	if (r->ctxt && r->ctxt->nameNr > MAX_OPEN) {
		xmlStopParser(r->ctxt);
		return;
	}
	const struct html_tag *tag = html_tag_find((const char *)name);
	if (add_void(r, tag, attrs)) return;
	if (r->depth == MAX_DEPTH) {
		r->deeper++;
		return;
	}
	if (!r->hidden) owe(r, breaks_of(r, tag));
	struct open *open = &r->stack[r->depth++];
	*open = (struct open){.tag = tag,
	        .start = UNSET,
	        .kind = tag->facet,
	        .facet = tag->facet != FACET_NKINDS};
	open_special(r, open, attrs);
	if (tag->does == HTML_FRAME) {
		add_frame(r, attrs);
		open->hidden = true;
	}
	if (open->hidden) r->hidden++;
}

/* A tag's target is its bare name, as written; what says no tag is a link. */
static void close_tag_link(struct reader *r, struct open *open)
{
	struct str *s = &r->raw.utf8;
	const char *text = s->p + open->start;
	size_t len = s->len - open->start;
	if (len < 2 || *text != '#' || memchr(text, ' ', len)) {
		open->kind = FACET_LINK;
		return;
	}
	free(open->target);
	open->target = xstrndup(text + 1, len - 1);
}

static void close_special(struct reader *r, const struct open *open)
{
	switch (open->tag->does) {
	case HTML_PRE:
		r->pre--;
		break;
	case HTML_ORDERED:
	case HTML_LIST:
		r->lists--;
		break;
	case HTML_ITEM:
		*r->marker = 0;
		break;
	case HTML_ROW:
		r->cell = false;
		break;
	case HTML_INLINE_QUOTE:
		add_text(r, "\xe2\x80\x9d", 3);
		break;
	case HTML_RUBY:
		add_text(r, ")", 1);
		break;
	default:
		break;
	}
}

static void add_ellipsis(struct reader *r)
{
	r->blank = false;
	begin(r);
	str_adds(&r->raw.utf8, "\xe2\x80\xa6");
}

static void on_end(void *ctx, const xmlChar *name)
{
	struct reader *r = ctx;
	bool is_top = r->depth > 0 && !r->deeper &&
	              strcmp(r->stack[r->depth - 1].tag->name, (const char *)name) == 0;
	if (!is_top && html_tag_find((const char *)name)->does >= HTML_EMBED) return;
	if (r->deeper > 0) {
		r->deeper--;
		return;
	}
	if (r->depth == 0) return;
	struct open *open = &r->stack[r->depth - 1];
	if (open->hidden) r->hidden--;
	if (open->ellipsis && !r->hidden) add_ellipsis(r);
	close_special(r, open);
	r->depth--;
	if (open->facet && open->start != UNSET && r->raw.utf8.len > open->start) {
		if (open->kind == FACET_TAG) close_tag_link(r, open);
		if (r->raw.nfacets < MAX_FACETS)
			text_facet(&r->raw, open->kind, open->start, r->raw.utf8.len, open->target);
	}
	free(open->target);
	if (!r->hidden) owe(r, breaks_of(r, open->tag));
}

static void on_text(void *ctx, const xmlChar *p, int len)
{
	if (len > 0) add_text(ctx, (const char *)p, (size_t)len);
}

static const htmlSAXHandler handler = {.startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .ignorableWhitespace = on_text};

/* What was left open ends here; the parser does that itself, but not when it was stopped. */
static void end_all(struct reader *r)
{
	r->deeper = 0;
	while (r->depth > 0)
		on_end(r, (const xmlChar *)r->stack[r->depth - 1].tag->name);
}

static void parse(struct reader *r, const char *html, size_t len)
{
	xml_guard();
	r->ctxt = htmlNewParserCtxt();
	if (!r->ctxt) return;
	*r->ctxt->sax = handler;
	r->ctxt->userData = r;
	htmlDocPtr doc = htmlCtxtReadMemory(r->ctxt, html, (int)len, NULL, "UTF-8",
	        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	                HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOIMPLIED);
	if (doc) xmlFreeDoc(doc);
	htmlFreeParserCtxt(r->ctxt);
	end_all(r);
}

/* Into *r, by the short way where that leads there. */
static void read_clean(struct reader *r, const char *html, size_t len)
{
	const struct html_options *opts = r->opts;
	if (!opts->article && html_quick(html, len, &handler, r)) return;
	end_all(r);
	text_finish(&r->raw);
	*r = (struct reader){.opts = opts};
	/* Outside of any element the parser would begin paragraphs of its own. */
	struct str wrapped = {0};
	str_adds(&wrapped, "<div>");
	html_tame(&wrapped, html, len);
	parse(r, wrapped.p, wrapped.len);
	str_finish(&wrapped);
}

bool html_text(struct text *out, const char *html, size_t len, const struct html_options *opts)
{
	static const struct html_options plain = {0};
	if (!html || len == 0) return false;
	if (len > MAX_IN) len = MAX_IN;
	struct reader reader = {.opts = opts ? opts : &plain}, *r = &reader;
	if (html_is_sound(html, len)) {
		read_clean(r, html, len);
	} else {
		struct str cleaned = {0};
		clean_in(&cleaned, CLEAN_BODY, html, len);
		read_clean(r, str_c(&cleaned), cleaned.len);
		str_finish(&cleaned);
	}
	text_sort(&r->raw);
	size_t n = r->raw.nfacets < POST_MAX_FACETS ? r->raw.nfacets : POST_MAX_FACETS;
	text_clean(out, str_c(&r->raw.utf8), r->raw.utf8.len, r->raw.facets, n);
	text_finish(&r->raw);
	return out->utf8.len > 0;
}

char *html_line(const char *html, size_t len)
{
	struct text text = {0};
	html_text(&text, html, len, NULL);
	struct str line = {0};
	clean_in(&line, CLEAN_LINE, str_c(&text.utf8), text.utf8.len);
	text_finish(&text);
	return str_take(&line);
}
