#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "app/undo.h"
#include "base/date.h"
#include "base/mem.h"
#include "cmd/option.h"
#include "model/post.h"
#include "model/profile.h"
#include "tables.h"

/* Silencing: here and now by M, or by a query. Kept across sessions as values. */

enum { LEVELS = 3 };
static const int64_t hour_ms = 3600000;

/* What M means when pressed once, again, and a third time. */
static const struct {
	int64_t hours; /* 0: for good */
	const char *words, *next;
} levels[LEVELS] = {
        {24, "for 24 h", "M again: 7 d"},
        {7 * 24, "for 7 d", "M again: for good"},
        {0, "for good", "`mutes` lists them"},
};

static void keep(struct app *app, const char *id, const struct mute *mute)
{
	struct str key = {0}, value = {0};
	str_addf(&key, "mute/%s", id);
	if (mute) str_addf(&value, "%" PRId64 " %s", mute->until_ms, mute->query);
	app_remember(app, key.p, str_c(&value));
	str_finish(&key);
	str_finish(&value);
}

static bool is_muted(const struct app *app, const char *id)
{
	const struct mute *mutes;
	size_t n = store_mutes(app->store, &mutes);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(mutes[i].id, id) == 0) return true;
	}
	return false;
}

/* Silence, keep it, and make U able to take it back, once however often it is said. */
static bool silence(struct app *app, const struct mute *mute, const char *who, size_t *out_rows,
        struct err *err)
{
	bool again = is_muted(app, mute->id);
	if (!store_mute(app->store, mute, out_rows, err)) return false;
	keep(app, mute->id, mute);
	if (again) return true;
	struct str line = {0}, what = {0};
	str_adds(&line, "unmute ");
	str_adds(&line, mute->id);
	str_addf(&what, "%s is heard again", who);
	undo_line(app, what.p, line.p, NULL);
	str_finish(&line);
	str_finish(&what);
	return true;
}

static bool mute_someone(struct app *app, const char *handle, int level, struct err *err)
{
	struct str id = {0}, query = {0};
	size_t rows = 0;
	str_addf(&id, "from:%s", handle);
	str_addf(&query, "from:%s OR by:%s", handle, handle);
	struct mute mute = {.id = id.p,
	        .query = query.p,
	        .until_ms = levels[level].hours
	                            ? clock_wall(app->clock) + levels[level].hours * hour_ms
	                            : 0};
	bool ok = silence(app, &mute, handle, &rows, err);
	if (ok) {
		free(app->last_mute);
		app->last_mute = xstrdup(handle);
		app->last_mute_at = app->commands_run;
		app->last_mute_level = level;
		app_say(app, TONE_GOOD, "@%s silenced %s: %zu row%s · %s · U undoes", handle,
		        levels[level].words, rows, rows == 1 ? "" : "s", levels[level].next);
	}
	str_finish(&id);
	str_finish(&query);
	return ok;
}

/* M: whoever put the selected row there; pressed again at once, the same one for longer. */
static bool mute_author(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct row row;
	if (app->last_mute && app->last_mute_at + 1 == app->commands_run) {
		int level =
		        app->last_mute_level + 1 < LEVELS ? app->last_mute_level + 1 : LEVELS - 1;
		char *handle = xstrdup(app->last_mute);
		bool ok = mute_someone(app, handle, level, err);
		free(handle);
		return ok;
	}
	if (!app_selected_row(app, &row, err)) return false;
	const struct post *post = store_post(app->store, row.post);
	profile_id who = row.actor ? row.actor : post ? post->author : 0;
	const struct profile *profile = store_profile(app->store, who);
	if (!profile || !*profile->handle)
		return err_set(err, ERR_NOT_FOUND, "nobody put this row here");
	char *handle = xstrdup(profile->handle);
	bool ok = mute_someone(app, handle, 0, err);
	free(handle);
	return ok;
}

static bool mute(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *query = call->argv[call->argc - 1];
	struct mute it = {.id = query, .query = query};
	size_t rows = 0;
	if (call->argc == 4) {
		int64_t ms;
		bool until = strcmp(call->argv[1], "until") == 0;
		if (until ? !date_parse_rfc3339(call->argv[2], &it.until_ms)
		          : !duration_parse(call->argv[2], &ms))
			return err_set(err, ERR_SYNTAX, "'%s' is not %s", call->argv[2],
			        until ? "a date such as 2026-12-01"
			              : "a duration such as 12h or 2w");
		if (!until && app->source_depth)
			return err_set(err, ERR_SYNTAX,
			        "in a file write `until`: a `for` would begin anew at each start");
		if (!until) it.until_ms = clock_wall(app->clock) + ms;
		if (it.until_ms <= clock_wall(app->clock)) return true;
	}
	/* A config's mutes are its own: they are not remembered a second time. */
	if (app->source_depth) return app->trying || store_mute(app->store, &it, NULL, err);
	if (!silence(app, &it, query, &rows, err)) return false;
	app_say(app, TONE_GOOD, "muted %s: %zu row%s hidden · U undoes", query, rows,
	        rows == 1 ? "" : "s");
	return true;
}

static bool unmute(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *id = call->argv[1];
	if (!store_unmute(app->store, id))
		return err_set(err, ERR_NOT_FOUND, "'%s' is not muted; `mutes` lists what is", id);
	keep(app, id, NULL);
	/* M begins anew. */
	free(app->last_mute);
	app->last_mute = NULL;
	app_say(app, TONE_GOOD, "%s is heard again", id);
	return true;
}

static void complete_unmute(void *ctx, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *add_ctx)
{
	struct app *app = ctx;
	const struct mute *mutes;
	size_t n = store_mutes(app->store, &mutes);
	(void)words;
	for (size_t i = 0; arg == 1 && i < n; i++)
		add(add_ctx, mutes[i].id, mutes[i].query);
}

static bool mutes(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct mute *all;
	size_t n = store_mutes(app->store, &all);
	(void)err;
	if (n == 0) {
		app_say(app, TONE_SAYS, "nothing is muted");
		return true;
	}
	struct list_view list = {.title = xstrdup("Muted: Enter lets it be heard again")};
	for (size_t i = 0; i < n; i++) {
		struct str line = {0}, left = {0};
		str_addf(&line, "unmute %s", all[i].id);
		if (all[i].until_ms) {
			int64_t minutes = (all[i].until_ms - clock_wall(app->clock)) / 60000 + 1;
			str_adds(&left, "for ");
			duration_print(&left, minutes * 60000);
		} else {
			str_adds(&left, "for good");
		}
		struct list_item item = {
		        .text = (char *)all[i].query, .detail = left.p, .line = line.p};
		list_view_add(&list, &item);
		str_finish(&line);
		str_finish(&left);
	}
	overlay_list(app, &list);
	return true;
}

static bool undo(const struct cmd_call *call, struct err *err)
{
	return undo_last(call_app(call), err);
}

static const struct cmd_hooks author_hooks = {.can = can_post};
static const struct cmd_hooks unmute_hooks = {.complete = complete_unmute};

const struct cmd mute_commands[] = {
        {"mute", "[for D|until T] QUERY", "hide what matches, everywhere", SETTING, mute, NULL},
        {"mute author", "", "silence who put this here: 24 h, again 7 d, again for good",
                ANYWHERE | CMD_ACTION, mute_author, &author_hooks},
        {"mutes", "", "list what is muted", ANYWHERE, mutes, NULL},
        {"undo", "", "take back the last change", ANYWHERE, undo, NULL},
        {"unmute", "QUERY", "let it be heard again", ANYWHERE, unmute, &unmute_hooks},
        {0},
};
