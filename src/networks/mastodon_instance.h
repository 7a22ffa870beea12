#pragma once
#include "base/json.h"
#include "model/account.h"

/* What a server says of itself (fact sheet 2), into an account. */

/*
 * /api/v2/instance, or with `old` /api/v1/instance: our handle's domain, limits, where
 * it streams, its API's version, and capabilities that it tells. Returns what it calls its
 * version, borrowed from json, or NULL. *out_streams: it tells where it streams.
 */
const char *mastodon_instance_read(
        struct account *account, const cJSON *json, bool old, bool *out_streams);

/*
 * The path of the best document that /.well-known/nodeinfo names, to be asked of the
 * account's own host; owned; NULL when there is none.
 */
char *mastodon_nodeinfo_path(const cJSON *links);
/* "mastodon 4.5.2" from such a document; owned; NULL when it does not tell. */
char *mastodon_nodeinfo_software(const cJSON *json);
/* The same from a name and a version (may be NULL) as somebody else tells them. */
char *mastodon_software_name(const char *name, const char *version);
