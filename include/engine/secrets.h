#pragma once
#include <stdbool.h>

#include "base/err.h"

/*
 * All places where the secret of an account can be (engine/secret.h: the file). A secret is one
 * line of words (networks/network.h, struct sign_in). It is kept in the system's keyring where
 * there is one that is open, else in the file `secrets` in the state directory, mode 0600; and it
 * is looked for in the file, from the user's secret-command, and in the keyring. Engine thread, or
 * the command line. Waits: for a keyring at most 2 s, for a command a minute.
 */
struct secrets {
	const char *state_dir; /* of the file; it also tells profiles apart in a keyring */
	char *const *command;  /* option secret-command, its words ended by NULL; NULL: none. Each
	                          %a in them is the account's name; it comes last where none is */
	const char *keyring;   /* the program that speaks with the keyring; NULL: there is none */
};

/* X(ID, "where, for people") */
#define SECRET_PLACES(X)                                                                           \
	X(NOWHERE, "nowhere")                                                                      \
	X(FILE, "the file `secrets`")                                                              \
	X(COMMAND, "secret-command")                                                               \
	X(KEYRING, "the system's keyring")

#define X(id, where) SECRET_IN_##id,
enum secret_place { SECRET_PLACES(X) SECRET_PLACE_COUNT };
#undef X
const char *secret_place_name(enum secret_place place);

/* The secret of an account, owned, and where it was (out_place may be NULL); NULL with
 * ERR_NOT_FOUND when there is none. */
char *secrets_get(const struct secrets *secrets, const char *account, enum secret_place *out_place,
        struct err *err);
/* Keep it, or with NULL forget it everywhere. */
bool secrets_put(const struct secrets *secrets, const char *account, const char *secret,
        enum secret_place *out_place, struct err *err);
/* The keyring's program where it is installed, or beside this program; owned, NULL: none. */
char *secrets_keyring(void);
