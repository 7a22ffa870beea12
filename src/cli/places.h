#pragma once
#include "base/paths.h"
#include "engine/secrets.h"
#include "settings.h"

/* What the config says, and where tokens are looked for by it: secret-command, the keyring. */
struct places {
	struct settings settings;
	struct secrets secrets; /* borrows from paths and from what follows */
	char **command, *keyring;
};

void places_init(struct places *places, const struct paths *paths);
void places_finish(struct places *places);
