#pragma once
#include "app/state.h"

/* A profile over the deck: who somebody is, and how our account stands to them. UI thread. */

/*
 * Show the profile of `who` (a handle or a URI) as one of our accounts sees it; what is
 * known of them is shown at once, and their server asked for the rest.
 */
void look_open(struct app *app, const struct account *account, const char *who);
/* The overlay was closed. */
void look_close(struct app *app);
