#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/deck.h"
#include "base/mem.h"
#include "deck_write.h"
#include "inside.h"
#include "model/post.h"

/*
 * The deck's file is what one could have typed: `column add` lines, each followed by
 * where its cursor was. It is written anew as a whole, so that it is old or new, never half.
 */

enum { DECK_MAX_BYTES = 1 << 20 };

static char *deck_path(const struct app *app)
{
	if (!app->paths) return NULL;
	char *dir = paths_join(app->paths->state, "decks");
	char *path = paths_join(dir, app->deck_name);
	free(dir);
	return path;
}

bool deck_exists(const struct app *app)
{
	char *path = deck_path(app);
	bool there = path && access(path, F_OK) == 0;
	free(path);
	return there;
}

void column_print(struct str *out, const struct column *column)
{
	cmd_quote(out, column->title);
	for (size_t i = 0; i < column->nsources; i++) {
		str_addc(out, ' ');
		cmd_quote(out, column->sources[i]);
	}
	if (column->acts_as) {
		str_adds(out, " as ");
		cmd_quote(out, column->acts_as);
	}
	if (column->width) str_addf(out, " width %d", column->width);
	if (column->notify) str_addf(out, " notify %s", column_notify_word(column->notify));
	/* The rest of the line, raw. */
	if (column->query) str_addf(out, " query %s", column->query);
}

/* Where the cursor is, or still would have to go. */
static const char *place(const struct app *app, const struct column *column)
{
	if (column->restore_uri) return column->restore_uri;
	const struct post *post = store_post(app->store, column->view.cursor);
	return post ? post_str(post, POST_URI) : column->stopped_uri;
}

void deck_print(const struct app *app, struct str *out)
{
	for (size_t i = 0; i < app->ncolumns; i++) {
		const struct column *column = app->columns[i];
		str_adds(out, "column add ");
		column_print(out, column);
		str_addc(out, '\n');
		const char *uri = place(app, column);
		if (uri) {
			str_adds(out, "column place ");
			cmd_quote(out, uri);
			str_addc(out, '\n');
		}
	}
	if (app->ncolumns) str_addf(out, "column focus %zu\n", app->focus + 1);
}

/* Begin to write the file; false: it is left as it is. */
static bool begin_save(struct app *app)
{
	char *path = deck_path(app);
	app->save_at_ms = 0;
	if (!path || app->look_only) {
		free(path);
		return false;
	}
	struct str text = {0};
	str_adds(&text,
	        "# This deck; stoa writes it. Column lines of your own belong in the config.\n");
	deck_print(app, &text);
	/* An empty deck is none, so that columns in the config are seen next time. */
	if (!app->ncolumns) str_finish(&text);
	deck_write(app, path, app->ncolumns ? str_take(&text) : NULL);
	return true;
}

bool deck_save(struct app *app, struct err *err)
{
	bool ok = true;
	if (begin_save(app)) deck_written(app, true, &ok, err);
	return ok;
}

void deck_save_tick(struct app *app)
{
	bool ok;
	struct err err = {0};
	if (!deck_written(app, false, &ok, &err)) return;
	if (!ok) app_say(app, TONE_ERROR, "the deck was not saved: %s", err.text);
	if (app->save_at_ms && clock_mono(app->clock) >= app->save_at_ms) begin_save(app);
}

static void on_deck_error(void *ctx, const char *sentence)
{
	app_say(ctx, TONE_ERROR, "%s", sentence);
}

bool deck_load(struct app *app)
{
	char *path = deck_path(app), *text = NULL;
	unsigned long len = 0;
	struct err err = {0};
	if (!path) return false;
	bool ok;
	deck_written(app, true, &ok, NULL);
	ok = paths_read(path, DECK_MAX_BYTES, &text, &len, &err);
	if (ok)
		cmd_source(app->commands, app, path, text, len, CMD_DECK, on_deck_error, app);
	else if (err.code != ERR_NOT_FOUND)
		app_say(app, TONE_ERROR, "the deck could not be read: %s", err.text);
	free(text);
	free(path);
	return ok;
}

/* -- cursors and markers of the last session -- */

static void put_marker(struct app *app, struct column *column)
{
	post_id stopped = store_find(app->store, column->stopped_uri);
	size_t row =
	        stopped ? timeline_find(column->timeline, stopped, column->view.row) : SIZE_MAX;
	post_id marker = 0;
	while (row != SIZE_MAX && row > 0 && !marker)
		marker = timeline_at(column->timeline, --row).post;
	if (marker == column->view.marker) return;
	column->view.marker = marker;
	column->dirty = true;
}

static void put_cursor(struct app *app, struct column *column)
{
	int rows, cols;
	post_id post = store_find(app->store, column->restore_uri);
	size_t row = post ? timeline_find(column->timeline, post, 0) : SIZE_MAX;
	if (row == SIZE_MAX) return;
	app_column_size(app, column, &rows, &cols);
	if (rows == 0) return; /* out of view: when it comes into view */
	column_view_select(&column->view, &app->ui, row, rows, cols);
	free(column->restore_uri);
	column->restore_uri = NULL;
	column->dirty = true;
}

void deck_restore(struct app *app)
{
	for (size_t i = 0; i < app->ncolumns; i++) {
		struct column *column = app->columns[i];
		uint64_t version = timeline_version(column->timeline);
		if (column->restore_uri && (column->marked != version || column->drawn != version))
			put_cursor(app, column);
		if (column->stopped_uri && column->marked != version) put_marker(app, column);
		column->marked = version;
	}
}
