#pragma once
#include <stddef.h>

#include "base/err.h"

/*
 * The code in what came back from a browser or was pasted: the code alone, with blanks
 * around it, "CODE&state=…" as snac shows it, or the whole address with `code=` in it. Owned;
 * NULL when there is none, when its state is not `state` (if one is there), or when it
 * tells that access was refused: err says so.
 */
char *mastodon_code(const char *pasted, const char *state, struct err *err);

/* Undo percent-encoding in `len` bytes; owned; NULL when that gives a NUL or is too long. */
char *mastodon_decode(const char *text, size_t len);
