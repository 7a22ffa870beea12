#include "ui/column_view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "column_blocks.h"
#include "ui/wrap.h"

/* --- header --- */

static bool is_well(enum health_kind kind)
{
	return kind != HEALTH_STALE && kind != HEALTH_LIMITED && kind != HEALTH_BROKEN &&
	       kind != HEALTH_GONE;
}

/* "● live", "stale 5m", "limited 0:42". */
static void health_words(struct str *out, const struct column_view *view, const struct ui *ui)
{
	const struct health *health = &view->health;
	char since[32];
	switch (health->kind) {
	case HEALTH_LIVE:
		if (!ui_is_linear(ui)) str_addf(out, "%s ", ui_mark(ui, MARK_LIVE));
		break;
	case HEALTH_LIMITED: {
		/* A countdown would be read aloud each second. */
		if (ui_is_linear(ui)) {
			ui_time(ui, since, health->next_ms);
			str_addf(out, "%s until %s", health_name(health->kind), since);
			return;
		}
		int64_t left = (health->next_ms - clock_wall(ui->clock) + 999) / 1000;
		str_adds(out, health_name(health->kind));
		if (left > 0) str_addf(out, " %" PRId64 ":%02d", left / 60, (int)(left % 60));
		return;
	}
	case HEALTH_STALE:
		str_adds(out, health_name(health->kind));
		if (health->fetched_ms > 0) {
			ui_time(ui, since, health->fetched_ms);
			str_addf(out, " %s", since);
		}
		return;
	default:
		break;
	}
	str_adds(out, health_name(health->kind));
}

/* The header's line while it fills up from both ends. */
struct header_pen {
	struct ui *ui;
	struct grid *grid;
	struct rect line; /* the cells that words may take */
	enum role title;
	int keep; /* cells kept for the title */
};

/* A word at the right end of what is free, where there is room for it. */
static void put_right(struct header_pen *pen, enum role role, const char *words)
{
	int width = (int)utf8_width(words, strlen(words));
	if (width == 0 || pen->keep + 1 + width > pen->line.cols) return;
	uint16_t style = theme_style(pen->ui->theme, role, pen->title);
	pen->line.cols -= width;
	grid_puts(pen->grid, (struct rect){pen->line.row, pen->line.col, 1, pen->line.cols + width},
	        pen->line.row, pen->line.col + pen->line.cols, style, words, width);
	pen->line.cols--;
}

static void put_left(struct header_pen *pen, enum role role, const char *words)
{
	uint16_t style =
	        theme_style(pen->ui->theme, role, role == pen->title ? ROLE_DEFAULT : pen->title);
	int used = grid_puts(
	        pen->grid, pen->line, pen->line.row, pen->line.col, style, words, pen->line.cols);
	pen->line.col += used + 1;
	pen->line.cols -= used + 1;
}

/* What the title is followed by: the search that narrows the column, or whom it acts as. */
static void put_detail(struct header_pen *pen, const struct column_view *view)
{
	const char *search = timeline_narrowed(view->timeline);
	struct str words = {0};
	if (pen->line.cols < 4) return;
	if (search) {
		str_addf(&words, "/%s", search);
		put_left(pen, ROLE_MATCH, str_c(&words));
		str_finish(&words);
		return;
	}
	if (view->account[0])
		put_left(pen, ui_account_role(view->account_place, ROLE_COLUMN_HEALTH),
		        view->account);
	if (view->place) str_addf(&words, "%zu of %zu", view->place, view->places);
	if (timeline_shows_muted(view->timeline))
		str_addf(&words, "%s+hidden", words.len ? " " : "");
	if (view->zoomed) str_addf(&words, "%szoomed", words.len ? " " : "");
	if (words.len && pen->line.cols > 0) put_left(pen, ROLE_COLUMN_HEALTH, str_c(&words));
	str_finish(&words);
}

/* "Home, column 1 of 4, work, 39 new, live" */
static void draw_title_words(
        struct column_view *view, struct ui *ui, struct grid *grid, struct rect line)
{
	struct str words = {0};
	const char *search = timeline_narrowed(view->timeline);
	size_t unread = timeline_unread(view->timeline);
	uint16_t style = theme_style(ui->theme, ROLE_COLUMN_TITLE_FOCUS, ROLE_DEFAULT);
	str_adds(&words, view->title);
	if (view->place) str_addf(&words, ", column %zu of %zu", view->place, view->places);
	if (view->account[0]) str_addf(&words, ", %s", view->account);
	if (search) str_addf(&words, ", searched for %s", search);
	if (timeline_shows_muted(view->timeline)) str_adds(&words, ", with what is hidden");
	str_addf(&words, ", %zu new, ", unread);
	health_words(&words, view, ui);
	grid_fill(grid, line, style);
	grid_puts(grid, line, line.row, line.col, style, str_c(&words), line.cols);
	str_finish(&words);
}

static void draw_title(struct column_view *view, struct ui *ui, struct grid *grid, struct rect line)
{
	if (ui_is_linear(ui)) {
		draw_title_words(view, ui, grid, line);
		return;
	}
	enum role title = view->focused ? ROLE_COLUMN_TITLE_FOCUS : ROLE_COLUMN_TITLE;
	uint16_t style = theme_style(ui->theme, title, ROLE_DEFAULT);
	grid_fill(grid, line, style);
	int left = line.cols > 2, right = line.cols > 20;
	if (view->focused && left) {
		grid_puts(grid, line, line.row, line.col, style, ui_mark(ui, MARK_RIGHT), 1);
	}
	int name = (int)utf8_width(view->title, strlen(view->title));
	struct header_pen pen = {.ui = ui,
	        .grid = grid,
	        .title = title,
	        .line = {line.row, line.col + left, 1, line.cols - left - right},
	        .keep = name < 10 ? name : 10};
	struct str words = {0};
	health_words(&words, view, ui);
	put_right(&pen, is_well(view->health.kind) ? ROLE_COLUMN_HEALTH : ROLE_COLUMN_TROUBLE,
	        str_c(&words));
	str_clear(&words);
	size_t unread = timeline_unread(view->timeline);
	if (unread > 0) str_addf(&words, "%zu new", unread);
	put_right(&pen, ROLE_COLUMN_UNREAD, str_c(&words));
	str_finish(&words);
	put_left(&pen, title, view->title);
	put_detail(&pen, view);
}

static void draw_trouble(
        struct column_view *view, struct ui *ui, struct grid *grid, struct rect line)
{
	uint16_t style = theme_style(ui->theme, ROLE_COLUMN_TROUBLE, ROLE_DEFAULT);
	grid_fill(grid, line, style);
	grid_puts(grid, line, line.row, line.col + (line.cols > 2), style, view->trouble,
	        line.cols - 2);
}

/* --- posts --- */

struct posts_pen {
	struct column_view *view;
	struct ui *ui;
	struct grid *grid;
	struct rect area;
	uint16_t *styles[2]; /* in the selected post, and on its first line; NULL: not asked yet */
};

/* The bar of the selected post, the mark of an unread one. */
static void draw_gutter(const struct posts_pen *pen, int row, enum role under, bool unread)
{
	if (pen->area.cols <= 2 || ui_is_linear(pen->ui)) return;
	if (unread) {
		grid_puts(pen->grid, pen->area, row, pen->area.col,
		        theme_style(pen->ui->theme, ROLE_COLUMN_UNREAD, under),
		        ui_mark(pen->ui, MARK_UNREAD), 1);
	} else if (under != ROLE_DEFAULT) {
		grid_puts(pen->grid, pen->area, row, pen->area.col,
		        theme_style(pen->ui->theme, ROLE_POST_BAR, under),
		        ui_mark(pen->ui, MARK_BAR), 1);
	}
}

static void draw_marker(const struct posts_pen *pen, int row)
{
	uint16_t style = theme_style(pen->ui->theme, ROLE_MARKER, ROLE_DEFAULT);
	const char *words = " read until here ", *mark = ui_mark(pen->ui, MARK_HORIZONTAL);
	if (ui_is_linear(pen->ui)) {
		grid_puts(
		        pen->grid, pen->area, row, pen->area.col, style, words + 1, pen->area.cols);
		return;
	}
	for (int i = 0; i < pen->area.cols; i++) {
		grid_puts(pen->grid, pen->area, row, pen->area.col + i, style, mark, 1);
	}
	grid_puts(pen->grid, pen->area, row, pen->area.col + 2, style, words, pen->area.cols - 2);
}

/* For each style there is now, the same on another background. */
static uint16_t *styles_on(struct theme *theme, enum role under)
{
	size_t n = theme_styles(theme);
	uint16_t *styles = xmalloc(n * sizeof(*styles));
	for (size_t i = 0; i < n; i++)
		styles[i] = theme_restyle(theme, (uint16_t)i, under);
	return styles;
}

/* One line of a block onto the screen; `under` is not ROLE_DEFAULT in a selected post. */
static void draw_block_line(
        struct posts_pen *pen, int target, const struct grid *block, int line, enum role under)
{
	uint16_t **styles = &pen->styles[under == ROLE_POST_FOCUS_HEAD];
	if (under != ROLE_DEFAULT && !*styles) *styles = styles_on(pen->ui->theme, under);
	grid_copy_row(pen->grid, target, pen->area.col, block, line,
	        under == ROLE_DEFAULT ? NULL : *styles);
}

/* Draw one row of the timeline from line `line` of the area; returns its height. */
static int draw_row(struct posts_pen *pen, size_t row, int line)
{
	struct column_view *view = pen->view;
	const struct grid *block = column_block(view, pen->ui, row, pen->area.cols);
	struct row at = timeline_at(view->timeline, row);
	bool unread = at.post && at.kind != ROW_FOLD && !store_is_read(pen->ui->store, at.post);
	bool selected = view->focused && row == view->row;
	int last = block->rows - 1;
	/* The rule parts two posts and belongs to neither. */
	int rule = last > 0 && column_has_rule(view, pen->ui, at.post) ? last : -1;
	for (int i = 0; i < block->rows; i++) {
		if (line + i < 0 || line + i >= pen->area.rows) continue;
		int target = pen->area.row + line + i;
		enum role under = !selected || i == rule ? ROLE_DEFAULT
		                  : i == 0               ? ROLE_POST_FOCUS_HEAD
		                                         : ROLE_POST_FOCUS;
		draw_block_line(pen, target, block, i, under);
		draw_gutter(pen, target, under, i == 0 && unread);
		if (i == last && at.post && at.post == view->marker) draw_marker(pen, target);
	}
	return block->rows;
}

/* --- nothing there --- */

static void empty_words(struct str *out, const struct column_view *view)
{
	const char *search = timeline_narrowed(view->timeline);
	if (search) {
		str_addf(out,
		        "Nothing here matches “%s”.\nEnter looks in all that ever came; Esc shows "
		        "everything again.",
		        search);
		return;
	}
	switch (view->health.kind) {
	case HEALTH_WAITING:
	case HEALTH_FETCHING:
		str_adds(out, "Asking for posts …");
		break;
	case HEALTH_LIVE:
	case HEALTH_POLLING:
		str_adds(out, "Nothing here yet.\nNew posts will appear by themselves.");
		break;
	case HEALTH_LIMITED:
		str_adds(out, "The server asked for a pause; posts will come after it.");
		break;
	default:
		str_addf(out, "No posts: %s",
		        view->trouble[0] ? view->trouble : health_name(view->health.kind));
		break;
	}
}

static void draw_empty(const struct posts_pen *pen)
{
	struct str words = {0};
	struct arena arena = {0};
	empty_words(&words, pen->view);
	int margin = pen->area.cols > 10 ? 2 : 0, top = pen->area.rows > 6 ? 2 : 0;
	struct wrap wrap =
	        wrap_text(&arena, str_c(&words), words.len, pen->area.cols - 2 * margin, 0);
	uint16_t style = theme_style(pen->ui->theme, ROLE_GAP, ROLE_DEFAULT);
	for (size_t i = 0; i < wrap.nlines; i++) {
		grid_put(pen->grid, pen->area, pen->area.row + top + (int)i, pen->area.col + margin,
		        style, 0, str_c(&words) + wrap.lines[i].start,
		        wrap.lines[i].end - wrap.lines[i].start, pen->area.cols - margin);
	}
	arena_finish(&arena);
	str_finish(&words);
}

static void draw_posts(struct posts_pen *pen)
{
	int line = 0;
	size_t len = timeline_len(pen->view->timeline);
	size_t row = column_first(pen->view, pen->ui, pen->area.cols, &line);
	for (; row < len && line < pen->area.rows; row++)
		line += draw_row(pen, row, line);
	struct rect rest = pen->area;
	rest.row += line;
	rest.rows -= line;
	grid_fill(pen->grid, rect_clip(rest, pen->area),
	        theme_style(pen->ui->theme, ROLE_DEFAULT, ROLE_DEFAULT));
	if (pen->view->loading_older && len > 0 && line < pen->area.rows) {
		grid_puts(pen->grid, pen->area, pen->area.row + line,
		        pen->area.col + (pen->area.cols > 2),
		        theme_style(pen->ui->theme, ROLE_GAP, ROLE_DEFAULT),
		        "loading older posts …", pen->area.cols - 1);
	}
	if (len == 0) draw_empty(pen);
}

void column_view_draw(struct column_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	if (area.rows == 0 || area.cols == 0) return;
	block_cache_frame(view->blocks);
	column_view_update(view, ui, area.rows, area.cols);
	int header = column_view_header(view, area.rows);
	struct rect line = {area.row, area.col, 1, area.cols};
	draw_title(view, ui, grid, line);
	line.row++;
	if (header > 1) draw_trouble(view, ui, grid, line);
	struct posts_pen pen = {.view = view,
	        .ui = ui,
	        .grid = grid,
	        .area = {area.row + header, area.col, area.rows - header, area.cols}};
	if (pen.area.rows > 0) draw_posts(&pen);
	free(pen.styles[0]);
	free(pen.styles[1]);
}
