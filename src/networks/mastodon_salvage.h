#pragma once
#include "base/json.h"
#include "net/transport.h"

/*
 * Of a list that cannot be read as a whole because of some of its items (too many
 * values, too deep, no JSON) the document with null in their places, owned; NULL when
 * that does not help either. Lists are the answer itself or its members. One post made
 * to be unreadable must not hide all others for as long as it is among the newest.
 */
struct json *mastodon_salvage(const struct response *answer);
