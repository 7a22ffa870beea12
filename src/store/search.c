#include <stdlib.h>
#include <string.h>

#include "rows.h"

/* The stored query, and the live search as a stack of what has been typed so far. */

bool timeline_set_query(struct timeline *timeline, const char *text, int *err_col, struct err *err)
{
	struct filter *filter =
	        filter_get(timeline->store, FILTER_KEPT, text ? text : "", err_col, err);

	if (!filter) return false;
	if (filter_needs(filter) == 0) {
		filter_put(timeline->store, FILTER_KEPT, filter);
		filter = NULL;
	}
	if (filter == timeline->filter) {
		filter_put(timeline->store, FILTER_KEPT, filter);
		return true;
	}
	timeline_catch_up(timeline);
	filter_put(timeline->store, FILTER_KEPT, timeline->filter);
	timeline->filter = filter;
	levels_reset(timeline);
	timeline->version++;
	return true;
}

static void pop_level(struct timeline *timeline)
{
	level_finish(&timeline->levels[--timeline->nlevels]);
	timeline->runs.fresh = false;
	timeline->version++;
}

static bool begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

enum { MAX_LEVELS = 64 };

/* Room for one more: the oldest search is forgotten, backspace will do it again. */
static void forget_level(struct timeline *timeline)
{
	level_finish(&timeline->levels[1]);
	timeline->nlevels--;
	memmove(timeline->levels + 1, timeline->levels + 2,
	        (timeline->nlevels - 1) * sizeof *timeline->levels);
	for (size_t k = 1; k < timeline->nlevels; k++) {
		if (timeline->levels[k].base > 0) timeline->levels[k].base--;
	}
}

static void push_level(struct timeline *timeline, const char *typed, struct query *query)
{
	struct level level = {.query = query, .from = timeline->seen};

	if (timeline->nlevels == MAX_LEVELS) forget_level(timeline);
	for (size_t k = timeline->nlevels - 1; k > 0 && level.base == 0; k--) {
		if (query_narrows(query, timeline->levels[k].query)) level.base = k;
	}
	level.typed = xstrdup(typed);
	literals_find(&level.literals, query);
	level.hits.spotted = level.literals.n > 0;
	timeline->levels = mem_grow(timeline->levels, &timeline->levels_cap, timeline->nlevels + 1,
	        sizeof *timeline->levels);
	timeline->levels[timeline->nlevels++] = level;
	timeline->version++;
	level_begin(timeline);
}

bool timeline_narrow(
        struct timeline *timeline, const char *typed, bool complete, int *err_col, struct err *err)
{
	struct query *query;

	timeline_catch_up(timeline);
	if (!typed) {
		while (timeline->nlevels > 1) {
			pop_level(timeline);
		}
		return true;
	}
	if (!store_parse(timeline->store, typed, !complete, &query, err_col, err)) return false;
	while (timeline->nlevels > 1 && !begins_with(typed, level_top(timeline)->typed)) {
		pop_level(timeline);
	}
	if (timeline->nlevels > 1 && strcmp(level_top(timeline)->typed, typed) == 0) {
		struct str old = {0}, now = {0};
		bool same;

		query_print(&old, level_top(timeline)->query);
		query_print(&now, query);
		same = strcmp(str_c(&old), str_c(&now)) == 0;
		str_finish(&old);
		str_finish(&now);
		if (same) {
			query_free(query);
			return true;
		}
		pop_level(timeline);
	}
	push_level(timeline, typed, query);
	return true;
}

const char *timeline_narrowed(const struct timeline *timeline)
{
	return level_top(timeline)->typed;
}

const struct query *timeline_query(const struct timeline *timeline)
{
	return level_top(timeline)->query;
}

bool timeline_takes(const struct timeline *timeline, const struct line *row)
{
	return !timeline->filter || filter_test(timeline->store, timeline->filter, row);
}

/* A search is live for moments: it is done again from the start. */
bool timeline_tick(struct timeline *timeline)
{
	bool some = false;

	timeline_catch_up(timeline);
	for (size_t k = 1; k < timeline->nlevels; k++) {
		some |= due_take(&timeline->levels[k].due, timeline->store->now_ms) != 0;
	}
	if (some) timeline_refilter(timeline);
	return some;
}
