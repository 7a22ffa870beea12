#pragma once
#include "engine/core.h"
#include "engine/fetch.h"

/*
 * Jobs that are one call of a network: act, look up, list, learn. The call's result
 * becomes an event, its end the job's DONE.
 */

job_function ask_begin; /* all that have a row in the table there */

/* Ask for the engine's own sake: LEARN or FILTERS. Failures are only logged. */
void ask_quietly(struct core *core, enum job_kind kind, const struct signin *signin);

/* LEARN as the last part of a sign-in: its end ends `job` well, whatever comes of it, with
 * `said` (takes). */
void ask_to_finish(struct core *core, struct signin *signin, job_id job, char *said);

/* What a call found out about posts and profiles is told, and kept. */
void ask_deliver_page(struct fetch *fetch);

/* A plan for a call of one of the network's steps as this account. */
struct fetch_plan ask_plan(const struct signin *signin, call_step *step);
