#pragma once
#include "networks/feed.h"

enum {
	FEED_LIST_MAX = 5000,       /* feeds of a list */
	FEED_LIST_MAX_DEPTH = 64,   /* groups in groups */
	FEED_LIST_MAX_FIELD = 2048, /* bytes of an address, title or group */
};

/* What a list says about one feed; everything is borrowed, as written. */
struct feed_list_row {
	const char *url, *title, *site;
	const char *const *groups;
	size_t ngroups;
	int line;
};

/* Add it, or join its groups to those of the feed with this address, or reject it with a sentence.
 */
void feed_list_add(struct feed_list *list, const struct feed_list_row *row);

bool feed_list_read_opml(struct feed_list *out, const char *text, size_t len, struct err *err);
/* newsboat's `urls`: an address a line, tags after it; a tag with ~ is the title, with ! hides. */
void feed_list_read_urls(struct feed_list *out, const char *text, size_t len);
