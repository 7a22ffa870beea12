#pragma once
#include "engine/core.h"

/*
 * What became of our own posts: each is looked at after 1 h, 1 d, 7 d and 30 d, and how many
 * follow an account once a day. By the process that sends (outbox.h), one question at a time,
 * behind all else that waits for a host. When a look is due follows from when the post went
 * out and when it was looked at last, so that nothing is lost with the process; of several that
 * were missed one is made.
 */
struct metrics;

struct metrics *metrics_new(struct core *core);
void metrics_free(struct metrics *metrics); /* its fetch is over by then; NULL is fine */
/* Look at what is due. Returns the next time (monotonic). */
int64_t metrics_tick(struct core *core, int64_t now_ms);
/* A post went out: there is one more to be looked at. */
void metrics_sent(struct core *core);

/*
 * Pure: when a post that went out at sent_ms is to be looked at next, last looked at at
 * last_ms (0: never). Not after now_ms: now. INT64_MAX: no more.
 */
int64_t metrics_due(int64_t sent_ms, int64_t last_ms, int64_t now_ms);
