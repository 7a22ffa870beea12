#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/compose.h"
#include "app/deck.h"
#include "app/outbox.h"
#include "app/over.h"
#include "app/overlay.h"
#include "app/picture.h"
#include "app/tutorial.h"
#include "app/welcome.h"
#include "app/workspace.h"
#include "base/mem.h"
#include "inside.h"
#include "model/post.h"
#include "model/profile.h"

/*
 * One frame a turn, and only of what changed: a column is drawn anew when its rows, its
 * cursor or its header did. What lies over the deck makes everything be drawn.
 */

enum {
	MAX_LINKS = 20000, /* addresses of a frame, before the grid starts anew */
	TALL_FROM = 10,    /* rows of a screen that has some to spare for a long message */
};

/* Rows of the screen that columns may take: all but the status bar. */
int draw_deck_rows(const struct app *app)
{
	int rows = app->screen.rows > 1 ? app->screen.rows - 1 : app->screen.rows;
	return rows - tutorial_rows(app);
}

int draw_deck_cols(const struct app *app)
{
	return app->screen.cols - tutorial_cols(app);
}

bool draw_is_single(const struct app *app)
{
	return app->screen.cols < APP_NARROW_COLS || app->options.linear;
}

static void take_size(struct app *app)
{
	int rows, cols;
	app->term.ops->size(app->term.ctx, &rows, &cols);
	if (rows < 0) rows = 0;
	if (cols < 0) cols = 0;
	bool same = rows == app->screen.rows && cols == app->screen.cols;
	bool ascii = app->term.ascii || app->options.ascii;
	if (same && ascii == app->screen.ascii && app->screen.nlinks < MAX_LINKS) return;
	grid_resize(&app->screen, rows, cols);
	app->screen.ascii = app->ui.ascii = ascii;
	app->dirty = app->stale_layout = true;
}

static void lay_out(struct app *app)
{
	int *widths = xcalloc(app->ncolumns + 1, sizeof(*widths));
	for (size_t i = 0; i < app->ncolumns; i++)
		widths[i] = app->columns[i]->width;
	struct layout_in in = {.widths = widths,
	        .n = app->ncolumns,
	        .focus = app->focus,
	        .first = app->first,
	        .cols = draw_deck_cols(app),
	        .rows = draw_deck_rows(app),
	        .like = (int)app->options.column_width,
	        .zoom = app->zoom || draw_is_single(app)};
	struct layout_out out = {0};
	layout_columns(&in, &out);
	bool same = out.first == app->first && out.count == app->shown &&
	            (out.count == 0 ||
	                    memcmp(out.rects, app->rects, out.count * sizeof(*out.rects)) == 0);
	if (!same) app->dirty = true;
	free(app->rects);
	app->rects = out.rects;
	app->first = out.first;
	app->shown = out.count;
	app->stale_layout = false;
	free(widths);
}

/* -- columns -- */

static bool needs_drawing(const struct app *app, const struct column *column, bool focused)
{
	return app->dirty || column->dirty || column->drawn_focus != focused ||
	       column->drawn != timeline_version(column->timeline);
}

/* Draw a column if it changed. */
static void draw_column(struct app *app, struct column *column, bool focused, struct rect area)
{
	if (!needs_drawing(app, column, focused)) return;
	column->view.focused = focused;
	column->view.zoomed = app->zoom;
	bool alone = !app->above && draw_is_single(app);
	column->view.place = alone && app->ncolumns > 1 ? app->focus + 1 : 0;
	column->view.places = app->ncolumns;
	post_id cursor = column->view.cursor;
	column_view_draw(&column->view, &app->ui, &app->screen, area);
	if (column->view.cursor != cursor) {
		timeline_keep(column->timeline, column->view.cursor);
		if (focused) app->stale_status = true;
	}
	column->drawn_focus = focused;
	column->drawn = timeline_version(column->timeline);
	column->dirty = false;
}

static void draw_deck(struct app *app)
{
	if (!app->ncolumns && app->dirty) welcome_draw(app, overlay_area(app));
	for (size_t i = 0; i < app->shown; i++) {
		size_t at = app->first + i;
		draw_column(app, app->columns[at], at == app->focus, app->rects[i]);
	}
	/* Columns never touch the lines between them. */
	if (app->shown && (app->dirty || app->focus != app->bordered))
		borders_draw(
		        &app->ui, &app->screen, app->rects, app->shown, app->focus - app->first);
	app->bordered = app->focus;
}

static void draw_columns(struct app *app)
{
	if (app->dirty)
		grid_fill(&app->screen, (struct rect){0, 0, app->screen.rows, app->screen.cols},
		        theme_style(app->theme, ROLE_DEFAULT, ROLE_DEFAULT));
	if (app->above)
		draw_column(app, app->above, true, over_area(app));
	else
		draw_deck(app);
}

/* Does any column that is on the screen look otherwise by now? */
static bool columns_changed(const struct app *app)
{
	if (app->above) return needs_drawing(app, app->above, true);
	for (size_t i = 0; i < app->shown; i++) {
		size_t at = app->first + i;
		if (needs_drawing(app, app->columns[at], at == app->focus)) return true;
	}
	return false;
}

/* -- the status bar -- */

static void status_left(struct app *app, struct str *out)
{
	const struct column *column = app_column(app);
	if (!column) {
		str_adds(out, "stoa");
		return;
	}
	const struct post *post = app_selected(app, NULL);
	if (!post) return;
	const struct profile *author = store_profile(app->store, post->author);
	if (author) str_addf(out, "@%s", author->handle);
	if (post->replies != POST_UNKNOWN && post->replies)
		str_addf(out, "  %u %s", post->replies, post->replies == 1 ? "reply" : "replies");
	if (post->reposts != POST_UNKNOWN && post->reposts)
		str_addf(out, "  %u repost%s", post->reposts, post->reposts == 1 ? "" : "s");
	if (post->likes != POST_UNKNOWN && post->likes)
		str_addf(out, "  %u like%s", post->likes, post->likes == 1 ? "" : "s");
}

/* Columns out of view, with what is unread in them. */
static void status_right(const struct app *app, struct str *out)
{
	app_outbox_print_status(app, out);
	if (out->len) str_adds(out, "  ");
	size_t left = 0, right = 0;
	for (size_t i = 0; i < app->ncolumns; i++) {
		size_t unread = timeline_unread(app->columns[i]->timeline);
		if (i < app->first) left += unread;
		if (i >= app->first + app->shown) right += unread;
	}
	size_t hidden = app->ncolumns > app->first + app->shown
	                        ? app->ncolumns - app->first - app->shown
	                        : 0;
	if (strcmp(app->deck_name, workspace_first) != 0) str_addf(out, "%s  ", app->deck_name);
	/* The header says which column this is; counts that move would be read aloud. */
	if (app->options.linear) return;
	if (app->first) {
		str_addf(out, "%s%zu", ui_mark(&app->ui, MARK_LEFT), app->first);
		if (left) str_addf(out, " (%zu)", left);
	}
	if (app->ncolumns > app->shown)
		str_addf(out, "%s%zu/%zu", app->first ? " " : "", app->focus + 1, app->ncolumns);
	if (hidden) {
		str_addc(out, ' ');
		if (right) str_addf(out, "(%zu) ", right);
		str_addf(out, "%zu%s", hidden, ui_mark(&app->ui, MARK_RIGHT));
	}
}

static size_t unread_out_of_view(const struct app *app)
{
	size_t unread = 0;
	for (size_t i = 0; i < app->ncolumns; i++) {
		bool shown = i >= app->first && i < app->first + app->shown;
		if (!shown) unread += timeline_unread(app->columns[i]->timeline);
	}
	return unread;
}

/* What comes into columns out of view is told once a second: it is no reason for a frame each. */
static void look_out_of_view(struct app *app)
{
	int64_t now = clock_mono(app->clock);
	if (app->options.linear || unread_out_of_view(app) == app->unread_drawn) {
		app->unread_at_ms = 0;
	} else if (!app->unread_at_ms) {
		app->unread_at_ms = now + APP_UNREAD_MS;
	} else if (now >= app->unread_at_ms) {
		app->stale_status = true;
	}
}

static void draw_status(struct app *app)
{
	app->unread_drawn = unread_out_of_view(app);
	app->unread_at_ms = 0;
	struct str left = {0}, right = {0}, hints = {0}, said = {0};
	status_left(app, &left);
	status_right(app, &right);
	if (app->keys.len)
		str_adds(&hints, app->keys.p);
	else if (app->meta)
		str_adds(&hints, "Esc-");
	else if (compose_is_open(app))
		str_adds(&hints, "F1 keys");
	else if (!app->toast)
		str_adds(&hints,
		        app->overlay == OVERLAY_NONE && !app->above ? "? keys" : "Esc back");
	const struct message *last = app->toast ? &app->messages[app->nmessages - 1] : NULL;
	if (last)
		str_addf(&said, "%s%s",
		        app->options.linear && last->tone == TONE_ERROR ? "error: " : "",
		        last->text);
	const struct column *column = app_column(app);
	const struct account *account = act_account(app, NULL, NULL);
	struct status_view view = {.account = !account             ? NULL
	                                      : account->handle[0] ? account->handle
	                                                           : account->name,
	        .account_place = column ? column->view.account_place : 0,
	        .left = str_c(&left),
	        .right = str_c(&right),
	        .message = last ? str_c(&said) : NULL,
	        .keys = str_c(&hints)};
	if (last)
		view.tone = last->tone == TONE_ERROR  ? STATUS_WENT_WRONG
		            : last->tone == TONE_GOOD ? STATUS_WENT_WELL
		                                      : STATUS_SAYS;
	if (compose_is_open(app)) {
		compose_status(app, &view.account, &view.account_place);
		view.left = "";
	}
	int rows = app->screen.rows >= TALL_FROM ? status_view_rows(&view, app->screen.cols) : 1;
	struct rect area = {app->screen.rows - rows, 0, rows, app->screen.cols};
	/* A long message lies over the deck for as long as it is said. */
	if (rows > 1) app->covered = true;
	if (app->screen.rows > 1) status_view_draw(&view, &app->ui, &app->screen, area);
	str_finish(&left);
	str_finish(&right);
	str_finish(&hints);
	str_finish(&said);
	app->stale_status = false;
}

static void draw_overlay(struct app *app)
{
	if (app->overlay == OVERLAY_LIST && app->list_over_profile)
		profile_view_draw(&app->profile, &app->ui, &app->screen, overlay_area(app));
	if (app->overlay == OVERLAY_LIST)
		list_view_draw(&app->list, &app->ui, &app->screen, overlay_area(app));
	else if (app->overlay == OVERLAY_ARTICLE)
		article_view_draw(&app->article, &app->ui, &app->screen, overlay_area(app));
	else if (app->overlay == OVERLAY_PROFILE)
		profile_view_draw(&app->profile, &app->ui, &app->screen, overlay_area(app));
	else if (app->overlay == OVERLAY_PICTURE)
		picture_draw(app);
}

static void draw_prompt(struct app *app, int *row, int *col)
{
	const struct prompt *prompt = &app->prompt;
	struct prompt_view view = {.label = prompt->label,
	        .edit = &prompt->edit,
	        .err_at = prompt->err_at,
	        .hint = prompt->hint,
	        .completions = (const char *const *)prompt->completions,
	        .ncompletions = prompt->ncompletions,
	        .focus = prompt->chosen};
	struct rect area = {0, 0, app->screen.rows, app->screen.cols};
	prompt_view_draw(&view, &app->ui, &app->screen, area, row, col);
}

/* Whoever has the screen read aloud follows the cursor: it stands at what is selected. */
static void linear_cursor(const struct app *app, int *row, int *col)
{
	const struct column *column = app_column(app);
	int rows, cols;
	if (!app->options.linear || *row >= 0) return;
	*row = *col = 0;
	if (app->overlay == OVERLAY_LIST) {
		*row = app->list.cursor_row;
	} else if (app->overlay == OVERLAY_NONE && column) {
		app_column_size(app, column, &rows, &cols);
		*row = column_view_cursor_line(&column->view, rows);
	} else if (app->overlay == OVERLAY_NONE) {
		*row = welcome_row(app);
	}
	if (*row >= app->screen.rows) *row = app->screen.rows - 1;
}

void draw_frame(struct app *app)
{
	take_size(app);
	if (app->stale_layout) lay_out(app);
	look_out_of_view(app);
	bool covered = app->overlay != OVERLAY_NONE || app->prompt.open || app->composer;
	if (!app->dirty && !app->stale_status && !columns_changed(app)) return;
	/* What lies above may have to be taken away, and is drawn last. */
	if (covered || app->covered) app->dirty = true;
	app->covered = covered;
	arena_reset(&app->ui.scratch);
	bool all = app->dirty;
	draw_columns(app);
	if (all) tutorial_draw(app);
	int row = -1, col = -1;
	/* What is chosen from a list while writing is chosen over what is written. */
	bool list = app->overlay == OVERLAY_LIST;
	if (!list) draw_overlay(app);
	if (app->composer) compose_draw(app, &row, &col);
	if (list) {
		draw_overlay(app);
		row = col = -1;
	}
	draw_status(app);
	if (app->prompt.open) draw_prompt(app, &row, &col);
	app->dirty = false;
	linear_cursor(app, &row, &col);
	if (!app->term.ops->show(app->term.ctx, &app->screen, app->theme, row, col))
		app->unsent = true;
	else
		picture_show(app);
	title_update(app);
	picture_ask(app);
}
