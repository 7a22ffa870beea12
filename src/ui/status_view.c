#include "ui/views.h"

#include <string.h>

#include "base/utf8.h"

void status_view_draw(
        const struct status_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	static const enum role tones[] = {[STATUS_SAYS] = ROLE_STATUS,
	        [STATUS_WENT_WELL] = ROLE_STATUS_GOOD,
	        [STATUS_WENT_WRONG] = ROLE_STATUS_ERROR};
	uint16_t plain = theme_style(ui->theme, ROLE_STATUS, ROLE_DEFAULT);
	area.rows = area.rows < 1 ? area.rows : 1;
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	grid_fill(grid, area, plain);
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
