#pragma once
#include <stdbool.h>

#include "base/json.h"
#include "networks/mastodon_link.h"
#include "networks/network.h"

/* What all calls of the Mastodon API share: requests, failures, paging links (fact sheet 0, 3, 10).
 */

/*
 * Fill *req with a GET of path and query (without `?`; may be ""), with the token when
 * there is one. Set req->stream before, for an event stream.
 */
void mastodon_get(
        struct request *req, const struct call *call, const char *path, const char *query);

/* The same with another method, and no body yet (mastodon_body.h). */
void mastodon_request(struct request *req, const struct call *call, const char *method,
        const char *path, const char *query);

/* Append `id` as one part of a path, or as a query's value. */
void mastodon_add_id(struct str *out, const char *id);

/*
 * Whether a bad answer means that the server knows no such operation, rather than no
 * such thing: 405 and 501, and a 404 that does not speak the API's language.
 */
bool mastodon_lacks(const struct response *answer);

/* Whether it says that the token was made for less than was asked of it. */
bool mastodon_is_scope(const struct response *answer);

/* A good answer, whatever is in it. If not, call->err says why. */
bool mastodon_good(struct call *call, const struct response *answer);

/*
 * The body of a good answer as JSON, owned. NULL when the answer is no good; then
 * call->err says why in words for the status bar.
 */
struct json *mastodon_json(struct call *call, const struct response *answer);
