#pragma once
#include <stdbool.h>

#include "base/json.h"
#include "networks/mastodon_link.h"
#include "networks/network.h"

/* What all calls of the Mastodon API share: requests, failures, paging links (fact sheet 0, 3, 10).
 */

/* "https://host", or the host as it is written when it has a scheme. Appended. */
void mastodon_root(struct str *out, const struct account *account);

/*
 * Fill *req with a GET of path and query (without `?`; may be ""), with the token when
 * there is one. Set req->stream before, for an event stream.
 */
void mastodon_get(
        struct request *req, const struct call *call, const char *path, const char *query);

/*
 * The body of a good answer as JSON, owned. NULL when the answer is no good; then
 * call->err says why in words for the status bar.
 */
struct json *mastodon_json(struct call *call, const struct response *answer);
