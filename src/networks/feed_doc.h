#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "networks/feed.h"

/*
 * A feed as it was written, before it becomes posts: every format fills the same
 * slots, and feed_map.c alone decides which of them a post is made from (feeds.md 2).
 * All strings live in the arena of the document. Engine thread.
 */

enum {
	FEED_MAX_BYTES = 10 * 1024 * 1024, /* of a document, decoded */
	FEED_MAX_ITEMS = 2000,
	FEED_MAX_ITEM = 1024 * 1024, /* bytes of one item's texts */
	FEED_MAX_ATTR = 64 * 1024,
	FEED_MAX_DEPTH = 256,
	FEED_MAX_LIST = 64, /* tags, links, media, people of one item */
};

/* One element of which an item or feed has one. */
enum feed_slot {
	SLOT_ID,          /* atom:id, JSON id */
	SLOT_GUID,        /* RSS; permalink tells whether it is a link */
	SLOT_ABOUT,       /* rdf:about */
	SLOT_LINK,        /* RSS link */
	SLOT_ORIG_LINK,   /* feedburner:origLink */
	SLOT_CONTENT_SRC, /* atom:content/@src */
	SLOT_EXTERNAL,    /* JSON external_url */
	SLOT_COMMENTS,
	SLOT_TITLE,
	SLOT_DC_TITLE,
	SLOT_MEDIA_TITLE,
	SLOT_CONTENT,      /* atom:content, content:encoded, JSON content_html */
	SLOT_CONTENT_TEXT, /* JSON content_text */
	SLOT_XHTML_BODY,   /* xhtml:body */
	SLOT_FULLITEM,
	SLOT_DESCRIPTION, /* RSS */
	SLOT_DC_DESCRIPTION,
	SLOT_SUMMARY, /* Atom, JSON */
	SLOT_ITUNES_SUMMARY,
	SLOT_ITUNES_SUBTITLE,
	SLOT_MEDIA_DESCRIPTION,
	SLOT_SUBTITLE, /* atom:subtitle, tagline */
	SLOT_PUB_DATE,
	SLOT_BUILD_DATE,
	SLOT_DC_DATE,
	SLOT_DC_ISSUED,
	SLOT_DC_CREATED,
	SLOT_DC_MODIFIED,
	SLOT_PUBLISHED, /* Atom, JSON */
	SLOT_ISSUED,    /* Atom 0.3 */
	SLOT_CREATED,
	SLOT_MODIFIED,
	SLOT_UPDATED, /* Atom, JSON */
	SLOT_AUTHOR,  /* RSS: "mail (Name)" */
	SLOT_CREATOR, /* dc:creator */
	SLOT_DC_AUTHOR,
	SLOT_ITUNES_AUTHOR,
	SLOT_EDITOR, /* managingEditor */
	SLOT_LANGUAGE,
	SLOT_KEYWORDS, /* itunes:keywords, media:keywords */
	SLOT_BASE,     /* xml:base in force, resolved; NULL when none */
	SLOT_LANG,     /* xml:lang in force */
	SLOT_COUNT
};

enum feed_markup {
	FEED_PLAIN,
	FEED_HTML,
	FEED_GUESS, /* RSS titles: HTML only when it looks so */
};

struct feed_value {
	const char *text; /* NULL: absent */
	const char *base; /* xml:base that the element itself is under, or NULL */
	enum feed_markup markup;
};

struct feed_person {
	const char *name, *email, *uri; /* NULL when absent */
};

struct feed_href {
	const char *rel, *type, *href, *title, *base; /* href never NULL */
};

struct feed_medium {
	const char *url, *type, *medium, *alt; /* url never NULL */
	bool is_thumbnail;
};

struct feed_record {
	struct feed_value slot[SLOT_COUNT];
	bool permalink;             /* SLOT_GUID, and without one SLOT_ID, may be a link */
	struct feed_person *people; /* authors only */
	struct feed_href *links;
	const char **tags;
	struct feed_medium *media;
	size_t npeople, nlinks, ntags, nmedia;
	size_t people_cap, links_cap, tags_cap, media_cap;
	size_t bytes;                     /* of texts so far, for the limit */
	struct feed_person source_author; /* Atom source/author */
	int64_t comments;                 /* count, or -1 */
};

struct feed_doc {
	struct feed_record feed;
	struct feed_record *items;
	size_t nitems, items_cap;
	struct feed_wishes wishes;
	const char *sy_period, *sy_frequency; /* syndication module */
	bool is_rss;  /* relative links mean the page, not the feed (feeds.md 5) */
	bool is_atom; /* ids are addresses (RFC 4287 4.2.6) */
	struct arena arena;
};

void feed_doc_finish(struct feed_doc *doc);
struct feed_record *feed_doc_item(
        struct feed_doc *doc); /* a new one; NULL when there are too many */
/* Adds nothing past FEED_MAX_LIST. */
void feed_record_tag(struct feed_record *record, const char *tag);
void feed_record_link(struct feed_record *record, const struct feed_href *link);
void feed_record_medium(struct feed_record *record, const struct feed_medium *medium);
struct feed_person *feed_record_person(
        struct feed_record *record); /* NULL when there are too many */

/* Any format into a document. False when it is not a feed. */
bool feed_parse(const struct feed_input *in, struct feed_doc *doc, struct err *err);
bool feed_parse_json(const char *text, size_t len, struct feed_doc *doc, struct err *err);
bool feed_parse_xml(
        const char *text, size_t len, const char *base, struct feed_doc *doc, struct err *err);

/* What a post is made from (feeds.md 2). Strings are borrowed from the document. */
struct feed_choice {
	const char *id;                        /* NULL when the item has none at all */
	const char *link;                      /* resolved; NULL when there is none */
	const struct feed_value *title, *body; /* NULL when absent */
	struct feed_person author;             /* name NULL when unknown */
	const char *published, *updated;       /* raw */
};
/* `item` NULL: of the feed itself. May add to the arena. */
void feed_choose(struct feed_doc *doc, const struct feed_record *item, const struct feed_input *in,
        struct feed_choice *out);
