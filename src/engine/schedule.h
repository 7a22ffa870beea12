#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "net/transport.h"

/* When to ask again. Pure; all spans in ms. */

/* How patient we are with one kind of source. X-columns of a table in schedule.c. */
struct patience {
	int64_t floor_ms;   /* never sooner after a failure */
	int64_t cap_ms;     /* never later, whatever happens */
	int64_t believe_ms; /* a server's wish to wait is believed up to this */
	int64_t limited_ms; /* 429 or 503 without a wish */
};
extern const struct patience patience_account, patience_feed, patience_stream;
extern const struct patience patience_stream_here; /* of a server on this machine */

/* The interval, give or take a tenth, so that what began together does not stay together. */
int64_t schedule_jitter(struct random *random, int64_t interval_ms);

/*
 * After `failures` (1 …) in a row: anything from the floor to floor·2^failures or the
 * cap, evenly ("full jitter"), so that many clients do not come back at one moment.
 */
int64_t schedule_backoff(struct random *random, const struct patience *patience, int failures);

/*
 * How long a server asks us to stay away: Retry-After as seconds or as a date, else
 * X-RateLimit-Reset (Mastodon: RFC 3339) when the status is 429. 0: no wish.
 */
int64_t schedule_retry_after(const struct response *response, int64_t now_ms);

/* What a server says is left to us: X-RateLimit-Limit, -Remaining and -Reset (RFC 3339, or s). */
struct allowance {
	int64_t limit, left;
	int64_t reset_ms; /* from now on, by the server's own clock where it shows it */
};
bool schedule_allowance(const struct response *response, int64_t now_ms, struct allowance *out);
