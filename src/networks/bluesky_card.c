#include "networks/bluesky_card.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "networks/feed.h"
#include "networks/feed_encoding.h"
#include "networks/html_tag.h"
#include "networks/xml_guard.h"

enum {
	MAX_PAGE = 1024 * 1024, /* bytes read of a page: its head stands first */
	MAX_OPEN = 64,          /* nested elements of it */
	MAX_TITLE = 300,        /* bytes */
	MAX_TEXT = 1000,
};

/* Where a page says a thing, best first. */
enum place { PLACE_OPEN_GRAPH, PLACE_TWITTER, PLACE_PLAIN, NPLACES };

static const struct {
	const char *name; /* of <meta>, by `property` or `name` */
	enum place place;
	bool title;
} metas[] = {
        {"og:title", PLACE_OPEN_GRAPH, true},
        {"og:description", PLACE_OPEN_GRAPH, false},
        {"twitter:title", PLACE_TWITTER, true},
        {"twitter:description", PLACE_TWITTER, false},
        {"description", PLACE_PLAIN, false},
};

struct reader {
	htmlParserCtxtPtr ctxt;
	char *titles[NPLACES], *texts[NPLACES]; /* owned; the first of a place counts */
	struct str title;                       /* of <title>, as it comes */
	bool in_title;
};

static const char *attr(const xmlChar **attrs, const char *name)
{
	for (; attrs && attrs[0]; attrs += 2) {
		if (strcasecmp((const char *)attrs[0], name) == 0) return (const char *)attrs[1];
	}
	return NULL;
}

static void read_meta(struct reader *reader, const xmlChar **attrs)
{
	const char *name = attr(attrs, "property"), *content = attr(attrs, "content");
	if (!name) name = attr(attrs, "name");
	for (size_t i = 0; name && content && i < sizeof metas / sizeof *metas; i++) {
		if (strcasecmp(metas[i].name, name) != 0) continue;
		char **to = metas[i].title ? reader->titles : reader->texts;
		if (!to[metas[i].place]) to[metas[i].place] = xstrdup(content);
	}
}

static void on_start(void *ctx, const xmlChar *xml_name, const xmlChar **attrs)
{
	struct reader *reader = ctx;
	const char *name = (const char *)xml_name;
	/* A <title> may stand in a picture, too: that is none of the page. */
	bool over = strcmp(name, "body") == 0 || strcmp(name, "svg") == 0;
	if (over || reader->ctxt->nameNr > MAX_OPEN)
		xmlStopParser(reader->ctxt);
	else if (strcmp(name, "meta") == 0)
		read_meta(reader, attrs);
	reader->in_title = strcmp(name, "title") == 0 && reader->title.len == 0;
}

static void on_end(void *ctx, const xmlChar *name)
{
	struct reader *reader = ctx;
	if (strcmp((const char *)name, "title") == 0) reader->in_title = false;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
	struct reader *reader = ctx;
	if (reader->in_title && reader->title.len < MAX_TEXT)
		str_add(&reader->title, (const char *)text, (size_t)len);
}

static void read_page(struct reader *reader, const char *text, size_t len)
{
	xml_guard();
	reader->ctxt = htmlNewParserCtxt();
	if (!reader->ctxt) return;
	htmlSAXHandler sax = {.startElement = on_start,
	        .endElement = on_end,
	        .characters = on_text,
	        .cdataBlock = on_text};
	*reader->ctxt->sax = sax;
	reader->ctxt->userData = reader;
	htmlDocPtr doc = htmlCtxtReadMemory(reader->ctxt, text, (int)len, NULL, "UTF-8",
	        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	                HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOIMPLIED);
	if (doc) xmlFreeDoc(doc);
	htmlFreeParserCtxt(reader->ctxt);
}

/* The best that is not empty, as one clean line. Owned. */
static char *best_of(char *const places[NPLACES], size_t most)
{
	struct str line = {0};
	for (size_t i = 0; i < NPLACES && line.len == 0; i++) {
		if (places[i]) clean_in(&line, CLEAN_LINE, places[i], strlen(places[i]));
	}
	str_cut(&line, utf8_prefix(str_c(&line), line.len, most));
	return str_take(&line);
}

bool bluesky_card_read(struct bluesky_card *out, const char *bytes, size_t len,
        const char *content_type, const char *url)
{
	struct feed_input in = {.bytes = bytes,
	        .len = len < MAX_PAGE ? len : MAX_PAGE,
	        .url = url,
	        .content_type = content_type};
	struct reader reader = {0};
	struct str buf = {0}, tamed = {0};
	const char *text;
	size_t text_len;
	bool damaged;
	if (len > 0) {
		feed_decode(&in, &buf, &text, &text_len, &damaged);
		html_tame(&tamed, text, text_len);
		read_page(&reader, str_c(&tamed), tamed.len);
	}
	reader.titles[PLACE_PLAIN] = str_take(&reader.title);
	out->title = best_of(reader.titles, MAX_TITLE);
	out->text = best_of(reader.texts, MAX_TEXT);
	for (size_t i = 0; i < NPLACES; i++) {
		free(reader.titles[i]);
		free(reader.texts[i]);
	}
	str_finish(&tamed);
	str_finish(&buf);
	return *out->title != '\0';
}

void bluesky_card_finish(struct bluesky_card *card)
{
	free(card->title);
	free(card->text);
	*card = (struct bluesky_card){0};
}
