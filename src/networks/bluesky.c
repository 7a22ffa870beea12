#include "networks/bluesky.h"

#include "networks/bluesky_act.h"
#include "networks/bluesky_fetch.h"
#include "networks/bluesky_login.h"
#include "networks/bluesky_person.h"

/* What a call may hold; which of them is told by whether it fetches. */
union held {
	struct bluesky_progress progress;
	struct bluesky_errand errand;
};

static void call_finish(struct call *call)
{
	union held *held = call->data;
	if (call->source)
		bluesky_progress_finish(&held->progress);
	else
		bluesky_errand_finish(&held->errand);
}

const struct network network_bluesky = {
        .name = "bluesky",
        .summary = "Bluesky and whatever else speaks the AT Protocol",
        .caps = BLUESKY_CAPS,
        .call_size = sizeof(union held),
        .call_finish = call_finish,
        .has_source = bluesky_has_source,
        .fetch = bluesky_fetch,
        .login = bluesky_login,
        .learn = bluesky_learn,
        .refresh = bluesky_refresh,
        .sign_out = bluesky_sign_out,
        .act = bluesky_act,
        .lookup = bluesky_lookup,
        .items = bluesky_items,
        .person = bluesky_person,
};
