#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/outgoing.h"

/* When a post may go, and what to do with one that may not (quality.md 2.4). Pure. */

enum {
	OUTBOX_GRACE_MS = 15 * 60000,     /* so late is still in time */
	OUTBOX_KEEP_AHEAD_MS = 6 * 60000, /* servers want at least five minutes */
	OUTBOX_CLOCKS_MS = 5 * 60000,     /* so far may our clock and the server's differ */
	OUTBOX_SPACING_MS = 2 * 60000,
	OUTBOX_LATE_MS = 30000,           /* from then on a post counts as late */
	OUTBOX_CROWD = 10,                /* more drafts due at once are no accident */
	OUTBOX_SETTLE_MS = 60000,         /* twice the time limit of a request (net) */
	OUTBOX_LOOKS = 2,                 /* so often a server is asked before the user is */
	OUTBOX_REPEATS = 5,               /* so often the same request is sent */
	OUTBOX_KEPT_GRACE_MS = 2 * 60000, /* a server may be so late with what it keeps */
};

enum outbox_verdict {
	OUTBOX_GO,
	OUTBOX_WAIT,   /* until *out_ms; those of the account behind it too */
	OUTBOX_UNKEEP, /* no server will keep it: it waits here for its time */
	OUTBOX_MISSED,
	OUTBOX_DROPPED,
	OUTBOX_CROWDED, /* held, until the user says that it shall go */
};

struct outbox_facts {
	int64_t now_ms;
	int64_t spacing_ms;
	int64_t last_sent_ms;   /* by the same account; 0: never */
	int64_t before_sent_ms; /* of the part before it */
	int64_t blocked_ms;     /* another of the account waits until then; 0: none */
	int64_t drafts_due;
	bool may_keep;
};

/* A row of SCHEDULED that is due. *out_why: for those that do not go; *out_ms: for WAIT. */
enum outbox_verdict outbox_judge(const struct outgoing *item, const struct outbox_facts *facts,
        int64_t *out_ms, struct err *out_why);

/* May the same frozen request be sent once more? `server_ms`: the server's clock now, 0: not told.
 */
bool outbox_may_repeat(const struct outgoing *item, int64_t repeat_ms, int64_t server_ms);

/* Do the clocks agree well enough? server_ms 0: nobody knows, and they do. */
bool outbox_clocks_agree(int64_t now_ms, int64_t server_ms);

/* "3 min", "2 h": for sentences. */
void outbox_span(int64_t ms, char out[32]);
