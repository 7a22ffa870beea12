#include "networks/bluesky_marker.h"

#include <stdlib.h>
#include <string.h>

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

/*
 * A row is read there when it is older than `seenAt`, so that our marker, the last row that
 * is read, is a millisecond before it. Where nothing was ever seen the server says the time
 * of the newest row, which means nothing.
 */
static bool take_seen(struct call *call, const struct response *answer, struct marker *out)
{
	struct json *json = bluesky_json(call, answer);
	const cJSON *root = json ? json_root(json) : NULL, *rows = json_arr(root, "notifications");
	const char *seen = bluesky_id(root, "seenAt");
	const char *newest = rows ? json_str(rows->child, "indexedAt") : NULL;
	char last[32];
	int64_t at_ms;
	*out = (struct marker){0};
	bool ever = seen && (!newest || strcmp(newest, seen) != 0);
	if (ever && date_parse_rfc3339(seen, &at_ms)) {
		date_format_rfc3339(last, at_ms - 1);
		*out = (struct marker){.cursor = xstrdup(last), .at_ms = at_ms - 1};
	}
	json_free(json);
	return json != NULL;
}

enum call_next bluesky_marker_read(
        struct call *call, const struct response *answer, struct request *req)
{
	struct marker theirs;
	if (!answer) return ask_seen(call, req);
	if (!take_seen(call, answer, &theirs)) return CALL_FAIL;
	free(call->marker->cursor);
	*call->marker = theirs;
	return CALL_DONE;
}

/* Ours, unless another program has gone as far already: what was seen stays seen. */
static enum call_next put(struct call *call, struct request *req, const struct marker *theirs)
{
	struct marker *ours = call->marker;
	struct str body = {0};
	char seen[32];
	if (theirs->at_ms >= ours->at_ms) {
		ours->at_ms = theirs->at_ms;
		return CALL_DONE;
	}
	date_format_rfc3339(seen, ours->at_ms + 1);
	str_adds(&body, "{\"seenAt\":");
	json_quote(&body, seen);
	str_addc(&body, '}');
	call->stage = STAGE_PUT;
	bluesky_post_json(req, call, "app.bsky.notification.updateSeen", NULL, str_c(&body));
	str_finish(&body);
	return CALL_SEND;
}

enum call_next bluesky_marker_write(
        struct call *call, const struct response *answer, struct request *req)
{
	struct marker theirs;
	if (!answer && !call->marker->at_ms) {
		err_set(&call->err, ERR_SYNTAX, "read up to where?");
		return CALL_FAIL;
	}
	if (!answer) return ask_seen(call, req);
	if (call->stage == STAGE_PUT) return bluesky_good(call, answer) ? CALL_DONE : CALL_FAIL;
	if (!take_seen(call, answer, &theirs)) return CALL_FAIL;
	free(theirs.cursor);
	return put(call, req, &theirs);
}
