#include "recent.h"

#include <stdlib.h>
#include <string.h>

#include "filter.h"

/*
 * The filters of columns are asked of the posts that came last all at once, when somebody looks:
 * one filter after the other, each of some posts, so that its terms are at hand. What was found
 * of a post when it came is kept until then.
 */

enum { MAX_RECENT = 256, SOME = 32 };

void recent_finish(struct recent *recent)
{
	free(recent->bits);
	*recent = (struct recent){0};
}

static const uint64_t *bits_of(const struct recent *recent, post_id id)
{
	if (id < recent->first || id - recent->first >= recent->n) return NULL;
	return recent->bits + (id - recent->first) * recent->words;
}

void recent_add(struct store *store, post_id id, const struct slots *slots)
{
	struct recent *recent = &store->recent;
	size_t words = store->atoms.n / 64 + 1;

	if (recent->n == 0 || recent->n == MAX_RECENT || id != recent->first + recent->n) {
		filters_fill(store, id - 1);
		recent->bits = mem_grow(recent->bits, &recent->cap, MAX_RECENT * words,
		        sizeof *recent->bits);
		recent->words = words;
		recent->first = id;
		recent->n = 0;
	}
	recent->n++;
	recent_change(store, id, slots);
}

void recent_change(struct store *store, post_id id, const struct slots *slots)
{
	uint64_t *bits = (uint64_t *)bits_of(&store->recent, id);

	if (bits) memcpy(bits, slots->bits, store->recent.words * sizeof *bits);
}

/* Ask all of some posts, none of which they were asked. */
static void fill_some(struct store *store, post_id first, post_id last)
{
	struct query_row about[SOME];
	size_t n = 0;

	for (post_id id = first; id <= last; id++) {
		struct line line = {.post = id};

		if (!store_post(store, id)) continue;
		query_row_fill(
		        store, QUERY_NEEDS_POST | QUERY_NEEDS_AUTHOR, &line, &about[n]);
		about[n++].slots = bits_of(&store->recent, id);
	}
	for (size_t f = 0; f < store->nfilters; f++) {
		struct filter *filter = store->filters[f];

		if (!filter_is_kept(filter)) continue;
		for (size_t i = 0; i < n; i++) {
			post_id id = about[i].post->id;

			if (id <= filter->since || !filter_match(store, filter, &about[i])) continue;
			idset_put(&filter->match, id, true);
		}
	}
}

static bool any_is_kept(const struct store *store)
{
	for (size_t f = 0; f < store->nfilters; f++) {
		if (filter_is_kept(store->filters[f])) return true;
	}
	return false;
}

void filters_fill(struct store *store, post_id last)
{
	if (last <= store->filled) return;
	if (any_is_kept(store)) {
		for (post_id first = store->filled + 1; first <= last; first += SOME) {
			fill_some(store, first, last - first < SOME ? last : first + SOME - 1);
		}
	}
	store->filled = last;
}

void recent_forget(struct store *store)
{
	filters_fill(store, store->last_post);
	store->recent.n = 0;
}
