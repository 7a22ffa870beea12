#include "recent.h"

#include <stdlib.h>
#include <string.h>

#include "filter.h"

/*
 * The filters of columns are asked of the posts that came last all at once, when somebody looks:
 * one filter after the other, each of all these posts, a bit of a word for each. What was found
 * of a post when it came is kept until then.
 */

enum { WORD = 64 };

void recent_finish(struct recent *recent)
{
	free(recent->holds);
	*recent = (struct recent){0};
}

static bool is_recent(const struct recent *recent, post_id id)
{
	return recent->last > 0 && id / WORD == recent->last / WORD;
}

static void begin(struct store *store)
{
	struct recent *recent = &store->recent;

	recent->nslots = store->atoms.n + 1;
	recent->holds = mem_grow(recent->holds, &recent->cap, recent->nslots, sizeof(uint64_t));
	memset(recent->holds, 0, recent->nslots * sizeof(uint64_t));
}

static void put(struct recent *recent, post_id id, const struct slots *slots)
{
	for (size_t i = 0; i < slots->n; i++) {
		recent->holds[slots->list[i]] |= UINT64_C(1) << id % WORD;
	}
}

void recent_add(struct store *store, post_id id, const struct slots *slots)
{
	struct recent *recent = &store->recent;

	if (!is_recent(recent, id)) {
		filters_fill(store);
		begin(store);
	}
	recent->last = id;
	put(recent, id, slots);
}

void recent_change(struct store *store, post_id id, const struct slots *slots)
{
	struct recent *recent = &store->recent;

	if (!is_recent(recent, id) || id > recent->last) return;
	for (size_t i = 0; i < recent->nslots; i++) {
		recent->holds[i] &= ~(UINT64_C(1) << id % WORD);
	}
	put(recent, id, slots);
}

void recent_forget(struct store *store)
{
	filters_fill(store);
	store->recent.last = 0;
	store->filled = store->last_post;
}

/* --- asking --- */

/* One filter, of the posts `of` a word of ids. */
static uint64_t ask(struct store *store, struct filter *filter, const struct query_rows *rows,
        uint64_t of, post_id word)
{
	uint64_t match = 0;

	if (filter->since >= word + WORD - 1) return 0;
	if (filter->since >= word) of &= UINT64_MAX << (filter->since - word + 1);
	if (!(filter->changes & QUERY_CHANGES_WITH_TIME)) {
		return query_match_some(filter->query, rows, of);
	}
	for (; of; of &= of - 1) {
		if (filter_match(store, filter, &rows->all[__builtin_ctzll(of)])) {
			match |= of & -of;
		}
	}
	return match;
}

static void ask_all(struct store *store, post_id first, post_id last)
{
	struct query_row about[WORD];
	struct query_rows rows = {.all = about, .holds = store->recent.holds};
	post_id word = first - first % WORD;
	uint64_t of = 0;

	store_now(store);
	rows.now_ms = store->now_ms;
	for (post_id id = first; id <= last; id++) {
		struct line line = {.post = id};

		if (!store_post(store, id)) continue;
		query_row_fill(
		        store, QUERY_NEEDS_POST | QUERY_NEEDS_AUTHOR, &line, &about[id % WORD]);
		of |= UINT64_C(1) << id % WORD;
	}
	for (size_t f = 0; f < store->nfilters; f++) {
		struct filter *filter = store->filters[f];

		if (filter_is_kept(filter)) {
			idset_put_word(&filter->match, word, ask(store, filter, &rows, of, word));
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

/* What was not asked yet is recent: all was asked before others came. */
void filters_fill(struct store *store)
{
	post_id last = store->recent.last;

	if (last > store->filled && any_is_kept(store)) ask_all(store, store->filled + 1, last);
	if (last > store->filled) store->filled = last;
}
