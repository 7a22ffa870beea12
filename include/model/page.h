#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/ids.h"
#include "model/person.h"
#include "model/post.h"
#include "model/profile.h"

/* Why a post stands in a timeline. X(ID, "word") */
#define REASONS(X)                                                                                 \
	X(POSTED, "posted")                                                                        \
	X(REPOSTED, "reposted")                                                                    \
	X(LIKED, "liked")                                                                          \
	X(MENTIONED, "mentioned")                                                                  \
	X(REPLIED, "replied")                                                                      \
	X(QUOTED, "quoted")                                                                        \
	X(FOLLOWED, "followed")        /* no post */                                               \
	X(REQUESTED, "asks to follow") /* no post */                                               \
	X(POLL_ENDED, "poll ended")                                                                \
	X(EDITED, "edited")                                                                        \
	X(OTHER, "notified")                                                                       \
	X(FOUND, "found")         /* by a search for people; no post */                            \
	X(SCHEDULED, "scheduled") /* will be published at sort_ms */

#define X(id, name) REASON_##id,
enum reason { REASONS(X) REASON_COUNT };
#undef X
const char *reason_name(enum reason reason);

/* One row of one source. Many entries may point at one post. */
struct entry {
	uint32_t post;  /* in a page: index in posts + 1; in the store: post_id; 0: none */
	uint32_t actor; /* who caused it; in a page: index in profiles + 1; in the store:
	                   profile_id; 0: the author */
	enum reason reason;
	int64_t sort_ms;    /* place in the timeline, UTC */
	const char *cursor; /* the server's id of this row, opaque, or NULL */
};

/* A longer text than a post keeps: what the article view shows. */
struct article {
	uint32_t post; /* index in posts + 1 */
	struct text text;
};

/* Finds the index of a URI; page.c's own. */
struct page_index {
	uint32_t *slots; /* index + 1; 0: free */
	size_t nslots;   /* a power of two, or 0 */
};

/*
 * What one fetch, one stream event or one read of the archive brought. Whoever
 * holds the page owns all of it. Strings of entries and cursors live in `arena`.
 */
struct page {
	source_id source;
	struct profile **profiles; /* no two with one URI */
	size_t nprofiles, profiles_cap;
	struct post *
	        *posts; /* new or changed; a quoted or reposted post too; no two with one URI */
	size_t nposts, posts_cap;
	struct entry *entries; /* newest first */
	size_t nentries, entries_cap;
	struct relation *relations; /* what is known of them by now */
	size_t nrelations, relations_cap;
	struct article *articles;
	size_t narticles, articles_cap;
	const char *newer, *older; /* opaque cursors; NULL: no more that way */
	const char *fills;         /* cursor of the gap that this page was asked to fill, or NULL */
	bool gap;    /* rows are missing between this page's oldest and what was known before */
	bool stored; /* it came from the archive, not from the network */
	size_t unreadable; /* items left out because they made no sense */
	const char *title; /* the source's own name for itself (a feed's title), or NULL */
	const char *site;  /* its web page, or NULL */
	struct arena arena;
	struct page_index profile_index, post_index;
};

struct page *page_new(void);
void page_free(struct page *page);

/* Add a copy, or find the one with the same URI. Returns index + 1. */
uint32_t page_add_profile(struct page *page, const struct profile *profile);
/* Build and add a post, or replace the one with the same URI. Returns index + 1. */
uint32_t page_add_post(struct page *page, const struct post_parts *parts);
/* The same for a post that is built already (from the archive); takes it. */
uint32_t page_take_post(struct page *page, struct post *post);
/* Add a row; copies entry->cursor. */
void page_add_entry(struct page *page, const struct entry *entry);
/* Keep the whole text of a post that was cut; takes the insides of *text. */
void page_add_article(struct page *page, uint32_t post, struct text *text);
void page_add_relation(struct page *page, const struct relation *relation);
/* Copy a string into the page's arena; NULL gives NULL. */
const char *page_str(struct page *page, const char *s);
/* Put entries newest first (by sort_ms); equal times keep their order. */
void page_sort(struct page *page);
