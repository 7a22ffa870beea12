#pragma once
#include "demo/exchange.h"

/* What people see of a sign-in: a form that asks who they are, and the way back. */

/* Carries what the app asked for, and comes back by POST with `login` and `decision`. */
void sign_in_form(struct exchange *x);
/* Send the browser to the app with `name` ("code" or "error"), or show it to be copied. */
void sign_in_send_back(struct exchange *x, const char *name, const char *value);
