#pragma once
#include "app/app.h"

/*
 * A deck without a screen, for the daemon: it watches the sources of those columns, of all
 * workspaces, that some notice is about, and tells of what comes. It sends nothing, answers no
 * key and writes no deck's file; what it fetches is in the archive for the next deck. UI thread.
 */
bool unseen_new(const struct paths *paths, const struct cmd_set *commands, struct app **out,
        struct err *err);

/* Take what came, and tell. */
void unseen_turn(struct app *app);
int unseen_fd(const struct app *app);      /* readable: there is something for a turn */
int unseen_wait_ms(const struct app *app); /* how long until one is due anyway; -1: not by itself */

/* How many sources it watches; -1: not known yet. */
int unseen_sources(const struct app *app);
