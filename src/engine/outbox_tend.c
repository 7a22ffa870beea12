#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/outbox_files.h"

/*
 * Looking ahead: whether the tokens are good that the next day's posts want, and whether the
 * zones by which posts were scheduled still have the rules that they had.
 */

enum { EVERY_MS = 3600000, DAY_MS = 24 * 3600000 };
static const char key[] = "outbox-zones";

struct value {
	const char *key;
	int64_t number;
};

static void find_value(void *ctx, const char *name, const char *text)
{
	struct value *value = ctx;
	if (strcmp(name, value->key) == 0) value->number = strtoll(text, NULL, 10);
}

/* Where rules have changed, the wall time holds. */
static void resolve(struct outbox *outbox, struct outgoing *item)
{
	struct when now = {0};
	const struct when *at = &item->at;
	if (!at->wall[0] || !at->zone[0] || item->damaged) return;
	if (!when_resolve(at->wall, at->zone, at->fold, &now, NULL)) return;
	if (now.utc_ms == at->utc_ms) return;
	log_put(LOG_WARN, "outbox", "post %lld: the rules of %s changed", (long long)item->id,
	        at->zone);
	item->at = now;
	outgoing_cause(item, "the rules of %s changed: it still goes at %s", now.zone, now.wall);
	outbox_step(outbox, item, 0);
}

static void resolve_all(struct outbox *outbox, int64_t now_ms)
{
	struct outgoing **items = NULL;
	size_t n = 0;
	char text[24];
	struct value last = {.key = key};
	queue_db_values(outbox->db, find_value, &last, NULL);
	if (now_ms >= last.number && now_ms - last.number < DAY_MS) return;
	if (!queue_db_in_state(outbox->db, OUTGOING_SCHEDULED, 0, &items, &n, NULL)) return;
	for (size_t i = 0; i < n; i++)
		resolve(outbox, items[i]);
	outgoing_list_free(items, n);
	if (n == 0) return;
	snprintf(text, sizeof(text), "%lld", (long long)now_ms);
	queue_db_put(outbox->db, key, text, NULL);
}

static void check_tokens(struct outbox *outbox, int64_t now_ms)
{
	const struct signin *signin;
	DL_FOREACH(outbox->core->signins, signin)
	{
		account_id account = signin->account->id;
		const struct lane *lane = lane_of(outbox, account);
		bool recent = now_ms >= lane->checked_ms && now_ms - lane->checked_ms < DAY_MS;
		if (!recent && !lane->signed_out &&
		        queue_db_wants(outbox->db, account, now_ms, now_ms + DAY_MS))
			lane_check(outbox, account);
	}
}

int64_t outbox_tend(struct outbox *outbox, int64_t now_ms)
{
	/* A clock that was set back does not keep us from looking. */
	bool waits = now_ms < outbox->tend_ms && outbox->tend_ms - now_ms <= EVERY_MS;
	if (waits) return outbox->tend_ms;
	outbox->tend_ms = now_ms + EVERY_MS;
	outbox_files_sweep(outbox);
	resolve_all(outbox, now_ms);
	check_tokens(outbox, now_ms);
	return outbox->tend_ms;
}
