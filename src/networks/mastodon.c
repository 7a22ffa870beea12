#include "networks/mastodon.h"

#include "networks/mastodon_act.h"
#include "networks/mastodon_fetch.h"
#include "networks/mastodon_filter.h"
#include "networks/mastodon_login.h"
#include "networks/mastodon_lookup.h"
#include "networks/mastodon_person.h"
#include "networks/mastodon_stream.h"
#include "networks/mastodon_work.h"

const struct network network_mastodon = {
        .name = "mastodon",
        .summary = "Mastodon and servers that speak its API",
        .caps = CAP_LIKE | CAP_REPOST | CAP_BOOKMARK | CAP_STREAM | CAP_POST | CAP_SEARCH,
        .call_size = sizeof(struct mastodon_work),
        .call_finish = mastodon_call_finish,
        .has_source = mastodon_has_source,
        .fetch = mastodon_fetch,
        .login = mastodon_login,
        .act = mastodon_act,
        .lookup = mastodon_lookup,
        .person = mastodon_person,
        .filters = mastodon_filters,
        .stream_name = mastodon_stream_name,
        .stream_open = mastodon_stream_open,
        .stream_event = mastodon_stream_event,
};
