#pragma once
#include "base/paths.h"
#include "engine/secrets.h"

/* Where tokens are looked for, as the deck does: the config's secret-command, the keyring. */
struct places {
	struct secrets secrets; /* borrows from paths and from what follows */
	char **command, *keyring;
};

void places_init(struct places *places, const struct paths *paths);
void places_finish(struct places *places);
