#pragma once
#include <libxml/parser.h>

#include "networks/feed_doc.h"
#include "networks/feed_element.h"

/* What feed_xml.c (the elements) and feed_capture.c (their texts) share while a document is read.
 */

enum {
	FEED_MAX_OWN = 16,           /* entities of the document's own */
	FEED_MAX_LOST = 1024 * 1024, /* bytes beyond an item's limit; then the rest is left out */
};

/* As libxml2 gives them: five pointers each. */
struct feed_attrs {
	const xmlChar **p;
	int n;
};

/* `<!ENTITY name "text">`, the only kind that is heard. */
struct feed_entity {
	const char *name, *text; /* arena */
};

struct feed_level {
	unsigned where;
	const char *base, *lang; /* arena; NULL when none */
};

struct feed_capture {
	const struct feed_element *element; /* NULL: none */
	int depth;                          /* of its element */
	bool tags;                          /* write child elements into the text */
	bool escape;                        /* the text is markup itself */
	bool base64;
	enum feed_markup markup;
	const char *fallback; /* a tag's label or a person's, from attributes */
	struct str text;
};

struct feed_sax {
	struct feed_doc *doc;
	xmlParserCtxtPtr ctxt;
	const char *base;
	struct feed_level levels[FEED_MAX_DEPTH + 1];
	int depth; /* open elements */
	int elements;
	bool atom, is_feed, in_item, in_source, stopped;
	const char *root_uri; /* what `rss` declared as its own, or NULL */
	struct feed_capture cap;
	struct str attr;  /* scratch */
	xmlEntity entity; /* the one asked for last */
	char entity_text[8];
	struct feed_entity own[FEED_MAX_OWN]; /* declared in the document */
	int nown, own_uses;
	size_t lost; /* bytes left out for the limits */
};

/* The item that is open, or the feed. */
struct feed_record *feed_sax_record(struct feed_sax *r);

/* A copy in the arena, trimmed; NULL when absent, empty or beyond the limit. Any case. */
const char *feed_sax_attr(struct feed_sax *r, const struct feed_attrs *attrs, const char *name);
/* xml:base, xml:lang. */
const char *feed_sax_xml_attr(struct feed_sax *r, const struct feed_attrs *attrs, const char *name);

/* What has been read so far is all. */
void feed_sax_stop(struct feed_sax *r);

/* The text of an element, from its start tag on; what is inside; its end: put where it belongs. */
void feed_capture_start(
        struct feed_sax *r, const struct feed_element *element, const struct feed_attrs *attrs);
void feed_capture_tag(struct feed_sax *r, const char *name, const struct feed_attrs *attrs);
void feed_capture_text(struct feed_sax *r, const char *p, size_t len);
void feed_capture_end(struct feed_sax *r);
