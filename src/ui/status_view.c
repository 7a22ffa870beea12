#include "ui/views.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "ui/wrap.h"

enum { MESSAGE_ROWS = 3 };

static const enum role tones[] = {[STATUS_SAYS] = ROLE_STATUS,
        [STATUS_WENT_WELL] = ROLE_STATUS_GOOD,
        [STATUS_WENT_WRONG] = ROLE_STATUS_ERROR};

/* Cells of what stands at the right end beside a message; too much of it gives way. */
static int cells_beside(const char *text, int room)
{
	int width = text && *text ? (int)utf8_width(text, strlen(text)) : 0;
	return width && width <= room / 3 ? width + 2 : 0;
}

/* Would the line cut the message? */
static bool is_long(const struct status_view *view, int cols)
{
	int room = cols - 2;
	if (!view->message || room < 20) return false;
	int right = cells_beside(view->right, room);
	int beside = right + cells_beside(view->keys, room - right);
	return (int)utf8_width(view->message, strlen(view->message)) > room - beside;
}

int status_view_rows(const struct status_view *view, int cols)
{
	if (!is_long(view, cols)) return 1;
	struct arena arena = {0};
	size_t n = wrap_text(&arena, view->message, strlen(view->message), cols - 2, 0).nlines;
	arena_finish(&arena);
	return n > MESSAGE_ROWS ? MESSAGE_ROWS : (int)n;
}

/* A sentence that the line would cut: nothing else beside it. */
static void draw_sentence(
        const struct status_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	struct arena arena = {0};
	enum role role = tones[view->tone];
	uint16_t style =
	        theme_style(ui->theme, role, role == ROLE_STATUS ? ROLE_DEFAULT : ROLE_STATUS);
	struct wrap wrap = wrap_text(
	        &arena, view->message, strlen(view->message), area.cols - 2, (size_t)area.rows);
	for (size_t i = 0; i + 1 < wrap.nlines; i++)
		grid_put(grid, area, area.row + (int)i, area.col + 1, style, 0,
		        view->message + wrap.lines[i].start,
		        wrap.lines[i].end - wrap.lines[i].start, area.cols - 2);
	/* Three lines are enough for anybody: the last one says when there would be more. */
	if (wrap.nlines)
		grid_puts(grid, area, area.row + (int)wrap.nlines - 1, area.col + 1, style,
		        view->message + wrap.lines[wrap.nlines - 1].start, area.cols - 2);
	arena_finish(&arena);
}

void status_view_draw(
        const struct status_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	uint16_t plain = theme_style(ui->theme, ROLE_STATUS, ROLE_DEFAULT);
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	grid_fill(grid, area, plain);
	if (is_long(view, area.cols)) {
		draw_sentence(view, ui, grid, area);
		return;
	}
	int left = area.col + (area.cols > 2), end = area.col + area.cols - (area.cols > 2);
	const char *right[] = {view->right, view->keys};
	const enum role roles[] = {ROLE_STATUS, ROLE_STATUS_KEY};
	for (int i = 0; i < 2; i++) {
		if (!right[i] || !right[i][0]) continue;
		int width = (int)utf8_width(right[i], strlen(right[i]));
		/* A message matters more than what always stands here. */
		int most = view->message ? (end - left) / 3 : (end - left) / 2;
		if (width > most) continue;
		grid_puts(grid, area, area.row, end - width,
		        theme_style(ui->theme, roles[i], i == 0 ? ROLE_DEFAULT : ROLE_STATUS),
		        right[i], width);
		end -= width + 2;
	}
	if (view->account && !view->message) {
		enum role role = ui_account_role(view->account_place, ROLE_STATUS);
		left += grid_puts(grid, area, area.row, left,
		        theme_style(
		                ui->theme, role, role == ROLE_STATUS ? ROLE_DEFAULT : ROLE_STATUS),
		        view->account, end - left);
		left += 2;
	}
	const char *text = view->message ? view->message : view->left ? view->left : "";
	enum role role = view->message ? tones[view->tone] : ROLE_STATUS;
	grid_puts(grid, area, area.row, left,
	        theme_style(ui->theme, role, role == ROLE_STATUS ? ROLE_DEFAULT : ROLE_STATUS),
	        text, end - left);
}
