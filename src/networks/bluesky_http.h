#pragma once
#include "base/json.h"
#include "networks/network.h"

/* What all XRPC calls share (fact sheet 0, 2, 9): requests and failures. */

/* A query: GET root/xrpc/NSID?query, with the access token when there is one. */
void bluesky_get(struct request *req, const struct call *call, const char *nsid, const char *query);

/* A procedure with a JSON body; takes nothing. `token` NULL: the call's own. */
void bluesky_post_json(struct request *req, const struct call *call, const char *nsid,
        const char *token, const char *json);

/* A post's record as its repository has it. `repo` is a DID. */
void bluesky_ask_record(
        struct request *req, const struct call *call, const char *repo, const char *rkey);

/* "name=value", encoded, with `&` before it unless it is the first. */
void bluesky_param(struct str *query, const char *name, const char *value);

/*
 * The body of a good answer as JSON, owned; NULL when it is no good, and then call->err
 * says why: ERR_AUTH also for an access token that has ended, which network->refresh renews.
 */
struct json *bluesky_json(struct call *call, const struct response *answer);
/* The same of an answer whose body says nothing. */
bool bluesky_good(struct call *call, const struct response *answer);
