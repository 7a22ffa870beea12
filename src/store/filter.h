#pragma once
#include "due.h"
#include "private.h"

/*
 * One filter for each distinct query. What depends on the post alone (and its author) is
 * asked once for each post, of what was found in it when it came or changed (look.c): of
 * mutes at once, and of those that ask for certain atoms only when one of them is there;
 * they note it by group (mute.c). The answers of those that columns and rules keep stand in
 * a bitset, and are found when somebody looks (recent.c), also of posts that were here
 * before the filter.
 */
struct filter {
	struct query *query;
	unsigned needs, changes;   /* enum query_needs, enum query_volatile */
	unsigned asked, kept;      /* how many use it so: enum filter_use */
	post_id since;             /* posts above were asked together (recent.c) */
	struct idset known, match; /* known: of the others */
	char *text;                /* canonical */
	char **saved;              /* names of the saved queries in it, however deep */
	size_t nsaved, saved_cap;
	uint32_t *slots; /* of its atoms, one for each time that they are used */
	size_t nslots, slots_cap;
	bool threads;       /* it asks for threads, which a post alone does not tell */
	uint32_t *required; /* slots of which one must hold; none: it is always asked */
	size_t nrequired;
	uint32_t first_mute; /* 1 + number of the first mute that asks it; 0: none */
	uint64_t looked;     /* when it was last asked: struct store's looks */
	struct due due;
};

/* Ask now; a post whose answer time alone can change is asked again then. */
bool filter_match(struct store *store, struct filter *filter, const struct query_row *about);

/* Its answers stand by post. */
static inline bool filter_is_kept(const struct filter *filter)
{
	return filter->kept > 0 &&
	       !(filter->needs & ~(unsigned)(QUERY_NEEDS_AUTHOR | QUERY_NEEDS_POST));
}

/* --- look.c --- */
/* The filter of a mute is asked of posts to come, by its slots; or no more. */
void watch_join(struct store *store, struct filter *filter);
void watch_leave(struct store *store, struct filter *filter);
/* Slots that hold for a row; borrowed until the next call. */
const struct slots *slots_of(struct store *store, const struct line *row);
/* Profiles that may have put a row there for the filter to match. */
void filter_actors(struct store *store, const struct filter *filter, struct idset *out);
/* Mark filters that want somebody to have put a row there, and whom its actor may satisfy:
 * their `looked` is the store's `looks` then. False: there are none. */
bool filters_mark_actor(struct store *store, const struct line *row);
