#pragma once
#include "app/state.h"

/* Notices on their way out of the deck: to the desktop, the terminal, or a window's mark. */

/* Tell now, or later when that is too much or the hours are quiet. One line, and a text. */
void notice_out(struct app *app, const char *title, const char *body);
/* Is it the user's quiet time? */
bool notice_is_quiet(const struct app *app);
