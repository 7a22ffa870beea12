#pragma once
#include "demo/exchange.h"

/* What requests about a status share. */

/* The status that the path names and the user may see, or NULL with a 404. */
struct status *status_asked(struct exchange *x);
/* The same, if it is the user's own. */
struct status *status_asked_own(struct exchange *x);
/* Answer with it, or add it to an array that is open. */
void status_answer(struct exchange *x, const struct status *status);
bool status_visibility(const char *name, enum visibility *out); /* false: there is none */
