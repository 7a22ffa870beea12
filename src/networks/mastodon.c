#include "networks/mastodon.h"

#include "networks/mastodon_act.h"
#include "networks/mastodon_fetch.h"
#include "networks/mastodon_filter.h"
#include "networks/mastodon_items.h"
#include "networks/mastodon_learn.h"
#include "networks/mastodon_lookup.h"
#include "networks/mastodon_marker.h"
#include "networks/mastodon_person.h"
#include "networks/mastodon_publish.h"
#include "networks/mastodon_sign_in.h"
#include "networks/mastodon_stream.h"
#include "networks/mastodon_text.h"
#include "networks/mastodon_work.h"

const struct network network_mastodon = {
        .name = "mastodon",
        .summary = "Mastodon and servers that speak its API",
        .caps = CAP_LIKE | CAP_REPOST | CAP_BOOKMARK | CAP_STREAM | CAP_POST | CAP_SEARCH |
                CAP_STREAM_SSE | CAP_STREAM_WS | CAP_PIN | CAP_MUTE_THREAD | CAP_POLL | CAP_EDIT |
                CAP_FOLLOW | CAP_MUTE | CAP_BLOCK | CAP_REPORT | CAP_LIST | CAP_BLOCK_DOMAIN |
                CAP_FOLLOW_TAG | CAP_NOTIFICATIONS | CAP_GROUPED | CAP_FILTERS | CAP_SCHEDULE |
                CAP_MARKERS | CAP_TRENDS | CAP_DIRECT | CAP_QUOTE | CAP_TRANSLATE | CAP_PKCE,
        .has_guests = true,
        .guest_caps = CAP_TRENDS,
        .call_size = sizeof(struct mastodon_work),
        .call_finish = mastodon_call_finish,
        .has_source = mastodon_has_source,
        .fetch = mastodon_fetch,
        .login = mastodon_learn,
        .learn = mastodon_learn,
        .sign_in_begin = mastodon_sign_in_begin,
        .sign_in_finish = mastodon_sign_in_finish,
        .sign_out = mastodon_sign_out,
        .refresh = mastodon_refresh,
        .act = mastodon_act,
        .lookup = mastodon_lookup,
        .look = mastodon_look,
        .person = mastodon_person,
        .items = mastodon_items,
        .filters = mastodon_filters,
        .marker_read = mastodon_marker_read,
        .marker_write = mastodon_marker_write,
        .measure = mastodon_measure,
        .detect = mastodon_detect,
        .make_key = mastodon_make_key,
        .repeat_ms = mastodon_repeat_ms,
        .can_keep = mastodon_can_keep,
        .check = mastodon_check,
        .upload = mastodon_upload,
        .prepare = mastodon_prepare,
        .publish = mastodon_publish,
        .reconcile = mastodon_reconcile,
        .withdraw = mastodon_withdraw,
        .stream_name = mastodon_stream_name,
        .stream_open = mastodon_stream_open,
        .stream_join = mastodon_stream_join,
        .stream_message = mastodon_stream_message,
        .stream_event = mastodon_stream_event,
};
