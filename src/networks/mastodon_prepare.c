#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_find.h"
#include "networks/mastodon_posting.h"
#include "networks/mastodon_publish.h"
#include "networks/mastodon_read.h"

/*
 * What has to be known before a post leaves: who we are there, what the server calls the
 * posts that it answers and quotes, whether its attachments are still there and ready
 * (Mastodon of old leaves out what it does not find), and last the newest own post, by
 * which reconcile tells a new one from those before.
 */
enum { WHO, PARENT, QUOTE, MEDIA, NEWEST };

static enum call_next go_on(struct call *call, struct request *req, int from);

static enum call_next fail(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return CALL_FAIL;
}

/* --- the body --- */

static void fill_media(const struct outgoing *item, struct mastodon_body *body)
{
	if (item->nmedia == 0) return;
	mastodon_body_open(body, "media_ids", '[');
	for (size_t i = 0; i < item->nmedia; i++)
		mastodon_body_str(body, NULL, item->media[i].made);
	mastodon_body_close(body, '[');
}

static void fill_poll(const struct draft_poll *poll, struct mastodon_body *body)
{
	if (!poll) return;
	mastodon_body_open(body, "poll", '{');
	mastodon_body_open(body, "options", '[');
	for (size_t i = 0; i < poll->noptions; i++)
		mastodon_body_str(body, NULL, poll->options[i]);
	mastodon_body_close(body, '[');
	mastodon_body_int(body, "expires_in", poll->for_s);
	mastodon_body_bool(body, "multiple", poll->multiple);
	mastodon_body_bool(body, "hide_totals", poll->hide_totals);
	mastodon_body_close(body, '{');
}

static const char *unless_empty(const char *text)
{
	return text && *text ? text : NULL;
}

static char *frozen(struct call *call)
{
	const struct outgoing *item = call->publish->item;
	const struct mastodon_work *work = mastodon_work(call);
	struct mastodon_body body;
	mastodon_body_init_json(&body);
	mastodon_body_str(&body, "status", item->text ? item->text : "");
	mastodon_body_str(&body, "spoiler_text", unless_empty(item->warning));
	if (item->sensitive) mastodon_body_bool(&body, "sensitive", true);
	if (item->visibility_set)
		mastodon_body_str(&body, "visibility", mastodon_visibility_name(item->visibility));
	mastodon_body_str(&body, "language", unless_empty(item->lang));
	mastodon_body_str(&body, "in_reply_to_id", work->parent);
	mastodon_body_str(&body, "quoted_status_id", work->quote);
	if ((item->gate & DRAFT_GATE_NO_QUOTES) && (call->account->caps & CAP_QUOTE))
		mastodon_body_str(&body, "quote_approval_policy", "nobody");
	fill_media(item, &body);
	fill_poll(item->poll, &body);
	return mastodon_body_take(&body);
}

/* --- who we are --- */

static const char *own_id(struct call *call)
{
	const char *known = call->account->remote_id;
	return known && *known ? known : mastodon_work(call)->profile;
}

static enum call_next take_who(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_posting_json(call, answer);
	const char *id = mastodon_id(json_root(json), "id");
	if (id) mastodon_work(call)->profile = xstrdup(id);
	json_free(json);
	if (id) return go_on(call, req, PARENT);
	return call->err.code ? CALL_FAIL
	                      : fail(call, ERR_FORMAT, "the server does not say who we are");
}

/* --- the posts that it is about --- */

static enum call_next found(struct call *call, struct request *req, enum mastodon_found how)
{
	struct mastodon_work *work = mastodon_work(call);
	bool parent = call->stage == PARENT;
	if (how == FIND_ASKED) return CALL_SEND;
	if (how == FIND_FAILED) {
		struct err why = call->err;
		if (why.code == ERR_NOT_FOUND)
			err_set(&call->err, ERR_NOT_FOUND, "the post that it %s: %s",
			        parent ? "answers" : "quotes", why.text);
		return CALL_FAIL;
	}
	const char *may = json_str(
	        json_obj(mastodon_kept(call, KEPT_STATUS), "quote_approval"), "current_user");
	if (!parent && may && strcmp(may, "denied") == 0)
		return fail(call, ERR_SYNTAX, "its author does not let this post be quoted");
	*(parent ? &work->parent : &work->quote) = work->post;
	work->post = NULL;
	return go_on(call, req, call->stage + 1);
}

static enum call_next find(struct call *call, const struct response *answer, struct request *req)
{
	const struct outgoing *item = call->publish->item;
	const char *written = call->stage == PARENT ? item->reply_to : item->quote_of;
	return found(call, req, mastodon_find(call, answer, req, WANT_POST, written));
}

/* --- attachments --- */

static enum call_next take_media(
        struct call *call, const struct response *answer, struct request *req)
{
	struct mastodon_work *work = mastodon_work(call);
	/* A server that cannot be asked for it has it at once. */
	bool unknown = answer->status == 404 && !mastodon_lacks(answer);
	if (unknown || answer->status == 206 || answer->status == 422) {
		err_set(&call->err, ERR_GONE,
		        unknown ? "%s no longer has attachment %zu: it has to be uploaded again"
		                : "%s is not ready with attachment %zu: it has to be uploaded "
		                  "again",
		        call->account->host, work->media + 1);
		return CALL_FAIL;
	}
	if (answer->status != 404 && answer->status != 405 && !mastodon_posting_good(call, answer))
		return CALL_FAIL;
	work->media++;
	return go_on(call, req, MEDIA);
}

/* --- the newest own post --- */

static enum call_next take_newest(struct call *call, const struct response *answer)
{
	struct json *json = mastodon_posting_json(call, answer);
	if (!json) return CALL_FAIL;
	const cJSON *first = cJSON_IsArray(json_root(json)) ? json_root(json)->child : NULL;
	const char *id = mastodon_id(first, "id");
	call->publish->watermark = xstrdup(id ? id : "");
	call->publish->made = frozen(call);
	json_free(json);
	return CALL_DONE;
}

/* --- one after another --- */

static void ask(struct call *call, struct request *req, const char *before, const char *id,
        const char *after, const char *query)
{
	struct str path = {0};
	str_adds(&path, before);
	mastodon_add_id(&path, id);
	str_adds(&path, after);
	mastodon_get(req, call, str_c(&path), query);
	str_finish(&path);
}

/* Is there anything to ask about in this stage? */
static bool is_wanted(struct call *call, int stage)
{
	const struct publish *publish = call->publish;
	const struct outgoing *item = publish->item;
	struct mastodon_work *work = mastodon_work(call);
	switch (stage) {
	case WHO:
		return !own_id(call);
	case PARENT:
		if (publish->before && publish->before->remote_id && !work->parent)
			work->parent = xstrdup(publish->before->remote_id);
		return !work->parent && item->reply_to && *item->reply_to;
	case QUOTE:
		return !work->quote && item->quote_of && *item->quote_of;
	case MEDIA:
		return work->media < item->nmedia;
	default:
		return true;
	}
}

static enum call_next go_on(struct call *call, struct request *req, int from)
{
	while (!is_wanted(call, from))
		from++;
	call->stage = from;
	if (from == WHO) {
		mastodon_get(req, call, "/api/v1/accounts/verify_credentials", "");
	} else if (from == MEDIA) {
		const char *id = call->publish->item->media[mastodon_work(call)->media].made;
		if (!id) return fail(call, ERR_GONE, "an attachment was not uploaded yet");
		ask(call, req, "/api/v1/media/", id, "", "");
	} else if (from == NEWEST) {
		ask(call, req, "/api/v1/accounts/", own_id(call), "/statuses",
		        "limit=1&exclude_reblogs=true");
	} else {
		return find(call, NULL, req);
	}
	return CALL_SEND;
}

enum call_next mastodon_prepare(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return go_on(call, req, WHO);
	switch (call->stage) {
	case WHO:
		return take_who(call, answer, req);
	case MEDIA:
		return take_media(call, answer, req);
	case NEWEST:
		return take_newest(call, answer);
	default:
		return find(call, answer, req);
	}
}
