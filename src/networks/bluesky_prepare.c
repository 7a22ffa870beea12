#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "networks/bluesky_act.h"
#include "networks/bluesky_address.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_read.h"

/*
 * What has to be known before a post can be written down for good: the version of the post
 * that it answers and of the one that it quotes, who the people in it are, and what the page
 * that it links to says of itself. One question at a time, then it is frozen.
 */

enum stage { STAGE_HANDLE, STAGE_VIEW, STAGE_RECORD, STAGE_MENTION, STAGE_CARD };

enum { MAX_PAGE = 2 * 1024 * 1024 }; /* bytes of a page that is asked for its card */

static struct bluesky_sending *sending_of(const struct call *call)
{
	return &((struct bluesky_errand *)call->data)->sending;
}

static enum call_next fail(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return CALL_FAIL;
}

/* An answer that says no, not one that is missing. */
static bool is_refusal(const struct call *call)
{
	return call->err.code == ERR_REFUSED || call->err.code == ERR_NOT_FOUND;
}

/* --- the posts that it answers and quotes --- */

/* Which of the two is being looked up. */
static struct bluesky_subject *subject_of(struct bluesky_sending *sending)
{
	if (sending->answered.who && !sending->facts.parent.uri) return &sending->answered;
	return sending->quoted.who && !sending->facts.quote.uri ? &sending->quoted : NULL;
}

static const char *role_of(const struct call *call, const struct bluesky_subject *subject)
{
	return subject == &sending_of(call)->answered ? "answers" : "quotes";
}

static enum call_next ask_handle(struct call *call, struct request *req, const char *handle)
{
	struct str query = {0};
	bluesky_param(&query, "handle", handle);
	bluesky_get(req, call, "com.atproto.identity.resolveHandle", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

static enum call_next ask_view(
        struct call *call, struct request *req, const struct bluesky_subject *subject)
{
	struct str query = {0}, uri = {0};
	call->stage = STAGE_VIEW;
	str_addf(&uri, "at://%s/app.bsky.feed.post/%s", subject->who, subject->key);
	bluesky_param(&query, "uris", str_c(&uri));
	bluesky_get(req, call, "app.bsky.feed.getPosts", str_c(&query));
	str_finish(&uri);
	str_finish(&query);
	return CALL_SEND;
}

/* The network's view lags behind what was only just written. */
static enum call_next ask_record(
        struct call *call, struct request *req, const struct bluesky_subject *subject)
{
	call->stage = STAGE_RECORD;
	bluesky_ask_record(req, call, subject->who, subject->key);
	return CALL_SEND;
}

static enum call_next ask_subject(
        struct call *call, struct request *req, const struct bluesky_subject *subject)
{
	if (strncmp(subject->who, "did:", 4) != 0) {
		call->stage = STAGE_HANDLE;
		return ask_handle(call, req, subject->who);
	}
	return subject->asked ? ask_record(call, req, subject) : ask_view(call, req, subject);
}

static bool take_ref(struct bluesky_ref *out, const cJSON *from)
{
	const char *uri = bluesky_id(from, "uri"), *cid = bluesky_id(from, "cid");
	if (!uri || !cid) return false;
	bluesky_ref_finish(out);
	*out = (struct bluesky_ref){.uri = xstrdup(uri), .cid = xstrdup(cid)};
	return true;
}

/* The conversation that begins with `parent`, or that its record is in. */
static void take_root(struct bluesky_facts *facts, const cJSON *record)
{
	const cJSON *root = json_obj(json_obj(record, "reply"), "root");
	if (take_ref(&facts->root, root)) return;
	bluesky_ref_finish(&facts->root);
	facts->root = (struct bluesky_ref){
	        .uri = xstrdup(facts->parent.uri), .cid = xstrdup(facts->parent.cid)};
}

/* A view of the subject, or its record as its repository has it. */
static bool take_post(struct call *call, const cJSON *post, const cJSON *record)
{
	struct bluesky_sending *sending = sending_of(call);
	struct bluesky_subject *subject = subject_of(sending);
	const cJSON *viewer = json_obj(post, "viewer");
	bool answered = subject == &sending->answered;
	if (json_bool(viewer, answered ? "replyDisabled" : "embeddingDisabled", false))
		return err_set(&call->err, ERR_REFUSED,
		        answered ? "its author has limited who may answer"
		                 : "its author does not want it quoted");
	if (!take_ref(answered ? &sending->facts.parent : &sending->facts.quote, post))
		return err_set(&call->err, ERR_FORMAT, "the server's answer makes no sense");
	if (answered) take_root(&sending->facts, record);
	return true;
}

/* --- asking on --- */

static void freeze(struct call *call)
{
	struct str frozen = {0};
	struct publish *publish = call->publish;
	bluesky_freeze(
	        &frozen, call->account, publish->item, &sending_of(call)->facts, call->now_ms);
	free(publish->made);
	publish->made = str_take(&frozen);
}

/* A page of anybody's: it is told nothing of us, and may be only so long. */
static enum call_next ask_card(struct call *call, struct request *req, const char *url)
{
	call->stage = STAGE_CARD;
	req->method = "GET";
	req->url = xstrdup(url);
	req->follow = true;
	req->max_body = MAX_PAGE;
	request_header(req, "Accept: text/html");
	return CALL_SEND;
}

static enum call_next ask_on(struct call *call, struct request *req)
{
	struct bluesky_sending *sending = sending_of(call);
	struct bluesky_facts *facts = &sending->facts;
	const struct bluesky_subject *subject = subject_of(sending);
	if (subject) return ask_subject(call, req, subject);
	if (sending->asked < facts->nmentions && sending->asked < BLUESKY_MENTIONS) {
		call->stage = STAGE_MENTION;
		return ask_handle(call, req, facts->mentions[sending->asked].handle);
	}
	if (facts->card_url && !facts->card.title) return ask_card(call, req, facts->card_url);
	freeze(call);
	return CALL_DONE;
}

/* --- answers --- */

static bool take_handle(struct call *call, const struct response *answer)
{
	struct bluesky_subject *subject = subject_of(sending_of(call));
	struct json *json = bluesky_json(call, answer);
	const char *did = json ? bluesky_id(json_root(json), "did") : NULL;
	bool known = did && strncmp(did, "did:", 4) == 0;
	if (known) {
		free(subject->who);
		subject->who = xstrdup(did);
	} else if (json || is_refusal(call)) {
		err_set(&call->err, ERR_NOT_FOUND, "nobody is called %s, whose post this %s",
		        subject->who, role_of(call, subject));
	}
	json_free(json);
	return known;
}

static bool take_view(struct call *call, const struct response *answer)
{
	struct json *json = bluesky_json(call, answer);
	const cJSON *posts = json ? json_arr(json_root(json), "posts") : NULL;
	const cJSON *post = posts ? posts->child : NULL;
	bool fine = json != NULL;
	if (post)
		fine = take_post(call, post, json_obj(post, "record"));
	else
		subject_of(sending_of(call))->asked = true;
	json_free(json);
	return fine;
}

static bool take_record(struct call *call, const struct response *answer)
{
	struct json *json = bluesky_json(call, answer);
	const cJSON *root = json ? json_root(json) : NULL;
	bool fine = root && take_post(call, root, json_obj(root, "value"));
	if (!json && is_refusal(call))
		err_set(&call->err, ERR_NOT_FOUND, "the post that this %s is gone",
		        role_of(call, subject_of(sending_of(call))));
	json_free(json);
	return fine;
}

/* Nobody of that name: it stays plain text. No answer at all: nobody knows, so wait. */
static bool take_mention(struct call *call, const struct response *answer)
{
	struct bluesky_sending *sending = sending_of(call);
	struct json *json = bluesky_json(call, answer);
	const char *did = json ? bluesky_id(json_root(json), "did") : NULL;
	if (!json && !is_refusal(call)) return false;
	call->err = (struct err){0};
	if (did && strncmp(did, "did:", 4) == 0)
		sending->facts.mentions[sending->asked].did = xstrdup(did);
	sending->asked++;
	json_free(json);
	return true;
}

/* Where the page cannot be had the post goes without a card. */
static bool take_card(struct call *call, const struct response *answer)
{
	struct bluesky_facts *facts = &sending_of(call)->facts;
	const char *type = response_header(answer, "Content-Type");
	bool page = answer->status == 200 && answer->body && (!type || strstr(type, "html"));
	bool card = page && bluesky_card_read(&facts->card, answer->body, answer->body_len, type,
	                            answer->url ? answer->url : facts->card_url);
	if (card) return true;
	bluesky_card_finish(&facts->card);
	free(facts->card_url);
	facts->card_url = NULL;
	return true;
}

/* --- the beginning --- */

/* A part of a thread answers the part before, which was posted by us. */
static bool follow(struct call *call, const struct outgoing *before)
{
	struct bluesky_facts *facts = &sending_of(call)->facts;
	if (!before->uri || !before->remote_id)
		return err_set(&call->err, ERR_NOT_FOUND, "the part before this is not posted");
	facts->parent = (struct bluesky_ref){
	        .uri = xstrdup(before->uri), .cid = xstrdup(before->remote_id)};
	size_t len = before->frozen ? strlen(before->frozen) : 0;
	struct json *json = len ? json_parse(before->frozen, len, NULL) : NULL;
	const cJSON *root = json ? json_root(json) : NULL, *writes = json_arr(root, "writes");
	take_root(facts, writes ? json_obj(writes->child, "value") : json_obj(root, "record"));
	json_free(json);
	return true;
}

static enum call_next begin(struct call *call, struct request *req)
{
	struct bluesky_sending *sending = sending_of(call);
	const struct outgoing *item = call->publish->item, *before = call->publish->before;
	char *text = bluesky_post_text(item);
	bluesky_facts_find(&sending->facts, text, item->nmedia == 0);
	free(text);
	if (before && !follow(call, before)) return CALL_FAIL;
	if (!before && item->reply_to &&
	        !bluesky_post_address(
	                item->reply_to, &sending->answered.who, &sending->answered.key))
		return fail(call, ERR_SYNTAX, "what this answers is no post on Bluesky");
	if (item->quote_of &&
	        !bluesky_post_address(item->quote_of, &sending->quoted.who, &sending->quoted.key))
		return fail(call, ERR_SYNTAX, "what this quotes is no post on Bluesky");
	return ask_on(call, req);
}

enum call_next bluesky_prepare(
        struct call *call, const struct response *answer, struct request *req)
{
	static bool (*const takes[])(struct call * call, const struct response *answer) = {
	        [STAGE_HANDLE] = take_handle,
	        [STAGE_VIEW] = take_view,
	        [STAGE_RECORD] = take_record,
	        [STAGE_MENTION] = take_mention,
	        [STAGE_CARD] = take_card,
	};
	if (!answer) return begin(call, req);
	return takes[call->stage](call, answer) ? ask_on(call, req) : CALL_FAIL;
}
