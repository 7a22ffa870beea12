#pragma once
#include <stdbool.h>

#include "networks/network.h"

struct mastodon_place;

/* One page of a source, or of what is newer than known: a call_step (networks/network.h). */
call_step mastodon_fetch;
bool mastodon_has_source(enum source_kind kind);

/* What a fetch holds from one request to the next (mastodon_work.h). Owns nothing. */
struct mastodon_progress {
	const struct mastodon_place *place;
	int pages;
	int offset;       /* of a search or ranking */
	bool again;       /* what was remembered as its id was wrong */
	char newest[520]; /* id of the first row of the first page */
	char since[520];  /* id of the row that is known already; "": none, or all is wanted */
	char id[520];     /* of the profile, list or post that the source is about */
};
