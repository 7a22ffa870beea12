#include <stdlib.h>

#include "rows.h"

/*
 * New rows wait until somebody looks at a timeline, so that a stream costs the deck's columns
 * little: what came between two frames is taken in at once. Most of it is newer than all that
 * is there and stands for itself; that is put on top without further ado.
 */

enum { MAX_ARRIVALS = 4096 };

/* --- on top --- */

/* Nothing about a row depends on others, or on more than is known of its post. */
static bool is_simple(const struct timeline *timeline)
{
	const struct store *store = timeline->store;

	return !timeline->tree && !timeline->building && store->nquotas == 0 &&
	       timeline->quotas.n == 0;
}

static bool goes_on_top(const struct timeline *timeline, const struct line *line)
{
	const struct line *last = timeline->nrows ? &timeline->rows[timeline->nrows - 1] : NULL;

	if (!line->post || line->flags & (ROW_IS_GAP | ROW_IS_NEWS)) return false;
	if (last && line_order(last, line) >= 0) return false;
	return !idset_has(&timeline->has, line->post);
}

static void put_on_top(struct timeline *timeline, const struct line *line, bool own_time)
{
	uint32_t row = (uint32_t)timeline->nrows++;
	bool base;
	unsigned flags;

	timeline->rows[row] = *line;
	if (own_time) {
		idset_put(&timeline->has, line->post, true);
	} else {
		rows_note(timeline, line, true);
	}
	base = row_judge(timeline, row);
	flags = timeline->rows[row].flags;
	if (flags & ROW_IS_MUTED) hits_add(&timeline->muted, &row, 1);
	if (flags & ROW_IS_HELD) hits_add(&timeline->held, &row, 1);
	for (size_t k = 0; base && k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];

		if (k > 0 && !row_matches(timeline, level, row)) continue;
		hits_add(&level->hits, &row, 1);
		level->unread += row_unread(timeline, row);
	}
}

/* How many of the items could be put on top. */
static size_t take_top(struct timeline *timeline, const struct item *items, size_t n)
{
	size_t i = 0;

	if (!is_simple(timeline)) return 0;
	timeline->rows = mem_grow(
	        timeline->rows, &timeline->rows_cap, timeline->nrows + n, sizeof *timeline->rows);
	for (; i < n; i++) {
		struct line line = line_of(timeline, &items[i]);

		if (items[i].seq <= timeline->cleared_seq) continue;
		if (!goes_on_top(timeline, &line)) break;
		put_on_top(timeline, &line, items[i].own_time);
	}
	if (i > 0) timeline->version++;
	timeline->runs.fresh = false;
	return i;
}

/* --- taking in --- */

/* The items are sorted: what is older than the newest row, or not simple, comes first. */
static void take(struct timeline *timeline, const struct item *items, size_t n)
{
	while (n > 0) {
		size_t done = take_top(timeline, items, n), low = 1;
		int64_t top_ms;

		items += done;
		n -= done;
		if (n == 0) break;
		top_ms = timeline->nrows ? timeline->rows[timeline->nrows - 1].sort_ms : INT64_MAX;
		while (low < n && items[low].line.sort_ms <= top_ms) {
			low++;
		}
		timeline_add(timeline, items, low);
		items += low;
		n -= low;
	}
}

static int order_items(const void *a, const void *b)
{
	const struct item *one = a, *two = b;

	if (one->line.sort_ms != two->line.sort_ms) {
		return one->line.sort_ms < two->line.sort_ms ? -1 : 1;
	}
	return one->seq < two->seq ? -1 : one->seq > two->seq;
}

/* Once for all timelines: whoever takes in takes all that there is. */
static void sort_arrivals(struct store *store)
{
	size_t n = store->narrivals - store->narrivals_sorted;

	qsort(store->arrivals + store->narrivals_sorted, n, sizeof *store->arrivals, order_items);
	store->narrivals_sorted = store->narrivals;
}

void timeline_catch_up(const struct timeline *reader)
{
	struct timeline *timeline = (struct timeline *)reader;
	struct store *store = timeline->store;
	size_t from = (size_t)(timeline->taken - store->arrivals_gone);

	if (from == store->narrivals) return;
	if (store->narrivals_sorted < store->narrivals) sort_arrivals(store);
	timeline->taken = store->arrivals_gone + store->narrivals;
	/* Those of its sources, as long as no other's come between. */
	for (size_t i = from; i < store->narrivals;) {
		size_t n = 0;

		while (i + n < store->narrivals &&
		        timeline_has_source(timeline, store->arrivals[i + n].line.source)) {
			n++;
		}
		if (n > 0) take(timeline, store->arrivals + i, n);
		i += n > 0 ? n : 1;
	}
}

void timelines_catch_up(const struct store *store)
{
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_catch_up(store->timelines[t]);
	}
}

void arrivals_add(struct store *store, const struct item *items, size_t n)
{
	if (store->narrivals + n > MAX_ARRIVALS) {
		timelines_catch_up(store);
		store->arrivals_gone += store->narrivals;
		store->narrivals = store->narrivals_sorted = 0;
	}
	store->arrivals = mem_grow(store->arrivals, &store->arrivals_cap, store->narrivals + n,
	        sizeof *store->arrivals);
	for (size_t i = 0; i < n; i++) {
		store->arrivals[store->narrivals++] = items[i];
	}
}
