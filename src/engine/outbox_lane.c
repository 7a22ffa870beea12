#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/ask.h"
#include "engine/outbox.h"
#include "engine/schedule.h"
#include "net/url.h"

struct lane *lane_of(struct outbox *outbox, account_id account)
{
	struct lane *lane = NULL;
	HASH_FIND(hh, outbox->lanes, &account, sizeof(account), lane);
	if (lane) return lane;
	lane = xcalloc(1, sizeof(*lane));
	lane->account = account;
	HASH_ADD(hh, outbox->lanes, account, sizeof(lane->account), lane);
	return lane;
}

void lanes_open(struct outbox *outbox)
{
	struct lane *lane, *next;
	HASH_ITER(hh, outbox->lanes, lane, next)
	{
		lane->until_ms = 0;
	}
}

static unsigned serial_of(const struct signin *signin)
{
	return signin->serial + signin->renewals;
}

void lane_failed(struct outbox *outbox, account_id account, const struct err *err)
{
	struct lane *lane = lane_of(outbox, account);
	const struct signin *signin = signin_by_id(outbox->core, account);
	int64_t now = core_wall(outbox->core), wait = 0;
	if (err->code == ERR_AUTH && signin) {
		lane->signed_out = true;
		lane->serial = serial_of(signin);
		outbox_notice(outbox, ERR_AUTH, "posts of '%s' wait until you sign in again: %s",
		        signin->account->name, err->text);
		return;
	}
	lane->failures++;
	if (err->code == ERR_RATE_LIMITED)
		wait = err->retry_ms > 0 ? err->retry_ms : patience_account.limited_ms;
	else
		wait = schedule_backoff(&outbox->core->random, &patience_account, lane->failures);
	if (wait > patience_account.believe_ms) wait = patience_account.believe_ms;
	lane->until_ms = now + wait;
}

void lane_well(struct outbox *outbox, account_id account)
{
	struct lane *lane = lane_of(outbox, account);
	lane->until_ms = 0;
	lane->failures = 0;
	lane->signed_out = false;
}

bool lane_is_open(struct outbox *outbox, account_id account, int64_t now_ms, struct err *err)
{
	struct lane *lane = lane_of(outbox, account);
	const struct signin *signin = signin_by_id(outbox->core, account);
	if (lane->signed_out && signin && lane->serial != serial_of(signin))
		lane_well(outbox, account);
	if (!signin || !signin->token || lane->signed_out) {
		lane->until_ms = INT64_MAX;
		return err_set(err, ERR_AUTH,
		        signin ? "sign in to '%s' again: then it goes"
		               : "its account%s is signed out",
		        signin ? signin->account->name : "");
	}
	if (!signin->net || !signin->net->publish) {
		lane->until_ms = INT64_MAX;
		return err_set(err, ERR_UNSUPPORTED, "%s cannot post", signin->account->network);
	}
	if (lane->until_ms == INT64_MAX) lane->until_ms = 0;
	/* A pause longer than any that was asked for: the clock was set back. */
	if (lane->until_ms > now_ms + patience_account.believe_ms) lane->until_ms = 0;
	if (lane->until_ms <= now_ms) return true;
	return err_set(err, ERR_RATE_LIMITED, "it waits: the last attempt of its account failed");
}

/* -- is the token good? -- */

static void checked(struct fetch *fetch, enum call_next how)
{
	struct outbox *outbox = fetch->core->outbox;
	account_id account = fetch->call.account->id;
	if (how == CALL_DONE || fetch->call.err.code != ERR_AUTH) return;
	lane_failed(outbox, account, &fetch->call.err);
	outbox_changed(outbox);
}

void lane_check(struct outbox *outbox, account_id account)
{
	const struct signin *signin = signin_by_id(outbox->core, account);
	if (!signin || !signin->net || !signin->net->learn || !signin->token) return;
	lane_of(outbox, account)->checked_ms = core_wall(outbox->core);
	char *root = account_root(signin->account);
	struct fetch_plan plan = ask_plan(signin, signin->net->learn);
	plan.priority = PACE_LATER;
	plan.typed = root;
	plan.typed_local = url_is_local(root);
	plan.on_end = checked;
	struct fetch *fetch = fetch_new(outbox->core, &plan);
	fetch->call.out = page_new();
	free(root);
	fetch_begin(fetch);
}
