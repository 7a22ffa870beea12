#include "places.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/option.h"

enum { CONFIG_MAX = 1 << 20 };

/* Of a config only `set` matters here; the deck says what is wrong in it. */
static bool set(const struct cmd_call *call, struct err *err)
{
	return call->argc < 3 || option_set(call->app, call->argv[1], call->argv[2], err);
}

static const struct cmd commands[] = {
        {"set", "NAME [VALUE]", "set an option", CMD_CONFIG, set, NULL},
        {0},
};

static void pass_over(void *ctx, const char *sentence)
{
	(void)ctx, (void)sentence;
}

void places_init(struct places *places, const struct paths *paths)
{
	const struct cmd *const tables[] = {commands, NULL};
	const struct cmd_set commands_of_config = {tables};
	struct options options;
	char *path = paths_join(paths->config, "config"), *text = NULL;
	unsigned long len = 0;
	options_init(&options);
	if (paths_read(path, CONFIG_MAX, &text, &len, NULL))
		cmd_source(&commands_of_config, &options, path, text, len, CMD_CONFIG, pass_over,
		        NULL);
	int words = 0;
	places->command = cmd_split(options.secret_command, &words, NULL);
	places->keyring = secrets_keyring();
	places->secrets = (struct secrets){
	        .state_dir = paths->state,
	        .command = places->command,
	        .keyring = places->keyring,
	};
	free(text);
	free(path);
	options_finish(&options);
}

void places_finish(struct places *places)
{
	if (places->command) cmd_words_free(places->command);
	free(places->keyring);
	*places = (struct places){0};
}
