#pragma once
#include "base/json.h"
#include "networks/mastodon_fetch.h"
#include "networks/network.h"

/* What a call holds from one request to the next, apart from fetches. */

/* Answers that are still needed. */
enum mastodon_kept {
	KEPT_STATUS,  /* the post as it was */
	KEPT_SOURCE,  /* what was typed for it */
	KEPT_ACCOUNT, /* the profile that is meant */
	KEPT_RELATION,
	KEPT_FILTER,
	KEPT_COUNT,
};

struct mastodon_work {
	struct mastodon_progress fetch; /* first: it is what a fetch takes call->data for */
	int step;                       /* row or round that is being asked for */
	bool found;                     /* what the call is about has its id by now */
	bool looked_up;                 /* it was not there: the server was asked to search */
	char *post, *profile, *poll;    /* ids; owned */
	char *token;                    /* a new one; owned */
	struct json *kept[KEPT_COUNT];
};

struct mastodon_work *mastodon_work(struct call *call);

/* Keep an answer; takes json. */
void mastodon_keep(struct call *call, enum mastodon_kept which, struct json *json);
/* Its root, or NULL. */
const cJSON *mastodon_kept(struct call *call, enum mastodon_kept which);

/* Free what call->data holds (struct network's call_finish). */
void mastodon_call_finish(struct call *call);
