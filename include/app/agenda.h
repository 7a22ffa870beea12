#pragma once
#include "app/state.h"
#include "model/outgoing.h"

/*
 * What servers keep until its time and did not get from this queue: their lists are watched
 * for as long as the agenda is on the screen. UI thread.
 */

/* Begin, or go on: the agenda is about to be shown by the command line "agenda". */
void agenda_watch(struct app *app);

/* One that was made elsewhere. Lent until the call ends. */
struct agenda_other {
	const struct account *account;
	const struct post *post;
	const char *id; /* at its server */
	int64_t at_ms;
};
/* All of them that are known by now, earliest first. */
void agenda_others(
        struct app *app, void (*each)(void *ctx, const struct agenda_other *other), void *ctx);

/* loop.c: is it still on the screen, and has it to be shown anew? */
void agenda_mind(struct app *app);
void agenda_finish(struct app *app);
