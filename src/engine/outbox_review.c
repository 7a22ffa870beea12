#include "engine/outbox.h"
#include "engine/schedule.h"

/*
 * All rows that wait, looked through when this process begins to send and when the clock was
 * set. Their times are by a wall clock that may have been wrong when they were written: what
 * was put off until what a clock that ran ahead took for soon would wait for it.
 */

/* A change of what a server keeps that did not come to withdrawing it. */
static void wish_again(struct outbox *outbox, int64_t id)
{
	struct outgoing *old = queue_db_outgoing(outbox->db, id, NULL);
	if (old && old->state == OUTGOING_KEPT && !old->wish && !old->damaged) {
		old->wish = OUTGOING_WISH_CANCEL;
		old->next_ms = 0;
		outbox_step(outbox, old, QUEUE_STEP_QUIET);
	}
	outgoing_free(old);
}

static void step(struct outbox *outbox, struct outgoing *item, const char *why)
{
	if (why) outgoing_cause(item, "%s", why);
	outbox_step(outbox, item, why ? 0 : QUEUE_STEP_LAZY | QUEUE_STEP_QUIET);
}

/* Nothing is put off for longer than a server is believed, but for the time of the post. */
static bool waits_too_long(const struct outgoing *item, int64_t now_ms)
{
	int64_t own = item->at.utc_ms + OUTBOX_KEPT_GRACE_MS;
	return item->next_ms > now_ms + patience_account.believe_ms && item->next_ms > own;
}

static void review(struct outbox *outbox, struct outgoing *item)
{
	int64_t now = core_wall(outbox->core);
	bool missed = item->state == OUTGOING_MISSED && item->at.utc_ms > now;
	if (item->state == OUTGOING_SCHEDULED && item->replaces) wish_again(outbox, item->replaces);
	if (item->damaged || (!missed && !waits_too_long(item, now))) return;
	item->next_ms = item->state == OUTGOING_UNKNOWN ? now + outbox->settle_ms : 0;
	if (missed) item->state = OUTGOING_SCHEDULED;
	step(outbox, item, missed ? "the clock was wrong: its time is still to come" : NULL);
}

void outbox_review(struct outbox *outbox)
{
	static const enum outgoing_state states[] = {
	        OUTGOING_MISSED, OUTGOING_SCHEDULED, OUTGOING_UNKNOWN, OUTGOING_KEPT};
	lanes_open(outbox);
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		struct outgoing **items = NULL;
		size_t n = 0;
		if (!queue_db_in_state(outbox->db, states[i], 0, &items, &n, NULL)) return;
		for (size_t j = 0; j < n; j++)
			review(outbox, items[j]);
		outgoing_list_free(items, n);
	}
}
