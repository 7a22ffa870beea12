#pragma once
#include <stdbool.h>

#include "networks/mastodon_read.h"
#include "networks/network.h"

/* Where each kind of source is at a server, and how it is paged and read (fact sheet 3 to 8). */

enum mastodon_paging {
	PAGING_ID,     /* rows by their own ids */
	PAGING_LINK,   /* by ids that only the Link header tells */
	PAGING_OFFSET, /* counted from the top: a ranking, or what a search found */
	PAGING_WHOLE,  /* all of it, each time */
};

struct mastodon_place {
	enum source_kind kind;
	const char *view;  /* word of the argument that chooses it; NULL: the plain one */
	const char *path;  /* its `*` stands for an id */
	const char *query; /* its own parameters, or "" */
	const char *list;  /* the member that holds the array; NULL: the answer is the array */
	const char *id;    /* member of an item by which it is paged; NULL: "id" */
	enum mastodon_paging paging;
	int limit;
	unsigned cap; /* only where the server is known to have it; 0: try */
	bool (*read)(struct mastodon_reader *reader, const cJSON *item);
	const char *lacks;  /* said of a server without it: "keeps no lists" */
	const char *misses; /* what a 404 says is not there: "no list"; NULL: the endpoint */
};

/* The first place, or the next one after `before`, where the source may be. NULL: none. */
const struct mastodon_place *mastodon_place_of(const struct account *account, enum source_kind kind,
        const char *view, const struct mastodon_place *before);

/* It is an address, not a handle or an id. */
bool mastodon_is_address(const char *text);

/*
 * The word of a source's argument that chooses a view of it: "replies" and "media" of a
 * profile, "tags" and "links" of trends. NULL when there is none. *out_len gets the
 * length of what stands before it.
 */
const char *mastodon_view_of(const struct source_ref *source, size_t *out_len);
