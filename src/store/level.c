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

void row_set_muted(struct timeline *timeline, uint32_t row, bool muted)
{
	struct line *line = &timeline->rows[row];
	struct hits *hits = &timeline->muted;

	if (muted == ((line->flags & ROW_IS_MUTED) != 0)) return;
	line->flags ^= ROW_IS_MUTED;
	if (!muted) {
		hits_drop(hits, &row, 1);
	} else if (hits->n == 0 || row < hits_at(hits, 0)) {
		hits_prepend(hits, row);
	} else {
		hits_add(hits, &row, 1);
	}
}

/* Mutes, the server's filters and the stored query. Notes what was found of the row. */
static bool passes_base(struct timeline *timeline, uint32_t row)
{
	struct line *line = &timeline->rows[row];
	const struct server_filter *rule;
	bool muted;

	if (line->flags & ROW_IS_GAP) return true;
	rule = rule_for(timeline->store, line);
	muted = (timeline->store->nmutes > 0 && mute_test(timeline->store, line)) ||
	        (rule && rule->action == FILTER_HIDE);
	row_set_muted(timeline, row, muted);
	line->flags &= (uint8_t)~ROW_IS_FILTERED;
	if (rule && !muted) line->flags |= ROW_IS_FILTERED;
	if (muted && !timeline->show_muted) return false;
	return !timeline->filter || filter_test(timeline->store, timeline->filter, line);
}

/* The live search of a level; the row passes level 0. */
static bool passes_search(struct timeline *timeline, const struct level *level, uint32_t row)
{
	const struct line *line = &timeline->rows[row];
	struct query_row about;

	if (line->flags & ROW_IS_GAP) return false;
	query_row_fill(timeline->store, query_needs(level->query), line, &about);
	return query_match(level->query, &about, timeline->store->now_ms);
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

static void forget_muted(struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->muted.n; i++) {
		timeline->rows[hits_at(&timeline->muted, i)].flags &= (uint8_t)~ROW_IS_MUTED;
	}
	hits_clear(&timeline->muted);
}

void levels_reset(struct timeline *timeline)
{
	forget_muted(timeline);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		hits_clear(&timeline->levels[k].hits);
		timeline->levels[k].from = (uint32_t)timeline->nrows;
		timeline->levels[k].unread = 0;
	}
	if (timeline_is_plain(timeline)) {
		level_step(timeline, timeline->nrows);
	} else {
		level_step(timeline, AT_ONCE);
	}
}

static void level_found(struct timeline *timeline, struct level *level, uint32_t row)
{
	hits_prepend(&level->hits, row);
	level->unread += row_unread(timeline, row);
}

enum { CHUNK = 32 };

/*
 * Posts lie apart, and looking at one waits for memory several times. Asking for a
 * chunk of them at once, step by step, lets the machine wait for all together; what
 * is summed up has no meaning.
 */
static void warm(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	const struct post *posts[CHUNK];
	const char *texts[CHUNK];
	unsigned sum = 0;
	size_t nposts = 0;

	for (size_t i = 0; i < n; i++) {
		post_id id = timeline->rows[rows[i]].post;

		posts[nposts] = id ? store_post(timeline->store, id) : NULL;
		if (posts[nposts]) sum += posts[nposts++]->nviewers;
	}
	for (size_t i = 0; i < nposts; i++) {
		texts[i] = post_str(posts[i], POST_FOLDED);
	}
	for (size_t i = 0; i < nposts; i++) {
		sum += (unsigned char)texts[i][0];
	}
	for (size_t i = 0; i < nposts; i++) {
		size_t len = post_len(posts[i], POST_FOLDED);

		for (size_t at = 64; at < len; at += 64) {
			sum += (unsigned char)texts[i][at];
		}
	}
	timeline->warmth = sum;
}

static bool needs_post(const struct query *query)
{
	return query && query_needs(query) & QUERY_NEEDS_POST;
}

/*
 * The top level looks at hits of `known` that are older than what it has seen, and
 * returns what is left of the budget.
 */
static size_t hits_step(
        struct timeline *timeline, struct level *top, const struct level *known, size_t budget)
{
	size_t i = hits_below(&known->hits, top->from);

	while (i > 0 && budget > 0) {
		uint32_t rows[CHUNK];
		size_t n = 0;

		while (n < CHUNK && n < i && n < budget) {
			rows[n] = hits_at(&known->hits, i - 1 - n);
			n++;
		}
		if (needs_post(top->query)) warm(timeline, rows, n);
		for (size_t k = 0; k < n; k++) {
			if (passes_search(timeline, top, rows[k])) {
				level_found(timeline, top, rows[k]);
			}
		}
		top->from = rows[n - 1];
		i -= n;
		budget -= n;
	}
	if (i == 0 && top->from > known->from) top->from = known->from;
	return budget;
}

/* Level 0, and the top level with it, looks at the next older rows. */
static size_t rows_step(struct timeline *timeline, struct level *top, size_t budget)
{
	struct level *base = &timeline->levels[0];
	bool cold = needs_post(top->query) ||
	            (timeline->filter && needs_post(filter_query(timeline->filter)));

	while (base->from > 0 && budget > 0) {
		uint32_t rows[CHUNK];
		size_t n = 0;

		while (n < CHUNK && n < base->from && n < budget) {
			rows[n] = base->from - 1 - (uint32_t)n;
			n++;
		}
		if (cold) warm(timeline, rows, n);
		for (size_t k = 0; k < n; k++) {
			if (!passes_base(timeline, rows[k])) continue;
			level_found(timeline, base, rows[k]);
			if (top == base || !passes_search(timeline, top, rows[k])) continue;
			level_found(timeline, top, rows[k]);
		}
		top->from = base->from = rows[n - 1];
		budget -= n;
	}
	return budget;
}

bool level_step(struct timeline *timeline, size_t budget)
{
	struct level *top = level_top(timeline), *base = &timeline->levels[0];
	struct level *known = &timeline->levels[top->base];

	store_now(timeline->store);
	if (top->from > known->from) budget = hits_step(timeline, top, known, budget);
	if (top->from > base->from) budget = hits_step(timeline, top, base, budget);
	if (top->from == base->from) rows_step(timeline, top, budget);
	return top->from > 0;
}
