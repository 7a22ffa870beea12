#pragma once
#include "base/json.h"
#include "networks/network.h"

/* The filters that an account keeps at its server (fact sheet 7): v2, or v1 where that is missing.
 */

/* All of them, into call->filters: a call_step. */
call_step mastodon_filters;

/*
 * Read a Filter of v2 or, with `old`, of v1, where each phrase is a filter of its own and
 * hides. Without an id or a context it makes no sense: false.
 */
bool mastodon_filter_read(const cJSON *json, bool old, struct server_filter *out);

/* Add a copy of *filter's insides, which it takes, to call->filters. */
void mastodon_filter_add(struct call *call, struct server_filter *filter);
