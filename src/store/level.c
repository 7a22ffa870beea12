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

bool row_unread(const struct timeline *timeline, uint32_t row)
{
	return line_unread(timeline, line_at(timeline, row), row_marks(timeline, row));
}

/* A column that asks what is muted is shown it. */
static bool asks_muted(const struct timeline *timeline)
{
	return timeline->filter && filter_needs(timeline->filter) & QUERY_NEEDS_MUTED;
}

bool row_judge(struct timeline *timeline, uint32_t row, unsigned marks, unsigned *out_marks)
{
	struct line line = *line_at(timeline, row);
	enum verdict verdict;
	bool filtered;

	*out_marks = 0;
	if (line.flags & ROW_IS_GAP) return true;
	verdict = line_verdict(timeline->store, timeline->name, &line, &filtered);
	marks &= ROW_IS_OVER;
	if (verdict == VERDICT_HIDE) marks |= ROW_IS_MUTED;
	if (verdict == VERDICT_FOLD) marks |= ROW_IS_FOLDED;
	if (filtered) marks |= ROW_IS_FILTERED;
	*out_marks = marks;
	if (verdict == VERDICT_HIDE && !timeline->show_muted && !asks_muted(timeline)) return false;
	line.flags |= (uint8_t)marks;
	return !timeline->filter || filter_test(timeline->store, timeline->filter, &line);
}

bool row_matches(struct timeline *timeline, struct level *level, uint32_t row, unsigned marks)
{
	struct line line = *line_at(timeline, row);
	struct query_row about;
	int64_t at;

	if (line.flags & ROW_IS_GAP) return false;
	line.flags |= (uint8_t)marks;
	query_row_fill(timeline->store, query_needs(level->query), &line, &about);
	if (line.post && query_volatile(level->query) & QUERY_CHANGES_WITH_TIME) {
		at = query_changes_at(level->query, &about, timeline->store->now_ms);
		if (at < INT64_MAX) due_put(&level->due, line.post, at);
	}
	return query_match(level->query, &about, timeline->store->now_ms);
}

/* --- looking at some rows anew --- */

struct looked {
	uint32_t row;
	uint8_t old, now; /* its marks before and after */
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

static void look_level(struct timeline *timeline, struct level *level, struct looked *looked,
        size_t n, struct moving *moving)
{
	bool is_base = level == timeline->levels;

	for (size_t i = 0; i < n; i++) {
		uint32_t row = looked[i].row;
		const struct line *line = line_at(timeline, row);
		bool was = hits_has(&level->hits, row), is = looked[i].base && row >= level->from;

		if (is && !is_base) is = row_matches(timeline, level, row, looked[i].now);
		if (was && !is) moving->out[moving->nout++] = row;
		if (is && !was) moving->in[moving->nin++] = row;
		if (is && was) hits_set_spot(&level->hits, row, 0);
		if (is_base) looked[i].was_shown = was && !(looked[i].old & ROW_IS_HELD);
		level->unread += is && line_unread(timeline, line, looked[i].now);
		level->unread -= was && line_unread(timeline, line, looked[i].old);
	}
	move(moving, &level->hits);
}

static void mark_looked(struct timeline *timeline, const struct looked *looked, size_t n)
{
	uint32_t *rows = xmalloc(n * sizeof *rows);
	uint8_t *marks = xmalloc(n);
	size_t changed = 0;

	for (size_t i = 0; i < n; i++) {
		if (looked[i].old == looked[i].now) continue;
		rows[changed] = looked[i].row;
		marks[changed++] = looked[i].now;
	}
	rows_mark(timeline, rows, marks, changed);
	free(rows);
	free(marks);
}

/* `looked` has for each what it was, and what it is to be. */
static size_t look(struct timeline *timeline, struct looked *looked, size_t n)
{
	struct moving moving = {0};
	size_t left = 0;

	if (n == 0) return 0;
	moving.in = xmalloc(2 * n * sizeof *moving.in);
	moving.out = moving.in + n;
	for (size_t k = 0; k < timeline->nlevels; k++) {
		look_level(timeline, &timeline->levels[k], looked, n, &moving);
	}
	free(moving.in);
	mark_looked(timeline, looked, n);
	for (size_t i = 0; i < n; i++) {
		bool held = looked[i].now & ROW_IS_HELD;

		left += looked[i].was_shown && (held || !looked[i].base);
	}
	timeline->runs.fresh = false;
	return left;
}

static bool was_got_to(const struct timeline *timeline, uint32_t row)
{
	return row >= timeline->levels[0].from && row < timeline->seen;
}

static struct looked look_again(struct timeline *timeline, uint32_t row, unsigned flipped)
{
	struct looked looked = {.row = row, .old = (uint8_t)row_marks(timeline, row)};
	unsigned now;

	looked.base = row_judge(timeline, row, looked.old ^ flipped, &now);
	looked.now = (uint8_t)now;
	return looked;
}

size_t levels_look(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	struct looked *looked;
	size_t nlooked = 0, left;

	if (n == 0) return 0;
	looked = xmalloc(n * sizeof *looked);
	for (size_t i = 0; i < n; i++) {
		if (!was_got_to(timeline, rows[i])) continue;
		looked[nlooked++] = look_again(timeline, rows[i], 0);
	}
	left = look(timeline, looked, nlooked);
	free(looked);
	if (timeline->quotas.n > 0) quota_sweep(timeline);
	return left;
}

/* Rows are over their quota, or no more. */
void levels_set_over(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	struct looked *looked = xmalloc((n + 1) * sizeof *looked);
	size_t nlooked = 0;

	for (size_t i = 0; i < n; i++) {
		if (was_got_to(timeline, rows[i])) {
			looked[nlooked++] = look_again(timeline, rows[i], ROW_IS_OVER);
		} else {
			row_mark(timeline, rows[i], row_marks(timeline, rows[i]) ^ ROW_IS_OVER);
		}
	}
	look(timeline, looked, nlooked);
	free(looked);
}

/* --- rows come and go --- */

static void withdraw(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	uint32_t *there = xmalloc((n + 1) * sizeof *there);

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

/* How many of the rows (ascending) are below a number. */
static uint32_t below(const uint32_t *rows, size_t n, uint32_t number)
{
	uint32_t some = 0;

	while (some < n && rows[some] < number) {
		some++;
	}
	return some;
}

void levels_removed(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	withdraw(timeline, rows, n);
	hits_removed(&timeline->marked, rows, n);
	hits_removed(&timeline->quotas, rows, n);
	timeline->seen -= below(rows, n, timeline->seen);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];

		level->from -= below(rows, n, level->from);
		hits_removed(&level->hits, rows, n);
	}
	timeline->runs.fresh = false;
}

/* How many of the inserted rows stand below what was row `number`. */
static uint32_t inserted_below(const uint32_t *rows, size_t n, uint32_t number)
{
	uint32_t some = 0;

	while (some < n && rows[some] - some < number) {
		some++;
	}
	return some;
}

void levels_inserted(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	n = inserted_below(rows, n, timeline->seen);
	if (n == 0) return;
	timeline->seen += (uint32_t)n;
	hits_inserted(&timeline->marked, rows, n);
	hits_inserted(&timeline->quotas, rows, n);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];

		/* A new row right at the edge counts as looked at: levels_look does. */
		level->from += inserted_below(rows, n, level->from);
		hits_inserted(&level->hits, rows, n);
	}
	timeline->runs.fresh = false;
	timeline->version++;
	quota_note(timeline, rows, n);
}

/* --- from the start --- */

void timeline_forget(struct timeline *timeline)
{
	hits_clear(&timeline->marked);
	hits_clear(&timeline->quotas);
	timeline->marked.spotted = true;
	for (size_t k = 0; k < timeline->nlevels; k++) {
		hits_clear(&timeline->levels[k].hits);
		timeline->levels[k].from = timeline->levels[k].unread = 0;
	}
	timeline->seen = 0;
}

void timeline_begin(struct timeline *timeline)
{
	timeline->seen = (uint32_t)timeline->lineup->nrows;
	if (timeline->store->nquotas > 0) quota_note_all(timeline);
	levels_reset(timeline);
	timeline->version++;
}

void levels_reset(struct timeline *timeline)
{
	hits_clear(&timeline->marked);
	timeline->seen = (uint32_t)timeline->lineup->nrows;
	for (size_t k = 0; k < timeline->nlevels; k++) {
		hits_clear(&timeline->levels[k].hits);
		hits_forget_nexts(&timeline->levels[k].hits);
		timeline->levels[k].from = timeline->seen;
		timeline->levels[k].unread = 0;
		due_finish(&timeline->levels[k].due);
	}
	timeline->runs.fresh = false;
	if (timeline->quotas.n > 0) quota_sweep(timeline);
	if (timeline_is_plain(timeline)) {
		level_step(timeline, timeline->seen);
	} else {
		level_begin(timeline);
	}
}
