#include "ui/views.h"

#include <string.h>

void borders_draw(
        struct ui *ui, struct grid *grid, const struct rect *rects, size_t nrects, size_t focused)
{
	const char *mark = ui_mark(ui, MARK_VERTICAL);
	for (size_t i = 1; i < nrects; i++) {
		bool near = i == focused || i == focused + 1;
		uint16_t style = theme_style(ui->theme,
		        near ? ROLE_COLUMN_BORDER_FOCUS : ROLE_COLUMN_BORDER, ROLE_DEFAULT);
		struct rect line = {rects[i].row, rects[i].col - 1, rects[i].rows, 1};
		for (int row = line.row; row < line.row + line.rows; row++) {
			grid_put(grid, line, row, line.col, style, 0, mark, strlen(mark), 1);
		}
	}
}

int frame_draw(
        struct ui *ui, struct grid *grid, struct rect frame, enum role under, const char *title)
{
	uint16_t style = theme_style(ui->theme, ROLE_MENU_BORDER, under);
	const char *across = ui_mark(ui, MARK_HORIZONTAL);
	const char *down = ui_mark(ui, MARK_VERTICAL);
	int bottom = frame.row + frame.rows - 1, right = frame.col + frame.cols - 1;
	for (int col = frame.col + 1; col < right; col++) {
		grid_puts(grid, frame, frame.row, col, style, across, 1);
		grid_puts(grid, frame, bottom, col, style, across, 1);
	}
	for (int row = frame.row + 1; row < bottom; row++) {
		grid_puts(grid, frame, row, frame.col, style, down, 1);
		grid_puts(grid, frame, row, right, style, down, 1);
	}
	static const enum mark corners[4] = {
	        MARK_CORNER_1, MARK_CORNER_2, MARK_CORNER_3, MARK_CORNER_4};
	for (int i = 0; i < 4; i++) {
		grid_puts(grid, frame, i < 2 ? frame.row : bottom, i % 2 ? right : frame.col, style,
		        ui_mark(ui, corners[i]), 1);
	}
	if (!title || frame.cols < 6) return frame.col + 1;
	struct str text = {0};
	str_addf(&text, " %s ", title);
	int end = frame.col + 2 +
	          grid_puts(grid, frame, frame.row, frame.col + 2,
	                  theme_style(ui->theme, ROLE_MENU_TITLE, under), str_c(&text),
	                  frame.cols - 4);
	str_finish(&text);
	return end;
}
