#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/compose.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "tables.h"

/* Lists of what there is: keys, commands, actions, messages. */

struct listing {
	struct app *app;
	struct list_view list;
	enum key_context context; /* whose keys */
	int rank;                 /* of the actions that are listed now */
};

/* What a line of the help says: a `prompt` for a command is about that command. */
static const char *line_help(const struct app *app, const char *line)
{
	static const char prompt[] = "prompt ";
	bool asks = strncmp(line, prompt, sizeof(prompt) - 1) == 0;
	const struct cmd *cmd = cmd_of(app->commands, asks ? line + sizeof(prompt) - 1 : line);
	return cmd ? cmd->help : line;
}

/* -- help -- */

/* Bindings as they are met; those of one context that run one line become one row. */
struct help_row {
	enum key_context context;
	const char *line, *help;
	struct str keys;
};

struct help_rows {
	const struct app *app;
	struct help_row *rows;
	size_t n, cap;
};

static void add_binding(void *ctx, const struct key_binding *binding)
{
	struct help_rows *rows = ctx;
	struct help_row *row = NULL;
	for (size_t i = 0; i < rows->n && !row; i++) {
		if (rows->rows[i].context == binding->context &&
		        strcmp(rows->rows[i].line, binding->line) == 0)
			row = &rows->rows[i];
	}
	if (!row) {
		rows->rows = mem_grow(rows->rows, &rows->cap, rows->n + 1, sizeof(*rows->rows));
		row = &rows->rows[rows->n++];
		*row = (struct help_row){.context = binding->context,
		        .line = binding->line,
		        .help = binding->help ? binding->help
		                              : line_help(rows->app, binding->line)};
	}
	str_addf(&row->keys, "%s%s", row->keys.len ? " " : "", binding->keys);
}

static void list_help(struct list_view *list, struct help_rows *rows)
{
	/* What a key runs is good to know, where there is room to say it. */
	enum { WIDE = 100 };
	bool wide = rows->app->screen.cols >= WIDE;
	static const char *const headings[KEYS_COUNT] = {
#define X(id, name, falls, help) help,
	        KEY_CONTEXTS(X)
#undef X
	};
	for (size_t i = 0; i < rows->n; i++) {
		struct help_row *row = &rows->rows[i];
		if (i == 0 || row->context != rows->rows[i - 1].context) {
			struct list_item heading = {
			        .text = (char *)headings[row->context], .heading = true};
			list_view_add(list, &heading);
		}
		struct list_item item = {.key = row->keys.p,
		        .text = (char *)row->help,
		        .detail = wide ? (char *)row->line : NULL};
		list_view_add(list, &item);
		str_finish(&row->keys);
	}
	free(rows->rows);
}

/* The context under the list that help itself is. */
static enum key_context help_context(const struct app *app)
{
	if (app->prompt.open) return KEYS_PROMPT;
	if (compose_is_open(app)) return KEYS_COMPOSE;
	if (app->overlay == OVERLAY_PROFILE) return KEYS_PROFILE;
	return app->overlay == OVERLAY_ARTICLE ? KEYS_ARTICLE : KEYS_COLUMN;
}

static bool help_command(const struct cmd_call *call, struct err *err)
{
	const struct cmd *cmd = cmd_of(call_app(call)->commands, call->argv[1]);
	if (!cmd)
		return err_set(err, ERR_NOT_FOUND, "there is no command '%s'; `;` lists them",
		        call->argv[1]);
	str_addf(call->out, "%s%s%s: %s", cmd->name, *cmd->usage ? " " : "", cmd->usage, cmd->help);
	return true;
}

static bool help(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (call->argc > 1) return help_command(call, err);
	struct list_view list = {.title = xstrdup("Keys")};
	struct help_rows rows = {.app = app};
	keymap_each(app->keymap, help_context(app), add_binding, &rows);
	list_help(&list, &rows);
	overlay_list(app, &list);
	return true;
}

struct adding {
	void (*add)(void *ctx, const char *word, const char *help);
	void *ctx;
};

static void add_command_name(void *ctx, const struct cmd *cmd)
{
	const struct adding *adding = ctx;
	adding->add(adding->ctx, cmd->name, cmd->help);
}

static void complete_help(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	struct adding adding = {add, ctx};
	(void)words;
	if (arg == 1) cmd_each(((struct app *)app)->commands, add_command_name, &adding);
}

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

static bool messages(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	struct list_view list = {.title = xstrdup("Messages")};
	for (size_t i = app->nmessages; i-- > 0;) {
		char at[16] = "";
		time_t seconds = (time_t)(app->messages[i].at_ms / 1000);
		struct tm tm;
		if (localtime_r(&seconds, &tm)) strftime(at, sizeof(at), "%H:%M:%S", &tm);
		struct list_item item = {.key = at, .text = app->messages[i].text};
		list_view_add(&list, &item);
	}
	if (app->nmessages == 0) {
		struct list_item item = {.text = (char *)"nothing was said yet"};
		list_view_add(&list, &item);
	}
	overlay_list(app, &list);
	return true;
}

static const struct cmd_hooks help_hooks = {.complete = complete_help};

const struct cmd show_commands[] = {
        {"commands", "", "look through all commands", ANYWHERE, commands, NULL},
        {"help", "[COMMAND]", "list the keys that work here, or explain a command", ANYWHERE, help,
                &help_hooks},
        {"menu", "", "what can be done with this post", ANYWHERE, menu, NULL},
        {"messages", "", "list what was said on the status bar", ANYWHERE, messages, NULL},
        {0},
};
