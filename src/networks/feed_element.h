#pragma once
#include "networks/feed_doc.h"

/* Namespaces that mean something, by their address; a prefix says nothing unless it was never
 * declared. */
enum feed_ns {
	NS_RSS, /* none, RSS's own, and RDF's */
	NS_ATOM,
	NS_CONTENT,
	NS_DC,
	NS_DCTERMS,
	NS_FEEDBURNER,
	NS_ITUNES,
	NS_MEDIA,
	NS_SLASH,
	NS_SY,
	NS_THR,
	NS_XHTML,
	NS_OTHER,
};

/* Where an element stands; a set in the table. */
enum feed_where {
	IN_FEED = 1 << 0,
	IN_ITEM = 1 << 1,
	IN_PERSON = 1 << 2,
	IN_SOURCE = 1 << 3, /* Atom source: only its author counts */
	IN_GROUP = 1 << 4,  /* media:group */
	IN_MEDIUM = 1 << 5, /* media:content */
	IN_HOURS = 1 << 6,
	IN_DAYS = 1 << 7,
	IN_NOTHING = 0,
};
#define IN_RECORD (IN_FEED | IN_ITEM)
#define IN_MEDIA  (IN_RECORD | IN_GROUP)

enum feed_does {
	DO_SLOT, /* keep its text in `slot` */
	DO_ITEM,
	DO_FEED,
	DO_PERSON,
	DO_SOURCE,
	DO_GROUP,
	DO_MEDIUM,
	DO_HOURS,
	DO_DAYS,
	DO_LINK, /* Atom's, with href */
	DO_CATEGORY,
	DO_ENCLOSURE,
	DO_THUMBNAIL,
	/* The text goes elsewhere than a slot: */
	DO_TAG,
	DO_KEYWORDS,
	DO_NAME,
	DO_EMAIL,
	DO_URI,
	DO_ALT,
	DO_HOUR,
	DO_DAY,
	DO_TTL,
	DO_PERIOD,
	DO_FREQUENCY,
	DO_COMMENT_COUNT,
};

enum feed_writing {
	AS_PLAIN,
	AS_HTML,
	AS_GUESS, /* RSS title */
	AS_TYPED, /* Atom: by attributes type and mode */
};

struct feed_element {
	enum feed_ns ns;
	const char *name; /* lower case */
	unsigned where;
	enum feed_does does;
	enum feed_slot slot;
	enum feed_writing writing;
};

enum feed_ns feed_ns_of(const char *uri, const char *prefix);

/*
 * What an element means there, or NULL. Unprefixed names of RSS and Atom stand in
 * for each other, because feeds mix them.
 */
const struct feed_element *feed_element_find(enum feed_ns ns, const char *name, unsigned where);
