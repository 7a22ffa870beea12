#pragma once
#include "networks/network.h"

/* One page of a source, or of what is newer than known: a call_step (networks/network.h). */
call_step mastodon_fetch;
bool mastodon_has_source(enum source_kind kind);
extern const size_t mastodon_call_size;
