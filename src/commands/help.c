#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "app/compose.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "base/mem.h"
#include "tables.h"

/* `help`: the keys that work here, a topic, a page, or whatever is about a word. */

static const struct list_key keys[] = {{"t", "topics", "help topics", true}, {0}};

/* The context under the list that help itself is. */
enum key_context help_context(const struct app *app)
{
	if (app->prompt.open) return KEYS_PROMPT;
	if (compose_is_open(app)) return KEYS_COMPOSE;
	if (app->overlay == OVERLAY_PROFILE) return KEYS_PROFILE;
	if (app->overlay == OVERLAY_PICTURE) return KEYS_PICTURE;
	return app->overlay == OVERLAY_ARTICLE ? KEYS_ARTICLE : KEYS_COLUMN;
}

static const struct help_topic *topic_find(const char *name)
{
	const struct help_topic *row = help_topics;
	while (row->name && strcmp(row->name, name) != 0)
		row++;
	return row->name ? row : NULL;
}

/* Everything that has the word in it, narrowed as if it had been typed. */
static bool about_word(struct app *app, struct list_view *list, const char *word, struct err *err)
{
	for (const struct help_topic *row = help_topics; row->name; row++)
		row->add(app, list);
	list->typing = true;
	edit_set(&list->filter, word);
	if (list_view_chosen(list, NULL)) return true;
	return err_set(err, ERR_NOT_FOUND,
	        "nothing in the help is about '%s'; `help topics` lists what there is", word);
}

static bool help(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *word = call->argc > 1 ? call->argv[1] : NULL;
	const struct help_topic *topic = word ? topic_find(word) : NULL;
	struct list_view list = {.keys = keys};
	struct str title = {0};
	bool ok = true;
	str_addf(&title, "%s · / searches", word ? word : "Keys");
	if (!word)
		help_keys(app, &list, help_context(app));
	else if (topic)
		topic->add(app, &list);
	else if (help_page(app, &list, word))
		list.focus = list.nitems; /* what can be done with it stands last */
	else
		ok = about_word(app, &list, word, err);
	list.title = str_take(&title);
	if (ok)
		overlay_list(app, &list);
	else
		list_view_finish(&list);
	return ok;
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
	if (arg != 1) return;
	for (const struct help_topic *row = help_topics; row->name; row++)
		add(ctx, row->name, row->help);
	for (const struct option_row *row = option_rows; row->name; row++)
		add(ctx, row->name, row->help);
	cmd_each(((struct app *)app)->commands, add_command_name, &adding);
}

/* -- options -- */

static bool options(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct list_view list = {.title = xstrdup("Options · / searches")};
	(void)err;
	for (const struct option_row *row = option_rows; row->name; row++) {
		struct str line = {0}, text = {0};
		str_addf(&line, "options edit %s", row->name);
		option_print(&app->options, row->name, &text);
		help_row(&list, row->name, str_c(&text), row->help, line.p);
		str_finish(&line);
		str_finish(&text);
	}
	overlay_list(app, &list);
	return true;
}

static bool options_edit(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str text = {0};
	str_addf(&text, "%s ", call->argv[1]);
	size_t name = text.len;
	/* An unknown name gets the same sentence as when it is set. */
	bool ok = option_print(&app->options, call->argv[1], &text) ||
	          option_set(&app->options, call->argv[1], "", err);
	if (ok) {
		char *value = xstrdup(text.p + name);
		text.len = name;
		text.p[name] = '\0';
		cmd_quote(&text, value);
		free(value);
		prompt_open(app, "set", text.p);
	}
	str_finish(&text);
	return ok;
}

static void complete_option(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	(void)words;
	for (const struct option_row *row = option_rows; arg == 1 && row->name; row++)
		add(ctx, row->name, row->help);
}

static const struct cmd_hooks help_hooks = {.complete = complete_help};
static const struct cmd_hooks option_hooks = {.complete = complete_option};

const struct cmd help_commands[] = {
        {"help", "[TEXT]", "list the keys that work here, or say what is known of a word", ANYWHERE,
                help, &help_hooks},
        {"options", "", "list the options, with their values", ANYWHERE, options, NULL},
        {"options edit", "NAME", "change an option in the prompt", ANYWHERE, options_edit,
                &option_hooks},
        {0},
};
