#include "rows.h"

#include <stdlib.h>

struct level *level_top(const struct timeline *timeline)
{
	return &timeline->levels[timeline->nlevels - 1];
}

void level_finish(struct level *level)
{
	free(level->typed);
	query_free(level->query);
	hits_finish(&level->hits);
}

bool row_unread(const struct timeline *timeline, uint32_t row)
{
	post_id post = timeline->rows[row].post;

	return post && !store_is_read(timeline->store, post);
}

/* Mutes and the stored query. Notes whether the row is muted. */
static bool passes_base(struct timeline *timeline, uint32_t row)
{
	struct line *line = &timeline->rows[row];
	struct item item = line_item(line);

	if (item.gap) return true;
	line->flags &= (uint8_t)~ROW_IS_MUTED;
	if (timeline->store->nmutes > 0 && mute_test(timeline->store, &item)) {
		line->flags |= ROW_IS_MUTED;
		if (!timeline->show_muted) return false;
	}
	return !timeline->filter || filter_test(timeline->store, timeline->filter, &item);
}

/* The live search of a level; the row passes level 0. */
static bool passes_search(struct timeline *timeline, const struct level *level, uint32_t row)
{
	struct item item = line_item(&timeline->rows[row]);
	struct query_row about;

	if (item.gap) return false;
	query_row_fill(timeline->store, query_needs(level->query), &item, &about);
	return query_match(level->query, &about, clock_wall(timeline->store->clock));
}

static void level_add(
        struct timeline *timeline, struct level *level, const uint32_t *rows, size_t n)
{
	hits_add(&level->hits, rows, n);
	for (size_t i = 0; i < n; i++) {
		level->unread += row_unread(timeline, rows[i]);
	}
}

void levels_offer(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	uint32_t *base, *some;
	size_t nbase = 0;

	if (n == 0 || timeline->building) return;
	base = xmalloc(2 * n * sizeof *base);
	some = base + n;
	for (size_t i = 0; i < n; i++) {
		if (rows[i] >= timeline->levels[0].from && passes_base(timeline, rows[i])) {
			base[nbase++] = rows[i];
		}
	}
	level_add(timeline, &timeline->levels[0], base, nbase);
	for (size_t k = 1; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];
		size_t nsome = 0;

		for (size_t i = 0; i < nbase; i++) {
			if (base[i] >= level->from && passes_search(timeline, level, base[i])) {
				some[nsome++] = base[i];
			}
		}
		level_add(timeline, level, some, nsome);
	}
	free(base);
}

void levels_withdraw(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	uint32_t *there;

	if (n == 0) return;
	there = xmalloc(n * sizeof *there);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];
		size_t nthere = 0;

		for (size_t i = 0; i < n; i++) {
			if (!hits_has(&level->hits, rows[i])) continue;
			there[nthere++] = rows[i];
			level->unread -= row_unread(timeline, rows[i]);
		}
		hits_drop(&level->hits, there, nthere);
	}
	free(there);
}

void levels_retest(struct timeline *timeline, uint32_t row)
{
	bool base;

	if (row < timeline->levels[0].from) return;
	base = passes_base(timeline, row);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];
		bool want = base && row >= level->from &&
		            (k == 0 || passes_search(timeline, level, row));

		if (want == hits_has(&level->hits, row)) continue;
		if (want) {
			level_add(timeline, level, &row, 1);
		} else {
			hits_drop(&level->hits, &row, 1);
			level->unread -= row_unread(timeline, row);
		}
	}
}

enum { AT_ONCE = 4096 }; /* rows looked at before a call returns: more than any screen has */

void levels_reset(struct timeline *timeline)
{
	for (size_t k = 0; k < timeline->nlevels; k++) {
		hits_clear(&timeline->levels[k].hits);
		timeline->levels[k].from = (uint32_t)timeline->nrows;
		timeline->levels[k].unread = 0;
	}
	if (timeline->filter || timeline->store->nmutes > 0 || timeline->nlevels > 1) {
		level_step(timeline, AT_ONCE);
	} else {
		level_step(timeline, timeline->nrows);
	}
}

static void level_found(struct timeline *timeline, struct level *level, uint32_t row)
{
	hits_prepend(&level->hits, row);
	level->unread += row_unread(timeline, row);
}

/* Level 0 looks at the next older row. */
static bool base_step(struct timeline *timeline)
{
	struct level *base = &timeline->levels[0];
	bool passes = passes_base(timeline, --base->from);

	if (passes) level_found(timeline, base, base->from);
	return passes;
}

/*
 * The top level looks at hits of `known` that are older than what it has seen.
 * Returns how many of the budget are left; 0 may also mean that it has to go on.
 */
static size_t hits_step(
        struct timeline *timeline, struct level *top, const struct level *known, size_t budget)
{
	size_t i = hits_below(&known->hits, top->from);

	for (; i > 0 && budget > 0; i--, budget--) {
		top->from = hits_at(&known->hits, i - 1);
		if (passes_search(timeline, top, top->from)) {
			level_found(timeline, top, top->from);
		}
	}
	if (i == 0 && top->from > known->from) top->from = known->from;
	return budget;
}

bool level_step(struct timeline *timeline, size_t budget)
{
	struct level *top = level_top(timeline), *base = &timeline->levels[0];

	if (top != base) {
		struct level *known = &timeline->levels[top->base];

		if (top->from > known->from) budget = hits_step(timeline, top, known, budget);
		if (known != base && top->from <= known->from && top->from > base->from) {
			budget = hits_step(timeline, top, base, budget);
		}
	}
	for (; top->from > 0 && budget > 0; budget--) {
		bool passes = base_step(timeline);

		if (top == base) continue;
		top->from = base->from;
		if (passes && passes_search(timeline, top, top->from)) {
			level_found(timeline, top, top->from);
		}
	}
	return top->from > 0;
}
