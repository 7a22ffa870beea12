#pragma once
#include "net/transport.h"
#include "networks/feed.h"

/* What the headers of a feed's answer mean (feeds.md 6). All times are ms, UTC. */

/*
 * How long the server says that this answer stays fresh: Cache-Control max-age less
 * Age, else Expires; at most 5 hours, because many say years. 0: nothing useful.
 */
int64_t feed_http_fresh(const struct response *answer, int64_t now_ms);

/* Retry-After in seconds or as a date, at most 24 hours; 0: there is none. */
int64_t feed_http_retry(const struct response *answer, int64_t now_ms);

/*
 * The earliest time at which to ask again: `wait_ms` from now, moved out of the hours
 * and days that the feed wants left alone; 0 when there is nothing to wait for.
 */
int64_t feed_http_next(const struct feed_wishes *wishes, int64_t wait_ms, int64_t now_ms);
