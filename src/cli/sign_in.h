#pragma once
#include <stdbool.h>

#include "session.h"

/*
 * Sign in by a browser on this machine or, with `paste` or where there is no display, by
 * a code that is typed or pasted. Talks on stderr, reads standard input. ^C gives up.
 */
bool sign_in(struct session *session, const char *network, const char *host, const char *name,
        bool paste, struct err *err);
