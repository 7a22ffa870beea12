#pragma once
#include <stdint.h>

/* How a source is doing; the column header shows it. X(ID, "word") */
#define HEALTHS(X)                                                                                 \
	X(WAITING, "waiting") /* nothing asked yet */                                              \
	X(FETCHING, "fetching")                                                                    \
	X(LIVE, "live")       /* a stream is open */                                               \
	X(POLLING, "polling") /* fine, asked now and then */                                       \
	X(STALE, "stale")     /* the last fetch failed; will try again at next_ms */               \
	X(LIMITED, "limited") /* the server asked to wait until next_ms */                         \
	X(BROKEN, "error")    /* will not work until something changes */                          \
	X(GONE, "gone")       /* 410 */

#define X(id, word) HEALTH_##id,
enum health_kind { HEALTHS(X) HEALTH_COUNT };
#undef X
const char *health_name(enum health_kind kind);

struct health {
	enum health_kind kind;
	int64_t fetched_ms; /* last success; 0: never */
	int64_t next_ms;    /* when the next try is due; 0: none planned */
	char title[80];     /* the source's own name for itself, or "" */
};
