#pragma once
#include "base/paths.h"
#include "cmd/option.h"
#include "model/budget.h"
#include "model/slots.h"

/* What a command that needs no screen takes from the config: options, accounts' slots and the
 * budget of time. */
struct settings {
	struct options options;
	struct slots_book slots;
	struct budget budget;
};

/* The defaults where there is no config; a mistake in it is for the deck to tell. */
void settings_read(struct settings *settings, const struct paths *paths);
void settings_finish(struct settings *settings);
