#include "networks/bluesky_marker.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_read.h"

enum stage { STAGE_SEEN, STAGE_PUT };

static enum call_next ask_seen(struct call *call, struct request *req)
{
	if (call->source->kind != SOURCE_NOTIFICATIONS) return CALL_DONE;
	call->stage = STAGE_SEEN;
	bluesky_get(req, call, "app.bsky.notification.listNotifications", "limit=1");
	return CALL_SEND;
}

/* The server's own goes into call->marker, unless it is older than what is there. */
static bool take_seen(struct call *call, const struct response *answer, bool *out_taken)
{
	struct json *json = bluesky_json(call, answer);
	const char *seen = json ? bluesky_id(json_root(json), "seenAt") : NULL;
	struct marker *marker = call->marker;
	int64_t at_ms;
	*out_taken = seen && date_parse_rfc3339(seen, &at_ms) && at_ms >= marker->at_ms;
	if (*out_taken) {
		free(marker->cursor);
		*marker = (struct marker){.cursor = xstrdup(seen), .at_ms = at_ms};
	}
	json_free(json);
	return json != NULL;
}

enum call_next bluesky_marker_read(
        struct call *call, const struct response *answer, struct request *req)
{
	bool taken;
	if (!answer) return ask_seen(call, req);
	return take_seen(call, answer, &taken) ? CALL_DONE : CALL_FAIL;
}

static enum call_next put(struct call *call, struct request *req)
{
	struct str body = {0};
	str_adds(&body, "{\"seenAt\":");
	json_quote(&body, call->marker->cursor);
	str_addc(&body, '}');
	call->stage = STAGE_PUT;
	bluesky_post_json(req, call, "app.bsky.notification.updateSeen", NULL, str_c(&body));
	str_finish(&body);
	return CALL_SEND;
}

enum call_next bluesky_marker_write(
        struct call *call, const struct response *answer, struct request *req)
{
	bool taken;
	if (!answer && !call->marker->cursor) {
		err_set(&call->err, ERR_SYNTAX, "read up to where?");
		return CALL_FAIL;
	}
	if (!answer) return ask_seen(call, req);
	if (call->stage == STAGE_SEEN) {
		if (!take_seen(call, answer, &taken)) return CALL_FAIL;
		/* Another program has gone as far already: seen is never unseen. */
		return taken ? CALL_DONE : put(call, req);
	}
	return bluesky_good(call, answer) ? CALL_DONE : CALL_FAIL;
}
