#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The queue in front of the network, and all the manners we have there: so many
 * requests in flight, so many a host, room between two to one host, and no request
 * at all where a server said to wait. Pure: it sends nothing and reads no clock;
 * all times are those of one monotonic clock. Streams are not counted here.
 *
 * Within one host the better priority goes first, then the older. Between hosts too,
 * among those that may go now, so that a slow or limited host stops nobody else.
 */
struct pace;

struct pace_limits {
	int max_total;      /* in flight; 0: 32 */
	int max_host;       /* in flight to one host; 0: 2 */
	int64_t spacing_ms; /* between two requests to one host */
};

enum pace_priority {
	PACE_USER,  /* somebody waits for it */
	PACE_FIRST, /* a source that has nothing to show yet */
	PACE_LATER, /* one more look */
};

struct pace_want {
	const char *host; /* copied; "" is a host too (files) */
	uint32_t lane;    /* what a hold may be for besides the host: an account; 0: none */
	int burst;        /* so many may go before the spacing tells; 0: 1 */
	enum pace_priority priority;
	void *item; /* the caller's; never touched */
};

struct pace *pace_new(const struct pace_limits *limits);
void pace_free(struct pace *pace); /* forgets items, wherever they are */

/* Queue. Returns a number for pace_done, never 0. */
unsigned pace_add(struct pace *pace, const struct pace_want *want);

/*
 * The item that may be sent now, or NULL; it counts as in flight until pace_done.
 * With NULL, *out_next_ms is when to ask again unless something is added or done
 * before that (INT64_MAX: no need).
 */
void *pace_next(struct pace *pace, int64_t now_ms, int64_t *out_next_ms);

/* Its answer came, or nobody wants it any more: forget it, waiting or in flight. 0 is fine. */
void pace_done(struct pace *pace, unsigned number);

/* Nothing to this host, or of this lane, before until_ms. A shorter hold never shortens a longer.
 */
void pace_hold_host(struct pace *pace, const char *host, int64_t until_ms);
void pace_hold_lane(struct pace *pace, uint32_t lane, int64_t until_ms);

/*
 * A server told that a lane has `left` of `limit` requests until reset_ms. The last
 * tenth is kept for what somebody waits for; when there is less than a fifth besides
 * it, the others are spread evenly over the time that is left.
 */
void pace_allow(struct pace *pace, uint32_t lane, int64_t limit, int64_t left, int64_t reset_ms);

/* Until when holds and the allowance keep this lane from sending; INT64_MIN: they do not. */
int64_t pace_lane_ms(const struct pace *pace, uint32_t lane, enum pace_priority priority);

size_t pace_waiting(const struct pace *pace);
size_t pace_in_flight(const struct pace *pace);
