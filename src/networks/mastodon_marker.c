#include "networks/mastodon_marker.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/mastodon_body.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_work.h"

enum { ASK_MARKER, ASK_ROW, PUT };

struct place {
	const char *timeline, *rows;
};

static const struct place *place_of(const struct call *call)
{
	static const struct place home = {"home", "/api/v1/statuses/"};
	static const struct place notices = {"notifications", "/api/v1/notifications/"};
	switch (call->source->kind) {
	case SOURCE_HOME:
		return &home;
	case SOURCE_NOTIFICATIONS:
		return &notices;
	default:
		return NULL;
	}
}

static enum call_next ask_marker(struct call *call, struct request *req)
{
	const struct place *place = place_of(call);
	struct str query = {0};
	if (!place) {
		err_set(&call->err, ERR_UNSUPPORTED,
		        "servers remember what was read of home and notifications only");
		return CALL_FAIL;
	}
	str_addf(&query, "timeline%%5B%%5D=%s", place->timeline);
	call->stage = ASK_MARKER;
	mastodon_get(req, call, "/api/v1/markers", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

static enum call_next ask_row(struct call *call, struct request *req, const char *id)
{
	struct str path = {0};
	str_adds(&path, place_of(call)->rows);
	mastodon_add_id(&path, id);
	call->stage = ASK_ROW;
	mastodon_get(req, call, str_c(&path), "");
	str_finish(&path);
	return CALL_SEND;
}

/* The id that a Markers entity has for the timeline, or NULL. */
static const char *last_read(struct call *call, const cJSON *markers)
{
	return mastodon_id(json_obj(markers, place_of(call)->timeline), "last_read_id");
}

static int64_t time_of(const cJSON *row)
{
	const char *created = json_str(row, "created_at");
	int64_t ms = 0;
	return created && date_parse_rfc3339(created, &ms) ? ms : 0;
}

static enum call_next explain(struct call *call, const struct response *answer)
{
	if (mastodon_lacks(answer))
		err_set(&call->err, ERR_UNSUPPORTED, "%s cannot %s", call->account->host,
		        capability_name(CAP_MARKERS));
	return CALL_FAIL;
}

static void set_marker(struct call *call, const char *id, int64_t at_ms)
{
	free(call->marker->cursor);
	call->marker->cursor = id ? xstrdup(id) : NULL;
	call->marker->at_ms = at_ms;
}

/* --- read --- */

static enum call_next read_marker(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_json(call, answer);
	if (!json) return explain(call, answer);
	const char *id = last_read(call, json_root(json));
	set_marker(call, id, 0);
	json_free(json);
	return call->marker->cursor ? ask_row(call, req, call->marker->cursor) : CALL_DONE;
}

/* A row that is gone had a time that nobody knows. */
static int64_t read_time(struct call *call, const struct response *answer)
{
	struct json *json = mastodon_json(call, answer);
	int64_t ms = time_of(json_root(json));
	json_free(json);
	call->err = (struct err){0};
	return ms;
}

enum call_next mastodon_marker_read(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_marker(call, req);
	if (call->stage == ASK_MARKER) return read_marker(call, answer, req);
	call->marker->at_ms = read_time(call, answer);
	return CALL_DONE;
}

/* --- write --- */

static enum call_next put(struct call *call, struct request *req)
{
	struct mastodon_body body;
	call->stage = PUT;
	mastodon_request(req, call, "POST", "/api/v1/markers", "");
	mastodon_body_init(&body, call->account);
	mastodon_body_open(&body, place_of(call)->timeline, '{');
	mastodon_body_str(&body, "last_read_id", call->marker->cursor);
	mastodon_body_close(&body, '{');
	mastodon_body_end(&body, req);
	return CALL_SEND;
}

/* Ids that count upwards: all digits, or of one length (ULIDs). */
static bool is_newer_id(const char *theirs, const char *ours)
{
	size_t a = strlen(theirs), b = strlen(ours);
	bool digits = theirs[strspn(theirs, "0123456789")] == '\0' &&
	              ours[strspn(ours, "0123456789")] == '\0';
	if (a != b) return digits && a > b;
	return strcmp(theirs, ours) > 0;
}

static enum call_next compare(struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_json(call, answer);
	if (!json) return explain(call, answer);
	struct mastodon_work *work = mastodon_work(call);
	const char *id = last_read(call, json_root(json));
	free(work->other);
	work->other = id ? xstrdup(id) : NULL;
	json_free(json);
	if (!work->other) return put(call, req);
	if (strcmp(work->other, call->marker->cursor) == 0) return CALL_DONE;
	return ask_row(call, req, work->other);
}

static enum call_next decide(struct call *call, const struct response *answer, struct request *req)
{
	struct mastodon_work *work = mastodon_work(call);
	int64_t theirs = read_time(call, answer), ours = call->marker->at_ms;
	bool timed = theirs && ours && theirs != ours;
	bool newer = timed ? theirs > ours : is_newer_id(work->other, call->marker->cursor);
	if (!newer) return put(call, req);
	set_marker(call, work->other, theirs);
	return CALL_DONE;
}

static enum call_next take_put(
        struct call *call, const struct response *answer, struct request *req)
{
	struct mastodon_work *work = mastodon_work(call);
	/* Somebody else wrote at the same moment. */
	if (answer->status == 409 && work->step++ == 0) return ask_marker(call, req);
	if (mastodon_good(call, answer)) return CALL_DONE;
	return explain(call, answer);
}

enum call_next mastodon_marker_write(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer && !call->marker->cursor) {
		err_set(&call->err, ERR_SYNTAX, "read up to where?");
		return CALL_FAIL;
	}
	if (!answer) return ask_marker(call, req);
	switch (call->stage) {
	case ASK_MARKER:
		return compare(call, answer, req);
	case ASK_ROW:
		return decide(call, answer, req);
	default:
		return take_put(call, answer, req);
	}
}
