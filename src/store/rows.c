#include "rows.h"

#include <string.h>

/* Rows that come at most so far below the newest are looked at again with those above them:
 * quicker than to renumber all. */
enum { TOP = 32 };

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

size_t rows_lower(const struct lineup *lineup, const struct line *line)
{
	size_t low = 0, high = lineup->nrows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (line_order(&lineup->rows[mid], line) < 0) {
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

bool rows_place(const struct lineup *lineup, post_id post, unsigned class, int64_t *out_sort_ms)
{
	if (class == 0 && !idset_has(&lineup->has, post)) return false;
	if (class > 0 && lineup->nnews == 0) return false;
	if (table_value(&lineup->places, place_key(post, class), out_sort_ms)) return true;
	if (class > 0) return false;
	*out_sort_ms = store_post(lineup->store, post)->created_ms;
	return true;
}

void rows_note(struct lineup *lineup, const struct line *line, bool on)
{
	unsigned class = line_class(line);
	uint64_t key = place_key(line->post, class);

	if (line->flags & ROW_IS_GAP) return;
	if (!line->post) {
		lineup->nnotices = on ? lineup->nnotices + 1 : lineup->nnotices - 1;
		return;
	}
	if (class == 0) {
		idset_put(&lineup->has, line->post, on);
	} else {
		lineup->nnews = on ? lineup->nnews + 1 : lineup->nnews - 1;
	}
	if (on &&
	        (class > 0 || store_post(lineup->store, line->post)->created_ms != line->sort_ms)) {
		table_put_value(&lineup->places, key, line->sort_ms);
	} else {
		table_drop(&lineup->places, key);
	}
}

size_t rows_find(const struct lineup *lineup, post_id post, unsigned class)
{
	struct line line = {.post = post, .reason = (uint8_t) class};
	size_t at;

	if (!rows_place(lineup, post, class, &line.sort_ms)) return SIZE_MAX;
	if (class > 0) line.flags = ROW_IS_NEWS;
	at = rows_lower(lineup, &line);
	if (at == lineup->nrows || line_order(&lineup->rows[at], &line) != 0) return SIZE_MAX;
	return at;
}

size_t rows_of(const struct lineup *lineup, post_id post, uint32_t *out)
{
	size_t n = 0, classes = lineup->nnews > 0 ? REASON_COUNT : 1;

	for (unsigned class = 0; class < classes; class ++) {
		size_t at = rows_find(lineup, post, class), to = n;

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
static void spread(struct lineup *lineup, const struct line *lines, size_t n, uint32_t *out_at)
{
	struct line *rows = lineup->rows;
	size_t old = lineup->nrows;

	for (size_t left = n; left > 0; left--) {
		const struct line *line = &lines[left - 1];
		size_t at = old;

		if (old > 0 && line_order(&rows[old - 1], line) > 0) {
			lineup->nrows = old;
			at = rows_lower(lineup, line);
			memmove(rows + at + left, rows + at, (old - at) * sizeof *rows);
		}
		rows[at + left - 1] = *line;
		out_at[left - 1] = (uint32_t)(at + left - 1);
		old = at;
	}
}

void rows_insert(struct lineup *lineup, const struct line *lines, size_t n, uint32_t *out_at)
{
	size_t old = lineup->nrows, first;
	bool on_top;

	if (n == 0) return;
	first = rows_lower(lineup, &lines[0]);
	on_top = old - first <= TOP;
	for (size_t i = 0; on_top && i < lineup->nusers; i++) {
		unlook(lineup->users[i], (uint32_t)first);
	}
	lineup->rows = mem_grow(lineup->rows, &lineup->rows_cap, old + n, sizeof *lineup->rows);
	spread(lineup, lines, n, out_at);
	lineup->nrows = old + n;
	for (size_t i = 0; !on_top && i < lineup->nusers; i++) {
		levels_inserted(lineup->users[i], out_at, n);
	}
}

void rows_remove(struct lineup *lineup, const uint32_t *rows, size_t n)
{
	size_t to, gone = 0;

	if (n == 0) return;
	for (size_t i = 0; i < lineup->nusers; i++) {
		levels_removed(lineup->users[i], rows, n);
	}
	to = rows[0];
	for (size_t i = to; i < lineup->nrows; i++) {
		if (gone < n && rows[gone] == i) {
			gone++;
			continue;
		}
		lineup->rows[to++] = lineup->rows[i];
	}
	lineup->nrows = to;
}
