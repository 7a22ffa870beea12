#include "app/deck.h"

#include <stdlib.h>
#include <string.h>

#include "app/notice.h"
#include "app/over.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "base/mem.h"
#include "columns.h"
#include "inside.h"

static char **strings_copy(char *const *strings, size_t n)
{
	char **copy = xcalloc(n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(strings[i]);
	return copy;
}

static void strings_free(char **strings, size_t n)
{
	for (size_t i = 0; strings && i < n; i++)
		free(strings[i]);
	free(strings);
}

static bool parse_width(const char *word, int *out, struct err *err)
{
	char *end;
	long width = strtol(word, &end, 10);
	if (*end || end == word || width < 10 || width > 500)
		return err_set(err, ERR_SYNTAX, "a width is 10 to 500 cells, not '%s'", word);
	*out = (int)width;
	return true;
}

#define X(id, word, help) word,
static const char *const notifies[NOTIFY_COUNT] = {COLUMN_NOTIFIES(X)};
#undef X

const char *column_notify_word(enum column_notify notify)
{
	return notifies[notify];
}

static bool column_notify_read(const char *word, enum column_notify *out, struct err *err)
{
	for (int i = 0; i < NOTIFY_COUNT; i++) {
		if (strcmp(notifies[i], word) != 0) continue;
		*out = (enum column_notify)i;
		return true;
	}
	return err_set(err, ERR_SYNTAX,
	        "a column notifies quietly, by a notice or by the bell; not '%s'", word);
}

bool column_spec_read(struct column_spec *out, int argc, char **argv, struct err *err)
{
	struct column_spec spec = {.title = argv[1], .sources = argv + 2};
	int i = 2;
	/* The usage saw to it that a keyword is followed by its word. */
	while (i < argc && strcmp(argv[i], "as") != 0 && strcmp(argv[i], "width") != 0 &&
	        strcmp(argv[i], "notify") != 0 && strcmp(argv[i], "query") != 0)
		i++;
	spec.nsources = (size_t)(i - 2);
	for (; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "as") == 0)
			spec.acts_as = argv[i + 1];
		else if (strcmp(argv[i], "query") == 0)
			spec.query = argv[i + 1];
		else if (strcmp(argv[i], "notify") == 0) {
			if (!column_notify_read(argv[i + 1], &spec.notify, err)) return false;
		} else if (!parse_width(argv[i + 1], &spec.width, err))
			return false;
	}
	if (spec.nsources > COLUMN_MAX_SOURCES)
		return err_set(
		        err, ERR_TOO_LARGE, "a column has at most %d sources", COLUMN_MAX_SOURCES);
	*out = spec;
	return true;
}

static const char *account_candidate(void *ctx, size_t i)
{
	const struct account *const *accounts;
	size_t n = store_accounts(ctx, &accounts);
	return i < n ? accounts[i]->name : NULL;
}

/* An account's name is right, as far as accounts are known already. */
static bool account_check(const struct app *app, const char *name, struct err *err)
{
	if (!app->started || source_account_is_ours(name)) return true;
	if (store_account_named(app->store, name)) return true;
	const char *near = cmd_nearest(name, account_candidate, app->store);
	if (near)
		return err_set(err, ERR_NOT_FOUND, "there is no account '%s'; did you mean '%s'?",
		        name, near);
	return err_set(
	        err, ERR_NOT_FOUND, "there is no account '%s'; `stoa login` signs one in", name);
}

static bool spec_check(const struct app *app, const struct column_spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->nsources; i++) {
		struct source_ref ref;
		if (!source_parse(spec->sources[i], &ref, err)) return false;
		bool ok = account_check(app, ref.account, err);
		source_ref_finish(&ref);
		if (!ok) return false;
	}
	return !spec->acts_as || account_check(app, spec->acts_as, err);
}

static void column_set_words(struct column *column, const struct column_spec *spec)
{
	char *title = xstrdup(spec->title), *acts_as = xstrdup(spec->acts_as);
	char **sources = strings_copy(spec->sources, spec->nsources);
	free(column->title);
	free(column->acts_as);
	strings_free(column->sources, column->nsources);
	column->title = title;
	column->acts_as = acts_as;
	column->sources = sources;
	column->nsources = spec->nsources;
	column->width = spec->width;
	column->notify = spec->notify;
	column->view.title = column->title;
	timeline_set_name(column->timeline, title);
}

static void query_trouble(struct app *app, struct column *column, const char *trouble)
{
	free(column->query_trouble);
	column->query_trouble = xstrdup(trouble);
	app->health_changed = true;
}

/*
 * Before all that is remembered is here, a query may name what is not yet: the column then
 * stands there without it, says so, and the query is tried again (deck_query_again).
 */
static bool column_query(struct app *app, struct column *column, const char *query, struct err *err)
{
	int at = -1;
	struct err why = {0}, said = {0};
	bool ok = timeline_set_query(column->timeline, query, &at, &why);
	if (!ok) err_set(&said, why.code, "query, column %d: %s", at + 1, why.text);
	if (!ok && app->started) {
		if (err) *err = said;
		return false;
	}
	char *copy = query && *query ? xstrdup(query) : NULL;
	free(column->query);
	column->query = copy;
	column->dirty = true;
	query_trouble(app, column, ok ? NULL : said.text);
	return true;
}

bool column_query_preview(struct app *app, struct column *column, const char *text, struct err *err)
{
	struct query_env env = rules_env(app);
	struct query *query = NULL;
	struct str whole = {0};
	int at = -1;
	bool ok = !text || query_parse_in(&env, text, true, &query, &at, err);
	if (ok && query) query_print(&whole, query);
	if (!ok) prompt_mistake(app, text, at);
	if (ok)
		ok = timeline_set_query(
		        column->timeline, text ? str_c(&whole) : column->query, &at, err);
	column->dirty = true;
	query_free(query);
	str_finish(&whole);
	return ok;
}

void deck_query_again(struct app *app)
{
	for (size_t i = 0; i < app->ncolumns; i++) {
		struct column *column = app->columns[i];
		struct err why = {0}, said = {0};
		int at = -1;
		if (!column->query) continue;
		if (timeline_set_query(column->timeline, column->query, &at, &why)) {
			query_trouble(app, column, NULL);
			continue;
		}
		err_set(&said, why.code, "query, column %d: %s", at + 1, why.text);
		timeline_set_query(column->timeline, NULL, NULL, NULL);
		query_trouble(app, column, said.text);
	}
}

void column_free(struct app *app, struct column *column)
{
	for (size_t i = 0; i < column->nwatched; i++)
		watch_drop(app, column->watched[i]);
	column_view_finish(&column->view);
	timeline_free(column->timeline);
	strings_free(column->sources, column->nsources);
	free(column->title);
	free(column->query);
	free(column->acts_as);
	free(column->watched);
	free(column->restore_uri);
	free(column->stopped_uri);
	free(column->trouble);
	free(column->query_trouble);
	free(column->account);
	free(column);
}

struct column *column_new(struct app *app, const struct column_spec *spec, struct err *err)
{
	struct column *column = xcalloc(1, sizeof(*column));
	column->timeline = timeline_new(app->store);
	column_view_init(&column->view, column->timeline);
	column_set_words(column, spec);
	column->account = xstrdup("");
	column->view.account = column->account;
	column->dirty = true;
	if (column_query(app, column, spec->query, err)) return column;
	column_free(app, column);
	return NULL;
}

struct column *deck_add(struct app *app, const struct column_spec *spec, size_t at, struct err *err)
{
	if (app->ncolumns >= DECK_MAX_COLUMNS) {
		err_set(err, ERR_TOO_LARGE, "a deck has at most %d columns", DECK_MAX_COLUMNS);
		return NULL;
	}
	if (!spec_check(app, spec, err)) return NULL;
	struct column *column = column_new(app, spec, err);
	if (!column) return NULL;
	if (at > app->ncolumns) at = app->ncolumns;
	app->columns =
	        mem_grow(app->columns, &app->columns_cap, app->ncolumns + 1, sizeof(*app->columns));
	memmove(app->columns + at + 1, app->columns + at,
	        (app->ncolumns - at) * sizeof(*app->columns));
	app->columns[at] = column;
	app->ncolumns++;
	app->feeds_changed = true;
	notice_columns(app);
	deck_touch(app);
	return column;
}

bool deck_edit(
        struct app *app, struct column *column, const struct column_spec *spec, struct err *err)
{
	if (!spec_check(app, spec, err)) return false;
	if (!column_query(app, column, spec->query, err)) return false;
	column_set_words(column, spec);
	notice_columns(app);
	app->feeds_changed = true;
	deck_touch(app);
	return true;
}

bool column_set_query(struct app *app, struct column *column, const char *query, struct err *err)
{
	if (!column_query(app, column, query, err)) return false;
	deck_touch(app);
	return true;
}

void column_refill(struct app *app, struct column *column)
{
	struct timeline *timeline = timeline_new(app->store);
	timeline_set_sources(timeline, column->watched, column->nwatched);
	timeline_set_query(timeline, column->query, NULL, NULL);
	timeline_set_name(timeline, column->title);
	struct timeline *old = column->timeline;
	column->timeline = column->view.timeline = timeline;
	column->drawn = column->marked = UINT64_MAX;
	column->dirty = true;
	timeline_free(old);
}

void deck_remove(struct app *app, size_t at)
{
	if (at >= app->ncolumns) return;
	struct column *column = app->columns[at];
	column_free(app, column);
	app->ncolumns--;
	memmove(app->columns + at, app->columns + at + 1,
	        (app->ncolumns - at) * sizeof(*app->columns));
	notice_columns(app);
	if (app->focus > at || (app->focus == app->ncolumns && app->focus > 0)) app->focus--;
	deck_touch(app);
}

void deck_move(struct app *app, size_t from, size_t to)
{
	if (from >= app->ncolumns || to >= app->ncolumns || from == to) return;
	struct column *column = app->columns[from];
	memmove(app->columns + from, app->columns + from + 1,
	        (app->ncolumns - from - 1) * sizeof(*app->columns));
	memmove(app->columns + to + 1, app->columns + to,
	        (app->ncolumns - to - 1) * sizeof(*app->columns));
	app->columns[to] = column;
	if (app->focus == from)
		app->focus = to;
	else if (from < app->focus && to >= app->focus)
		app->focus--;
	else if (from > app->focus && to <= app->focus)
		app->focus++;
	deck_touch(app);
}

void deck_focus(struct app *app, size_t at)
{
	if (at >= app->ncolumns) return;
	over_close_all(app);
	if (at == app->focus) return;
	app->focus = at;
	app->stale_layout = app->stale_status = true;
}

size_t deck_index(const struct app *app, const struct column *column)
{
	for (size_t i = 0; i < app->ncolumns; i++) {
		if (app->columns[i] == column) return i;
	}
	return SIZE_MAX;
}

void deck_touch(struct app *app)
{
	app->stale_layout = app->stale_status = true;
	app->save_at_ms = clock_mono(app->clock) + APP_SAVE_MS;
}
