#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/mastodon_deed.h"
#include "networks/mastodon_read.h"

/*
 * Changing an own post (fact sheet 5.5). An edit says all anew: what it does not send is
 * lost, so the post and its source are asked for first. A redraft publishes before it
 * deletes, so that a failure loses nothing; a server that does not give the media of one
 * post to another is found out by what it published, and that is taken back.
 */

enum { MAX_OPTIONS = 64, MAX_MEDIA = 64, POLL_MIN_S = 300, POLL_MAX_S = 2629746 };

static const cJSON *old(struct call *call)
{
	return mastodon_kept(call, KEPT_STATUS);
}

static int64_t ends_ms(const cJSON *poll)
{
	const char *ends = json_str(poll, "expires_at");
	int64_t ms = 0;
	return ends && date_parse_rfc3339(ends, &ms) ? ms : 0;
}

bool rewrite_keep_status(struct call *call, struct json **json)
{
	const cJSON *status = json_root(*json), *poll = json_obj(status, "poll");
	int64_t ends = ends_ms(poll);
	bool over = json_bool(poll, "expired", false) || (ends && ends <= call->now_ms);
	if (!cJSON_IsObject(status))
		return err_set(&call->err, ERR_FORMAT, "the server does not tell the post");
	if (over && call->action->verb == VERB_EDIT)
		return err_set(&call->err, ERR_REFUSED,
		        "its poll is over, and editing the post would open it again");
	mastodon_keep(call, KEPT_STATUS, *json, status);
	*json = NULL;
	return true;
}

bool rewrite_keep_source(struct call *call, struct json **json)
{
	mastodon_keep(call, KEPT_SOURCE, *json, json_root(*json));
	*json = NULL;
	return true;
}

/* --- what is kept --- */

static void fill_media(const cJSON *status, struct mastodon_body *body)
{
	const cJSON *media = json_arr(status, "media_attachments");
	int n = 0;
	if (!media || !media->child) return;
	mastodon_body_open(body, "media_ids", '[');
	json_each (item, media) {
		mastodon_body_str(body, NULL, mastodon_id(item, "id"));
		if (++n == MAX_MEDIA) break;
	}
	mastodon_body_close(body, '[');
}

static int64_t within(struct call *call, int64_t seconds)
{
	const struct limits *limits = &call->account->limits;
	int64_t min = limits->poll_min_s ? limits->poll_min_s : POLL_MIN_S;
	int64_t max = limits->poll_max_s ? limits->poll_max_s : POLL_MAX_S;
	return seconds < min ? min : seconds > max ? max : seconds;
}

/* How long the poll is open from `from_ms` on; where it has no end, as long as may be. */
static int64_t open_for(struct call *call, const cJSON *poll, int64_t from_ms)
{
	int64_t ends = ends_ms(poll);
	return within(call, ends ? (ends - from_ms) / 1000 : INT64_MAX);
}

static bool hides_totals(const cJSON *poll)
{
	json_each (option, json_arr(poll, "options")) {
		if (json_int(option, "votes_count", -1) < 0) return true;
	}
	return false;
}

static void fill_poll(
        struct call *call, const cJSON *status, struct mastodon_body *body, int64_t from_ms)
{
	const cJSON *poll = json_obj(status, "poll");
	int n = 0;
	if (!poll) return;
	mastodon_body_open(body, "poll", '{');
	mastodon_body_open(body, "options", '[');
	json_each (option, json_arr(poll, "options")) {
		mastodon_body_str(body, NULL, json_str(option, "title"));
		if (++n == MAX_OPTIONS) break;
	}
	mastodon_body_close(body, '[');
	mastodon_body_int(body, "expires_in", open_for(call, poll, from_ms));
	mastodon_body_bool(body, "multiple", json_bool(poll, "multiple", false));
	mastodon_body_bool(body, "hide_totals", hides_totals(poll));
	mastodon_body_close(body, '{');
}

/* The new words where there are some, else the old ones. */
static void fill_words(struct call *call, struct mastodon_body *body)
{
	const cJSON *source = mastodon_kept(call, KEPT_SOURCE);
	const struct action *action = call->action;
	const char *warning = action->warning ? action->warning : json_str(source, "spoiler_text");
	if (!warning) warning = json_str(old(call), "spoiler_text");
	mastodon_body_str(body, "status", action->text ? action->text : json_str(source, "text"));
	mastodon_body_str(body, "spoiler_text", warning);
	/* Servers with more than plain text: it would be read as plain from now on. */
	mastodon_body_str(body, "content_type", json_str(source, "content_type"));
	mastodon_body_bool(body, "sensitive",
	        json_bool(old(call), "sensitive", false) || (warning && *warning));
	mastodon_body_str(body, "language", json_str(old(call), "language"));
}

void rewrite_fill_edit(struct call *call, struct mastodon_body *body)
{
	fill_words(call, body);
	fill_media(old(call), body);
	fill_poll(call, old(call), body, call->now_ms);
}

void rewrite_fill_redraft(struct call *call, struct mastodon_body *body)
{
	const char *created = json_str(old(call), "created_at");
	const cJSON *quote = json_obj(old(call), "quote");
	int64_t created_ms = call->now_ms;
	if (created && !date_parse_rfc3339(created, &created_ms)) created_ms = call->now_ms;
	fill_words(call, body);
	mastodon_body_str(body, "visibility", json_str(old(call), "visibility"));
	mastodon_body_str(body, "in_reply_to_id", mastodon_id(old(call), "in_reply_to_id"));
	mastodon_body_str(
	        body, "quoted_status_id", mastodon_id(json_obj(quote, "quoted_status"), "id"));
	fill_media(old(call), body);
	fill_poll(call, old(call), body, created_ms);
}

/* --- published anew --- */

static int count_media(const cJSON *status)
{
	return cJSON_GetArraySize(json_arr(status, "media_attachments"));
}

bool rewrite_published(struct call *call, struct json **json)
{
	struct mastodon_work *work = mastodon_work(call);
	const cJSON *status = json_root(*json);
	const char *id = mastodon_id(status, "id");
	if (!id || !json_obj(status, "account"))
		return err_set(&call->err, ERR_FORMAT,
		        "the server does not tell what it published; the old post is left as it "
		        "is");
	/* It took the key for one that it had: what it names may be the post to be deleted. */
	if (strcmp(id, work->post) == 0)
		return err_set(&call->err, ERR_REFUSED, "the server published nothing new");
	free(work->other);
	work->other = xstrdup(id);
	work->spoilt = count_media(status) < count_media(old(call));
	if (work->spoilt) return true;
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, mastodon_out(call), call->account);
	if (!mastodon_post(&reader, status, 0)) call->out->unreadable++;
	mastodon_reader_finish(&reader);
	return true;
}

bool rewrite_is_whole(struct call *call)
{
	return !mastodon_work(call)->spoilt;
}

bool rewrite_is_spoilt(struct call *call)
{
	return mastodon_work(call)->spoilt;
}

bool rewrite_taken_back(struct call *call, struct json **json)
{
	(void)json;
	return err_set(&call->err, ERR_REFUSED,
	        "%s does not give a post's media to another post: edit it instead, nothing changed",
	        call->account->host);
}
