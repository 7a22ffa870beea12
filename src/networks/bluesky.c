#include "networks/bluesky.h"

#include "networks/bluesky_act.h"
#include "networks/bluesky_fetch.h"
#include "networks/bluesky_login.h"
#include "networks/bluesky_marker.h"
#include "networks/bluesky_person.h"
#include "networks/bluesky_prefs.h"

static void call_finish(struct call *call)
{
	bluesky_errand_finish(call->data);
}

const struct network network_bluesky = {
        .name = "bluesky",
        .summary = "Bluesky and whatever else speaks the AT Protocol",
        .by_handle = true,
        .caps = BLUESKY_CAPS,
        .has_guests = true,
        .guest_caps = CAP_SEARCH | CAP_TRENDS,
        .guest_host = BLUESKY_PUBLIC,
        .call_size = sizeof(struct bluesky_errand),
        .call_finish = call_finish,
        .has_source = bluesky_has_source,
        .fetch = bluesky_fetch,
        .login = bluesky_login,
        .learn = bluesky_learn,
        .refresh = bluesky_refresh,
        .sign_out = bluesky_sign_out,
        .act = bluesky_act,
        .lookup = bluesky_lookup,
        .look = bluesky_lookup,
        .items = bluesky_items,
        .person = bluesky_person,
        .filters = bluesky_filters,
        .marker_read = bluesky_marker_read,
        .marker_write = bluesky_marker_write,
        .measure = bluesky_measure,
        .detect = bluesky_detect_for,
        .make_key = bluesky_make_key,
        .repeat_ms = bluesky_repeat_ms,
        .check = bluesky_check,
        .upload = bluesky_upload,
        .prepare = bluesky_prepare,
        .publish = bluesky_send,
        .reconcile = bluesky_reconcile,
};
