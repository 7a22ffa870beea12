#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/config.h"
#include "app/deck.h"
#include "base/mem.h"
#include "base/paths.h"
#include "tables.h"

/* Files: the deck, the config, options, what is on the screen. */

static bool deck_save_run(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!deck_save(app, err)) return false;
	app_say(app, TONE_GOOD, "the deck is saved");
	return true;
}

static bool reload(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!config_reload(app, err)) return false;
	app_say(app, TONE_GOOD, "the config is read again");
	return true;
}

static bool save_screen(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str text = {0};
	grid_print(&app->screen, &text);
	bool ok = paths_write(call->argv[1], str_c(&text), text.len, 0644, err);
	str_finish(&text);
	return ok;
}

static bool set(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *name = call->argv[1];
	if (call->argc > 2) {
		if (strcmp(name, "confirm") == 0 && !act_confirm_check(call->argv[2], err))
			return false;
		if (strcmp(name, "layout") == 0 && !post_template_read(call->argv[2], NULL, err))
			return false;
		if (!option_set(&app->options, name, call->argv[2], err)) return false;
		config_apply(app, name);
		return true;
	}
	str_addf(call->out, "set %s ", name);
	/* An unknown name gets the same sentence as when it is set. */
	return option_print(&app->options, name, call->out) ||
	       option_set(&app->options, name, "", err);
}

static void complete_set(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	for (const struct option_row *row = option_rows; row->name; row++) {
		if (arg == 1) add(ctx, row->name, row->help);
		if (arg != 2 || strcmp(row->name, words[1]) != 0) continue;
		const char *choices = row->type == OPTION_CHOICE ? row->range
		                      : row->type == OPTION_BOOL ? "on off"
		                                                 : row->otherwise;
		while (*choices) {
			size_t len = strcspn(choices, " ");
			char *word = xstrndup(choices, len);
			add(ctx, word, "");
			free(word);
			choices += len + (choices[len] == ' ');
		}
	}
}

static bool source(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	app->mistakes = 0;
	/* A config may source further files; what they hold belongs in a config then. */
	unsigned allow = app->source_depth ? CMD_CONFIG : 0;
	return config_source(app, call->argv[1], allow, err);
}

static const struct cmd_hooks set_hooks = {.complete = complete_set};

const struct cmd file_commands[] = {
        {"deck save", "", "write the deck's file now", ANYWHERE, deck_save_run, NULL},
        {"reload", "", "read the config again", ANYWHERE, reload, NULL},
        {"save-screen", "FILE", "write what is on the screen as text", ANYWHERE, save_screen, NULL},
        {"set", "NAME [VALUE]", "set an option, or print it", SETTING, set, &set_hooks},
        {"source", "FILE", "run a file of commands", SETTING, source, NULL},
        {0},
};
