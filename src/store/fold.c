#include <assert.h>
#include <stdlib.h>

#include "rows.h"

/*
 * New items join a lineup. Of those with one post and one class one row stands: the
 * earliest where the post is there to be read, the latest of news. Which one stands
 * depends on nothing but the items, so pages may come in any order.
 */

/* Lines that are about to be inserted, in order; a dead one was replaced by a later. */
struct pending {
	struct lineup *lineup;
	struct line *lines;
	bool *dead;
	size_t n;
	uint32_t *gone; /* rows that a line of ours replaces */
	size_t ngone;
};

struct line line_of(const struct lineup *lineup, const struct item *item)
{
	const struct source *source = store_source_row(lineup->store, item->line.source);
	struct line line = item->line;

	if (!line.post) return line;
	switch ((enum reason)line.reason) {
	case REASON_POSTED:
	case REASON_MENTIONED:
	case REASON_REPLIED:
	case REASON_QUOTED:
		break;
	case REASON_REPOSTED:
		if (source->news) line.flags |= ROW_IS_NEWS;
		break;
	default:
		line.flags |= ROW_IS_NEWS;
	}
	return line;
}

static int tuple_order(const struct line *a, const struct line *b)
{
	if (a->sort_ms != b->sort_ms) return a->sort_ms < b->sort_ms ? -1 : 1;
	if (a->reason != b->reason) return a->reason < b->reason ? -1 : 1;
	if (a->source != b->source) return a->source < b->source ? -1 : 1;
	if (a->actor != b->actor) return a->actor < b->actor ? -1 : 1;
	return 0;
}

static bool stands_before(const struct line *candidate, const struct line *holder)
{
	int order = tuple_order(candidate, holder);

	return candidate->flags & ROW_IS_NEWS ? order > 0 : order < 0;
}

static void push(struct pending *pending, struct line line)
{
	rows_note(pending->lineup, &line, true);
	pending->dead[pending->n] = false;
	pending->lines[pending->n++] = line;
}

/* The pending line of that post and class; the last ones are the likely ones. */
static struct line *find_pending(struct pending *pending, const struct line *line, int64_t sort_ms)
{
	size_t low = 0, high = pending->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (pending->lines[mid].sort_ms < sort_ms) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	for (; low < pending->n && pending->lines[low].sort_ms == sort_ms; low++) {
		const struct line *other = &pending->lines[low];

		if (!pending->dead[low] && other->post == line->post &&
		        line_class(other) == line_class(line)) {
			return &pending->lines[low];
		}
	}
	return NULL;
}

/* Another entry stands for the row. */
static void replaced(struct lineup *lineup, uint32_t row)
{
	for (size_t i = 0; i < lineup->nusers; i++) {
		quota_note(lineup->users[i], &row, 1);
		levels_look(lineup->users[i], &row, 1);
	}
}

/* `line` and the holder of its place become one. */
static void fold(struct pending *pending, struct line line, struct line *holder, size_t row)
{
	struct lineup *lineup = pending->lineup;
	uint16_t more = holder->more < UINT16_MAX ? holder->more + 1 : UINT16_MAX;

	if (row != SIZE_MAX) lineup->version++;
	if (!stands_before(&line, holder)) {
		holder->more = more;
		return;
	}
	line.more = more;
	if (line.sort_ms == holder->sort_ms) {
		*holder = line;
		if (row != SIZE_MAX) replaced(lineup, (uint32_t)row);
		return;
	}
	rows_note(lineup, holder, false);
	if (row != SIZE_MAX) {
		pending->gone[pending->ngone++] = (uint32_t)row;
	} else {
		pending->dead[holder - pending->lines] = true;
	}
	push(pending, line);
}

static void take(struct pending *pending, const struct item *item)
{
	struct lineup *lineup = pending->lineup;
	struct line line = line_of(lineup, item);
	unsigned class = line_class(&line);
	struct line *holder;
	int64_t sort_ms;
	size_t row;

	if (!line.post || !rows_place(lineup, line.post, class, &sort_ms)) {
		push(pending, line);
		return;
	}
	holder = find_pending(pending, &line, sort_ms);
	if (holder) {
		fold(pending, line, holder, SIZE_MAX);
		return;
	}
	row = rows_find(lineup, line.post, class);
	assert(row != SIZE_MAX);
	fold(pending, line, &lineup->rows[row], row);
}

static int order_items(const void *a, const void *b)
{
	const struct item *one = a, *two = b;

	if (one->line.sort_ms == two->line.sort_ms) return 0;
	return one->line.sort_ms < two->line.sort_ms ? -1 : 1;
}

static int order_lines(const void *a, const void *b)
{
	return line_order(a, b);
}

static int order_rows(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

	return one < two ? -1 : one > two;
}

static void insert_pending(struct pending *pending)
{
	struct lineup *lineup = pending->lineup;
	uint32_t *at = xmalloc((pending->n + 1) * sizeof *at);
	size_t n = 0;

	qsort(pending->gone, pending->ngone, sizeof *pending->gone, order_rows);
	rows_remove(lineup, pending->gone, pending->ngone);
	for (size_t i = 0; i < pending->n; i++) {
		if (!pending->dead[i]) pending->lines[n++] = pending->lines[i];
	}
	qsort(pending->lines, n, sizeof *pending->lines, order_lines);
	rows_insert(lineup, pending->lines, n, at);
	for (size_t i = 0; i < lineup->nusers; i++) {
		levels_look(lineup->users[i], at, n);
	}
	free(at);
}

void lineup_add(struct lineup *lineup, const struct item *items, size_t n)
{
	struct item *sorted = xmalloc((n + 1) * sizeof *sorted);
	struct pending pending = {.lineup = lineup};
	bool in_order = true;
	size_t taken = 0;

	for (size_t i = 0; i < n; i++) {
		if (items[i].seq <= lineup->cleared_seq) continue;
		if (taken > 0 && order_items(&sorted[taken - 1], &items[i]) > 0) in_order = false;
		sorted[taken++] = items[i];
	}
	if (!in_order) qsort(sorted, taken, sizeof *sorted, order_items);
	pending.lines = xmalloc((taken + 1) * sizeof *pending.lines);
	pending.dead = xmalloc((taken + 1) * sizeof *pending.dead);
	pending.gone = xmalloc((taken + 1) * sizeof *pending.gone);
	for (size_t i = 0; i < taken; i++) {
		take(&pending, &sorted[i]);
	}
	insert_pending(&pending);
	free(pending.lines);
	free(pending.dead);
	free(pending.gone);
	free(sorted);
}
