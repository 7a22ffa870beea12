#pragma once
#include "base/err.h"

/*
 * The answer to a sign-in in a browser of this machine (RFC 8252, 7.3): a listener on
 * 127.0.0.1, at a port that the system chooses, that waits for one GET of its own path
 * with the right `state`. All else is answered 404 and changes nothing. It has a thread
 * of its own, and writes down nothing of what it is asked.
 */
struct redirect;

enum { REDIRECT_WAIT_MS = 5 * 60000 };

/*
 * Listen. on_end is called once, from the listener's thread, unless redirect_close comes
 * first: with the code (owned by who is called), or with NULL and why there is none: the
 * server refused, or wait_ms (0: five minutes) went by.
 */
struct redirect *redirect_listen(const char *state, int wait_ms,
        void (*on_end)(void *ctx, char *code, const struct err *err), void *ctx, struct err *err);

/* "http://127.0.0.1:PORT/callback"; borrowed until redirect_close. */
const char *redirect_url(const struct redirect *redirect);

/* Stop listening, and wait for the thread. NULL is fine. Not from within on_end. */
void redirect_close(struct redirect *redirect);
