#include "rows.h"

#include <string.h>

unsigned line_class(const struct line *line)
{
	return line->flags & ROW_IS_NEWS ? line->reason : 0;
}

/* At equal times a gap stands below the row that it was found under, a post above all. */
static int rank(const struct line *line)
{
	if (line->flags & ROW_IS_GAP) return 0;
	return line->post ? 2 : 1;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int line_order(const struct line *a, const struct line *b)
{
	int order;

	if (a->sort_ms != b->sort_ms) return a->sort_ms < b->sort_ms ? -1 : 1;
	if ((order = rank(a) - rank(b)) != 0) return order;
	if ((order = compare(a->post, b->post)) != 0) return order;
	if (a->post) return compare(line_class(a), line_class(b));
	if ((order = compare(a->source, b->source)) != 0) return order;
	if ((order = compare(a->actor, b->actor)) != 0) return order;
	return compare(a->reason, b->reason);
}

size_t rows_lower(const struct timeline *timeline, const struct line *line)
{
	size_t low = 0, high = timeline->nrows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (line_order(&timeline->rows[mid], line) < 0) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

static uint64_t place_key(post_id post, unsigned class)
{
	return table_mix((uint64_t) class << 32 | post);
}

bool rows_place(const struct timeline *timeline, post_id post, unsigned class, int64_t *out_sort_ms)
{
	if (class == 0 && !idset_has(&timeline->has, post)) return false;
	if (class > 0 && timeline->nnews == 0) return false;
	if (table_value(&timeline->places, place_key(post, class), out_sort_ms)) return true;
	if (class > 0) return false;
	*out_sort_ms = store_post(timeline->store, post)->created_ms;
	return true;
}

void rows_note(struct timeline *timeline, const struct line *line, bool on)
{
	unsigned class = line_class(line);
	uint64_t key = place_key(line->post, class);

	if (line->flags & ROW_IS_GAP) return;
	if (!line->post) {
		timeline->nnotices = on ? timeline->nnotices + 1 : timeline->nnotices - 1;
		return;
	}
	if (class == 0) {
		idset_put(&timeline->has, line->post, on);
	} else {
		timeline->nnews = on ? timeline->nnews + 1 : timeline->nnews - 1;
	}
	if (on && (class > 0 ||
	                  store_post(timeline->store, line->post)->created_ms != line->sort_ms)) {
		table_put_value(&timeline->places, key, line->sort_ms);
	} else {
		table_drop(&timeline->places, key);
	}
}

size_t rows_find(const struct timeline *timeline, post_id post, unsigned class)
{
	struct line line = {.post = post, .reason = (uint8_t) class};
	size_t at;

	if (!rows_place(timeline, post, class, &line.sort_ms)) return SIZE_MAX;
	if (class > 0) line.flags = ROW_IS_NEWS;
	at = rows_lower(timeline, &line);
	if (at == timeline->nrows || line_order(&timeline->rows[at], &line) != 0) return SIZE_MAX;
	return at;
}

size_t rows_of(const struct timeline *timeline, post_id post, uint32_t *out)
{
	size_t n = 0, classes = timeline->nnews > 0 ? REASON_COUNT : 1;

	for (unsigned class = 0; class < classes; class ++) {
		size_t at = rows_find(timeline, post, class), to = n;

		if (at == SIZE_MAX) continue;
		for (; to > 0 && out[to - 1] > at; to--) {
			out[to] = out[to - 1];
		}
		out[to] = (uint32_t)at;
		n++;
	}
	return n;
}

/* Move the rows that stand above each new line up, all of them at once. */
static void spread(struct timeline *timeline, const struct line *lines, size_t n, uint32_t *out_at)
{
	struct line *rows = timeline->rows;
	size_t old = timeline->nrows;

	for (size_t left = n; left > 0; left--) {
		const struct line *line = &lines[left - 1];
		size_t at = old;

		if (old > 0 && line_order(&rows[old - 1], line) > 0) {
			timeline->nrows = old;
			at = rows_lower(timeline, line);
			memmove(rows + at + left, rows + at, (old - at) * sizeof *rows);
		}
		rows[at + left - 1] = *line;
		out_at[left - 1] = (uint32_t)(at + left - 1);
		old = at;
	}
}

void rows_insert(struct timeline *timeline, const struct line *lines, size_t n, uint32_t *out_at)
{
	size_t old = timeline->nrows;

	if (n == 0) return;
	timeline->rows =
	        mem_grow(timeline->rows, &timeline->rows_cap, old + n, sizeof *timeline->rows);
	spread(timeline, lines, n, out_at);
	timeline->nrows = old + n;
	hits_inserted(&timeline->muted, out_at, n);
	hits_inserted(&timeline->held, out_at, n);
	hits_inserted(&timeline->quotas, out_at, n);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];
		size_t below = 0;

		/* A new row right at the edge counts as looked at: levels_look does. */
		while (below < n && out_at[below] - below < level->from) {
			below++;
		}
		level->from += (uint32_t)below;
		hits_inserted(&level->hits, out_at, n);
	}
	timeline->runs.fresh = false;
	quota_note(timeline, out_at, n);
}

void rows_remove(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	size_t to, gone = 0;

	if (n == 0) return;
	levels_withdraw(timeline, rows, n);
	hits_removed(&timeline->muted, rows, n);
	hits_removed(&timeline->held, rows, n);
	hits_removed(&timeline->quotas, rows, n);
	timeline->runs.fresh = false;
	for (size_t k = 0; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];
		size_t below = 0;

		while (below < n && rows[below] < level->from) {
			below++;
		}
		level->from -= (uint32_t)below;
		hits_removed(&level->hits, rows, n);
	}
	to = rows[0];
	for (size_t i = to; i < timeline->nrows; i++) {
		if (gone < n && rows[gone] == i) {
			gone++;
			continue;
		}
		timeline->rows[to++] = timeline->rows[i];
	}
	timeline->nrows = to;
}
