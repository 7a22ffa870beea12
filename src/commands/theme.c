#include <string.h>

#include "app/config.h"
#include "tables.h"
#include "ui/theme.h"

/* How things look. `palette` and `style` are what a theme's file holds, too. */

static bool palette(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!theme_palette(app->theme, call->argv[1], call->argv[2], err)) return false;
	app->dirty = true;
	return true;
}

static bool style(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!theme_set(app->theme, call->argv[1], call->argv[2], call->argv[3],
	            (const char *const *)call->argv + 4, (size_t)(call->argc - 4), err))
		return false;
	app->dirty = true;
	return true;
}

static bool theme(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (call->argc > 1) return config_theme(app, call->argv[1], err);
	str_addf(call->out, "theme %s", app->theme_name);
	return true;
}

struct adding {
	void (*add)(void *ctx, const char *word, const char *help);
	void *ctx;
};

static void add_name(void *ctx, const char *name)
{
	const struct adding *adding = ctx;
	adding->add(adding->ctx, name, "");
}

static void complete_theme(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	struct adding adding = {add, ctx};
	(void)words;
	if (arg == 1) config_each_theme(app, add_name, &adding);
}

static void complete_style(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	(void)words;
	for (int i = 0; arg == 1 && i < ROLE_COUNT; i++)
		add(ctx, role_name((enum role)i), role_help((enum role)i));
}

static const struct cmd_hooks style_hooks = {.complete = complete_style};
static const struct cmd_hooks theme_hooks = {.complete = complete_theme};

const struct cmd theme_commands[] = {
        {"palette", "NAME COLOR", "name a colour", SETTING | CMD_THEME, palette, NULL},
        {"style", "ROLE FG BG [ATTRIBUTE…]", "how a role looks", SETTING | CMD_THEME, style,
                &style_hooks},
        {"theme", "[NAME]", "take another theme, or say which this is", SETTING, theme,
                &theme_hooks},
        {0},
};
