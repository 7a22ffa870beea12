#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "base/mem.h"
#include "tables.h"

/* Lists of what there is: commands, actions. */

struct listing {
	struct app *app;
	struct list_view list;
	enum key_context context; /* whose keys */
	int rank;                 /* of the actions that are listed now */
};

/* -- commands and actions -- */

/* The first key that runs this command as it is. */
static const char *key_of(const struct listing *listing, const struct cmd *cmd)
{
	const char *keys = keymap_keys(listing->app->keymap, listing->context, cmd->name);
	if (keys) return keys;
	struct str line = {0};
	str_addf(&line, "prompt %s", cmd->name);
	keys = keymap_keys(listing->app->keymap, listing->context, line.p);
	str_finish(&line);
	return keys;
}

/* Needs the command a word before it can run? Then choosing it opens the prompt. */
static bool wants_words(const struct cmd *cmd)
{
	return *cmd->usage && *cmd->usage != '[';
}

static void add_command(void *ctx, const struct cmd *cmd)
{
	struct listing *listing = ctx;
	struct str line = {0};
	struct err why = {0};
	bool can = !cmd->hooks || !cmd->hooks->can || cmd->hooks->can(listing->app, &why);
	/* What belongs to lists and prompts is no use from here. */
	if (!can && !(cmd->flags & CMD_ACTION)) return;
	str_addf(&line, "%s%s", wants_words(cmd) ? "prompt " : "", cmd->name);
	struct list_item item = {.key = (char *)key_of(listing, cmd),
	        .text = (char *)cmd->name,
	        .detail = can ? (char *)cmd->help : why.text,
	        .line = line.p,
	        .dim = !can};
	list_view_add(&listing->list, &item);
	str_finish(&line);
}

static bool commands(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	struct listing listing = {.app = app, .context = help_context(app)};
	listing.list.title = xstrdup("Commands");
	listing.list.typing = true;
	cmd_each(app->commands, add_command, &listing);
	overlay_list(app, &listing.list);
	return true;
}

/* What is done often has a key and stands first; what the server cannot do, last. */
enum rank { RANK_ACT, RANK_KEY, RANK_REST, RANK_CANNOT, RANKS };

static void add_action(void *ctx, const struct cmd *cmd)
{
	struct listing *listing = ctx;
	struct err why = {0};
	if (!(cmd->flags & CMD_ACTION)) return;
	bool can = !cmd->hooks || !cmd->hooks->can || cmd->hooks->can(listing->app, &why);
	/* What has no meaning for this row is not worth a line. */
	if (!can && why.code == ERR_NOT_FOUND) return;
	const char *key = key_of(listing, cmd);
	bool acts = strstr(cmd->usage, "[as ACCOUNT]") != NULL;
	int rank = !can ? RANK_CANNOT : !key ? RANK_REST : acts ? RANK_ACT : RANK_KEY;
	if (rank != listing->rank) return;
	struct str line = {0};
	str_addf(&line, "%s%s", wants_words(cmd) ? "prompt " : "", cmd->name);
	struct list_item item = {.key = (char *)key,
	        .text = can ? (char *)cmd->help : why.text,
	        .line = line.p,
	        .dim = !can};
	list_view_add(&listing->list, &item);
	str_finish(&line);
}

/* Somebody else among our accounts may do it. */
static void add_as(struct listing *listing)
{
	static const char *const actions[][2] = {
	        {"as like", "like this post as …"}, {"as repost", "repost this post as …"}};
	const struct account *const *accounts;
	struct app *app = listing->app;
	size_t n = store_accounts(app->store, &accounts), signed_in = 0;
	for (size_t i = 0; i < n; i++)
		signed_in += accounts[i]->id != ACCOUNT_FEEDS;
	if (!signed_in || !app_selected(app, NULL)) return;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		const struct list_item item = {
		        .key = (char *)keymap_keys(app->keymap, listing->context, actions[i][0]),
		        .text = (char *)actions[i][1],
		        .line = (char *)actions[i][0]};
		list_view_add(&listing->list, &item);
	}
}

static bool menu(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct row row;
	if (!app_selected_row(app, &row, err)) return false;
	struct listing listing = {.app = app, .context = help_context(app)};
	listing.list.title = xstrdup("This post");
	for (int rank = 0; rank < RANKS; rank++) {
		listing.rank = rank;
		cmd_each(app->commands, add_action, &listing);
		if (rank == RANK_ACT) add_as(&listing);
	}
	overlay_list(app, &listing.list);
	return true;
}

const struct cmd show_commands[] = {
        {"commands", "", "look through all commands", ANYWHERE, commands, NULL},
        {"menu", "", "what can be done with this post", ANYWHERE, menu, NULL},
        {0},
};
