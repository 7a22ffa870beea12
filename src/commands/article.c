#include <limits.h>

#include "app/deck.h"
#include "app/over.h"
#include "app/overlay.h"
#include "app/welcome.h"
#include "base/mem.h"
#include "model/post.h"
#include "tables.h"

/* Reading one article over the deck. */

static bool can_article(void *app, struct err *err)
{
	return ((struct app *)app)->overlay == OVERLAY_ARTICLE ||
	       err_set(err, ERR_NOT_FOUND, "no article is open; Enter opens one");
}

static bool scroll(const struct cmd_call *call, int lines, int tenths, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_article(app, err)) return false;
	struct rect area = overlay_area(app);
	int by = lines ? lines : area.rows * tenths / 10;
	article_view_scroll(&app->article, &app->ui, by, area);
	app->dirty = true;
	return true;
}

static bool article_bottom(const struct cmd_call *call, struct err *err)
{
	return scroll(call, INT_MAX / 2, 0, err);
}

static bool article_down(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 1, 0, err);
}

static bool article_half_down(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 0, 5, err);
}

static bool article_half_up(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 0, -5, err);
}

/* The next unread post of the column, in place of the one that is open. */
static bool next_unread(const struct cmd_call *call, int dir, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = app_column(app);
	int rows, cols;
	if (!can_article(app, err)) return false;
	app_column_size(app, column, &rows, &cols);
	if (!column || !rows || !column_view_move_unread(&column->view, &app->ui, dir, rows, cols))
		return err_set(err, ERR_NOT_FOUND, "nothing unread %s in this column",
		        dir < 0 ? "above" : "below");
	column->dirty = true;
	deck_want_older(app, column);
	overlay_article(app, column->view.cursor);
	return true;
}

static bool article_next_unread(const struct cmd_call *call, struct err *err)
{
	return next_unread(call, 1, err);
}

static bool article_page_down(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 0, 9, err);
}

static bool article_page_up(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 0, -9, err);
}

static bool article_previous_unread(const struct cmd_call *call, struct err *err)
{
	return next_unread(call, -1, err);
}

static bool article_top(const struct cmd_call *call, struct err *err)
{
	return scroll(call, -INT_MAX / 2, 0, err);
}

static bool article_up(const struct cmd_call *call, struct err *err)
{
	return scroll(call, -1, 0, err);
}

/* A live search that found nothing here goes on in the archive. */
static bool search_archive(struct app *app, const char *text, struct err *err)
{
	struct str line = {0};
	str_addf(&line, "archive %s", text);
	bool ok = app_command(app, str_c(&line), NULL, err);
	str_finish(&line);
	return ok;
}

static bool enter(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct row row;
	if (welcome_is_open(app)) return app_command(app, welcome_line(app, NULL), call->out, err);
	const struct column *narrowed = app_column(app);
	const char *searched = narrowed ? timeline_narrowed(narrowed->timeline) : NULL;
	if (searched && timeline_len(narrowed->timeline) == 0)
		return search_archive(app, searched, err);
	if (!app_selected_row(app, &row, err)) return false;
	if (row.kind == ROW_GAP) {
		struct job *job = job_new(JOB_GAP);
		job->source = row.source;
		job->arg = xstrdup(row.cursor);
		app_post(app, job);
		app_say(app, TONE_SAYS, "asking for what is missing here");
		return true;
	}
	if (!row.post) return app_command(app, "profile", NULL, err);
	struct column *column = app_column(app);
	if (row.kind == ROW_FOLD) {
		timeline_open_fold(column->timeline, row.post, true);
		column->dirty = true;
		return true;
	}
	if (row.filtered && !bitset_has(&column->view.opened, row.post)) {
		column_view_toggle(&column->view, row.post);
		column->dirty = true;
		return true;
	}
	/* What has no conversation, or is the one that is open, is read as a whole. */
	if (!row.opened && over_open_thread(app, store_post(app->store, row.post), NULL))
		return true;
	overlay_article(app, row.post);
	return true;
}

static const struct cmd_hooks hooks = {.can = can_article};

const struct cmd article_commands[] = {
        {"article bottom", "", "go to the end", ANYWHERE, article_bottom, &hooks},
        {"article down", "", "scroll a line down", ANYWHERE, article_down, &hooks},
        {"article half-down", "", "scroll half a page down", ANYWHERE, article_half_down, &hooks},
        {"article half-up", "", "scroll half a page up", ANYWHERE, article_half_up, &hooks},
        {"article next-unread", "", "read the next unread post", ANYWHERE, article_next_unread,
                &hooks},
        {"article page-down", "", "scroll a page down", ANYWHERE, article_page_down, &hooks},
        {"article page-up", "", "scroll a page up", ANYWHERE, article_page_up, &hooks},
        {"article previous-unread", "", "read the unread post above", ANYWHERE,
                article_previous_unread, &hooks},
        {"article top", "", "go to the beginning", ANYWHERE, article_top, &hooks},
        {"article up", "", "scroll a line up", ANYWHERE, article_up, &hooks},
        {"enter", "", "read the conversation, article or missing rows", ANYWHERE | CMD_ACTION,
                enter, NULL},
        {0},
};
