#pragma once
#include <stdbool.h>

#include "app/state.h"
#include "engine/message.h"

/*
 * Questions to the engine whose answers belong to whoever asked: what came of an
 * action, a list of lists, a profile. UI thread.
 */

/*
 * Called with each event that answers the question, its DONE last; the event is lent. True:
 * it is dealt with; false: let it go the way of all events (a DONE that failed is then
 * said on the status bar, a PAGE goes into the store in any case).
 */
typedef bool ask_reply(struct app *app, const struct event *event, void *ctx);

/* Post `job` (takes). `ctx` is freed with free() after the DONE, or with the app. */
job_id app_ask(struct app *app, struct job *job, ask_reply *reply, void *ctx);

/* Nobody wants the answer any more: cancel, and do not call back. 0 is fine. */
void app_ask_no_more(struct app *app, job_id job);

/* event.c's: does somebody wait for this? */
bool ask_take(struct app *app, const struct event *event);
void ask_finish(struct app *app);
