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
	literals_finish(&level->literals);
	due_finish(&level->due);
}

static bool post_unread(const struct timeline *timeline, uint32_t row)
{
	post_id post = timeline->rows[row].post;

	return post && !store_is_read(timeline->store, post);
}

bool row_unread(const struct timeline *timeline, uint32_t row)
{
	return !(timeline->rows[row].flags & ROW_IS_HELD) && post_unread(timeline, row);
}

/* A column that asks what is muted is shown it. */
static bool asks_muted(const struct timeline *timeline)
{
	return timeline->filter && filter_needs(timeline->filter) & QUERY_NEEDS_MUTED;
}

bool row_judge(struct timeline *timeline, uint32_t row)
{
	struct line *line = &timeline->rows[row];
	enum verdict verdict;
	bool filtered;

	if (line->flags & ROW_IS_GAP) return true;
	verdict = line_verdict(timeline->store, timeline->name, line, &filtered);
	line->flags &= (uint8_t) ~(ROW_IS_MUTED | ROW_IS_FILTERED | ROW_IS_FOLDED);
	if (verdict == VERDICT_HIDE) line->flags |= ROW_IS_MUTED;
	if (verdict == VERDICT_FOLD) line->flags |= ROW_IS_FOLDED;
	if (filtered) line->flags |= ROW_IS_FILTERED;
	if (verdict == VERDICT_HIDE && !timeline->show_muted && !asks_muted(timeline)) return false;
	return !timeline->filter || filter_test(timeline->store, timeline->filter, line);
}

bool row_matches(struct timeline *timeline, struct level *level, uint32_t row)
{
	const struct line *line = &timeline->rows[row];
	struct query_row about;
	int64_t at;

	if (line->flags & ROW_IS_GAP) return false;
	query_row_fill(timeline->store, query_needs(level->query), line, &about);
	if (line->post && query_volatile(level->query) & QUERY_CHANGES_WITH_TIME) {
		at = query_changes_at(level->query, &about, timeline->store->now_ms);
		if (at < INT64_MAX) due_put(&level->due, line->post, at);
	}
	return query_match(level->query, &about, timeline->store->now_ms);
}

/* --- looking at some rows anew --- */

struct looked {
	uint32_t row;
	uint8_t old; /* its flags before */
	bool base, was_shown;
};

/* Some rows of one kind join or leave a list of row numbers. */
struct moving {
	uint32_t *in, *out;
	size_t nin, nout;
};

static void move(struct moving *moving, struct hits *hits)
{
	hits_drop(hits, moving->out, moving->nout);
	hits_add(hits, moving->in, moving->nin);
	moving->nin = moving->nout = 0;
}

static void note_flag(struct moving *moving, const struct timeline *timeline,
        const struct looked *looked, size_t n, unsigned flags)
{
	for (size_t i = 0; i < n; i++) {
		bool was = looked[i].old & flags;
		bool is = timeline->rows[looked[i].row].flags & flags;

		if (was && !is) moving->out[moving->nout++] = looked[i].row;
		if (is && !was) moving->in[moving->nin++] = looked[i].row;
	}
}

static void look_level(struct timeline *timeline, struct level *level, struct looked *looked,
        size_t n, struct moving *moving)
{
	bool is_base = level == timeline->levels;

	for (size_t i = 0; i < n; i++) {
		uint32_t row = looked[i].row;
		bool was = hits_has(&level->hits, row), is = looked[i].base && row >= level->from;

		if (is && !is_base) is = row_matches(timeline, level, row);
		if (was && !is) moving->out[moving->nout++] = row;
		if (is && !was) moving->in[moving->nin++] = row;
		if (is && was) hits_unspot(&level->hits, row);
		if (is_base) looked[i].was_shown = was && !(looked[i].old & ROW_IS_HELD);
		if (!post_unread(timeline, row)) continue;
		level->unread += is && !(timeline->rows[row].flags & ROW_IS_HELD);
		level->unread -= was && !(looked[i].old & ROW_IS_HELD);
	}
	move(moving, &level->hits);
}

static size_t look(struct timeline *timeline, struct looked *looked, size_t n)
{
	struct moving moving = {0};
	size_t left = 0;

	moving.in = xmalloc(2 * n * sizeof *moving.in);
	moving.out = moving.in + n;
	for (size_t k = 0; k < timeline->nlevels; k++) {
		look_level(timeline, &timeline->levels[k], looked, n, &moving);
	}
	note_flag(&moving, timeline, looked, n, ROW_IS_MUTED);
	move(&moving, &timeline->muted);
	note_flag(&moving, timeline, looked, n, ROW_IS_HELD);
	move(&moving, &timeline->held);
	free(moving.in);
	for (size_t i = 0; i < n; i++) {
		bool held = timeline->rows[looked[i].row].flags & ROW_IS_HELD;

		left += looked[i].was_shown && (held || !looked[i].base);
	}
	timeline->runs.fresh = false;
	return left;
}

size_t levels_look(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	struct looked *looked;
	size_t nlooked = 0, left;

	if (n == 0 || timeline->building) return 0;
	looked = xmalloc(n * sizeof *looked);
	for (size_t i = 0; i < n; i++) {
		if (rows[i] < timeline->levels[0].from) continue;
		looked[nlooked] =
		        (struct looked){.row = rows[i], .old = timeline->rows[rows[i]].flags};
		looked[nlooked++].base = row_judge(timeline, rows[i]);
	}
	left = look(timeline, looked, nlooked);
	free(looked);
	if (timeline->quotas.n > 0) quota_sweep(timeline);
	return left;
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

/* Rows [row] are over their quota, or no more. */
void levels_set_over(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	struct looked *looked = xmalloc((n + 1) * sizeof *looked);
	size_t nlooked = 0;

	for (size_t i = 0; i < n; i++) {
		struct line *line = &timeline->rows[rows[i]];
		uint8_t old = line->flags;

		line->flags ^= ROW_IS_OVER;
		if (rows[i] < timeline->levels[0].from) continue;
		looked[nlooked] = (struct looked){.row = rows[i], .old = old};
		looked[nlooked++].base = row_judge(timeline, rows[i]);
	}
	if (nlooked > 0) look(timeline, looked, nlooked);
	free(looked);
}

static void forget_flags(struct timeline *timeline)
{
	const struct hits *lists[] = {&timeline->muted, &timeline->held};

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < lists[k]->n; i++) {
			timeline->rows[hits_at(lists[k], i)].flags &=
			        (uint8_t) ~(ROW_IS_MUTED | ROW_IS_FOLDED);
		}
	}
	hits_clear(&timeline->muted);
	hits_clear(&timeline->held);
}

void levels_reset(struct timeline *timeline)
{
	forget_flags(timeline);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		hits_clear(&timeline->levels[k].hits);
		timeline->levels[k].from = (uint32_t)timeline->nrows;
		timeline->levels[k].unread = 0;
		due_finish(&timeline->levels[k].due);
	}
	timeline->runs.fresh = false;
	if (timeline->quotas.n > 0) quota_sweep(timeline);
	if (timeline_is_plain(timeline)) {
		level_step(timeline, timeline->nrows);
	} else {
		level_begin(timeline);
	}
}
