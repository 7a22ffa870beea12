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
