#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/mute_line.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "app/undo.h"
#include "base/duration.h"
#include "base/mem.h"
#include "model/post.h"
#include "model/profile.h"
#include "muting.h"

/* Silencing: here and now by M, or by a query. */

enum { LEVELS = 3, TRIED_POSTS = 2000 };
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

/* Silence, and make U able to take it back, once however often it is said. */
static bool silence(struct app *app, const struct mute *mute, const char *who, size_t *out_rows,
        struct err *err)
{
	const struct mute *known = rules_find_mute(app, mute->id);
	bool again = known != NULL;
	if (!rules_mute(app, mute, out_rows, err)) return false;
	if (again) return true;
	struct str line = {0}, what = {0};
	str_addf(&line, "unmute %s", mute->id);
	str_addf(&what, "%s is heard again", who);
	undo_line(app, what.p, line.p, NULL);
	str_finish(&line);
	str_finish(&what);
	return true;
}

static void say_rows(struct str *out, size_t rows)
{
	str_addf(out, "%zu row%s", rows, rows == 1 ? "" : "s");
}

bool mute_query(
        struct app *app, const char *query, int64_t for_ms, const char *who, struct err *err)
{
	int64_t now = clock_wall(app->clock);
	size_t rows = 0;
	struct mute mute = {
	        .id = query, .query = query, .made_ms = now, .until_ms = for_ms ? now + for_ms : 0};
	if (!silence(app, &mute, who, &rows, err)) return false;
	struct str text = {0};
	str_addf(&text, "%s silenced ", who);
	mute_print_left(&text, mute.until_ms, now);
	str_adds(&text, ": ");
	say_rows(&text, rows);
	app_say(app, TONE_GOOD, "%s · U undoes", text.p);
	str_finish(&text);
	return true;
}

/* -- people -- */

const struct profile *row_profile(const struct app *app, struct err *err)
{
	struct row row;
	profile_id who = 0;
	if (app->overlay == OVERLAY_PROFILE && app->profile.profile) {
		who = app->profile.profile;
	} else {
		if (!app_selected_row(app, &row, err)) return NULL;
		if (row.kind == ROW_FOLD) {
			err_set(err, ERR_NOT_FOUND, "these rows are folded; Enter shows them");
			return NULL;
		}
		const struct post *post = store_post(app->store, row.post);
		who = row.actor ? row.actor : post ? post->author : 0;
	}
	const struct profile *profile = store_profile(app->store, who);
	if (profile && *profile->handle) return profile;
	err_set(err, ERR_NOT_FOUND, "nobody put this row here");
	return NULL;
}

const char *handle_said(const struct cmd_call *call, int arg, struct err *err)
{
	const struct profile *profile = NULL;
	if (call->argc > arg) return call->argv[arg] + (*call->argv[arg] == '@');
	profile = row_profile(call_app(call), err);
	return profile ? profile->handle : NULL;
}

bool for_said(const struct cmd_call *call, int *arg, int64_t *out_ms, struct err *err)
{
	*out_ms = 0;
	if (call->argc <= *arg + 1 || strcmp(call->argv[*arg], "for") != 0) return true;
	const char *word = call->argv[*arg + 1];
	*arg += 2;
	return (duration_parse(word, out_ms) && *out_ms > 0) ||
	       err_set(err, ERR_SYNTAX, "'%s' is not a duration such as 12h or 2w", word);
}

/* Of one handle there is one mute, for however long. */
static bool mute_someone(
        struct app *app, const char *handle, int64_t for_ms, size_t *out_rows, struct err *err)
{
	struct str id = {0}, query = {0};
	int64_t now = clock_wall(app->clock);
	str_addf(&id, "from:%s", handle);
	str_addf(&query, "from:%s OR by:%s", handle, handle);
	struct mute mute = {.id = id.p,
	        .query = query.p,
	        .made_ms = now,
	        .until_ms = for_ms ? now + for_ms : 0};
	bool ok = silence(app, &mute, handle, out_rows, err);
	str_finish(&id);
	str_finish(&query);
	return ok;
}

static bool mute_at_level(struct app *app, const char *handle, int level, struct err *err)
{
	struct str said = {0};
	size_t rows = 0;
	if (!mute_someone(app, handle, levels[level].hours * hour_ms, &rows, err)) return false;
	char *copy = xstrdup(handle);
	free(app->last_mute);
	app->last_mute = copy;
	app->last_mute_at = app->commands_run;
	app->last_mute_level = level;
	say_rows(&said, rows);
	app_say(app, TONE_GOOD, "@%s silenced %s: %s · %s · U undoes", handle, levels[level].words,
	        said.p, levels[level].next);
	str_finish(&said);
	return true;
}

/* M: whoever put the selected row there; pressed again at once, the same one
 * for longer. */
static bool silence_author(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	bool again = app->last_mute && app->last_mute_at + 1 == app->commands_run;
	const char *handle = again && call->argc == 1 ? app->last_mute : handle_said(call, 1, err);
	if (!handle) return false;
	again = again && strcmp(handle, app->last_mute) == 0;
	int level = again ? app->last_mute_level + 1 : 0;
	char *copy = xstrdup(handle);
	bool ok = mute_at_level(app, copy, level < LEVELS ? level : LEVELS - 1, err);
	free(copy);
	return ok;
}

static bool silence_who(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str said = {0};
	int64_t for_ms;
	int arg = 1;
	size_t rows = 0;
	if (!for_said(call, &arg, &for_ms, err)) return false;
	const char *handle = handle_said(call, arg, err);
	char *copy = xstrdup(handle);
	bool ok = handle && mute_someone(app, copy, for_ms, &rows, err);
	if (ok) {
		int64_t now = clock_wall(app->clock);
		str_addf(&said, "@%s silenced ", copy);
		mute_print_left(&said, for_ms ? now + for_ms : 0, now);
		str_adds(&said, ": ");
		say_rows(&said, rows);
		app_say(app, TONE_GOOD, "%s · U undoes", said.p);
	}
	free(copy);
	str_finish(&said);
	return ok;
}

static bool silence_reposts(const struct cmd_call *call, struct err *err)
{
	struct str query = {0}, who = {0};
	int64_t for_ms;
	int arg = 1;
	if (!for_said(call, &arg, &for_ms, err)) return false;
	const char *handle = handle_said(call, arg, err);
	if (!handle) return false;
	str_addf(&query, "by:%s is:repost", handle);
	str_addf(&who, "what @%s reposts", handle);
	bool ok = mute_query(call_app(call), query.p, for_ms, who.p, err);
	str_finish(&query);
	str_finish(&who);
	return ok;
}

/* The conversation that the selected post is in: by its root as far as it is
 * known. */
static bool silence_thread(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str query = {0};
	int64_t for_ms;
	int arg = 1;
	const struct post *post = app_selected(app, err);
	if (!post || !for_said(call, &arg, &for_ms, err)) return false;
	const char *root = post_str(post, POST_THREAD);
	for (post_id up; !*root && (up = store_parent(app->store, post->id)) != 0;) {
		post = store_post(app->store, up);
		root = post_str(post, POST_THREAD);
	}
	str_adds(&query, "thread:");
	cmd_quote(&query, *root ? root : post_str(post, POST_URI));
	bool ok = mute_query(app, query.p, for_ms, "this conversation", err);
	str_finish(&query);
	return ok;
}

/* -- any query -- */

/* The words of a call from argv[from] on, as they were typed; the last one is
 * raw. */
static void words_again(struct str *out, const struct cmd_call *call, int from)
{
	for (int i = from; i < call->argc; i++) {
		if (i > from) str_addc(out, ' ');
		if (i + 1 < call->argc)
			cmd_quote(out, call->argv[i]);
		else
			str_adds(out, call->argv[i]);
	}
}

static const char *title_candidate(void *ctx, size_t i)
{
	const struct app *app = ctx;
	return i < app->ncolumns ? app->columns[i]->title : NULL;
}

bool columns_there(const struct app *app, const char *columns, struct err *err)
{
	bool ok = true;
	for (const char *p = columns; ok && p && *p;) {
		size_t len = strcspn(p, ",");
		char *name = xstrndup(p, len);
		ok = false;
		for (size_t i = 0; i < app->ncolumns && !ok; i++)
			ok = strcmp(app->columns[i]->title, name) == 0;
		const char *near = ok ? NULL : cmd_nearest(name, title_candidate, (void *)app);
		if (!ok && near)
			err_set(err, ERR_NOT_FOUND, "there is no column '%s'; did you mean '%s'?",
			        name, near);
		else if (!ok)
			err_set(err, ERR_NOT_FOUND,
			        "there is no column '%s'; to mean the words, quote them", name);
		free(name);
		p += len + (p[len] == ',');
	}
	return ok;
}

/* While it is typed: what it would do to what is here. */
static bool preview(const struct cmd_call *call, const struct mute_line *line, struct err *err)
{
	struct app *app = call_app(call);
	struct query_env env = rules_env(app);
	struct query *query = NULL;
	struct str text = {0};
	size_t hits = 0, looked = 0;
	int at = -1;
	bool ok = query_parse_in(&env, line->query, true, &query, &at, err);
	if (!ok) prompt_mistake(app, line->query, at);
	if (ok) query_print(&text, query);
	/* Nothing but an unfinished term says nothing yet. */
	if (ok && text.len) {
		ok = store_try_mute(app->store, text.p, TRIED_POSTS, &hits, &looked, err);
		if (ok)
			str_addf(call->out, "would %s %zu of the last %zu",
			        line->mute.action == MUTE_FOLD ? "fold" : "hide", hits, looked);
	}
	query_free(query);
	str_finish(&text);
	return ok;
}

/* Carry it out; `instead`: the id of the one that it takes the place of, or
 * NULL. */
static bool put(const struct cmd_call *call, const struct mute_line *line, const char *instead,
        struct err *err)
{
	struct app *app = call_app(call);
	const struct mute *mute = &line->mute;
	struct str old = {0}, rows_said = {0};
	size_t rows = 0;
	int at = -1;
	if (mute->until_ms && mute->until_ms <= clock_wall(app->clock)) {
		if (app->source_depth) return true; /* its time is over; the file may stay */
		return err_set(err, ERR_SYNTAX, "that time has passed");
	}
	if (!rules_check(app, line->query, &at, err)) {
		prompt_mistake(app, line->query, at);
		return false;
	}
	if (!app->source_depth && !columns_there(app, line->columns, err)) return false;
	if (instead && strcmp(instead, line->id) != 0 && rules_find_mute(app, instead))
		rules_unmute(app, instead, &old, NULL);
	bool ok = app->source_depth ? rules_mute(app, mute, NULL, err)
	                            : silence(app, mute, line->query, &rows, err);
	if (ok && !app->source_depth) {
		say_rows(&rows_said, rows);
		app_say(app, TONE_GOOD, "muted %s: %s %s · U undoes", line->query, rows_said.p,
		        mute->action == MUTE_FOLD ? "folded" : "hidden");
	}
	str_finish(&old);
	str_finish(&rows_said);
	return ok;
}

static bool read_and_put(
        const struct cmd_call *call, int from, const char *instead, struct err *err)
{
	struct app *app = call_app(call);
	struct str text = {0};
	struct mute_line line;
	words_again(&text, call, from);
	bool ok = mute_line_read(&line, str_c(&text),
	        app->source_depth ? MUTE_IN_FILE : MUTE_AT_PROMPT, clock_wall(app->clock), err);
	if (ok) ok = call->live ? preview(call, &line, err) : put(call, &line, instead, err);
	mute_line_finish(&line);
	str_finish(&text);
	return ok;
}

static bool mute(const struct cmd_call *call, struct err *err)
{
	return read_and_put(call, 1, NULL, err);
}

static bool mutes_change(const struct cmd_call *call, struct err *err)
{
	if (call->argc < 3) return err_set(err, ERR_SYNTAX, "into what?");
	return read_and_put(call, 2, call->argv[1], err);
}

/* -- and hearing again -- */

static bool unmute(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	static const char quota[] = "quota:";
	const char *what = call->argv[1];
	struct str lines = {0}, said = {0};
	if (strncmp(what, quota, sizeof(quota) - 1) == 0) {
		rules_quota(app, what + sizeof(quota) - 1, 0);
		app_say(app, TONE_GOOD, "all of @%s is shown", what + sizeof(quota) - 1);
		return true;
	}
	bool config = rules_of_config(what);
	if (!rules_unmute(app, what, &lines, err)) return false;
	/* M begins anew. */
	free(app->last_mute);
	app->last_mute = NULL;
	str_addf(&said, "%s is muted again", what);
	/* One line takes back one mute: those of one query in several columns come
	 * back one by one.
	 */
	for (const char *p = str_c(&lines); *p;) {
		char *line = xstrndup(p, strcspn(p, "\n"));
		undo_line(app, said.p, line, NULL);
		p += strlen(line);
		p += *p == '\n';
		free(line);
	}
	app_say(app, TONE_GOOD, "%s is heard again%s", what,
	        config ? ", until the config is read anew" : "");
	str_finish(&lines);
	str_finish(&said);
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

static bool undo(const struct cmd_call *call, struct err *err)
{
	return undo_last(call_app(call), err);
}

static bool can_silence(void *app, struct err *err)
{
	return row_profile(app, err) != NULL;
}

static const struct cmd_hooks who_hooks = {.can = can_silence};
static const struct cmd_hooks post_hooks = {.can = can_post};
static const struct cmd_hooks unmute_hooks = {.complete = complete_unmute};

const struct cmd mute_commands[] = {
        {"mute", "[for D|until T] [fold|hide] [in COLUMNS] QUERY",
                "have less of what matches, in all columns or some", SETTING | CMD_LIVE, mute,
                NULL},
        {"mutes change", "ID TEXT", "change a mute", ANYWHERE | CMD_LIVE, mutes_change, NULL},
        {"silence author", "[WHO]", "silence who put this here: 24 h, again 7 d, again for good",
                ANYWHERE | CMD_ACTION, silence_author, &who_hooks},
        {"silence reposts", "[for D] [WHO]", "silence what they repost", ANYWHERE, silence_reposts,
                &who_hooks},
        {"silence thread", "[for D]", "silence this conversation, and reposts of it", ANYWHERE,
                silence_thread, &post_hooks},
        {"silence who", "[for D] [WHO]", "silence somebody, for good or for a time", ANYWHERE,
                silence_who, &who_hooks},
        {"undo", "", "take back the last change", ANYWHERE, undo, NULL},
        {"unmute", "QUERY", "let it be heard again", ANYWHERE, unmute, &unmute_hooks},
        {0},
};
