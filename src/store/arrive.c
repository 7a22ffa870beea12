#include <stdlib.h>

#include "rows.h"

/*
 * New rows wait until somebody looks at a timeline, so that a stream costs the deck's columns
 * little: what came between two frames is taken in at once. Most of it is newer than all that
 * is there and stands for itself; that is put on top without further ado.
 */

enum { MAX_ARRIVALS = 1024 };

/* --- on top --- */

static bool goes_on_top(const struct lineup *lineup, const struct line *line)
{
	const struct line *last = lineup->nrows ? &lineup->rows[lineup->nrows - 1] : NULL;

	if (!line->post || line->flags & (ROW_IS_GAP | ROW_IS_NEWS)) return false;
	if (last && line_order(last, line) >= 0) return false;
	return !idset_has(&lineup->has, line->post);
}

/* How many of the items could be put on top. */
static size_t take_top(struct lineup *lineup, const struct item *items, size_t n)
{
	size_t i = 0;

	lineup->rows =
	        mem_grow(lineup->rows, &lineup->rows_cap, lineup->nrows + n, sizeof *lineup->rows);
	for (; i < n; i++) {
		struct line line = line_of(lineup, &items[i]);

		if (items[i].seq <= lineup->cleared_seq) continue;
		if (!goes_on_top(lineup, &line)) break;
		lineup->rows[lineup->nrows++] = line;
		if (items[i].own_time) {
			idset_put(&lineup->has, line.post, true);
		} else {
			rows_note(lineup, &line, true);
		}
	}
	return i;
}

/* --- taking in --- */

/* The items are sorted: what is older than the newest row, or not simple, comes first. */
static void take(struct lineup *lineup, const struct item *items, size_t n)
{
	while (n > 0) {
		size_t done = take_top(lineup, items, n), low = 1;
		int64_t top_ms;

		items += done;
		n -= done;
		if (n == 0) break;
		top_ms = lineup->nrows ? lineup->rows[lineup->nrows - 1].sort_ms : INT64_MAX;
		while (low < n && items[low].line.sort_ms <= top_ms) {
			low++;
		}
		lineup_add(lineup, items, low);
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

/* Once for all lineups: whoever takes in takes all that there is. */
static void sort_arrivals(struct store *store)
{
	size_t n = store->narrivals - store->narrivals_sorted;

	qsort(store->arrivals + store->narrivals_sorted, n, sizeof *store->arrivals, order_items);
	store->narrivals_sorted = store->narrivals;
}

void lineup_catch_up(struct lineup *lineup)
{
	struct store *store = lineup->store;
	size_t from = (size_t)(lineup->taken - store->arrivals_gone);

	if (from == store->narrivals) return;
	if (store->narrivals_sorted < store->narrivals) sort_arrivals(store);
	lineup->taken = store->arrivals_gone + store->narrivals;
	/* Those of its sources, as long as no other's come between. */
	for (size_t i = from; i < store->narrivals;) {
		size_t n = 0;

		while (i + n < store->narrivals &&
		        lineup_has_source(lineup, store->arrivals[i + n].line.source)) {
			n++;
		}
		if (n > 0) take(lineup, store->arrivals + i, n);
		i += n > 0 ? n : 1;
	}
}

void lineups_catch_up(const struct store *store)
{
	for (size_t i = 0; i < store->nlineups; i++) {
		lineup_catch_up(store->lineups[i]);
	}
}

void timeline_catch_up(const struct timeline *reader)
{
	struct timeline *timeline = (struct timeline *)reader;

	lineup_catch_up(timeline->lineup);
	if (timeline->seen < timeline->lineup->nrows) look_top(timeline);
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
		lineups_catch_up(store);
		store->arrivals_gone += store->narrivals;
		store->narrivals = store->narrivals_sorted = 0;
	}
	store->arrivals = mem_grow(store->arrivals, &store->arrivals_cap, store->narrivals + n,
	        sizeof *store->arrivals);
	for (size_t i = 0; i < n; i++) {
		store->arrivals[store->narrivals++] = items[i];
	}
}
