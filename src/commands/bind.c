#include <string.h>

#include "app/config.h"
#include "tables.h"

/* Keys. */

static bool find_context(const char *name, enum key_context *out, struct err *err)
{
	if (key_context_find(name, out)) return true;
	struct str names = {0};
	for (int i = 0; i < KEYS_COUNT; i++)
		str_addf(&names, " %s", key_context_name((enum key_context)i));
	err_set(err, ERR_SYNTAX, "there is no context '%s'; there are:%s", name, names.p);
	str_finish(&names);
	return false;
}

static bool bind(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	enum key_context context;
	const char *line = call->argv[3];
	if (!find_context(call->argv[1], &context, err)) return false;
	if (!cmd_of(app->commands, line)) {
		/* Let the command's own sentence say what is wrong with its name. */
		struct err why = {0};
		cmd_run(app->commands, app, line, 0, true, NULL, &why);
		return err_set(err, ERR_SYNTAX, "%s: %s", call->argv[2], why.text);
	}
	return keymap_bind(app->keymap, context, call->argv[2], line, NULL, err);
}

static bool unbind(const struct cmd_call *call, struct err *err)
{
	enum key_context context;
	return find_context(call->argv[1], &context, err) &&
	       keymap_bind(call_app(call)->keymap, context, call->argv[2], NULL, NULL, err);
}

static bool preset(const struct cmd_call *call, struct err *err)
{
	return config_preset(call_app(call), call->argv[1], err);
}

static void complete_preset(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	(void)words;
	for (size_t i = 0; arg == 1 && presets[i].name; i++)
		add(ctx, presets[i].name, presets[i].help);
}

static void complete_context(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	(void)words;
	for (int i = 0; arg == 1 && i < KEYS_COUNT; i++)
		add(ctx, key_context_name((enum key_context)i), "");
}

static const struct cmd_hooks context_hooks = {.complete = complete_context};
static const struct cmd_hooks preset_hooks = {.complete = complete_preset};

const struct cmd bind_commands[] = {
        {"bind", "CONTEXT KEYS COMMAND", "let keys run a command line", SETTING, bind,
                &context_hooks},
        {"preset", "NAME", "take the keys of another program", SETTING, preset, &preset_hooks},
        {"unbind", "CONTEXT KEYS", "let keys do nothing", SETTING, unbind, &context_hooks},
        {0},
};
