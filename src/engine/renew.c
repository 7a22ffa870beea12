#include "engine/renew.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/secret.h"
#include "net/url.h"

/* -- those that wait -- */

/* Go on with all calls of the account that wait: anew, or with why there is no new token. */
static void release(struct core *core, account_id id, const struct err *why)
{
	struct fetch *fetch, *next;
	DL_FOREACH_SAFE(core->fetches, fetch, next)
	{
		if (!fetch->renewing || fetch->call.account->id != id) continue;
		fetch->renewing = false;
		if (why)
			fetch_fail(fetch, why);
		else
			fetch_restart(fetch);
	}
}

/* -- the new token -- */

/* Another stoa, a daemon perhaps, has had the session renewed: its secret is on the disk. */
static char *secret_of_others(const struct core *core, const struct signin *signin)
{
	struct str ours = {0};
	char *kept = signin_kept(core, signin);
	str_addf(&ours, "%s %s", signin->token, signin->client);
	bool same = kept && strcmp(kept, str_c(&ours)) == 0;
	memset(ours.p, 0, ours.len);
	str_finish(&ours);
	if (!same) return kept;
	secret_free(kept);
	return NULL;
}

static void renewed(struct fetch *renewal, enum call_next how)
{
	struct core *core = renewal->core;
	account_id id = renewal->call.account->id;
	struct signin *signin = signin_by_id(core, id);
	struct err err = renewal->call.err;
	const char *secret = renewal->sign.secret;
	if (signin) signin->renewal = NULL;
	if (how == CALL_DONE && signin && secret) {
		signin_renew(core, signin, secret);
		release(core, id, NULL);
		return;
	}
	if (err.code == ERR_NONE) err_set(&err, ERR_AUTH, "the session could not be renewed");
	if (signin) signin->lapsed = err.code == ERR_AUTH;
	/* With nothing to renew it by, the server's own words tell more. */
	if (renewal->requests == 0) err = (struct err){.code = ERR_AUTH};
	release(core, id, &err);
}

static void begin(struct core *core, struct signin *signin)
{
	char *root = account_root(signin->account);
	struct fetch_plan plan = {
	        .net = signin->net,
	        .step = signin->net->refresh,
	        .account = signin->account,
	        .token = signin->token,
	        .client = signin->client,
	        .typed = root,
	        .typed_local = url_is_local(root),
	        .priority = PACE_USER,
	        .on_end = renewed,
	};
	signin->renewal = fetch_new(core, &plan);
	signin->renewal->renewed = true; /* a refusal of this one is final */
	signin->renewal->call.sign_in = &signin->renewal->sign;
	free(root);
	fetch_begin(signin->renewal);
}

bool renew_wait(struct fetch *fetch)
{
	struct core *core = fetch->core;
	struct signin *signin = signin_by_id(core, fetch->call.account->id);
	bool can = signin && !fetch->account && signin->net->refresh && signin->token &&
	           signin->client;
	if (!can || fetch->renewed || signin->lapsed) return false;
	fetch->renewed = true;
	if (fetch->renewals != signin->renewals) { /* the new one came while it was on its way */
		fetch_restart(fetch);
		return true;
	}
	fetch->renewing = true;
	if (signin->renewal) return true;
	char *theirs = secret_of_others(core, signin);
	if (theirs) {
		signin_renew(core, signin, theirs);
		secret_free(theirs);
		release(core, signin->account->id, NULL);
		return true;
	}
	begin(core, signin);
	return true;
}
