#include <limits.h>
#include <stdlib.h>

#include "app/deck.h"
#include "app/welcome.h"
#include "tables.h"

/* Moving the cursor of the focused column. */

struct place {
	struct app *app;
	struct column *column;
	int rows, cols;
};

/* False without a sentence when there is nothing to move in. */
static bool place_find(const struct cmd_call *call, struct place *out)
{
	out->app = call_app(call);
	out->column = app_column(out->app);
	if (!out->column) return false;
	app_column_size(out->app, out->column, &out->rows, &out->cols);
	if (out->rows < 1 || out->cols < 1) return false;
	/* Whoever moves does not want to be put elsewhere later. */
	free(out->column->restore_uri);
	out->column->restore_uri = NULL;
	return true;
}

static void moved(const struct place *place)
{
	struct column *column = place->column;
	column->dirty = true;
	place->app->stale_status = true;
	timeline_keep(column->timeline, column->view.cursor);
	deck_want_older(place->app, column);
}

static int count(const struct cmd_call *call, int otherwise)
{
	int n = call->argc > 1 ? atoi(call->argv[1]) : otherwise;
	return n < 1 ? 1 : n > 10000 ? 10000 : n;
}

static bool move(const struct cmd_call *call, int posts)
{
	struct place place;
	if (welcome_is_open(call_app(call))) welcome_move(call_app(call), posts);
	if (!place_find(call, &place)) return true;
	column_view_move(&place.column->view, &place.app->ui, posts, place.rows, place.cols);
	moved(&place);
	return true;
}

/* Scroll by screens, in tenths, and take the cursor along. */
static bool scroll(const struct cmd_call *call, int tenths)
{
	struct place place;
	if (welcome_is_open(call_app(call))) welcome_move(call_app(call), tenths);
	if (!place_find(call, &place)) return true;
	struct column_view *view = &place.column->view;
	int lines = (place.rows - column_view_header(view, place.rows)) * tenths / 10;
	if (lines == 0) lines = tenths < 0 ? -1 : 1;
	struct row before, after;
	bool any = column_view_selected(view, &before);
	column_view_scroll(view, &place.app->ui, lines, place.rows, place.cols);
	/* At an end there is nothing to scroll, but the cursor can still go there. */
	if (any && column_view_selected(view, &after) && after.post == before.post &&
	        after.sort_ms == before.sort_ms)
		column_view_move(view, &place.app->ui, tenths < 0 ? -1 : 1, place.rows, place.cols);
	moved(&place);
	return true;
}

static bool unread(const struct cmd_call *call, int dir, struct err *err)
{
	struct place place;
	if (!place_find(call, &place)) return true;
	struct column_view *view = &place.column->view;
	struct ui *ui = &place.app->ui;
	bool found = column_view_move_unread(view, ui, dir, place.rows, place.cols) ||
	             (timeline_is_thread(view->timeline) &&
	                     column_view_move_branch(view, ui, dir, place.rows, place.cols));
	if (found) moved(&place);
	return found ||
	       err_set(err, ERR_NOT_FOUND, "nothing unread %s here", dir < 0 ? "above" : "below");
}

static bool cursor_bottom(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return move(call, INT_MAX);
}

static bool cursor_down(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return move(call, count(call, 1));
}

static bool cursor_half_down(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return scroll(call, 5);
}

static bool cursor_half_up(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return scroll(call, -5);
}

static bool cursor_page_down(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return scroll(call, 9);
}

static bool cursor_page_up(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return scroll(call, -9);
}

static bool cursor_top(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return move(call, INT_MIN);
}

static bool cursor_unread_down(const struct cmd_call *call, struct err *err)
{
	return unread(call, 1, err);
}

static bool cursor_unread_up(const struct cmd_call *call, struct err *err)
{
	return unread(call, -1, err);
}

static bool cursor_up(const struct cmd_call *call, struct err *err)
{
	(void)err;
	return move(call, -count(call, 1));
}

const struct cmd cursor_commands[] = {
        {"cursor bottom", "", "go to the oldest post", ANYWHERE, cursor_bottom, NULL},
        {"cursor down", "[N]", "select the next post", ANYWHERE, cursor_down, NULL},
        {"cursor half-down", "", "go half a page down", ANYWHERE, cursor_half_down, NULL},
        {"cursor half-up", "", "go half a page up", ANYWHERE, cursor_half_up, NULL},
        {"cursor page-down", "", "go a page down", ANYWHERE, cursor_page_down, NULL},
        {"cursor page-up", "", "go a page up", ANYWHERE, cursor_page_up, NULL},
        {"cursor top", "", "go to the newest post and stay there", ANYWHERE, cursor_top, NULL},
        {"cursor unread-down", "", "go to the next unread post", ANYWHERE, cursor_unread_down,
                NULL},
        {"cursor unread-up", "", "go to the unread post above", ANYWHERE, cursor_unread_up, NULL},
        {"cursor up", "[N]", "select the post above", ANYWHERE, cursor_up, NULL},
        {0},
};
