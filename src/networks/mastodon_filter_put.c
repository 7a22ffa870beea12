#include "networks/mastodon_filter_put.h"

#include <string.h>

#include "networks/mastodon_body.h"
#include "networks/mastodon_filter.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_work.h"

/*
 * A filter of v2 has many keywords, and a change names those that go: so what is there
 * is asked for first. In v1 each phrase is a filter of its own, put one after another.
 */
enum { READ_V2, PUT_V2, PUT_V1, DROP_V2, DROP_V1 };
enum { MAX_KEYWORDS = 100, MAX_PHRASES = 16 };

static const char *filter_id(const struct call *call)
{
	const struct action *action = call->action;
	return action->verb == VERB_FILTER_DROP ? action->name : action->filter->id;
}

static void begin(struct call *call, struct request *req, int stage, const char *method,
        const char *root, const char *id)
{
	struct str path = {0};
	str_adds(&path, root);
	if (id) {
		str_addc(&path, '/');
		mastodon_add_id(&path, id);
	}
	call->stage = stage;
	mastodon_request(req, call, method, str_c(&path), "");
	str_finish(&path);
}

/* --- parameters --- */

static int64_t expires_in(const struct call *call)
{
	const struct action *action = call->action;
	if (action->seconds > 0) return action->seconds;
	if (action->filter->expires_ms == 0) return 0;
	int64_t seconds = (action->filter->expires_ms - call->now_ms) / 1000;
	return seconds < 1 ? 1 : seconds;
}

static void fill_common(struct call *call, struct mastodon_body *body)
{
	mastodon_body_open(body, "context", '[');
	for (int i = 0; i < FILTER_CONTEXT_COUNT; i++) {
		if (call->action->filter->contexts & 1U << i)
			mastodon_body_str(body, NULL, filter_context_names[i]);
	}
	mastodon_body_close(body, '[');
	if (expires_in(call))
		mastodon_body_int(body, "expires_in", expires_in(call));
	else if (json_str(mastodon_kept(call, KEPT_FILTER), "expires_at"))
		mastodon_body_none(body, "expires_in");
}

static bool has_keyword(const struct server_filter *filter, const char *id)
{
	for (size_t i = 0; i < filter->nkeywords; i++) {
		if (filter->keywords[i].id && strcmp(filter->keywords[i].id, id) == 0) return true;
	}
	return false;
}

static void fill_keywords(struct call *call, struct mastodon_body *body)
{
	const struct server_filter *filter = call->action->filter;
	const cJSON *old = json_arr(mastodon_kept(call, KEPT_FILTER), "keywords");
	mastodon_body_open(body, "keywords_attributes", '[');
	for (size_t i = 0; i < filter->nkeywords; i++) {
		mastodon_body_open(body, NULL, '{');
		mastodon_body_str(body, "id", filter->keywords[i].id);
		mastodon_body_str(body, "keyword", filter->keywords[i].text);
		mastodon_body_bool(body, "whole_word", filter->keywords[i].whole);
		mastodon_body_close(body, '{');
	}
	json_each (keyword, old) {
		const char *id = mastodon_id(keyword, "id");
		if (!id || has_keyword(filter, id)) continue;
		mastodon_body_open(body, NULL, '{');
		mastodon_body_str(body, "id", id);
		mastodon_body_bool(body, "_destroy", true);
		mastodon_body_close(body, '{');
	}
	mastodon_body_close(body, '[');
}

/* --- requests --- */

static enum call_next put_v2(struct call *call, struct request *req)
{
	const struct server_filter *filter = call->action->filter;
	struct mastodon_body body;
	begin(call, req, PUT_V2, filter->id ? "PUT" : "POST", "/api/v2/filters", filter->id);
	mastodon_body_init(&body, call->account);
	mastodon_body_str(&body, "title", filter->title);
	mastodon_body_str(&body, "filter_action", filter->action == FILTER_HIDE ? "hide" : "warn");
	fill_common(call, &body);
	fill_keywords(call, &body);
	mastodon_body_end(&body, req);
	return CALL_SEND;
}

static enum call_next put_v1(struct call *call, struct request *req, size_t at)
{
	const struct server_filter *filter = call->action->filter;
	const struct filter_keyword *keyword = &filter->keywords[at];
	const char *id = keyword->id ? keyword->id : at == 0 ? filter->id : NULL;
	struct mastodon_body body;
	mastodon_work(call)->step = (int)at;
	begin(call, req, PUT_V1, id ? "PUT" : "POST", "/api/v1/filters", id);
	mastodon_body_init(&body, call->account);
	mastodon_body_str(&body, "phrase", keyword->text);
	mastodon_body_bool(&body, "whole_word", keyword->whole);
	fill_common(call, &body);
	mastodon_body_end(&body, req);
	return CALL_SEND;
}

static enum call_next fail(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return CALL_FAIL;
}

/* The server knows no v2. */
static enum call_next fall_back(struct call *call, struct request *req)
{
	const struct server_filter *filter = call->action->filter;
	if (filter->nkeywords == 0)
		return fail(call, ERR_REFUSED, "this server's filters need a word");
	if (filter->nkeywords > MAX_PHRASES)
		return fail(call, ERR_REFUSED, "this server takes only some words at a time");
	return put_v1(call, req, 0);
}

static enum call_next first(struct call *call, struct request *req)
{
	const struct server_filter *filter = call->action->filter;
	if (call->action->verb == VERB_FILTER_DROP) {
		if (!filter_id(call) || !*filter_id(call))
			return fail(call, ERR_SYNTAX, "which filter?");
		begin(call, req, DROP_V2, "DELETE", "/api/v2/filters", filter_id(call));
		return CALL_SEND;
	}
	if (!filter || !filter->title || !*filter->title)
		return fail(call, ERR_SYNTAX, "a filter needs a title");
	if (!filter->contexts)
		return fail(call, ERR_SYNTAX, "a filter needs a place where it holds");
	if (filter->nkeywords > MAX_KEYWORDS)
		return fail(call, ERR_TOO_LARGE, "that are too many words for one filter");
	if (!filter->id) return put_v2(call, req);
	begin(call, req, READ_V2, "GET", "/api/v2/filters", filter->id);
	return CALL_SEND;
}

/* --- answers --- */

static bool is_missing(const struct response *answer)
{
	return answer->status == 404 || mastodon_lacks(answer);
}

/* v1 did not know it either. */
static enum call_next give_up(struct call *call, const struct response *answer)
{
	if (mastodon_lacks(answer))
		err_set(&call->err, ERR_UNSUPPORTED, "%s keeps no filters", call->account->host);
	else if (answer->status == 404)
		err_set(&call->err, ERR_NOT_FOUND, "the filter is gone");
	else if (call->err.code == ERR_UNSUPPORTED || answer->status == 403)
		call->err.code = ERR_REFUSED;
	return CALL_FAIL;
}

static enum call_next take_filter(struct call *call, const cJSON *json, struct request *req)
{
	struct server_filter filter;
	bool old = call->stage == PUT_V1;
	size_t next = (size_t)mastodon_work(call)->step + 1;
	if (mastodon_filter_read(json, old, &filter)) mastodon_filter_add(call, &filter);
	if (old && next < call->action->filter->nkeywords) return put_v1(call, req, next);
	return CALL_DONE;
}

static enum call_next take(struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_json(call, answer);
	if (!json) return give_up(call, answer);
	if (call->stage == READ_V2) {
		mastodon_keep(call, KEPT_FILTER, json, json_root(json));
		return put_v2(call, req);
	}
	enum call_next next = take_filter(call, json_root(json), req);
	json_free(json);
	return next;
}

enum call_next mastodon_filter_act(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return first(call, req);
	switch (call->stage) {
	case DROP_V2:
		if (is_missing(answer)) {
			begin(call, req, DROP_V1, "DELETE", "/api/v1/filters", filter_id(call));
			return CALL_SEND;
		}
		/* fall through */
	case DROP_V1:
		return mastodon_good(call, answer) ? CALL_DONE : give_up(call, answer);
	case READ_V2:
	case PUT_V2:
		if (is_missing(answer)) return fall_back(call, req);
		/* fall through */
	default:
		return take(call, answer, req);
	}
}
