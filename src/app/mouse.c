#include <stdint.h>
#include <string.h>

#include "app/compose.h"
#include "app/deck.h"
#include "app/over.h"
#include "app/overlay.h"
#include "app/welcome.h"
#include "inside.h"

enum { WHEEL_LINES = 3 };

static bool is_in(struct rect rect, int row, int col)
{
	return row >= rect.row && row < rect.row + rect.rows && col >= rect.col &&
	       col < rect.col + rect.cols;
}

/* The column on the screen at a cell; NULL: none. *out: its place. */
static struct column *column_at(struct app *app, int row, int col, struct rect *out)
{
	if (app->above) {
		*out = over_area(app);
		return is_in(*out, row, col) ? app->above : NULL;
	}
	for (size_t i = 0; i < app->shown; i++) {
		*out = app->rects[i];
		if (is_in(*out, row, col)) return app->columns[app->first + i];
	}
	return NULL;
}

static void on_overlay(struct app *app, const char *key)
{
	int by = strcmp(key, "<WheelUp>") == 0     ? -WHEEL_LINES
	         : strcmp(key, "<WheelDown>") == 0 ? WHEEL_LINES
	                                           : 0;
	if (!by) return;
	struct rect area = overlay_area(app);
	if (app->overlay == OVERLAY_LIST)
		overlay_list_move(app, by);
	else if (app->overlay == OVERLAY_PICTURE)
		picture_view_scroll(&app->picture, &app->ui, by, area);
	else if (app->overlay == OVERLAY_PROFILE)
		profile_view_scroll(&app->profile, &app->ui, by, area);
	else
		article_view_scroll(&app->article, &app->ui, by, area);
	app->dirty = true;
}

/* Select the row under the pointer; with a double click, open it. */
static void on_click(
        struct app *app, struct column *column, struct rect rect, const struct term_event *event)
{
	post_id before = column->view.on.kind != ROW_FOLD ? column->view.cursor : 0;
	size_t row = column_view_row_at(
	        &column->view, &app->ui, event->row - rect.row, rect.rows, rect.cols);
	if (row == SIZE_MAX) return;
	column_view_select(&column->view, &app->ui, row, rect.rows, rect.cols);
	if (before && column->view.cursor != before) app_set_read(app, before, true);
	column->dirty = true;
}

static void on_welcome(struct app *app, const struct term_event *event)
{
	if (strcmp(event->key, "<WheelUp>") == 0) welcome_move(app, -1);
	if (strcmp(event->key, "<WheelDown>") == 0) welcome_move(app, 1);
	bool twice = strcmp(event->key, "<2-LeftMouse>") == 0;
	if (!twice && strcmp(event->key, "<LeftMouse>") != 0) return;
	if (welcome_select_at(app, event->row) && twice) keys_run(app, welcome_line(app, NULL));
}

void mouse_press(struct app *app, const struct term_event *event)
{
	struct rect rect;
	visit_key(app);
	if (app->prompt.open) return;
	if (app->overlay != OVERLAY_NONE) {
		on_overlay(app, event->key);
		return;
	}
	if (compose_is_open(app)) {
		if (strcmp(event->key, "<WheelUp>") == 0) compose_page(app, -1);
		if (strcmp(event->key, "<WheelDown>") == 0) compose_page(app, 1);
		return;
	}
	struct column *column = column_at(app, event->row, event->col, &rect);
	if (welcome_is_open(app)) on_welcome(app, event);
	if (!column) return;
	bool up = strcmp(event->key, "<WheelUp>") == 0;
	if (up || strcmp(event->key, "<WheelDown>") == 0) {
		/* The wheel scrolls what is under it and leaves the focus where it is. */
		column_view_scroll(&column->view, &app->ui, up ? -WHEEL_LINES : WHEEL_LINES,
		        rect.rows, rect.cols);
		column->dirty = true;
		deck_want_older(app, column);
		return;
	}
	if (!app->above) deck_focus(app, deck_index(app, column));
	app_say_no_more(app);
	on_click(app, column, rect, event);
	/* What a click means beyond that is bound like a key. */
	const char *line;
	if (strcmp(event->key, "<LeftMouse>") != 0 &&
	        keymap_find(app->keymap, KEYS_COLUMN, event->key, &line) == KEY_COMMAND)
		keys_run(app, line);
}
