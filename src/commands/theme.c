#include <string.h>

#include "app/config.h"
#include "app/overlay.h"
#include "base/mem.h"
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

struct choosing {
	struct app *app;
	struct list_view *list;
};

static void add_choice(void *ctx, const char *name)
{
	const struct choosing *choosing = ctx;
	struct list_view *list = choosing->list;
	struct str line = {0}, word = {0};
	bool now = strcmp(name, choosing->app->theme_name) == 0;
	if (now) list->focus = list->nitems;
	cmd_quote(&word, name);
	str_addf(&line, "theme keep %s", word.p);
	list_view_add(list, &(struct list_item){.text = (char *)name,
	                            .detail = now ? (char *)"as it is now" : NULL,
	                            .line = line.p,
	                            .about = word.p});
	str_finish(&line);
	str_finish(&word);
}

/* Each is seen while one moves; leaving the list brings back what was. */
static void choose(struct app *app)
{
	struct list_view list = {.title = xstrdup("Themes"), .on_focus = "theme"};
	struct str back = {0};
	str_adds(&back, "theme ");
	cmd_quote(&back, app->theme_name);
	config_each_theme(app, add_choice, &(struct choosing){app, &list});
	overlay_list(app, &list);
	app->list.on_leave = str_take(&back);
}

static bool theme(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (call->argc > 1) return config_theme(app, call->argv[1], err);
	choose(app);
	return true;
}

static bool theme_keep(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!config_theme_keep(app, call->argv[1], err)) return false;
	app_say(app, TONE_GOOD, "the theme is %s from now on", call->argv[1]);
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
        {"theme", "[NAME]", "take another theme until the end, or choose among all", SETTING, theme,
                &theme_hooks},
        {"theme keep", "NAME", "take a theme for good", ANYWHERE, theme_keep, &theme_hooks},
        {0},
};
