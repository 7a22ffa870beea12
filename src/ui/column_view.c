#include "ui/column_view.h"

#include <limits.h>
#include <stdlib.h>

#include "column_blocks.h"

/*
 * The cursor's row is the anchor: everything else is placed relative to it by the
 * heights of the blocks between, so that a column of a hundred thousand posts costs no
 * more than what is on the screen.
 */

/* How far a row without a post is looked for around its old place. */
enum { NEARBY = 2000 };

void column_view_init(struct column_view *view, struct timeline *timeline)
{
	*view = (struct column_view){.title = "",
	        .account = "",
	        .timeline = timeline,
	        .at_top = true,
	        .blocks = block_cache_new()};
}

void column_view_finish(struct column_view *view)
{
	bitset_finish(&view->opened);
	block_cache_free(view->blocks);
	*view = (struct column_view){0};
}

int column_view_header(const struct column_view *view, int rows)
{
	return rows > 6 && view->trouble[0] ? 2 : 1;
}

int column_view_cursor_line(const struct column_view *view, int rows)
{
	return column_view_header(view, rows) + (view->top < 0 ? -view->top : 0);
}

static int post_rows(const struct column_view *view, int rows)
{
	return rows - column_view_header(view, rows);
}

bool column_has_rule(const struct column_view *view, const struct ui *ui, post_id post)
{
	return !ui->layout.close || ui_is_linear(ui) || (post && post == view->marker);
}

const struct grid *column_block(struct column_view *view, struct ui *ui, size_t row, int cols)
{
	struct row at = timeline_at(view->timeline, row);
	struct block_place place = {.row = row,
	        .version = timeline_version(view->timeline),
	        .cols = cols,
	        .opened = bitset_has(&view->opened, at.post)};
	const struct grid *block = block_cache_find(view->blocks, &place);
	if (block) return block;
	struct block_in in;
	block_gather(&in, ui, view->timeline, &at, place.opened, cols);
	in.rule = column_has_rule(view, ui, at.post);
	in.selected = ui_is_linear(ui) && view->focused && row == view->row;
	block = block_cache_get(view->blocks, ui, &in);
	block_cache_note(view->blocks, &place, block);
	return block;
}

static int height(struct column_view *view, struct ui *ui, size_t row, int cols)
{
	return column_block(view, ui, row, cols)->rows;
}

/* --- finding the cursor --- */

static bool same_row(const struct row *a, const struct row *b)
{
	return a->kind == b->kind && a->post == b->post && a->sort_ms == b->sort_ms &&
	       a->source == b->source && a->actor == b->actor && a->reason == b->reason;
}

static size_t find_nearby(const struct column_view *view, size_t len)
{
	for (size_t away = 0; away <= NEARBY; away++) {
		size_t places[2] = {view->row + away, view->row >= away ? view->row - away : len};
		for (int i = 0; i < 2; i++) {
			if (places[i] >= len) continue;
			struct row row = timeline_at(view->timeline, places[i]);
			if (same_row(&row, &view->on)) return places[i];
		}
	}
	return SIZE_MAX;
}

/* The first row that is not newer than the one that is gone. */
static size_t find_by_time(const struct column_view *view, size_t len)
{
	/* A thread does not stand by time: what took its place, then. */
	if (timeline_is_thread(view->timeline)) return view->row < len ? view->row : len - 1;
	size_t low = 0, high = len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (timeline_at(view->timeline, middle).sort_ms > view->on.sort_ms) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < len ? low : len - 1;
}

/* Where the cursor stands now; SIZE_MAX when the timeline is empty. */
static size_t find_cursor(const struct column_view *view)
{
	size_t len = timeline_len(view->timeline);
	if (len == 0) return SIZE_MAX;
	if (!view->any || view->at_top) return timeline_home(view->timeline);
	if (view->seen_version == timeline_version(view->timeline) && view->row < len)
		return view->row;
	size_t row = view->cursor ? timeline_find(view->timeline, view->cursor, view->row)
	                          : find_nearby(view, len);
	return row != SIZE_MAX ? row : find_by_time(view, len);
}

static void put_cursor(struct column_view *view, size_t row)
{
	view->row = row;
	view->on = timeline_at(view->timeline, row);
	view->on.cursor = NULL;
	view->cursor = view->on.post;
	view->any = true;
}

bool column_view_selected(const struct column_view *view, struct row *out)
{
	size_t row = find_cursor(view);
	if (row == SIZE_MAX) return false;
	*out = timeline_at(view->timeline, row);
	return true;
}

/* --- placing it --- */

/* Lines of blocks above the cursor's, counted no further than `enough`. */
static int lines_above(struct column_view *view, struct ui *ui, int cols, int enough)
{
	int lines = 0;
	for (size_t row = view->row; row > 0 && lines < enough; row--) {
		lines += height(view, ui, row - 1, cols);
	}
	return lines;
}

/* Lines of the cursor's block and those below, counted no further than `enough`. */
static int lines_below(struct column_view *view, struct ui *ui, int cols, int enough)
{
	int lines = 0;
	size_t len = timeline_len(view->timeline);
	for (size_t row = view->row; row < len && lines < enough; row++) {
		lines += height(view, ui, row, cols);
	}
	return lines;
}

/* Nothing empty above the newest row, nor below the oldest while there is more above. */
static void clamp(struct column_view *view, struct ui *ui, int area, int cols)
{
	int line = -view->top;
	int below = lines_below(view, ui, cols, area - line);
	/* What is read aloud stays where it is, even when there is room for more. */
	if (line + below < area && !ui_is_linear(ui)) line = area - below;
	if (line > 0) {
		int above = lines_above(view, ui, cols, line);
		if (above < line) line = above;
	}
	view->top = -line;
}

static int scroll_off(const struct ui *ui)
{
	return ui_is_linear(ui) ? 0 : (int)ui->options->scroll_off;
}

/* The whole block into view, with some lines around it; of a tall one as much as fits. */
static void show_cursor(struct column_view *view, struct ui *ui, int area, int cols)
{
	int line = -view->top, lines = height(view, ui, view->row, cols);
	int margin = scroll_off(ui);
	if (margin > (area - lines) / 2) margin = (area - lines) / 2;
	if (lines > area) {
		if (line > 0) line = 0;
		if (line + lines < area) line = area - lines;
	} else {
		if (line + lines > area - margin) line = area - margin - lines;
		if (line < margin) line = margin;
	}
	view->top = -line;
}

void column_view_update(struct column_view *view, struct ui *ui, int rows, int cols)
{
	int area = post_rows(view, rows);
	/* Whoever listens is not to be taken elsewhere by what arrives. */
	if (ui_is_linear(ui) && view->any) view->at_top = false;
	size_t row = find_cursor(view);
	if (row != SIZE_MAX && area > 0 && cols > 0) {
		put_cursor(view, row);
		if (view->at_top) view->top = 0;
		show_cursor(view, ui, area, cols);
		clamp(view, ui, area, cols);
	}
	view->seen_version = timeline_version(view->timeline);
}

/* Is there a cursor, and room to place it in? */
static bool begin(struct column_view *view, struct ui *ui, int rows, int cols)
{
	column_view_update(view, ui, rows, cols);
	return timeline_len(view->timeline) > 0 && post_rows(view, rows) > 0 && cols > 0;
}

static void settle(struct column_view *view, struct ui *ui, int rows, int cols)
{
	int area = post_rows(view, rows);
	show_cursor(view, ui, area, cols);
	clamp(view, ui, area, cols);
}

/* --- moving it --- */

/* Move the anchor to another row without moving what is on the screen, if it is near. */
static void anchor(struct column_view *view, struct ui *ui, size_t row, int area, int cols)
{
	int line = -view->top;
	while (view->row < row && line < area) {
		line += height(view, ui, view->row++, cols);
	}
	while (view->row > row && line > -area) {
		line -= height(view, ui, --view->row, cols);
	}
	put_cursor(view, row);
	view->top = -line;
}

void column_view_select(struct column_view *view, struct ui *ui, size_t row, int rows, int cols)
{
	if (!begin(view, ui, rows, cols)) return;
	size_t len = timeline_len(view->timeline);
	view->at_top = false;
	anchor(view, ui, row < len ? row : len - 1, post_rows(view, rows), cols);
	settle(view, ui, rows, cols);
}

/* Scroll within a post that is taller than the column; false when there is nothing more of it. */
static bool scroll_tall(struct column_view *view, struct ui *ui, int dir, int area, int cols)
{
	int lines = height(view, ui, view->row, cols);
	int hidden = dir > 0 ? lines - view->top - area : view->top;
	if (lines <= area || hidden <= 0) return false;
	int step = area > 1 ? area - 1 : 1;
	view->top += dir * (step < hidden ? step : hidden);
	return true;
}

void column_view_move(struct column_view *view, struct ui *ui, int posts, int rows, int cols)
{
	if (!begin(view, ui, rows, cols)) return;
	size_t len = timeline_len(view->timeline), row = view->row;
	if (posts == INT_MIN) {
		row = 0;
	} else if (posts == INT_MAX) {
		row = len - 1;
	} else if ((posts == 1 || posts == -1) &&
	           scroll_tall(view, ui, posts, post_rows(view, rows), cols)) {
		view->at_top = false;
		return;
	} else if (posts < 0) {
		row = row > (size_t)-posts ? row - (size_t)-posts : 0;
	} else {
		row = len - 1 - row > (size_t)posts ? row + (size_t)posts : len - 1;
	}
	column_view_select(view, ui, row, rows, cols);
	view->at_top = posts == INT_MIN && !timeline_is_thread(view->timeline);
}

bool column_view_move_unread(struct column_view *view, struct ui *ui, int dir, int rows, int cols)
{
	if (!begin(view, ui, rows, cols)) return false;
	size_t len = timeline_len(view->timeline), row = view->row;
	while (dir < 0 ? row > 0 : row + 1 < len) {
		row = dir < 0 ? row - 1 : row + 1;
		struct row at = timeline_at(view->timeline, row);
		bool unread = at.post && !store_is_read(ui->store, at.post);
		if (!unread && at.folded_unread == 0) continue;
		column_view_select(view, ui, row, rows, cols);
		return true;
	}
	return false;
}

bool column_view_move_branch(struct column_view *view, struct ui *ui, int dir, int rows, int cols)
{
	if (!begin(view, ui, rows, cols)) return false;
	size_t len = timeline_len(view->timeline), row = view->row;
	uint16_t depth = view->on.depth;
	while (dir < 0 ? row > 0 : row + 1 < len) {
		row = dir < 0 ? row - 1 : row + 1;
		if (timeline_at(view->timeline, row).depth > depth) continue;
		column_view_select(view, ui, row, rows, cols);
		return true;
	}
	return false;
}

/* The nearest row that is wholly on the screen, or at least begins or ends there. */
static void follow(struct column_view *view, struct ui *ui, int area, int cols)
{
	size_t len = timeline_len(view->timeline);
	int margin = scroll_off(ui);
	if (margin > area / 3) margin = area / 3;
	int line = -view->top, lines = height(view, ui, view->row, cols);
	while (line < margin && line + lines < area - margin && view->row + 1 < len) {
		line += lines;
		lines = height(view, ui, ++view->row, cols);
	}
	while (line + lines > area - margin && line > margin && view->row > 0) {
		lines = height(view, ui, --view->row, cols);
		line -= lines;
	}
	put_cursor(view, view->row);
	view->top = -line;
}

void column_view_scroll(struct column_view *view, struct ui *ui, int lines, int rows, int cols)
{
	if (!begin(view, ui, rows, cols)) return;
	int area = post_rows(view, rows), before = view->top;
	view->at_top = false;
	view->top += lines;
	clamp(view, ui, area, cols);
	if (view->top == before && lines != 0) {
		/* There is no more to see: the cursor goes on alone. */
		size_t len = timeline_len(view->timeline);
		anchor(view, ui, lines < 0 ? 0 : len - 1, area, cols);
	} else {
		follow(view, ui, area, cols);
	}
	settle(view, ui, rows, cols);
}

/* --- what is where --- */

size_t column_first(struct column_view *view, struct ui *ui, int cols, int *out_line)
{
	if (timeline_len(view->timeline) == 0) return SIZE_MAX;
	size_t row = view->row;
	int line = -view->top;
	while (line > 0 && row > 0)
		line -= height(view, ui, --row, cols);
	/* The cursor's own row may be far above when it is tall, but never wholly. */
	*out_line = line;
	return row;
}

size_t column_view_row_at(struct column_view *view, struct ui *ui, int line, int rows, int cols)
{
	int header = column_view_header(view, rows), at;
	if (!begin(view, ui, rows, cols) || line < header || line >= rows) return SIZE_MAX;
	size_t len = timeline_len(view->timeline);
	size_t row = column_first(view, ui, cols, &at);
	for (; row < len; row++) {
		at += height(view, ui, row, cols);
		if (line - header < at) return row;
	}
	return SIZE_MAX;
}

void column_view_toggle(struct column_view *view, post_id post)
{
	bitset_put(&view->opened, post, !bitset_has(&view->opened, post));
}
