#include "ui/views.h"

#include <string.h>

#include "base/utf8.h"

enum { PROMPT_COMPLETIONS = 8 };

/* Where the text begins to be shown, so that the cursor is on the screen. */
static size_t first_shown(const struct edit *edit, int cols)
{
	const char *text = str_c(&edit->text);
	size_t start = 0;
	int cells = (int)utf8_width(text, edit->cursor);
	while (cells >= cols && start < edit->cursor) {
		struct cluster cluster = utf8_cluster(text + start, edit->cursor - start);
		start += cluster.len;
		cells -= cluster.width;
	}
	return start;
}

static void draw_text(const struct prompt_view *view, struct ui *ui, struct grid *grid,
        struct rect line, int *out_col)
{
	uint16_t style = theme_style(ui->theme, ROLE_PROMPT, ROLE_DEFAULT);
	grid_fill(grid, line, style);
	int label = grid_puts(grid, line, line.row, line.col, style, view->label, line.cols / 2);
	line.col += label;
	line.cols -= label;
	const char *text = str_c(&view->edit->text);
	size_t len = view->edit->text.len, start = first_shown(view->edit, line.cols);
	grid_put(grid, line, line.row, line.col, style, 0, text + start, len - start, line.cols);
	*out_col = line.col + (int)utf8_width(text + start, view->edit->cursor - start);
	if (view->err_at < 0 || (size_t)view->err_at < start) return;
	/* The mistake may be that something is missing at the end. */
	size_t at = (size_t)view->err_at < len ? (size_t)view->err_at : len;
	int col = line.col + (int)utf8_width(text + start, at - start);
	grid_restyle(grid, line, line.row, col, line.col + line.cols - col,
	        theme_style(ui->theme, ROLE_PROMPT_ERROR, ROLE_PROMPT));
}

static void draw_completions(
        const struct prompt_view *view, struct ui *ui, struct grid *grid, struct rect above)
{
	size_t n = view->ncompletions,
	       most = (size_t)(above.rows < PROMPT_COMPLETIONS ? above.rows : PROMPT_COMPLETIONS);
	size_t focus = view->focus >= 0 ? (size_t)view->focus : 0;
	size_t shown = n < most ? n : most;
	size_t first = focus >= shown ? focus + 1 - shown : 0;
	if (first + shown > n) first = n - shown;
	for (size_t i = 0; i < shown; i++) {
		bool chosen = view->focus >= 0 && first + i == focus;
		struct rect line = {
		        above.row + above.rows - (int)(shown - i), above.col, 1, above.cols};
		uint16_t style =
		        theme_style(ui->theme, chosen ? ROLE_MENU_FOCUS : ROLE_MENU, ROLE_DEFAULT);
		grid_fill(grid, line, style);
		if (chosen)
			grid_puts(
			        grid, line, line.row, line.col, style, ui_mark(ui, MARK_RIGHT), 1);
		grid_puts(grid, line, line.row, line.col + 1, style, view->completions[first + i],
		        line.cols - 2);
	}
}

void prompt_view_draw(const struct prompt_view *view, struct ui *ui, struct grid *grid,
        struct rect area, int *out_row, int *out_col)
{
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	*out_row = *out_col = 0;
	if (area.rows == 0 || area.cols == 0) return;
	struct rect line = {area.row + area.rows - 1, area.col, 1, area.cols};
	*out_row = line.row;
	draw_text(view, ui, grid, line, out_col);
	if (*out_col >= area.col + area.cols) *out_col = area.col + area.cols - 1;
	area.rows--;
	if (view->hint && view->hint[0] && area.rows > 0) {
		enum role role = view->err_at >= 0 ? ROLE_PROMPT_ERROR : ROLE_MENU_DIM;
		struct rect hint = {area.row + area.rows - 1, area.col, 1, area.cols};
		grid_fill(grid, hint, theme_style(ui->theme, ROLE_MENU, ROLE_DEFAULT));
		grid_puts(grid, hint, hint.row, hint.col + 1,
		        theme_style(ui->theme, role, ROLE_MENU), view->hint, hint.cols - 2);
		area.rows--;
	}
	draw_completions(view, ui, grid, area);
}
