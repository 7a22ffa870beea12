#include "engine/outbox_policy.h"

#include <stdio.h>

void outbox_span(int64_t ms, char out[32])
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = {{48 * 3600000LL, "d"}, {2 * 3600000LL, "h"}, {2 * 60000LL, "min"}, {0, "s"}};
	static const int64_t one[] = {24 * 3600000LL, 3600000LL, 60000LL, 1000LL};
	size_t i = 0;
	while (ms < units[i].ms && i + 1 < sizeof(units) / sizeof(*units))
		i++;
	snprintf(out, 32, "%lld %s", (long long)((ms + one[i] / 2) / one[i]), units[i].unit);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Since when it could have gone. */
static int64_t due_ms(const struct outgoing *item, const struct outbox_facts *facts)
{
	int64_t due = later(later(item->at.utc_ms, item->undo_until_ms), item->made_ms);
	return later(due, facts->before_sent_ms);
}

static enum outbox_verdict too_late(const struct outgoing *item, int64_t late_ms, struct err *why)
{
	char span[32];
	outbox_span(late_ms, span);
	if (item->late == DRAFT_LATE_DROP) {
		err_set(why, ERR_NONE, "its time passed %s ago, and late it was not to go", span);
		return OUTBOX_DROPPED;
	}
	err_set(why, ERR_NONE, "its time passed %s ago while nothing could send it", span);
	return OUTBOX_MISSED;
}

enum outbox_verdict outbox_judge(const struct outgoing *item, const struct outbox_facts *facts,
        int64_t *out_ms, struct err *out_why)
{
	if (item->keep) {
		bool ahead = item->at.utc_ms - facts->now_ms >= OUTBOX_KEEP_AHEAD_MS;
		return ahead && facts->may_keep ? OUTBOX_GO : OUTBOX_UNKEEP;
	}
	int64_t due = due_ms(item, facts), late = facts->now_ms - due;
	/* What it waited for others is not counted. */
	int64_t missed = facts->now_ms - later(due, item->next_ms);
	if (missed > OUTBOX_GRACE_MS && item->late != DRAFT_LATE_SEND && !item->sure)
		return too_late(item, missed, out_why);
	if (item->after) return OUTBOX_GO; /* a thread is one post, and it has begun */
	if (facts->drafts_due > OUTBOX_CROWD && !item->sure) {
		err_set(out_why, ERR_NONE,
		        "%lld posts came due at once: they wait until you say that they shall go",
		        (long long)facts->drafts_due);
		return OUTBOX_CROWDED;
	}
	int64_t since = facts->now_ms - facts->last_sent_ms;
	bool too_soon = facts->last_sent_ms && since >= 0 && since < facts->spacing_ms;
	if (facts->blocked_ms || (late > OUTBOX_LATE_MS && too_soon)) {
		*out_ms = facts->blocked_ms ? facts->blocked_ms
		                            : facts->last_sent_ms + facts->spacing_ms;
		err_set(out_why, ERR_NONE, "late posts of an account go one by one");
		return OUTBOX_WAIT;
	}
	return OUTBOX_GO;
}

bool outbox_may_repeat(const struct outgoing *item, int64_t repeat_ms, int64_t server_ms)
{
	if (item->keep || item->attempts >= OUTBOX_REPEATS) return false;
	if (repeat_ms == INT64_MAX) return true;
	if (!item->server_first_ms || !server_ms) return false;
	int64_t since = server_ms - item->server_first_ms;
	return since >= 0 && since < repeat_ms;
}

bool outbox_clocks_agree(int64_t now_ms, int64_t server_ms)
{
	if (!server_ms) return true;
	int64_t apart = now_ms > server_ms ? now_ms - server_ms : server_ms - now_ms;
	return apart <= OUTBOX_CLOCKS_MS;
}
