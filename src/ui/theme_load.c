#include "ui/theme.h"

#include "cmd/cmd.h"

/*
 * The two lines that a theme file may hold. They run on a bare theme, so that one can
 * be read without a deck; the deck's own `style` and `palette` call the same functions.
 */
static bool run_palette(const struct cmd_call *call, struct err *err)
{
	return theme_palette(call->app, call->argv[1], call->argv[2], err);
}

static bool run_style(const struct cmd_call *call, struct err *err)
{
	return theme_set(call->app, call->argv[1], call->argv[2], call->argv[3],
	        (const char *const *)call->argv + 4, (size_t)(call->argc - 4), err);
}

static const struct cmd rows[] = {
        {"palette", "NAME COLOR", "name a colour", CMD_THEME, run_palette, NULL},
        {"style", "ROLE FG BG [ATTRIBUTE…]", "how a role looks", CMD_THEME, run_style, NULL},
        {0},
};

static const struct cmd *const tables[] = {rows, NULL};
static const struct cmd_set commands = {tables};

int theme_load(struct theme *theme, const char *name, const char *text, size_t len,
        void (*on_error)(void *ctx, const char *sentence), void *ctx)
{
	return cmd_source(&commands, theme, name, text, len, CMD_THEME, on_error, ctx);
}
