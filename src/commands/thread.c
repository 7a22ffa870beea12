#include <stdlib.h>

#include "app/deck.h"
#include "app/over.h"
#include "base/mem.h"
#include "model/post.h"
#include "tables.h"

/* Conversations: opening one, and folding what stands under its posts. */

static bool thread(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct post *post = app_selected(app, err);
	return post && over_open_thread(app, post, err);
}

static bool can_ask(void *ctx, struct err *err)
{
	const struct post *post = app_selected(ctx, err);
	struct str source = {0};
	bool can = post && thread_source(ctx, post, &source, NULL, err);
	str_finish(&source);
	return can;
}

/* As a column of the deck: the open one, else that of the selected post. */
static bool keep(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str source = {0}, line = {0};
	const struct post *post = app->above ? NULL : app_selected(app, err);
	const struct account *account = NULL;
	bool ok = true;
	if (app->above)
		str_adds(&source, app->above->sources[0]);
	else
		ok = post && thread_source(app, post, &source, &account, err);
	if (ok) {
		str_adds(&line, "column add Thread ");
		cmd_quote(&line, str_c(&source));
		over_close_all(app);
		ok = app_command(app, line.p, NULL, err);
	}
	str_finish(&source);
	str_finish(&line);
	return ok;
}

/* -- folds -- */

/* A line of rows that mutes fold, or one of them while they are shown. */
static bool is_fold(const struct row *row)
{
	return row->kind == ROW_FOLD || row->unfolded;
}

static bool can_fold(void *ctx, struct err *err)
{
	struct row row;
	const struct column *column = app_column(ctx);
	if (!column || !app_selected_row(ctx, &row, err)) return false;
	return is_fold(&row) || timeline_is_thread(column->timeline) ||
	       err_set(err, ERR_NOT_FOUND, "this column is no conversation; t opens a post's");
}

static bool can_thread(void *ctx, struct err *err)
{
	const struct column *column = app_column(ctx);
	return (column && timeline_is_thread(column->timeline)) ||
	       err_set(err, ERR_NOT_FOUND, "this column is no conversation; t opens a post's");
}

static bool begin(
        const struct cmd_call *call, struct column **out, struct row *row, struct err *err)
{
	struct app *app = call_app(call);
	*out = app_column(app);
	return can_fold(app, err) && app_selected_row(app, row, err);
}

/* The post that the row answers, as it stands on the screen. */
static post_id post_above(const struct column *column)
{
	size_t row = column->view.row;
	unsigned depth = timeline_at(column->timeline, row).depth;
	while (row-- > 0) {
		struct row above = timeline_at(column->timeline, row);
		if (above.depth < depth) return above.post;
	}
	return 0;
}

/* What is closed already, or has nothing under it, closes what it stands under. */
static bool fold(struct app *app, struct column *column, const struct row *row, struct err *err)
{
	post_id post = row->post;
	if (!timeline_fold(column->timeline, post, true)) {
		post = post_above(column);
		if (!post || !timeline_fold(column->timeline, post, true))
			return err_set(err, ERR_NOT_FOUND, "there is nothing to fold here");
	}
	column->dirty = true;
	app->stale_status = true;
	return true;
}

static bool unfold(struct app *app, struct column *column, const struct row *row, struct err *err)
{
	if (!timeline_fold(column->timeline, row->post, false))
		return err_set(err, ERR_NOT_FOUND, "nothing is folded here");
	column->dirty = true;
	app->stale_status = true;
	return true;
}

static bool open_fold(struct app *app, struct column *column, const struct row *row, bool on)
{
	timeline_open_fold(column->timeline, row->post, on);
	column->dirty = true;
	app->stale_status = true;
	return true;
}

static bool thread_close(const struct cmd_call *call, struct err *err)
{
	struct column *column;
	struct row row;
	if (!begin(call, &column, &row, err)) return false;
	if (is_fold(&row)) return open_fold(call_app(call), column, &row, false);
	return fold(call_app(call), column, &row, err);
}

static bool thread_open(const struct cmd_call *call, struct err *err)
{
	struct column *column;
	struct row row;
	if (!begin(call, &column, &row, err)) return false;
	if (is_fold(&row)) return open_fold(call_app(call), column, &row, true);
	return unfold(call_app(call), column, &row, err);
}

static bool thread_toggle(const struct cmd_call *call, struct err *err)
{
	struct column *column;
	struct row row;
	if (!begin(call, &column, &row, err)) return false;
	if (is_fold(&row)) return open_fold(call_app(call), column, &row, row.kind == ROW_FOLD);
	return row.folded ? unfold(call_app(call), column, &row, err)
	                  : fold(call_app(call), column, &row, err);
}

static bool fold_all(const struct cmd_call *call, bool on, struct err *err)
{
	struct column *column;
	struct row row;
	if (!can_thread(call_app(call), err) || !begin(call, &column, &row, err)) return false;
	timeline_fold_all(column->timeline, on);
	column->dirty = true;
	return true;
}

static bool thread_close_all(const struct cmd_call *call, struct err *err)
{
	return fold_all(call, true, err);
}

static bool thread_open_all(const struct cmd_call *call, struct err *err)
{
	return fold_all(call, false, err);
}

static const struct cmd_hooks post_hooks = {.can = can_ask};
static const struct cmd_hooks hooks = {.can = can_fold};

const struct cmd thread_commands[] = {
        {"thread", "", "open this post's conversation", ANYWHERE | CMD_ACTION, thread, &post_hooks},
        {"thread close", "", "fold away what answers this post", ANYWHERE, thread_close, &hooks},
        {"thread close-all", "", "fold away all that answers an answer", ANYWHERE, thread_close_all,
                &hooks},
        {"thread keep", "", "make a column of this conversation", ANYWHERE, keep, NULL},
        {"thread open", "", "show what is folded away under this post", ANYWHERE, thread_open,
                &hooks},
        {"thread open-all", "", "show all that is folded away", ANYWHERE, thread_open_all, &hooks},
        {"thread toggle", "", "fold away what answers this post, or show it", ANYWHERE,
                thread_toggle, &hooks},
        {0},
};
