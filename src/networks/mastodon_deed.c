#include "networks/mastodon_deed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_read.h"

enum { MAX_CHOICES = 32 };

/* --- parameters --- */

static void fill_visibility(struct call *call, struct mastodon_body *body)
{
	static const char *const names[VIS_COUNT] = {
	        [VIS_PUBLIC] = "public",
	        [VIS_UNLISTED] = "unlisted",
	        [VIS_FOLLOWERS] = "private",
	        [VIS_DIRECT] = "direct",
	};
	int visibility = call->action->visibility;
	if (visibility >= 0 && visibility < VIS_COUNT)
		mastodon_body_str(body, "visibility", names[visibility]);
}

static void fill_choices(struct call *call, struct mastodon_body *body)
{
	mastodon_body_open(body, "choices", '[');
	for (int i = 0; i < MAX_CHOICES; i++) {
		if (call->action->choices & UINT32_C(1) << i) mastodon_body_int(body, NULL, i);
	}
	mastodon_body_close(body, '[');
}

static void fill_follow(struct call *call, struct mastodon_body *body)
{
	mastodon_body_bool(body, "reblogs", call->action->reposts);
	mastodon_body_bool(body, "notify", call->action->notify);
}

static void fill_mute(struct call *call, struct mastodon_body *body)
{
	mastodon_body_bool(body, "notifications", call->action->notify);
	mastodon_body_int(body, "duration", call->action->seconds);
}

static void fill_report(struct call *call, struct mastodon_body *body)
{
	const char *name = call->action->name ? call->action->name : "";
	char *category = xstrndup(name, strcspn(name, " "));
	mastodon_body_str(body, "account_id", mastodon_work(call)->profile);
	if (mastodon_work(call)->post) {
		mastodon_body_open(body, "status_ids", '[');
		mastodon_body_str(body, NULL, mastodon_work(call)->post);
		mastodon_body_close(body, '[');
	}
	mastodon_body_str(body, "comment", call->action->text);
	mastodon_body_str(body, "category", *category ? category : NULL);
	mastodon_body_bool(body, "forward", strstr(name, " forward") != NULL);
	free(category);
}

static void fill_member(struct call *call, struct mastodon_body *body)
{
	mastodon_body_open(body, "account_ids", '[');
	mastodon_body_str(body, NULL, mastodon_work(call)->profile);
	mastodon_body_close(body, '[');
}

static void fill_domain(struct call *call, struct mastodon_body *body)
{
	mastodon_body_str(body, "domain", call->action->name);
}

static void fill_name_as_title(struct call *call, struct mastodon_body *body)
{
	mastodon_body_str(body, "title", call->action->name);
}

static void fill_text_as_title(struct call *call, struct mastodon_body *body)
{
	mastodon_body_str(body, "title", call->action->text);
}

/* --- answers --- */

/* What was done is done: a post that cannot be read is only not shown anew. */
static bool read_post(struct call *call, struct json **json)
{
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, mastodon_out(call), call->account);
	if (!mastodon_post(&reader, json_root(*json), 0)) call->out->unreadable++;
	mastodon_reader_finish(&reader);
	return true;
}

static bool read_relation(struct call *call, struct json **json)
{
	mastodon_keep(call, KEPT_RELATION, *json, json_root(*json));
	*json = NULL;
	return true;
}

static bool read_gone(struct call *call, struct json **json)
{
	(void)json;
	free(call->gone);
	call->gone = xstrdup(mastodon_work(call)->post);
	return true;
}

static bool read_reported(struct call *call, struct json **json)
{
	(void)json;
	free(call->said);
	call->said = xstrdup("the moderators were told");
	return true;
}

static bool read_list(struct call *call, struct json **json)
{
	const char *id = mastodon_id(json_root(*json), "id");
	struct str said = {0};
	if (id) str_addf(&said, "the list's id is %s", id);
	free(call->said);
	call->said = id ? str_take(&said) : NULL;
	return true;
}

static bool refuse(struct call *call, const char *why)
{
	return err_set(&call->err, ERR_REFUSED, "%s", why);
}

/* Which poll it is, and whether these choices can be made in it. */
static bool read_poll(struct call *call, struct json **json)
{
	struct mastodon_work *work = mastodon_work(call);
	const cJSON *poll = json_obj(json_root(*json), "poll");
	const char *id = mastodon_id(poll, "id");
	uint32_t choices = call->action->choices;
	int options = cJSON_GetArraySize(json_arr(poll, "options"));
	if (!id) return refuse(call, "there is no poll in this post");
	if (json_bool(poll, "expired", false)) return refuse(call, "the poll is over");
	if (options < MAX_CHOICES && choices >> options)
		return refuse(call, "it has fewer options");
	if (choices & (choices - 1) && !json_bool(poll, "multiple", false))
		return refuse(call, "only one option can be chosen");
	free(work->other);
	work->other = xstrdup(id);
	return true;
}

/* Whom a post is of. */
static bool read_author(struct call *call, struct json **json)
{
	struct mastodon_work *work = mastodon_work(call);
	const char *id = mastodon_id(json_obj(json_root(*json), "account"), "id");
	if (!id) return refuse(call, "the server does not say who wrote the post");
	free(work->profile);
	work->profile = xstrdup(id);
	return true;
}

static bool read_group(struct call *call, struct json **json)
{
	struct mastodon_work *work = mastodon_work(call);
	const char *key = mastodon_id(json_root(*json), "group_key");
	free(work->other);
	work->other = key ? xstrdup(key) : NULL;
	return true;
}

/* --- conditions --- */

static bool lacks_profile(struct call *call)
{
	return !mastodon_work(call)->profile;
}

static bool has_text(struct call *call)
{
	return call->action->text != NULL;
}

static bool lacks_text(struct call *call)
{
	return !has_text(call);
}

static bool all_notices(struct call *call)
{
	return !call->action->name;
}

/* "favourite-12-345", "ungrouped-12": ids of notifications have no such word before them. */
static bool one_group(struct call *call)
{
	const char *name = call->action->name;
	bool grouped = call->account->caps & CAP_GROUPED;
	return grouped && name && isalpha((unsigned char)*name) && strchr(name, '-');
}

static bool one_id(struct call *call)
{
	return !all_notices(call) && !one_group(call);
}

/* A row of ours stands for its whole group. */
static bool may_be_grouped(struct call *call)
{
	return one_id(call) && call->account->caps & CAP_GROUPED;
}

static bool is_grouped(struct call *call)
{
	return one_id(call) && mastodon_work(call)->other;
}

static bool is_single(struct call *call)
{
	return one_id(call) && !mastodon_work(call)->other;
}

/* --- the table --- */

static const struct mastodon_deed deeds[] = {
#define STATUS "/api/v1/statuses/%P"
        {VERB_LIKE, false, "POST", STATUS "/favourite", 0, NULL, read_post, NULL},
        {VERB_LIKE, true, "POST", STATUS "/unfavourite", 0, NULL, read_post, NULL},
        {VERB_REPOST, false, "POST", STATUS "/reblog", 0, fill_visibility, read_post, NULL},
        {VERB_REPOST, true, "POST", STATUS "/unreblog", 0, NULL, read_post, NULL},
        {VERB_BOOKMARK, false, "POST", STATUS "/bookmark", DEED_OPTIONAL, NULL, read_post, NULL},
        {VERB_BOOKMARK, true, "POST", STATUS "/unbookmark", DEED_OPTIONAL, NULL, read_post, NULL},
        {VERB_PIN, false, "POST", STATUS "/pin", DEED_OPTIONAL, NULL, read_post, NULL},
        {VERB_PIN, true, "POST", STATUS "/unpin", DEED_OPTIONAL, NULL, read_post, NULL},
        {VERB_MUTE_THREAD, false, "POST", STATUS "/mute", DEED_OPTIONAL, NULL, read_post, NULL},
        {VERB_MUTE_THREAD, true, "POST", STATUS "/unmute", DEED_OPTIONAL, NULL, read_post, NULL},
        {VERB_VOTE, false, "GET", STATUS, 0, NULL, read_poll, NULL},
        {VERB_VOTE, false, "POST", "/api/v1/polls/%O/votes", DEED_OPTIONAL, fill_choices, NULL,
                NULL},
        {VERB_VOTE, false, "GET", STATUS, DEED_SOFT, NULL, read_post, NULL},
        {VERB_EDIT, false, "GET", STATUS, 0, NULL, rewrite_keep_status, NULL},
        {VERB_EDIT, false, "GET", STATUS "/source", DEED_OPTIONAL, NULL, rewrite_keep_source,
                lacks_text},
        {VERB_EDIT, false, "GET", STATUS "/source", DEED_SOFT, NULL, rewrite_keep_source, has_text},
        {VERB_EDIT, false, "PUT", STATUS, DEED_OPTIONAL, rewrite_fill_edit, read_post, NULL},
        {VERB_DELETE, false, "DELETE", STATUS, DEED_OPTIONAL, NULL, read_gone, NULL},
        {VERB_REDRAFT, false, "GET", STATUS, 0, NULL, rewrite_keep_status, NULL},
        {VERB_REDRAFT, false, "GET", STATUS "/source", DEED_OPTIONAL, NULL, rewrite_keep_source,
                lacks_text},
        {VERB_REDRAFT, false, "GET", STATUS "/source", DEED_SOFT, NULL, rewrite_keep_source,
                has_text},
        {VERB_REDRAFT, false, "POST", "/api/v1/statuses", DEED_KEYED, rewrite_fill_redraft,
                rewrite_published, NULL},
        {VERB_REDRAFT, false, "DELETE", "/api/v1/statuses/%O", 0, NULL, rewrite_taken_back,
                rewrite_is_spoilt},
        {VERB_REDRAFT, false, "DELETE", STATUS, 0, NULL, read_gone, rewrite_is_whole},
#undef STATUS
#define ACCOUNT "/api/v1/accounts/%A"
        {VERB_FOLLOW, false, "POST", ACCOUNT "/follow", 0, fill_follow, read_relation, NULL},
        {VERB_FOLLOW, true, "POST", ACCOUNT "/unfollow", 0, NULL, read_relation, NULL},
        {VERB_MUTE, false, "POST", ACCOUNT "/mute", DEED_OPTIONAL, fill_mute, read_relation, NULL},
        {VERB_MUTE, true, "POST", ACCOUNT "/unmute", DEED_OPTIONAL, NULL, read_relation, NULL},
        {VERB_BLOCK, false, "POST", ACCOUNT "/block", 0, NULL, read_relation, NULL},
        {VERB_BLOCK, true, "POST", ACCOUNT "/unblock", 0, NULL, read_relation, NULL},
#undef ACCOUNT
        {VERB_REPORT, false, "GET", "/api/v1/statuses/%P", 0, NULL, read_author, lacks_profile},
        {VERB_REPORT, false, "POST", "/api/v1/reports", DEED_OPTIONAL, fill_report, read_reported,
                NULL},
        {VERB_ACCEPT, false, "POST", "/api/v1/follow_requests/%A/authorize", DEED_OPTIONAL, NULL,
                read_relation, NULL},
        {VERB_ACCEPT, true, "POST", "/api/v1/follow_requests/%A/reject", DEED_OPTIONAL, NULL,
                read_relation, NULL},
        {VERB_LIST_ADD, false, "POST", "/api/v1/lists/%N/accounts", DEED_OPTIONAL, fill_member,
                NULL, NULL},
        {VERB_LIST_ADD, true, "DELETE", "/api/v1/lists/%N/accounts", DEED_OPTIONAL, fill_member,
                NULL, NULL},
        {VERB_LIST_MAKE, false, "POST", "/api/v1/lists", DEED_OPTIONAL, fill_name_as_title,
                read_list, NULL},
        {VERB_LIST_MAKE, true, "DELETE", "/api/v1/lists/%N", DEED_OPTIONAL, NULL, NULL, NULL},
        {VERB_LIST_RENAME, false, "PUT", "/api/v1/lists/%N", DEED_OPTIONAL, fill_text_as_title,
                NULL, NULL},
        {VERB_BLOCK_DOMAIN, false, "POST", "/api/v1/domain_blocks", DEED_OPTIONAL, fill_domain,
                NULL, NULL},
        {VERB_BLOCK_DOMAIN, true, "DELETE", "/api/v1/domain_blocks", DEED_OPTIONAL, fill_domain,
                NULL, NULL},
        {VERB_FOLLOW_TAG, false, "POST", "/api/v1/tags/%T/follow", DEED_OPTIONAL, NULL, NULL, NULL},
        {VERB_FOLLOW_TAG, true, "POST", "/api/v1/tags/%T/unfollow", DEED_OPTIONAL, NULL, NULL,
                NULL},
        {VERB_DISMISS, false, "POST", "/api/v1/notifications/clear", DEED_OPTIONAL, NULL, NULL,
                all_notices},
        {VERB_DISMISS, false, "POST", "/api/v2/notifications/%N/dismiss", DEED_OPTIONAL, NULL, NULL,
                one_group},
        {VERB_DISMISS, false, "GET", "/api/v1/notifications/%N", DEED_SOFT, NULL, read_group,
                may_be_grouped},
        {VERB_DISMISS, false, "POST", "/api/v2/notifications/%O/dismiss", DEED_OPTIONAL, NULL, NULL,
                is_grouped},
        {VERB_DISMISS, false, "POST", "/api/v1/notifications/%N/dismiss", DEED_OPTIONAL, NULL, NULL,
                is_single},
        {VERB_UNSCHEDULE, false, "DELETE", "/api/v1/scheduled_statuses/%N", DEED_OPTIONAL, NULL,
                NULL, NULL},
};
enum { NDEEDS = sizeof deeds / sizeof *deeds };

int mastodon_deed_next(struct call *call, int from)
{
	const struct action *action = call->action;
	for (int i = from; i < NDEEDS; i++) {
		const struct mastodon_deed *deed = &deeds[i];
		if (deed->verb != action->verb || deed->undo != action->undo) continue;
		if (!deed->wanted || deed->wanted(call)) return i;
	}
	return -1;
}

const struct mastodon_deed *mastodon_deed_at(int number)
{
	return &deeds[number];
}

bool mastodon_deed_known(enum verb verb, bool undo)
{
	for (int i = 0; i < NDEEDS; i++) {
		if (deeds[i].verb == verb && deeds[i].undo == undo) return true;
	}
	return false;
}
