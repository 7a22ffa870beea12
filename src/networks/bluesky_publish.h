#pragma once
#include "networks/bluesky_record.h"

/*
 * A post's way out (fact sheet 5.1 to 5.3, 5.6; network.h, quality.md 2.2): call_steps. Its
 * key is in its request, so that a server knows the second attempt for the first, for ever.
 */
call_step bluesky_upload, bluesky_prepare, bluesky_send, bluesky_reconcile;

/* People whom one post can name: each has to be asked for. */
enum { BLUESKY_MENTIONS = 12 };

/* The post that is answered, or the one that is quoted, while it is looked up. */
struct bluesky_subject {
	char *who, *key; /* owned; `who` NULL: there is none */
	bool asked;      /* the network's view was: it may not have it yet */
};

/* call->data of these steps. */
struct bluesky_sending {
	struct bluesky_facts facts;
	struct bluesky_subject answered, quoted;
	size_t asked; /* mentions */
};
void bluesky_sending_finish(struct bluesky_sending *sending);
