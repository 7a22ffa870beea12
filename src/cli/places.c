#include "places.h"

#include <stdlib.h>

#include "cmd/cmd.h"

void places_init(struct places *places, const struct paths *paths)
{
	int words = 0;
	*places = (struct places){0};
	settings_read(&places->settings, paths);
	places->command = cmd_split(places->settings.options.secret_command, &words, NULL);
	places->keyring = secrets_keyring();
	places->secrets = (struct secrets){
	        .state_dir = paths->state,
	        .command = places->command,
	        .keyring = places->keyring,
	};
}

void places_finish(struct places *places)
{
	/* One that was never begun is all zero, and has no options to give back. */
	if (!places->secrets.state_dir) return;
	if (places->command) cmd_words_free(places->command);
	free(places->keyring);
	settings_finish(&places->settings);
	*places = (struct places){0};
}
