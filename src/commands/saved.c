#include <stdlib.h>

#include "app/overlay.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "app/undo.h"
#include "base/mem.h"
#include "muting.h"

/* Saved queries: `save NAME QUERY` makes saved:NAME, for columns, mutes and rules. */

enum { TRIED_POSTS = 2000 };

static const struct list_key keys[] = {
        {"e", "edit", "saves edit", false},
        {"d", "forget", "unsave", false},
        {"n", "new", "prompt save", true},
        {"U", "undo", "undo", true},
        {0},
};

bool query_preview(const struct cmd_call *call, const char *query, struct err *err)
{
	struct app *app = call_app(call);
	size_t hits = 0, looked = 0;
	int at = -1;
	if (!rules_check(app, query, &at, err)) {
		prompt_mistake(app, query, at);
		return false;
	}
	bool ok = store_try_mute(app->store, query, TRIED_POSTS, &hits, &looked, err);
	if (ok) str_addf(call->out, "finds %zu of the last %zu", hits, looked);
	return ok;
}

/* What brings a saved query back as it is now: U runs it. */
static void note_undo(struct app *app, const char *name)
{
	const char *query = store_saved(app->store, name);
	struct str line = {0}, what = {0};
	if (query)
		str_addf(&line, "save %s %s", name, query);
	else
		str_addf(&line, "unsave %s", name);
	str_addf(&what, "saved:%s", name);
	undo_line(app, what.p, line.p, NULL);
	str_finish(&line);
	str_finish(&what);
}

static bool save(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *name = call->argv[1], *query = call->argv[2];
	int at = -1;
	if (call->live) return query_preview(call, query, err);
	if (app->source_depth) return rules_save(app, name, query, err);
	if (!rules_check(app, query, &at, err)) {
		prompt_mistake(app, query, at);
		return false;
	}
	size_t before = app->nundos;
	note_undo(app, name);
	if (!rules_save(app, name, query, err)) {
		while (app->nundos > before)
			undo_finish(&app->undos[--app->nundos]);
		return false;
	}
	app_say(app, TONE_GOOD, "saved:%s, counted by the hour from now on", name);
	return true;
}

static bool saves(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct list_view list = {
	        .title = xstrdup("Saved queries"), .keys = keys, .again = xstrdup("saves")};
	const char *name;
	(void)err;
	for (size_t i = 0; (name = store_saved_name(app->store, i)) != NULL; i++) {
		struct str line = {0};
		str_addf(&line, "saves edit %s", name);
		list_view_add(&list, &(struct list_item){.text = (char *)name,
		                             .detail = (char *)store_saved(app->store, name),
		                             .line = line.p,
		                             .about = (char *)name});
		str_finish(&line);
	}
	if (list.nitems == 0)
		list_view_add(
		        &list, &(struct list_item){
		                       .text = (char *)"none yet: `save work to:me -is:repost`"});
	overlay_list(app, &list);
	return true;
}

static bool saves_edit(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *query = store_saved(app->store, call->argv[1]);
	struct str text = {0};
	if (!query) return err_set(err, ERR_NOT_FOUND, "no query is saved as '%s'", call->argv[1]);
	str_addf(&text, "%s %s", call->argv[1], query);
	prompt_open(app, "save", text.p);
	str_finish(&text);
	return true;
}

static bool unsave(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *name = call->argv[1];
	size_t before = app->nundos;
	if (store_saved(app->store, name)) note_undo(app, name);
	if (!rules_unsave(app, name, err)) {
		while (app->nundos > before)
			undo_finish(&app->undos[--app->nundos]);
		return false;
	}
	app_say(app, TONE_GOOD, "saved:%s is forgotten · U undoes", name);
	return true;
}

static void complete_name(void *ctx, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *add_ctx)
{
	const struct app *app = ctx;
	const char *name;
	(void)words;
	for (size_t i = 0; arg == 1 && (name = store_saved_name(app->store, i)) != NULL; i++)
		add(add_ctx, name, store_saved(app->store, name));
}

static const struct cmd_hooks name_hooks = {.complete = complete_name};

const struct cmd saved_commands[] = {
        {"save", "NAME QUERY", "name a query: saved:NAME finds the same anywhere",
                SETTING | CMD_LIVE, save, &name_hooks},
        {"saves", "", "list the saved queries", ANYWHERE, saves, NULL},
        {"saves edit", "NAME", "change a saved query in the prompt", ANYWHERE, saves_edit,
                &name_hooks},
        {"unsave", "NAME", "forget a saved query", ANYWHERE, unsave, &name_hooks},
        {0},
};
