#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_posting.h"
#include "networks/mastodon_publish.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_same.h"
#include "networks/mastodon_work.h"

/*
 * Is it there (quality.md 2.2.4)? What the server keeps for later is looked through first,
 * when it was to keep it; then our own posts, from the newest down to the one that was the
 * newest before the first attempt. What looks like it is compared with what was typed, where
 * the server tells that (/source), because servers change the rest.
 */
enum { WHO, KEPT, SCHEDULED, OWN, SOURCE, STATUS };
enum { MAX_PAGES = 10 };

static enum call_next ask_status(struct call *call, struct request *req, int stage)
{
	const struct mastodon_work *work = mastodon_work(call);
	struct str path = {0};
	str_adds(&path, "/api/v1/statuses/");
	mastodon_add_id(&path, work->alike[work->nalike - 1].id);
	if (stage == SOURCE) str_adds(&path, "/source");
	mastodon_get(req, call, str_c(&path), "");
	str_finish(&path);
	call->stage = stage;
	return CALL_SEND;
}

/* The oldest first: of two that are the same the earlier one was sent earlier. */
static enum call_next ask_source(struct call *call, struct request *req)
{
	if (mastodon_work(call)->nalike > 0) return ask_status(call, req, SOURCE);
	call->publish->found = false;
	return CALL_DONE;
}

static void drop_last(struct mastodon_work *work)
{
	free(work->alike[--work->nalike].id);
}

static enum call_next fail(struct call *call, const char *what)
{
	err_set(&call->err, ERR_FORMAT, "%s does not tell %s", call->account->host, what);
	return CALL_FAIL;
}

/* --- the one --- */

static enum call_next take_status(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = answer->status == 404 ? NULL : mastodon_posting_json(call, answer);
	if (answer->status == 404) { /* gone in the meantime */
		drop_last(mastodon_work(call));
		return ask_source(call, req);
	}
	if (!json) return CALL_FAIL;
	call->publish->found = mastodon_posting_take(call, json_root(json));
	json_free(json);
	return call->publish->found ? CALL_DONE : fail(call, "a post that it has");
}

static enum call_next take_source(
        struct call *call, const struct response *answer, struct request *req)
{
	struct mastodon_work *work = mastodon_work(call);
	struct mastodon_wanted wanted;
	bool is = work->alike[work->nalike - 1].same_content;
	bool told = answer->status >= 200 && answer->status < 300;
	/* Not every server tells what was typed; but one in trouble may tell it later. */
	if (!told && (answer->status < 400 || answer->status >= 500 || answer->status == 401 ||
	                     answer->status == 429)) {
		mastodon_posting_good(call, answer);
		return CALL_FAIL;
	}
	struct json *json = told ? mastodon_posting_json(call, answer) : NULL;
	if (json && json_str(json_root(json), "text") &&
	        mastodon_wanted_init(&wanted, call->publish->item)) {
		is = mastodon_is_same_source(&wanted, json_root(json));
		mastodon_wanted_finish(&wanted);
	}
	json_free(json);
	call->err = (struct err){0};
	if (is) return ask_status(call, req, STATUS);
	drop_last(work);
	return ask_source(call, req);
}

/* --- our own posts --- */

static void remember(struct mastodon_work *work, const char *id, bool same_content)
{
	if (work->nalike == MASTODON_MAX_ALIKE) { /* the newest, which was the first */
		free(work->alike[0].id);
		memmove(work->alike, work->alike + 1, --work->nalike * sizeof *work->alike);
	}
	work->alike[work->nalike].id = xstrdup(id);
	work->alike[work->nalike++].same_content = same_content;
}

/* Look at a page. The id before which to go on, owned; NULL at the end. */
static char *look_through(
        struct call *call, const cJSON *page, const struct mastodon_wanted *wanted)
{
	const char *mark = call->publish->item->watermark, *last = NULL;
	json_each (status, page) {
		const char *id = mastodon_id(status, "id");
		if (!id) continue;
		if (mark && *mark && mastodon_same_id(id, mark)) return NULL;
		if (mastodon_is_older(wanted, status)) return NULL;
		last = id;
		if (mastodon_is_alike(wanted, status))
			remember(mastodon_work(call), id, mastodon_is_same_content(wanted, status));
	}
	return last ? xstrdup(last) : NULL;
}

static enum call_next ask_own(struct call *call, struct request *req, const char *before)
{
	const char *known = call->account->remote_id, *mark = call->publish->item->watermark;
	struct str path = {0}, query = {0};
	str_adds(&path, "/api/v1/accounts/");
	mastodon_add_id(&path, known && *known ? known : mastodon_work(call)->profile);
	str_adds(&path, "/statuses");
	str_adds(&query, "limit=40&exclude_reblogs=true");
	if (mark && *mark) {
		str_adds(&query, "&since_id=");
		mastodon_add_id(&query, mark);
	}
	if (before) {
		str_adds(&query, "&max_id=");
		mastodon_add_id(&query, before);
	}
	mastodon_get(req, call, str_c(&path), str_c(&query));
	str_finish(&path);
	str_finish(&query);
	call->stage = OWN;
	return CALL_SEND;
}

static enum call_next take_own(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_posting_json(call, answer);
	struct mastodon_wanted wanted;
	if (!json) return CALL_FAIL;
	char *before = NULL;
	bool fine = cJSON_IsArray(json_root(json)) &&
	            mastodon_wanted_init(&wanted, call->publish->item);
	if (fine) {
		before = look_through(call, json_root(json), &wanted);
		mastodon_wanted_finish(&wanted);
	}
	json_free(json);
	if (!fine) return fail(call, "our own posts");
	bool more = before && ++mastodon_work(call)->tries < MAX_PAGES;
	enum call_next next = more ? ask_own(call, req, before) : ask_source(call, req);
	free(before);
	return next;
}

/* --- what is kept --- */

static enum call_next ask_scheduled(struct call *call, struct request *req, const char *before)
{
	struct str query = {0};
	str_adds(&query, "limit=40");
	if (before) {
		str_adds(&query, "&max_id=");
		mastodon_add_id(&query, before);
	}
	mastodon_get(req, call, "/api/v1/scheduled_statuses", str_c(&query));
	str_finish(&query);
	call->stage = SCHEDULED;
	return CALL_SEND;
}

static enum call_next ask_kept(struct call *call, struct request *req)
{
	struct str path = {0};
	str_adds(&path, "/api/v1/scheduled_statuses/");
	mastodon_add_id(&path, call->publish->item->remote_id);
	mastodon_get(req, call, str_c(&path), "");
	str_finish(&path);
	call->stage = KEPT;
	return CALL_SEND;
}

static enum call_next go_on_to_own(struct call *call, struct request *req)
{
	mastodon_work(call)->tries = 0;
	call->err = (struct err){0};
	return ask_own(call, req, NULL);
}

/* True when it is kept. Otherwise *out_before, owned: before which to go on; NULL at the end. */
static bool is_kept(struct call *call, const cJSON *page, char **out_before)
{
	struct mastodon_wanted wanted;
	const char *last = NULL;
	bool found = false;
	*out_before = NULL;
	if (!mastodon_wanted_init(&wanted, call->publish->item)) return false;
	json_each (scheduled, page) {
		const char *id = mastodon_id(scheduled, "id");
		if (id) last = id;
		if (!mastodon_is_scheduled(&wanted, scheduled)) continue;
		found = mastodon_posting_take_kept(call, scheduled);
		if (found) break;
	}
	mastodon_wanted_finish(&wanted);
	if (!found && last) *out_before = xstrdup(last);
	return found;
}

static enum call_next take_scheduled(
        struct call *call, const struct response *answer, struct request *req)
{
	if (mastodon_lacks(answer)) return go_on_to_own(call, req);
	struct json *json = mastodon_posting_json(call, answer);
	if (!json) return CALL_FAIL;
	char *before;
	call->publish->found = is_kept(call, json_root(json), &before);
	json_free(json);
	if (call->publish->found) return CALL_DONE;
	bool more = before && ++mastodon_work(call)->tries < MAX_PAGES;
	enum call_next next = more ? ask_scheduled(call, req, before) : go_on_to_own(call, req);
	free(before);
	return next;
}

/* By its id, which is known once the server said that it keeps it. */
static enum call_next take_kept(
        struct call *call, const struct response *answer, struct request *req)
{
	if (answer->status == 404) return go_on_to_own(call, req);
	struct json *json = mastodon_posting_json(call, answer);
	if (!json) return CALL_FAIL;
	call->publish->found = mastodon_posting_take_kept(call, json_root(json));
	json_free(json);
	return call->publish->found ? CALL_DONE : go_on_to_own(call, req);
}

/* --- one after another --- */

static enum call_next begin(struct call *call, struct request *req)
{
	const struct outgoing *item = call->publish->item;
	if (item->state == OUTGOING_KEPT && item->remote_id) return ask_kept(call, req);
	return call->publish->keep ? ask_scheduled(call, req, NULL) : ask_own(call, req, NULL);
}

static enum call_next take_who(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_posting_json(call, answer);
	const char *id = mastodon_id(json_root(json), "id");
	if (id) mastodon_work(call)->profile = xstrdup(id);
	json_free(json);
	if (id) return begin(call, req);
	return call->err.code ? CALL_FAIL : fail(call, "who we are");
}

enum call_next mastodon_reconcile(
        struct call *call, const struct response *answer, struct request *req)
{
	const char *known = call->account->remote_id;
	if (!answer && known && *known) return begin(call, req);
	if (!answer) {
		mastodon_get(req, call, "/api/v1/accounts/verify_credentials", "");
		return CALL_SEND;
	}
	switch (call->stage) {
	case WHO:
		return take_who(call, answer, req);
	case KEPT:
		return take_kept(call, answer, req);
	case SCHEDULED:
		return take_scheduled(call, answer, req);
	case OWN:
		return take_own(call, answer, req);
	case SOURCE:
		return take_source(call, answer, req);
	default:
		return take_status(call, answer, req);
	}
}
