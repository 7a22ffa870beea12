#pragma once
#include <stdbool.h>

#include "networks/network.h"

/* One page of a source, or of what is newer than known: a call_step (networks/network.h). */
call_step mastodon_fetch;
bool mastodon_has_source(enum source_kind kind);

/* call->data of a fetch. */
struct mastodon_progress {
	int pages;
	char newest[520]; /* id of the first row of the first page */
	int offset;       /* of a search */
};
