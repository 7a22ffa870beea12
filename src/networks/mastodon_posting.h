#pragma once
#include "networks/mastodon_body.h"
#include "networks/mastodon_http.h"

/* What the steps of posting share. */

/* Note the server's clock; an answer that is good. If not, call->err says why, in the words
 * and codes of mastodon_publish.h. */
bool mastodon_posting_good(struct call *call, const struct response *answer);
/* The same and its JSON, owned; NULL when it is none. */
struct json *mastodon_posting_json(struct call *call, const struct response *answer);

/* Take what a Status tells of the post: ids and address, and the post itself into call->out.
 * False when it is none. */
bool mastodon_posting_take(struct call *call, const cJSON *status);
/* The same of a ScheduledStatus: only its id. */
bool mastodon_posting_take_kept(struct call *call, const cJSON *scheduled);

/* "private" as the API calls it. */
const char *mastodon_visibility_name(enum visibility visibility);

/* It is this program, by nodeinfo's name. */
bool mastodon_is(const struct account *account, const char *name);
