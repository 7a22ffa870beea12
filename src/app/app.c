#include "app/app.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/agenda.h"
#include "app/ask.h"
#include "app/brief.h"
#include "app/catchup.h"
#include "app/config.h"
#include "app/deck.h"
#include "app/notice.h"
#include "app/outbox.h"
#include "app/over.h"
#include "app/overlay.h"
#include "app/picture.h"
#include "app/presence.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "app/undo.h"
#include "app/workspace.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "engine/secrets.h"
#include "inside.h"
#include "marker.h"
#include "model/feed.h"
#include "notice_told.h"
#include "ui/images.h"

enum { UNSEEN_ROWS = 24, UNSEEN_COLS = 80 };
enum { STOP_MS = 1000, STOP_HUNG_UP_MS = 0 };

static void settings_init(struct app *app)
{
	options_init(&app->options);
	app->keymap = keymap_new();
	app->theme = theme_new();
	app->theme_name = xstrdup("default");
	app->ui = (struct ui){.store = app->store,
	        .theme = app->theme,
	        .options = &app->options,
	        .clock = app->clock,
	        .images = images_new()};
}

static bool engine_begin(struct app *app, const struct engine_options *given, struct err *err)
{
	struct engine_options opts = given ? *given : (struct engine_options){.spacing_ms = -1};
	opts.clock = app->clock;
	if (!opts.sender && !app->unseen) opts.sender = "deck";
	opts.refresh_ms = app->options.refresh;
	opts.feed_refresh_ms = app->options.feed_refresh;
	opts.archive_keep_ms = app->options.archive_keep;
	if (!opts.reader_max) opts.reader_max = (size_t)app->options.reader_max;
	opts.cache_dir = app->paths ? app->paths->cache : NULL;
	opts.picture_cache = app->options.picture_cache;
	opts.outbox_settle_ms = app->options.outbox_settle;
	opts.outbox_spacing_ms = app->options.outbox_spacing ? app->options.outbox_spacing : -1;
	char *keyring = secrets_keyring();
	int words = 0;
	char **command = cmd_split(app->options.secret_command, &words, NULL);
	opts.keyring = keyring;
	opts.secret_command = command;
	bool ok = engine_start(&opts, &app->engine, err);
	if (command) cmd_words_free(command);
	free(keyring);
	return ok;
}

static void on_seed_error(void *ctx, const char *sentence)
{
	app_say(ctx, TONE_ERROR, "%s", sentence);
}

/* The deck's own file, else the columns that the config or the caller gives a first deck. */
static void deck_begin(struct app *app, const char *seed)
{
	if (app->columns_seeded) {
		deck_load(app);
	} else if (seed) {
		cmd_source(app->commands, app, "deck", seed, strlen(seed), CMD_DECK, on_seed_error,
		        app);
	}
	app->dirty = app->stale_layout = true;
	app->save_at_ms = 0;
}

bool app_new(const struct app_options *opts, struct app **out, struct err *err)
{
	struct app *app = xcalloc(1, sizeof(*app));
	app->clock = opts->clock;
	app->paths = opts->paths;
	app->commands = opts->commands;
	app->term = opts->term;
	app->deck_name = opts->deck ? xstrdup(opts->deck) : workspace_left(app);
	app->linear = opts->linear;
	app->signal_fd = app->presence_fd = -1;
	app->unseen = opts->unseen;
	app->look_only = opts->look_only || opts->unseen;
	if (app->unseen) term_memory_open(&app->term, UNSEEN_ROWS, UNSEEN_COLS);
	if (app->paths && !app->look_only) app->presence_fd = presence_take(app->paths, NULL);
	app->prompt.err_at = -1;
	app->prompt.chosen = -1;
	app->store = store_new(app->clock);
	app->wall_seen_ms = clock_wall(app->clock);
	app->mono_seen_ms = clock_mono(app->clock);
	app->config_named = opts->config && *opts->config;
	if (app->config_named)
		app->config_path = xstrdup(opts->config);
	else if (!opts->config && app->paths)
		app->config_path = paths_join(app->paths->config, "config");
	settings_init(app);
	config_preset(app, presets[0].name, NULL);
	app->columns_seeded = opts->seed_deck || deck_exists(app);
	config_load(app);
	config_theme_settle(app);
	if (app->linear) app->options.linear = true;
	app->columns_seeded = deck_exists(app);
	if (!engine_begin(app, opts->engine, err)) {
		app_free(app);
		return false;
	}
	if (!app->unseen) deck_begin(app, opts->seed_deck);
	deck_resolve(app);
	config_apply(app, NULL);
	if (app->term.notice[0]) app_say(app, TONE_SAYS, "%s", app->term.notice);
	*out = app;
	return true;
}

static void columns_free(struct app *app)
{
	while (app->ncolumns)
		deck_remove(app, app->ncolumns - 1);
	free(app->columns);
}

static void lists_free(struct app *app)
{
	for (size_t i = 0; i < app->nfeeds; i++)
		feed_free(app->feeds[i]);
	free(app->feeds);
	for (size_t i = 0; i < app->nhistory; i++)
		free(app->history[i]);
	free(app->history);
	for (size_t i = 0; i < app->nmessages; i++)
		free(app->messages[i].text);
	free(app->messages);
	for (size_t i = 0; i < app->nundos; i++)
		undo_finish(&app->undos[i]);
	free(app->undos);
	free(app->read_keys);
	free(app->unread_keys);
}

void app_free(struct app *app)
{
	if (!app) return;
	struct err err = {0};
	if (app->engine) {
		visit_end(app);
		app_flush_read(app);
		act_finish(app);
		compose_finish(app);
		rules_keep_hits(app);
		deck_save(app, &err);
	}
	prompt_cancel(app);
	overlay_close_all(app);
	compose_finish(app);
	agenda_finish(app);
	app_outbox_finish(app);
	spawn_finish(app);
	notice_finish(app);
	told_finish(app);
	browse_finish(app);
	catchup_finish(app);
	ask_finish(app);
	control_close(app->control);
	signals_stop(app);
	/* The terminal first: nobody shall wait for the network to get a shell. */
	if (app->term.ops) app->term.ops->free(app->term.ctx);
	over_close_all(app);
	engine_stop(app->engine, app->hung_up ? STOP_HUNG_UP_MS : STOP_MS);
	app->engine = NULL;
	/* All is on the disk: others may know that this deck is closed. */
	if (app->presence_fd >= 0) close(app->presence_fd);
	columns_free(app);
	watch_finish(app);
	kept_finish(app);
	lists_free(app);
	text_finish(&app->article_text);
	edit_finish(&app->prompt.edit);
	store_free(app->store);
	keymap_free(app->keymap);
	theme_free(app->theme);
	options_finish(&app->options);
	slots_book_finish(&app->slots);
	open_rules_finish(&app->open_rules);
	images_free(app->ui.images);
	arena_finish(&app->ui.scratch);
	grid_finish(&app->screen);
	str_finish(&app->keys);
	free(app->rects);
	title_forget(app);
	free(app->theme_name);
	free(app->theme_said);
	free(app->theme_kept);
	free(app->config_path);
	free(app->deck_name);
	free(app->last_search);
	free(app->last_mute);
	free(app->visit_title);
	free(app);
}

struct term *app_term(struct app *app)
{
	return &app->term;
}

job_id app_post(struct app *app, struct job *job)
{
	if (app->engine) return engine_post(app->engine, job);
	job_free(job);
	return 0;
}

void app_remember(struct app *app, const char *key, const char *value)
{
	struct job *job = job_new(JOB_PUT);
	struct str arg = {0};
	str_addf(&arg, "%s\n%s", key, value ? value : "");
	job->arg = str_take(&arg);
	app_post(app, job);
}

bool app_loaded(const struct app *app, size_t *out_ok, size_t *out_all)
{
	size_t all = 0, ok = 0, waiting = 0;
	for (size_t i = 0; i < app->nwatches; i++) {
		const struct watch *watch = &app->watches[i];
		if (!watch->refs) continue;
		all++;
		ok += watch->answered && !watch->failed;
		waiting += !watch->answered;
	}
	if (out_ok) *out_ok = ok;
	if (out_all) *out_all = all;
	return app->started && !app->feeds_changed && waiting == 0 && app->settled;
}

struct column *app_column(const struct app *app)
{
	if (app->above) return app->above;
	return app->focus < app->ncolumns ? app->columns[app->focus] : NULL;
}

void app_column_size(const struct app *app, const struct column *column, int *rows, int *cols)
{
	*rows = *cols = 0;
	if (column && column == app->above) {
		struct rect area = over_area(app);
		*rows = area.rows;
		*cols = area.cols;
		return;
	}
	for (size_t i = 0; i < app->shown && app->first + i < app->ncolumns; i++) {
		if (app->columns[app->first + i] != column) continue;
		*rows = app->rects[i].rows;
		*cols = app->rects[i].cols;
	}
}

bool app_selected_row(const struct app *app, struct row *out, struct err *err)
{
	const struct column *column = app_column(app);
	if (!column) return err_set(err, ERR_NOT_FOUND, "there is no column; `a` adds one");
	if (!column_view_selected(&column->view, out))
		return err_set(
		        err, ERR_NOT_FOUND, "the column is empty; C-r asks its servers again");
	return true;
}

const struct post *app_selected(const struct app *app, struct err *err)
{
	struct row row = {0};
	post_id id = 0;
	if (app->overlay == OVERLAY_ARTICLE)
		id = app->article.post;
	else if (app->overlay == OVERLAY_PICTURE)
		id = app->picture.post;
	else if (app->overlay == OVERLAY_PROFILE)
		id = profile_view_post(&app->profile, &app->ui);
	else if (app_selected_row(app, &row, err))
		id = row.kind == ROW_FOLD ? 0 : row.post;
	else
		return NULL;
	const struct post *post = store_post(app->store, id);
	if (!post)
		err_set(err, ERR_NOT_FOUND,
		        row.kind == ROW_FOLD ? "these rows are folded; Enter shows them"
		                             : "no post is selected");
	return post;
}

/* -- read marks -- */

static void key_add(uint64_t **keys, size_t *n, size_t *cap, uint64_t key)
{
	*keys = mem_grow(*keys, cap, *n + 1, sizeof(**keys));
	(*keys)[(*n)++] = key;
}

void app_set_read(struct app *app, post_id post, bool read)
{
	enum { AT_ONCE = 1000 };
	const struct post *it = store_post(app->store, post);
	if (!it || store_is_read(app->store, post) == read) return;
	uint64_t key = store_key(post_str(it, POST_URI));
	store_set_read(app->store, post, read);
	/* Read and unread again within one batch: the later word must not be told first. */
	if (read ? app->nunread : app->nread) app_flush_read(app);
	if (read)
		key_add(&app->read_keys, &app->nread, &app->read_cap, key);
	else
		key_add(&app->unread_keys, &app->nunread, &app->unread_cap, key);
	if (!app->read_at_ms) app->read_at_ms = clock_mono(app->clock) + APP_READ_BATCH_MS;
	if (app->nread + app->nunread >= AT_ONCE) app_flush_read(app);
}

static void flush_keys(struct app *app, uint64_t **keys, size_t *n, size_t *cap, bool on)
{
	if (*n) {
		struct job *job = job_new(JOB_READ);
		job->keys = *keys;
		job->nkeys = *n;
		job->on = on;
		app_post(app, job);
		*keys = NULL;
		*n = *cap = 0;
	}
}

void app_flush_read(struct app *app)
{
	flush_keys(app, &app->read_keys, &app->nread, &app->read_cap, true);
	flush_keys(app, &app->unread_keys, &app->nunread, &app->unread_cap, false);
	app->read_at_ms = 0;
	marker_tell(app);
}

/* -- what was remembered: KEY LF VALUE -- */

void app_on_value(struct app *app, const char *value)
{
	const char *lf = strchr(value, '\n');
	if (!lf) return;
	char *key = xstrndup(value, (size_t)(lf - value));
	if (rules_value(app, key, lf + 1) || told_value(app, key, lf + 1)) {
		free(key);
		return;
	}
	if (strcmp(key, "history") == 0) prompt_load_history(app, lf + 1);
	if (strcmp(key, "theme") == 0) config_theme_kept(app, lf + 1);
	if (strcmp(key, "budget") == 0) budget_value(app, lf + 1);
	if (strcmp(key, "catchup") == 0) catchup_value(app, lf + 1);
	free(key);
}

void app_quit(struct app *app, int status)
{
	app->over = true;
	app->status = status;
}
