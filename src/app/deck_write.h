#pragma once
#include "app/state.h"

/*
 * The deck's file is written and synced by a thread of its own, so that no key waits for the
 * disk. One at a time: who wants the file to be right first waits for the one before.
 */

/* Write `text` to `path` (takes both; text NULL: the file is to go); after the one that runs. */
void deck_write(struct app *app, char *path, char *text);
/* Is nothing under way any more? With `wait` it is true. *out_ok: nothing went wrong. */
bool deck_written(struct app *app, bool wait, bool *out_ok, struct err *err);
