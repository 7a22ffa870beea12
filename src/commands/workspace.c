#include "app/workspace.h"

#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "app/prompt.h"
#include "app/undo.h"
#include "base/mem.h"
#include "tables.h"

/* Named decks: one for work, one for the news. */

static const struct list_key keys[] = {
        {"n", "new", "prompt workspace", true},
        {"r", "rename", "workspaces name", false},
        {"d", "delete", "workspaces delete", false},
        {"U", "undo", "undo", true},
        {0},
};

static bool workspace(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!workspace_open(app, call->argv[1], err)) return false;
	app_say(app, TONE_SAYS, "workspace %s: %zu column%s", app->deck_name, app->ncolumns,
	        app->ncolumns == 1 ? "" : "s");
	return true;
}

static void add_row(const struct app *app, struct list_view *list, const char *name)
{
	struct str word = {0}, line = {0}, detail = {0};
	size_t columns = workspace_columns(app, name);
	bool here = strcmp(name, app->deck_name) == 0;
	if (here) list->focus = list->nitems;
	cmd_quote(&word, name);
	str_addf(&line, "workspace %s", word.p);
	str_addf(&detail, "%zu column%s%s", columns, columns == 1 ? "" : "s",
	        here ? ", on the screen" : "");
	list_view_add(list,
	        &(struct list_item){
	                .text = (char *)name, .detail = detail.p, .line = line.p, .about = word.p});
	str_finish(&word);
	str_finish(&line);
	str_finish(&detail);
}

static bool workspaces(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct list_view list = {
	        .title = xstrdup("Workspaces"), .keys = keys, .again = xstrdup("workspaces")};
	char **names = workspace_names(app, NULL);
	(void)err;
	for (char **it = names; *it; it++)
		add_row(app, &list, *it);
	workspace_names_free(names);
	overlay_list(app, &list);
	return true;
}

/* To the neighbour in the order of names, round and round. */
static bool step(const struct cmd_call *call, size_t by, struct err *err)
{
	struct app *app = call_app(call);
	size_t n = 0, at = 0;
	char **names = workspace_names(app, &n);
	while (at < n && strcmp(names[at], app->deck_name) != 0)
		at++;
	const char *to = names[(at + n + by) % n];
	bool ok = true;
	if (n < 2) {
		ok = err_set(err, ERR_NOT_FOUND,
		        "there is no other workspace; `workspace NAME` begins one");
	} else {
		ok = workspace_open(app, to, err);
		if (ok) app_say(app, TONE_SAYS, "workspace %s", app->deck_name);
	}
	workspace_names_free(names);
	return ok;
}

static bool next(const struct cmd_call *call, struct err *err)
{
	return step(call, 1, err);
}

static bool previous(const struct cmd_call *call, struct err *err)
{
	return step(call, (size_t)-1, err);
}

static void note_undo(
        struct app *app, const char *what, const char *command, const char *a, const char *b)
{
	struct str line = {0};
	str_addf(&line, "%s ", command);
	cmd_quote(&line, a);
	if (b) {
		str_addc(&line, ' ');
		cmd_quote(&line, b);
	}
	undo_line(app, what, line.p, NULL);
	str_finish(&line);
}

static bool delete (const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!workspace_delete(app, call->argv[1], err)) return false;
	note_undo(app, "workspace deleted", "workspaces restore", call->argv[1], NULL);
	app_say(app, TONE_GOOD, "workspace %s is deleted · U undoes", call->argv[1]);
	return true;
}

static bool restore(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!workspace_restore(app, call->argv[1], err)) return false;
	app_say(app, TONE_GOOD, "workspace %s is back", call->argv[1]);
	return true;
}

static bool give_name(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!workspace_rename(app, call->argv[1], call->argv[2], err)) return false;
	note_undo(app, "workspace renamed", "workspaces rename", call->argv[2], call->argv[1]);
	app_say(app, TONE_GOOD, "workspace %s is called %s now · U undoes", call->argv[1],
	        call->argv[2]);
	return true;
}

/* From the list: the other name is typed behind the one that it has. */
static bool type_name(const struct cmd_call *call, struct err *err)
{
	struct str text = {0};
	(void)err;
	cmd_quote(&text, call->argv[1]);
	str_addc(&text, ' ');
	prompt_open(call_app(call), "workspaces rename", text.p);
	str_finish(&text);
	return true;
}

static void complete(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)words;
	if (arg != 1) return;
	char **names = workspace_names(app, NULL);
	for (char **it = names; *it; it++)
		add(ctx, *it, "");
	workspace_names_free(names);
}

static const struct cmd_hooks hooks = {.complete = complete};

const struct cmd workspace_commands[] = {
        {"workspace", "NAME", "go to another deck, or begin one of that name", ANYWHERE, workspace,
                &hooks},
        {"workspaces", "", "list the decks that have a name", ANYWHERE, workspaces, NULL},
        {"workspaces delete", "NAME", "delete a deck and its columns", ANYWHERE, delete, &hooks},
        {"workspaces name", "NAME", "type another name for a deck", ANYWHERE, type_name, &hooks},
        {"workspaces next", "", "go to the next deck in the order of names", ANYWHERE, next, NULL},
        {"workspaces previous", "", "go to the deck before", ANYWHERE, previous, NULL},
        {"workspaces rename", "NAME NEW", "give a deck another name", ANYWHERE, give_name, &hooks},
        {"workspaces restore", "NAME", "bring back a deck that was deleted", ANYWHERE, restore,
                NULL},
        {0},
};
