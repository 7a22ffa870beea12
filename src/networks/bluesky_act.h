#pragma once
#include "networks/bluesky_fetch.h"
#include "networks/bluesky_publish.h"

/* Doing things on Bluesky (fact sheet 5.2, 5.5): call_steps. */

/* What call->action says. Asks for its post or profile first, so that it knows what stands now. */
call_step bluesky_act;
/* call->arg: an at:// URI, a bsky.app address, a handle or a DID. */
call_step bluesky_lookup;

/* call->data of all calls. */
struct bluesky_errand {
	struct bluesky_progress fetch; /* first: it is what a fetch takes call->data for */
	struct json *subject;          /* the answer that holds the post or profile */
	char *uri;                     /* of the post, owned; or the DID or handle of the profile */
	struct bluesky_sending sending;
};
void bluesky_errand_finish(struct bluesky_errand *errand);
