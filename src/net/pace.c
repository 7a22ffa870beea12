#include "net/pace.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>
#include <utlist.h>

#include "base/mem.h"

struct ticket {
	unsigned number;
	void *item;
	struct host *host;
	uint32_t lane;
	int burst;
	enum pace_priority priority;
	bool in_flight;
	struct ticket *prev, *next; /* in its host's queue while it waits */
	UT_hash_handle hh;
};

struct host {
	struct ticket *waiting; /* best first */
	int in_flight;
	/*
	 * When the spacing would be even: each request moves it on by one spacing, from
	 * now at the earliest. A burst of n may run n-1 spacings ahead of it; who may not
	 * run ahead looks only at when the last one went.
	 */
	int64_t even_ms, last_ms;
	int64_t hold_ms;
	struct host *prev, *next; /* in the list of hosts that have somebody waiting */
	UT_hash_handle hh;
	char name[];
};

struct lane {
	uint32_t lane;
	int64_t hold_ms;
	int in_flight;
	int64_t last_ms; /* when one of it was last sent; INT64_MIN: never */
	/* What the server allows; limit 0: it has not said. */
	int64_t limit, left, reset_ms;
	UT_hash_handle hh;
};

struct pace {
	struct pace_limits limits;
	struct ticket *tickets; /* by number */
	struct host *hosts;     /* by name */
	struct host *busy;      /* those with somebody waiting */
	struct lane *lanes;
	size_t waiting, in_flight;
	unsigned last;
	int64_t swept_ms;
};

/* Hosts that say nothing any more are forgotten now and then; see sweep. */
enum { SWEEP_MS = 600000 };

struct pace *pace_new(const struct pace_limits *limits)
{
	struct pace *pace = xcalloc(1, sizeof(*pace));
	pace->limits = *limits;
	if (pace->limits.max_total <= 0) pace->limits.max_total = 32;
	if (pace->limits.max_host <= 0) pace->limits.max_host = 2;
	return pace;
}

void pace_free(struct pace *pace)
{
	if (!pace) return;
	struct ticket *ticket, *next_ticket;
	HASH_ITER(hh, pace->tickets, ticket, next_ticket)
	{
		HASH_DEL(pace->tickets, ticket);
		free(ticket);
	}
	struct host *host, *next_host;
	HASH_ITER(hh, pace->hosts, host, next_host)
	{
		HASH_DEL(pace->hosts, host);
		free(host);
	}
	struct lane *lane, *next_lane;
	HASH_ITER(hh, pace->lanes, lane, next_lane)
	{
		HASH_DEL(pace->lanes, lane);
		free(lane);
	}
	free(pace);
}

static struct host *host_get(struct pace *pace, const char *name)
{
	struct host *host = NULL;
	size_t len = strlen(name);
	HASH_FIND(hh, pace->hosts, name, len, host);
	if (host) return host;
	host = xcalloc(1, sizeof(*host) + len + 1);
	memcpy(host->name, name, len + 1);
	host->even_ms = host->last_ms = host->hold_ms = INT64_MIN;
	HASH_ADD_KEYPTR(hh, pace->hosts, host->name, len, host);
	return host;
}

/* A name's past matters only while it could still make somebody wait. */
static void sweep(struct pace *pace, int64_t now_ms)
{
	if (now_ms - pace->swept_ms < SWEEP_MS) return;
	pace->swept_ms = now_ms;
	struct host *host, *next;
	HASH_ITER(hh, pace->hosts, host, next)
	{
		if (host->waiting || host->in_flight || host->even_ms > now_ms ||
		        host->hold_ms > now_ms)
			continue;
		HASH_DEL(pace->hosts, host);
		free(host);
	}
}

static void host_queue(struct pace *pace, struct host *host, struct ticket *ticket)
{
	if (!host->waiting) DL_APPEND(pace->busy, host);
	struct ticket *after = NULL; /* the first that is less urgent */
	DL_FOREACH(host->waiting, after)
	{
		if (after->priority > ticket->priority) break;
	}
	if (after)
		DL_PREPEND_ELEM(host->waiting, after, ticket);
	else
		DL_APPEND(host->waiting, ticket);
	pace->waiting++;
}

static void host_unqueue(struct pace *pace, struct host *host, struct ticket *ticket)
{
	DL_DELETE(host->waiting, ticket);
	if (!host->waiting) DL_DELETE(pace->busy, host);
	pace->waiting--;
}

unsigned pace_add(struct pace *pace, const struct pace_want *want)
{
	struct ticket *ticket = xcalloc(1, sizeof(*ticket)), *taken;
	do {
		ticket->number = ++pace->last;
		HASH_FIND(hh, pace->tickets, &ticket->number, sizeof(ticket->number), taken);
	} while (ticket->number == 0 || taken);
	ticket->item = want->item;
	ticket->host = host_get(pace, want->host);
	ticket->lane = want->lane;
	ticket->burst = want->burst > 0 ? want->burst : 1;
	ticket->priority = want->priority;
	HASH_ADD(hh, pace->tickets, number, sizeof(ticket->number), ticket);
	host_queue(pace, ticket->host, ticket);
	return ticket->number;
}

static struct lane *lane_find(const struct pace *pace, uint32_t number)
{
	struct lane *lane = NULL;
	if (number != 0 && pace->lanes) HASH_FIND(hh, pace->lanes, &number, sizeof(number), lane);
	return lane;
}

static struct lane *lane_get(struct pace *pace, uint32_t number)
{
	struct lane *lane = lane_find(pace, number);
	if (lane || number == 0) return lane;
	lane = xcalloc(1, sizeof(*lane));
	lane->lane = number;
	lane->hold_ms = lane->last_ms = INT64_MIN;
	HASH_ADD(hh, pace->lanes, lane, sizeof(lane->lane), lane);
	return lane;
}

enum { KEPT_PART = 10, LOW_PART = 5 };

/* When the allowance lets one more go; INT64_MIN: at once. */
static int64_t allowed_ms(const struct lane *lane, enum pace_priority priority)
{
	int64_t left = lane->left - lane->in_flight, kept = lane->limit / KEPT_PART;
	if (lane->limit == 0) return INT64_MIN;
	if (priority == PACE_USER) return left > 0 ? INT64_MIN : lane->reset_ms;
	if (left <= kept) return lane->reset_ms;
	if (left - kept > lane->limit / LOW_PART || lane->last_ms == INT64_MIN ||
	        lane->last_ms >= lane->reset_ms)
		return INT64_MIN;
	return lane->last_ms + (lane->reset_ms - lane->last_ms) / (left - kept + 1);
}

int64_t pace_lane_ms(const struct pace *pace, uint32_t number, enum pace_priority priority)
{
	const struct lane *lane = lane_find(pace, number);
	if (!lane) return INT64_MIN;
	int64_t allowed = allowed_ms(lane, priority);
	return allowed > lane->hold_ms ? allowed : lane->hold_ms;
}

/* When the spacing and the holds would let this one go. */
static int64_t ticket_due(struct pace *pace, const struct host *host, const struct ticket *ticket)
{
	int64_t due = host->hold_ms;
	if (host->last_ms != INT64_MIN) {
		int64_t spacing = pace->limits.spacing_ms;
		int64_t spaced = ticket->burst > 1 ? host->even_ms - (ticket->burst - 1) * spacing
		                                   : host->last_ms + spacing;
		due = spaced > due ? spaced : due;
	}
	int64_t held = pace_lane_ms(pace, ticket->lane, ticket->priority);
	return held > due ? held : due;
}

/* The best of one host that may go now; else NULL, and *next_ms is brought nearer. */
static struct ticket *host_best(
        struct pace *pace, const struct host *host, int64_t now_ms, int64_t *next_ms)
{
	if (host->in_flight >= pace->limits.max_host) return NULL;
	struct ticket *ticket;
	DL_FOREACH(host->waiting, ticket)
	{
		int64_t due = ticket_due(pace, host, ticket);
		if (due <= now_ms) return ticket;
		if (due < *next_ms) *next_ms = due;
	}
	return NULL;
}

void *pace_next(struct pace *pace, int64_t now_ms, int64_t *out_next_ms)
{
	*out_next_ms = INT64_MAX;
	sweep(pace, now_ms);
	if (pace->in_flight >= (size_t)pace->limits.max_total) return NULL;
	struct ticket *best = NULL;
	struct host *host;
	DL_FOREACH(pace->busy, host)
	{
		struct ticket *ticket = host_best(pace, host, now_ms, out_next_ms);
		if (ticket && (!best || ticket->priority < best->priority ||
		                      (ticket->priority == best->priority &&
		                              ticket->number < best->number)))
			best = ticket;
	}
	if (!best) return NULL;
	host = best->host;
	host_unqueue(pace, host, best);
	struct lane *lane = lane_get(pace, best->lane);
	if (lane) {
		lane->in_flight++;
		lane->last_ms = now_ms;
	}
	best->in_flight = true;
	host->in_flight++;
	pace->in_flight++;
	host->last_ms = now_ms;
	host->even_ms = (host->even_ms > now_ms ? host->even_ms : now_ms) + pace->limits.spacing_ms;
	return best->item;
}

void pace_done(struct pace *pace, unsigned number)
{
	struct ticket *ticket = NULL;
	HASH_FIND(hh, pace->tickets, &number, sizeof(number), ticket);
	if (!ticket) return;
	if (ticket->in_flight) {
		struct lane *lane = lane_find(pace, ticket->lane);
		if (lane) {
			lane->in_flight--;
			if (lane->left > 0) lane->left--;
		}
		ticket->host->in_flight--;
		pace->in_flight--;
	} else {
		host_unqueue(pace, ticket->host, ticket);
	}
	HASH_DEL(pace->tickets, ticket);
	free(ticket);
}

void pace_hold_host(struct pace *pace, const char *host, int64_t until_ms)
{
	struct host *held = host_get(pace, host);
	if (until_ms > held->hold_ms) held->hold_ms = until_ms;
}

void pace_hold_lane(struct pace *pace, uint32_t number, int64_t until_ms)
{
	struct lane *lane = lane_get(pace, number);
	if (lane && until_ms > lane->hold_ms) lane->hold_ms = until_ms;
}

void pace_allow(struct pace *pace, uint32_t number, int64_t limit, int64_t left, int64_t reset_ms)
{
	struct lane *lane = lane_get(pace, number);
	if (!lane) return;
	lane->limit = limit > 0 ? limit : 0;
	lane->left = left > 0 ? left : 0;
	lane->reset_ms = reset_ms;
}

size_t pace_waiting(const struct pace *pace)
{
	return pace->waiting;
}

size_t pace_in_flight(const struct pace *pace)
{
	return pace->in_flight;
}
