#pragma once
#include <stdbool.h>

#include "base/err.h"

/*
 * Tokens, outside of every other structure: the file `secrets` in the state
 * directory, lines `NAME TOKEN`, mode 0600. A file that others may read, that
 * belongs to somebody else or is a link is refused with a sentence.
 */

/* The token of an account, owned; NULL with ERR_NOT_FOUND when there is none. */
char *secret_get(const char *state_dir, const char *account, struct err *err);
/* Set, or with NULL forget. The file is written beside and renamed. */
bool secret_put(const char *state_dir, const char *account, const char *token, struct err *err);
/* Overwrite and free a token. NULL is fine. */
void secret_free(char *token);
