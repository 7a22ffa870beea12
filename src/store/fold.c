#include <assert.h>
#include <stdlib.h>

#include "rows.h"

/*
 * New items join a timeline. Of those with one post and one class one row stands: the
 * earliest where the post is there to be read, the latest of news. Which one stands
 * depends on nothing but the items, so pages may come in any order.
 */

/* Lines that are about to be inserted, in order; a dead one was replaced by a later. */
struct pending {
	struct timeline *timeline;
	struct line *lines;
	bool *dead;
	size_t n;
	uint32_t *gone; /* rows that a line of ours replaces */
	size_t ngone;
};

struct line line_of(const struct timeline *timeline, const struct item *item)
{
	const struct source *source = store_source_row(timeline->store, item->line.source);
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
	rows_note(pending->timeline, &line, true);
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
static void replaced(struct timeline *timeline, uint32_t row)
{
	quota_note(timeline, &row, 1);
	levels_look(timeline, &row, 1);
}

/* `line` and the holder of its place become one. */
static void fold(struct pending *pending, struct line line, struct line *holder, size_t row)
{
	struct timeline *timeline = pending->timeline;
	uint16_t more = holder->more < UINT16_MAX ? holder->more + 1 : UINT16_MAX;

	if (!stands_before(&line, holder)) {
		holder->more = more;
		return;
	}
	line.more = more;
	if (line.sort_ms == holder->sort_ms) {
		line.flags |= holder->flags & (uint8_t)~ROW_IS_SEEN;
		*holder = line;
		if (row != SIZE_MAX) replaced(timeline, (uint32_t)row);
		return;
	}
	rows_note(timeline, holder, false);
	if (row != SIZE_MAX) {
		pending->gone[pending->ngone++] = (uint32_t)row;
	} else {
		pending->dead[holder - pending->lines] = true;
	}
	push(pending, line);
}

static void take(struct pending *pending, const struct item *item)
{
	struct timeline *timeline = pending->timeline;
	struct line line = line_of(timeline, item);
	unsigned class = line_class(&line);
	struct line *holder;
	int64_t sort_ms;
	size_t row;

	if (!line.post || !rows_place(timeline, line.post, class, &sort_ms)) {
		push(pending, line);
		return;
	}
	holder = find_pending(pending, &line, sort_ms);
	if (holder) {
		fold(pending, line, holder, SIZE_MAX);
		return;
	}
	row = rows_find(timeline, line.post, class);
	assert(row != SIZE_MAX);
	fold(pending, line, &timeline->rows[row], row);
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
	struct timeline *timeline = pending->timeline;
	uint32_t *at = xmalloc((pending->n + 1) * sizeof *at);
	size_t n = 0;

	qsort(pending->gone, pending->ngone, sizeof *pending->gone, order_rows);
	rows_remove(timeline, pending->gone, pending->ngone);
	for (size_t i = 0; i < pending->n; i++) {
		if (!pending->dead[i]) pending->lines[n++] = pending->lines[i];
	}
	qsort(pending->lines, n, sizeof *pending->lines, order_lines);
	rows_insert(timeline, pending->lines, n, at);
	levels_look(timeline, at, n);
	free(at);
}

void timeline_add(struct timeline *timeline, const struct item *items, size_t n)
{
	struct item *sorted = xmalloc((n + 1) * sizeof *sorted);
	struct pending pending = {.timeline = timeline};
	bool in_order = true;
	size_t taken = 0;

	for (size_t i = 0; i < n; i++) {
		if (items[i].seq <= timeline->cleared_seq) continue;
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
	if (taken > 0) timeline->version++;
	free(pending.lines);
	free(pending.dead);
	free(pending.gone);
	free(sorted);
}

static void drop_rows(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		rows_note(timeline, &timeline->rows[rows[i]], false);
	}
	rows_remove(timeline, rows, n);
	if (n > 0 && timeline->quotas.n > 0) quota_sweep(timeline);
	if (n > 0) timeline->version++;
}

void timeline_drop_gap(struct timeline *timeline, source_id source, int64_t sort_ms)
{
	struct line gap = {.sort_ms = sort_ms, .source = source, .flags = ROW_IS_GAP};
	uint32_t row;

	timeline_catch_up(timeline);
	row = (uint32_t)rows_lower(timeline, &gap);
	if (row < timeline->nrows && line_order(&timeline->rows[row], &gap) == 0) {
		drop_rows(timeline, &row, 1);
	}
}

void timeline_drop_post(struct timeline *timeline, post_id post)
{
	uint32_t rows[REASON_COUNT];

	timeline_catch_up(timeline);
	drop_rows(timeline, rows, rows_of(timeline, post, rows));
}

/* Items of these posts that the sources still have and no row stands for. */
static void add_again(struct timeline *timeline, const struct idset *posts)
{
	struct item *items = NULL;
	size_t n = 0, cap = 0;

	for (size_t s = 0; s < timeline->nsources; s++) {
		source_id id = timeline->sources[s];
		const struct source *source = store_source_row(timeline->store, id);

		for (size_t i = 0; i < source->nentries; i++) {
			struct item item = item_of(id, &source->entries[i]);
			struct line line = line_of(timeline, &item);
			int64_t sort_ms;

			if (!line.post || !idset_has(posts, line.post)) continue;
			if (rows_place(timeline, line.post, line_class(&line), &sort_ms)) continue;
			items = mem_grow(items, &cap, n + 1, sizeof *items);
			items[n++] = item;
		}
	}
	timeline_add(timeline, items, n);
	free(items);
}

/* A row goes when its own entry is gone; one that others were folded into is built anew. */
void timeline_trim(struct timeline *timeline, int64_t sort_ms, const struct idset *keep)
{
	uint32_t *rows = xmalloc((timeline->nrows + 1) * sizeof *rows);
	struct idset again = {0};
	size_t n = 0;

	for (size_t i = 0; i < timeline->nrows; i++) {
		const struct line *line = &timeline->rows[i];
		bool old = line->sort_ms < sort_ms;

		if (!old && timeline->nnews == 0) break;
		if (line->post && idset_has(keep, line->post)) continue;
		if (!old && !(line->flags & ROW_IS_NEWS && line->more > 0)) continue;
		if (line->more > 0) idset_put(&again, line->post, true);
		rows[n++] = (uint32_t)i;
	}
	drop_rows(timeline, rows, n);
	if (again.nblocks > 0) add_again(timeline, &again);
	idset_finish(&again);
	free(rows);
}
