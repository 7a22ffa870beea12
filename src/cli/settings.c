#include "settings.h"

#include <stdlib.h>

#include "cmd/cmd.h"

enum { CONFIG_MAX = 1 << 20 };

static bool set(const struct cmd_call *call, struct err *err)
{
	struct settings *settings = call->app;
	return call->argc < 3 || option_set(&settings->options, call->argv[1], call->argv[2], err);
}

static bool slots(const struct cmd_call *call, struct err *err)
{
	struct settings *settings = call->app;
	struct str text = {0};
	for (int i = 2; i < call->argc; i++)
		str_addf(&text, "%s%s", i > 2 ? " " : "", call->argv[i]);
	bool ok = slots_book_put(&settings->slots, call->argv[1], str_c(&text), err);
	str_finish(&text);
	return ok;
}

static bool budget(const struct cmd_call *call, struct err *err)
{
	struct settings *settings = call->app;
	return budget_parse(call->argv[1], &settings->budget, err);
}

/* All else in a config is the deck's. */
static const struct cmd commands[] = {
        {"budget", "TIME/week|TIME/day|off", "how much time there is for this", CMD_CONFIG, budget,
                NULL},
        {"set", "NAME [VALUE]", "set an option", CMD_CONFIG, set, NULL},
        {"slots", "ACCOUNT SLOT…", "when an account likes to post", CMD_CONFIG, slots, NULL},
        {0},
};

static void pass_over(void *ctx, const char *sentence)
{
	(void)ctx, (void)sentence;
}

void settings_read(struct settings *settings, const struct paths *paths)
{
	const struct cmd *const tables[] = {commands, NULL};
	const struct cmd_set set_of_config = {tables};
	char *path = paths_join(paths->config, "config"), *text = NULL;
	unsigned long len = 0;
	*settings = (struct settings){0};
	options_init(&settings->options);
	if (paths_read(path, CONFIG_MAX, &text, &len, NULL))
		cmd_source(&set_of_config, settings, path, text, len, CMD_CONFIG, pass_over, NULL);
	free(text);
	free(path);
}

void settings_finish(struct settings *settings)
{
	options_finish(&settings->options);
	slots_book_finish(&settings->slots);
	*settings = (struct settings){0};
}
