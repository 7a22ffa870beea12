#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "app/notice.h"
#include "app/over.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "app/undo.h"
#include "base/mem.h"
#include "model/post.h"
#include "tables.h"

/* Columns: adding, closing, moving, their widths and what they show. */

/* The config's columns make the first deck; later the deck's own file says what there is. */
static bool seeding(const struct app *app)
{
	return !app->engine && app->columns_seeded && app->source_depth > 0;
}

static bool column_add(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column_spec spec;
	if (!column_spec_read(&spec, call->argc, call->argv, err)) return false;
	if (app->trying || seeding(app)) return true;
	struct column *column = deck_add(app, &spec, SIZE_MAX, err);
	if (!column) return false;
	if (app->started) deck_focus(app, app->ncolumns - 1);
	return true;
}

static bool column_add_at(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column_spec spec;
	int at = atoi(call->argv[1]);
	if (!column_spec_read(&spec, call->argc - 1, call->argv + 1, err)) return false;
	if (!deck_add(app, &spec, at > 0 ? (size_t)at - 1 : 0, err)) return false;
	size_t added = at > 0 ? (size_t)at - 1 : 0;
	deck_focus(app, added < app->ncolumns ? added : app->ncolumns - 1);
	return true;
}

static bool column_clear(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	if (!column) return false;
	size_t n = timeline_len(column->timeline);
	struct str line = {0}, what = {0};
	timeline_clear(column->timeline);
	column->dirty = true;
	str_addf(&line, "column focus %zu; column refill", app->focus + 1);
	str_addf(&what, "%s cleared", column->title);
	undo_line(app, what.p, line.p, NULL);
	app_say(app, TONE_GOOD, "%s cleared of %zu rows; U brings them back", column->title, n);
	str_finish(&line);
	str_finish(&what);
	return true;
}

static bool column_close(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	if (!column) return false;
	if (over_has(app, column)) {
		over_close(app);
		return true;
	}
	struct str line = {0}, what = {0};
	str_addf(&line, "column add-at %zu ", app->focus + 1);
	column_print(&line, column);
	str_addf(&what, "%s closed", column->title);
	const struct post *post = store_post(app->store, column->view.cursor);
	undo_line(app, what.p, line.p, post ? post_str(post, POST_URI) : NULL);
	app_say(app, TONE_GOOD, "%s; U brings it back", what.p);
	deck_remove(app, app->focus);
	app->dirty = true;
	str_finish(&line);
	str_finish(&what);
	return true;
}

static bool column_edit(const struct cmd_call *call, struct err *err)
{
	struct column *column = call_column(call, err);
	struct column_spec spec;
	return column && column_spec_read(&spec, call->argc, call->argv, err) &&
	       deck_edit(call_app(call), column, &spec, err);
}

static void edit_initial(void *app, struct str *out)
{
	const struct column *column = app_column(app);
	if (column) column_print(out, column);
}

static bool column_equalize(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	for (size_t i = 0; i < app->ncolumns; i++)
		app->columns[i]->width = 0;
	deck_touch(app);
	return true;
}

static bool column_focus(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!call_column(call, err)) return false;
	char *end;
	long n = strtol(call->argv[1], &end, 10);
	if (strcmp(call->argv[1], "last") == 0)
		n = (long)app->ncolumns;
	else if (*end || n < 1)
		return err_set(err, ERR_SYNTAX, "a column is a number from 1, or last; not '%s'",
		        call->argv[1]);
	if ((size_t)n > app->ncolumns)
		return err_set(err, ERR_NOT_FOUND, "there %s %zu column%s",
		        app->ncolumns == 1 ? "is" : "are", app->ncolumns,
		        app->ncolumns == 1 ? "" : "s");
	deck_focus(app, (size_t)n - 1);
	return true;
}

static bool column_hidden(const struct cmd_call *call, struct err *err)
{
	struct column *column = call_column(call, err);
	if (!column) return false;
	bool on = on_off(call, 1, timeline_shows_muted(column->timeline));
	timeline_show_muted(column->timeline, on);
	column->dirty = true;
	app_say(call_app(call), TONE_SAYS,
	        on ? "what is muted is shown here" : "what is muted is hidden");
	return true;
}

static bool column_left(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	if (app->focus > 0) deck_focus(app, app->focus - 1);
	return true;
}

static bool column_list(const struct cmd_call *call, struct err *err)
{
	(void)err;
	deck_print(call_app(call), call->out);
	return true;
}

static bool column_move(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!call_column(call, err)) return false;
	bool left = strcmp(call->argv[1], "left") == 0;
	if (left ? app->focus > 0 : app->focus + 1 < app->ncolumns)
		deck_move(app, app->focus, left ? app->focus - 1 : app->focus + 1);
	return true;
}

/* The next column in a direction with something unread, round the deck. */
static bool focus_unread(struct app *app, size_t step, struct err *err)
{
	for (size_t i = 1; i <= app->ncolumns; i++) {
		size_t at = (app->focus + i * step) % app->ncolumns;
		if (timeline_unread(app->columns[at]->timeline) == 0 || at == app->focus) continue;
		deck_focus(app, at);
		return true;
	}
	return err_set(err, ERR_NOT_FOUND, "nothing unread in other columns");
}

static bool column_next_unread(const struct cmd_call *call, struct err *err)
{
	return call_column(call, err) && focus_unread(call_app(call), 1, err);
}

static bool column_place(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	/* Belongs to the `column add` line above it. */
	if (!app->ncolumns) return true;
	struct column *column = app->columns[app->ncolumns - 1];
	free(column->restore_uri);
	free(column->stopped_uri);
	column->restore_uri = xstrdup(call->argv[1]);
	column->stopped_uri = xstrdup(call->argv[1]);
	column->marked = UINT64_MAX;
	return true;
}

static bool column_previous_unread(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	return call_column(call, err) && focus_unread(app, app->ncolumns - 1, err);
}

static bool column_query(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	const char *text = call->argc > 1 ? call->argv[1] : NULL;
	if (!column) return false;
	if (call->live) return column_query_preview(app, column, text, err);
	int at = -1;
	/* Where it is typed, the mistake's place is marked instead of counted. */
	if (app->prompt.open && text && *text && !rules_check(app, text, &at, err)) {
		prompt_mistake(app, text, at);
		return false;
	}
	return column_set_query(app, column, text, err);
}

static void query_initial(void *app, struct str *out)
{
	const struct column *column = app_column(app);
	if (column) str_adds(out, column->query);
}

static bool column_read(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	if (!column) return false;
	size_t len = timeline_len(column->timeline), n = 0, cap = 0;
	post_id *posts = NULL;
	for (size_t i = 0; i < len; i++) {
		post_id post = timeline_at(column->timeline, i).post;
		if (!post || store_is_read(app->store, post)) continue;
		posts = mem_grow(posts, &cap, n + 1, sizeof(*posts));
		posts[n++] = post;
	}
	for (size_t i = 0; i < n; i++)
		app_set_read(app, posts[i], true);
	column->dirty = true;
	if (n == 0) {
		app_say(app, TONE_SAYS, "nothing unread here");
		free(posts);
		return true;
	}
	app_say(app, TONE_GOOD, "%zu posts marked read; U undoes", n);
	undo_read(app, "marked read", posts, n);
	return true;
}

static bool column_refill_run(const struct cmd_call *call, struct err *err)
{
	struct column *column = call_column(call, err);
	if (column) column_refill(call_app(call), column);
	return column != NULL;
}

static bool column_refresh(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	if (!column) return false;
	for (size_t i = 0; i < column->nwatched; i++) {
		struct job *job = job_new(JOB_REFRESH);
		job->source = column->watched[i];
		app_post(app, job);
	}
	return true;
}

static bool column_right(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	deck_focus(app, app->focus + 1);
	return true;
}

static bool column_title(const struct cmd_call *call, struct err *err)
{
	struct column *column = call_column(call, err);
	if (!column) return false;
	char *title = xstrdup(call->argv[1]);
	free(column->title);
	column->title = title;
	column->view.title = title;
	column->dirty = true;
	timeline_set_name(column->timeline, title);
	notice_columns(call_app(call));
	deck_touch(call_app(call));
	return true;
}

static void title_initial(void *app, struct str *out)
{
	const struct column *column = app_column(app);
	if (column) cmd_quote(out, column->title);
}

static bool column_width(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	if (!column) return false;
	const char *word = call->argv[1];
	char *end;
	long n = strtol(word, &end, 10);
	if (*end || end == word)
		return err_set(err, ERR_SYNTAX, "a width is a number, +N or -N; not '%s'", word);
	int rows, cols;
	app_column_size(app, column, &rows, &cols);
	if (*word == '+' || *word == '-') n += cols ? cols : column->width;
	column->width = n < 10 ? 10 : n > 500 ? 500 : (int)n;
	deck_touch(app);
	return true;
}

static bool column_zoom(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!app->ncolumns) return call_column(call, err) != NULL;
	app->zoom = on_off(call, 1, app->zoom);
	app->dirty = app->stale_layout = true;
	return true;
}

/* -- completion -- */

static void complete_sources(void *ctx, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *add_ctx)
{
	struct app *app = ctx;
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts);
	struct str word = {0};
	(void)words;
	if (arg < 2) return;
	for (size_t i = 0; i < n; i++) {
		bool feeds = strcmp(accounts[i]->network, "feed") == 0;
		for (int kind = 0; kind < SOURCE_NKINDS; kind++) {
			bool of_feeds =
			        kind == SOURCE_FEED || kind == SOURCE_GROUP || kind == SOURCE_ALL;
			if (feeds != of_feeds) continue;
			str_clear(&word);
			str_addf(&word, "%s/%s%s", accounts[i]->name, source_kinds[kind].name,
			        source_kinds[kind].arg ? ":" : "");
			add(add_ctx, word.p, source_kinds[kind].help);
		}
	}
	for (size_t i = 0; i < app->nfeeds; i++) {
		str_clear(&word);
		str_addf(&word, "feeds/feed:%s", app->feeds[i]->name);
		add(add_ctx, word.p, app->feeds[i]->title);
	}
	str_finish(&word);
}

static const struct cmd_hooks add_hooks = {.complete = complete_sources};
static const struct cmd_hooks edit_hooks = {
        .complete = complete_sources, .initial = edit_initial, .can = can_column};
static const struct cmd_hooks query_hooks = {.initial = query_initial, .can = can_column};
static const struct cmd_hooks title_hooks = {.initial = title_initial, .can = can_column};

#define COLUMN_WORDS " [as ACCOUNT] [width N] [notify HOW] [query QUERY]"

const struct cmd column_commands[] = {
        {"column add", "TITLE SOURCE…" COLUMN_WORDS, "add a column", SETTING | CMD_DECK, column_add,
                &add_hooks},
        {"column add-at", "N TITLE SOURCE…" COLUMN_WORDS, "add a column as the Nth", ANYWHERE,
                column_add_at, NULL},
        {"column clear", "", "forget the rows of this column; new ones come", ANYWHERE,
                column_clear, NULL},
        {"column close", "", "close this column", ANYWHERE, column_close, NULL},
        {"column edit", "TITLE SOURCE…" COLUMN_WORDS, "change this column", ANYWHERE, column_edit,
                &edit_hooks},
        {"column equalize", "", "give all columns the same width", ANYWHERE, column_equalize, NULL},
        {"column focus", "N|last", "go to a column", ANYWHERE | CMD_DECK, column_focus, NULL},
        {"column hidden", "[on|off]", "show what is muted in this column", ANYWHERE, column_hidden,
                NULL},
        {"column left", "", "go to the column on the left", ANYWHERE, column_left, NULL},
        {"column list", "", "print the deck's command lines", ANYWHERE, column_list, NULL},
        {"column move", "left|right", "move this column", ANYWHERE, column_move, NULL},
        {"column next-unread", "", "go to the next column with unread posts", ANYWHERE,
                column_next_unread, NULL},
        {"column place", "URI", "where the cursor of the column above was", CMD_DECK, column_place,
                NULL},
        {"column previous-unread", "", "go to the previous column with unread posts", ANYWHERE,
                column_previous_unread, NULL},
        {"column query", "[QUERY]", "show only what matches, for good", ANYWHERE | CMD_LIVE,
                column_query, &query_hooks},
        {"column read", "", "mark all posts of this column read", ANYWHERE, column_read, NULL},
        {"column refill", "", "bring back the rows that were cleared", ANYWHERE, column_refill_run,
                NULL},
        {"column refresh", "", "ask this column's sources now", ANYWHERE, column_refresh, NULL},
        {"column right", "", "go to the column on the right", ANYWHERE, column_right, NULL},
        {"column title", "TITLE", "give this column another title", ANYWHERE, column_title,
                &title_hooks},
        {"column width", "N", "set the width: cells, +N or -N", ANYWHERE, column_width, NULL},
        {"column zoom", "[on|off]", "give this column the whole screen", ANYWHERE, column_zoom,
                NULL},
        {0},
};
