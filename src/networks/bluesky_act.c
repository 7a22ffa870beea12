#include "networks/bluesky_act.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/post.h"
#include "networks/bluesky_address.h"
#include "networks/bluesky_deed.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_prefs.h"
#include "networks/bluesky_read.h"

/*
 * An action is a record in one's own repository, or a procedure of the AppView. First the
 * subject as it is now is asked for: its version (cid), and with what record of ours it is
 * liked, reposted, followed or blocked already, because that record is what an undo deletes.
 */

enum stage {
	STAGE_HANDLE,
	STAGE_SUBJECT,
	STAGE_MEMBER,
	STAGE_LIST,
	STAGE_WRITE,
	STAGE_REPOSTS,
	STAGE_NOTIFY,
};

static const struct bluesky_deed deeds[] = {
        {VERB_LIKE, "app.bsky.feed.like", "like", NULL, NULL, VIEWER_LIKED},
        {VERB_REPOST, "app.bsky.feed.repost", "repost", NULL, NULL, VIEWER_REPOSTED},
        {VERB_BOOKMARK, NULL, NULL, "app.bsky.bookmark.createBookmark",
                "app.bsky.bookmark.deleteBookmark", VIEWER_BOOKMARKED},
        {VERB_MUTE_THREAD, NULL, NULL, "app.bsky.graph.muteThread", "app.bsky.graph.unmuteThread",
                VIEWER_THREAD_MUTED},
        {VERB_DELETE, NULL, NULL, "com.atproto.repo.deleteRecord", NULL, 0},
        {VERB_FOLLOW, "app.bsky.graph.follow", "following", NULL, NULL, RELATION_FOLLOWING},
        {VERB_BLOCK, "app.bsky.graph.block", "blocking", NULL, NULL, RELATION_BLOCKING},
        {VERB_MUTE, NULL, NULL, "app.bsky.graph.muteActor", "app.bsky.graph.unmuteActor",
                RELATION_MUTING},
        {VERB_REPORT, NULL, NULL, "com.atproto.moderation.createReport", NULL, 0},
        {VERB_LIST_ADD, "app.bsky.graph.listitem", NULL, NULL, NULL, 0},
        {VERB_LIST_MAKE, "app.bsky.graph.list", NULL, NULL, NULL, 0},
        {VERB_MUTE_LIST, NULL, NULL, "app.bsky.graph.muteActorList",
                "app.bsky.graph.unmuteActorList", 0},
        {VERB_BLOCK_LIST, "app.bsky.graph.listblock", NULL, NULL, NULL, 0},
};

static const struct bluesky_deed *deed_of(const struct action *action)
{
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		if (deeds[i].verb == action->verb) return &deeds[i];
	}
	return NULL;
}

static struct bluesky_errand *errand_of(const struct call *call)
{
	return call->data;
}

static enum call_next fail(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return CALL_FAIL;
}

/* --- whom or what it is about --- */

static enum call_next ask_post(struct call *call, struct request *req)
{
	struct str query = {0};
	call->stage = STAGE_SUBJECT;
	bluesky_param(&query, "uris", errand_of(call)->uri);
	bluesky_get(req, call, "app.bsky.feed.getPosts", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

static enum call_next ask_profile(struct call *call, struct request *req)
{
	struct str query = {0};
	call->stage = STAGE_SUBJECT;
	bluesky_param(&query, "actor", errand_of(call)->uri);
	bluesky_get(req, call, "app.bsky.actor.getProfile", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

/* A post's URI begins with a DID; an address in the browser may have the handle there. */
static enum call_next ask_handle(struct call *call, struct request *req, const char *who)
{
	struct str query = {0};
	call->stage = STAGE_HANDLE;
	bluesky_param(&query, "handle", who);
	bluesky_get(req, call, "com.atproto.identity.resolveHandle", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

static void set_uri(struct call *call, const char *who, const char *key)
{
	struct bluesky_errand *errand = errand_of(call);
	struct str uri = {0};
	if (key)
		str_addf(&uri, "at://%s/app.bsky.feed.post/%s", who, key);
	else
		str_adds(&uri, who);
	free(errand->uri);
	errand->uri = str_take(&uri);
}

/* `written`: an at:// URI, an address of the web, a handle or a DID. */
static enum call_next ask_subject(struct call *call, struct request *req, const char *written)
{
	char *key, *who = bluesky_web_address(written, &key);
	bool is_post = key != NULL || strncmp(written, "at://", 5) == 0;
	set_uri(call, who ? who : written + (*written == '@'), key);
	bool unknown = key && strncmp(who, "did:", 4) != 0;
	enum call_next next = unknown   ? ask_handle(call, req, who)
	                      : is_post ? ask_post(call, req)
	                                : ask_profile(call, req);
	free(who);
	free(key);
	return next;
}

/* The handle in the URI becomes the DID that it stands for. */
static enum call_next take_handle(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = bluesky_json(call, answer);
	const char *did = json ? bluesky_id(json_root(json), "did") : NULL;
	if (!did) {
		if (json) fail(call, ERR_FORMAT, "the server does not say who that is");
		json_free(json);
		return CALL_FAIL;
	}
	char *key = xstrdup(bluesky_rkey(errand_of(call)->uri));
	set_uri(call, did, key);
	free(key);
	json_free(json);
	return ask_post(call, req);
}

/* The postView or profile that was asked for; borrowed, or NULL with the reason. */
static const cJSON *take_subject(struct call *call, const struct response *answer)
{
	struct bluesky_errand *errand = errand_of(call);
	errand->subject = bluesky_json(call, answer);
	const cJSON *root = errand->subject ? json_root(errand->subject) : NULL;
	const cJSON *posts = json_arr(root, "posts");
	const cJSON *subject = posts ? posts->child : root;
	if (root && (!subject || (!json_str(subject, "uri") && !json_str(subject, "did")))) {
		err_set(&call->err, ERR_NOT_FOUND, "it is gone, or not visible to %s",
		        call->account->name);
		return NULL;
	}
	return subject;
}

static enum call_next send(
        struct call *call, struct request *req, const char *nsid, struct str *body)
{
	call->stage = STAGE_WRITE;
	str_addc(body, '}');
	bluesky_post_json(req, call, nsid, NULL, str_c(body));
	str_finish(body);
	return CALL_SEND;
}

static enum call_next create(struct call *call, struct request *req,
        const struct bluesky_deed *deed, const cJSON *subject)
{
	struct str body = {0};
	str_addc(&body, '{');
	bluesky_add_member(&body, "repo", call->account->uri);
	bluesky_add_member(&body, "collection", deed->collection);
	bluesky_add_record(&body, call, deed, subject);
	return send(call, req, "com.atproto.repo.createRecord", &body);
}

/* Delete a record of ours by its URI, at://DID/COLLECTION/RKEY. */
static enum call_next drop_record(struct call *call, struct request *req, const char *uri)
{
	const char *collection = strncmp(uri, "at://", 5) == 0 ? strchr(uri + 5, '/') : NULL;
	const char *key = collection ? strchr(collection + 1, '/') : NULL;
	if (!key) return fail(call, ERR_FORMAT, "the server names no record to take back");
	struct str body = {0};
	char *name = xstrndup(collection + 1, (size_t)(key - collection - 1));
	str_addc(&body, '{');
	bluesky_add_member(&body, "repo", call->account->uri);
	bluesky_add_member(&body, "collection", name);
	bluesky_add_member(&body, "rkey", key + 1);
	free(name);
	return send(call, req, "com.atproto.repo.deleteRecord", &body);
}

/* The first post of the conversation: it names the thread. */
static const char *root_of(const cJSON *post)
{
	const cJSON *reply = json_obj(json_obj(post, "record"), "reply");
	const char *root = json_str(json_obj(reply, "root"), "uri");
	return root ? root : json_str(post, "uri");
}

static enum call_next proceed(struct call *call, struct request *req,
        const struct bluesky_deed *deed, const cJSON *subject)
{
	bool undo = call->action->undo;
	const char *uri = json_str(subject, "uri"), *did = json_str(subject, "did");
	struct str body = {0};
	if (deed->verb == VERB_DELETE) {
		const char *author = json_str(json_obj(subject, "author"), "did");
		bool own = uri && author && strcmp(author, call->account->uri) == 0;
		if (!own) return fail(call, ERR_REFUSED, "this is not yours to delete");
		return drop_record(call, req, uri);
	}
	str_addc(&body, '{');
	if (deed->verb == VERB_REPORT) {
		bluesky_add_report(&body, call, subject);
	} else if (deed->verb == VERB_MUTE_THREAD) {
		bluesky_add_member(&body, "root", root_of(subject));
	} else if (did) {
		bluesky_add_member(&body, "actor", did);
	} else {
		bluesky_add_member(&body, "uri", uri);
		if (!undo) bluesky_add_member(&body, "cid", json_str(subject, "cid"));
	}
	return send(call, req, undo ? deed->off : deed->on, &body);
}

/* --- what comes of it --- */

static void follow_options(
        const struct call *call, const struct bluesky_deed *deed, struct relation *relation)
{
	if (deed->verb != VERB_FOLLOW || call->action->undo) return;
	relation->flags &= ~(unsigned)(RELATION_REPOSTS | RELATION_NOTIFY);
	if (call->action->reposts) relation->flags |= RELATION_REPOSTS;
	if (call->action->notify) relation->flags |= RELATION_NOTIFY;
}

/* The subject as it will be: the AppView learns of our record a moment later. */
static void show(struct call *call, const struct bluesky_deed *deed)
{
	const cJSON *root = json_root(errand_of(call)->subject), *posts = json_arr(root, "posts");
	struct page *page = call->out;
	struct bluesky_reader reader;
	bool on = !call->action->undo;
	bluesky_reader_init(&reader, page, call->account);
	uint32_t index =
	        posts ? bluesky_post(&reader, posts->child) : bluesky_profile(&reader, root);
	bluesky_reader_finish(&reader);
	if (!index || !deed->flag) return;
	if (!posts) {
		struct relation *relation =
		        page->nrelations ? &page->relations[page->nrelations - 1] : NULL;
		if (!relation) return;
		relation->flags = on ? relation->flags | deed->flag : relation->flags & ~deed->flag;
		follow_options(call, deed, relation);
		return;
	}
	struct post *post = page->posts[index - 1];
	if (!post->nviewers) return;
	unsigned flags = post_viewer(post, 0).flags,
	         wanted = on ? flags | deed->flag : flags & ~deed->flag;
	uint32_t *count = deed->verb == VERB_LIKE     ? &post->likes
	                  : deed->verb == VERB_REPOST ? &post->reposts
	                                              : NULL;
	if (count && flags != wanted && *count != POST_UNKNOWN && (on || *count > 0))
		*count = on ? *count + 1 : *count - 1;
	post_set_viewer_flags(post, 0, wanted);
}

static enum call_next end(struct call *call, const struct bluesky_deed *deed)
{
	if (errand_of(call)->subject && deed->verb != VERB_DELETE) show(call, deed);
	if (deed->verb == VERB_DELETE)
		call->gone = xstrdup(call->action->remote_id ? call->action->remote_id : "");
	return CALL_DONE;
}

/* Which record makes somebody a member of a list. */
static enum call_next ask_member(struct call *call, struct request *req, const cJSON *subject)
{
	struct str query = {0};
	call->stage = STAGE_MEMBER;
	bluesky_param(&query, "actor", json_str(subject, "did") ? json_str(subject, "did") : "");
	str_adds(&query, "&limit=100");
	bluesky_get(req, call, "app.bsky.graph.getListsWithMembership", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

static enum call_next take_member(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = bluesky_json(call, answer);
	char *uri = NULL;
	if (!json) return CALL_FAIL;
	json_each (item, json_arr(json_root(json), "listsWithMembership")) {
		const char *list = json_str(json_obj(item, "list"), "uri");
		const char *member = json_str(json_obj(item, "listItem"), "uri");
		if (list && member && strcmp(list, call->action->name) == 0) uri = xstrdup(member);
	}
	json_free(json);
	enum call_next next =
	        uri ? drop_record(call, req, uri) : CALL_DONE; /* not on it: all is well */
	free(uri);
	return next;
}

/* --- lists that are muted or blocked --- */

static enum call_next ask_list(struct call *call, struct request *req)
{
	struct str query = {0};
	call->stage = STAGE_LIST;
	bluesky_param(&query, "list", errand_of(call)->uri);
	str_adds(&query, "&limit=1");
	bluesky_get(req, call, "app.bsky.graph.getList", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

/* The record by which we block the list is what an undo deletes. */
static enum call_next take_list(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = bluesky_json(call, answer);
	if (!json) return CALL_FAIL;
	const cJSON *viewer = json_obj(json_obj(json_root(json), "list"), "viewer");
	const char *record = json_str(viewer, "blocked");
	enum call_next next = record ? drop_record(call, req, record) : CALL_DONE;
	json_free(json);
	return next;
}

static enum call_next begin_list(
        struct call *call, const struct bluesky_deed *deed, struct request *req)
{
	const struct action *action = call->action;
	struct str body = {0};
	char *uri = bluesky_list_address(action->name ? action->name : "");
	if (!uri) return fail(call, ERR_SYNTAX, "a list is named by its at:// or bsky.app address");
	free(errand_of(call)->uri);
	errand_of(call)->uri = uri;
	if (deed->collection)
		return action->undo ? ask_list(call, req) : create(call, req, deed, NULL);
	str_addc(&body, '{');
	bluesky_add_member(&body, "list", uri);
	return send(call, req, action->undo ? deed->off : deed->on, &body);
}

/* --- what goes with following: reposts and notices --- */

static enum call_next set_notify(struct call *call, struct request *req, const char *did)
{
	struct str body = {0};
	if (!call->action->notify) return CALL_DONE;
	str_addc(&body, '{');
	bluesky_add_member(&body, "subject", did);
	str_adds(&body, ",\"activitySubscription\":{\"post\":true,\"reply\":false}");
	send(call, req, "app.bsky.notification.putActivitySubscription", &body);
	call->stage = STAGE_NOTIFY;
	return CALL_SEND;
}

/* Whoever follows without reposts mutes those alone; a mute of all else stays as it is. */
static enum call_next set_reposts(struct call *call, struct request *req)
{
	const cJSON *subject = json_root(errand_of(call)->subject);
	const cJSON *viewer = json_obj(subject, "viewer");
	const char *did = json_str(subject, "did");
	bool muted = json_bool(viewer, "mutedOnlyReposts", false);
	bool wanted = !call->action->reposts;
	struct str body = {0};
	if (muted == wanted || json_bool(viewer, "muted", false)) return set_notify(call, req, did);
	str_addc(&body, '{');
	bluesky_add_member(&body, "actor", did);
	if (wanted) str_adds(&body, ",\"onlyReposts\":true");
	send(call, req, wanted ? "app.bsky.graph.muteActor" : "app.bsky.graph.unmuteActor", &body);
	call->stage = STAGE_REPOSTS;
	return CALL_SEND;
}

static enum call_next written(
        struct call *call, const struct bluesky_deed *deed, struct request *req)
{
	enum call_next next = CALL_DONE;
	bool follows = deed->verb == VERB_FOLLOW && !call->action->undo;
	if (follows && call->stage == STAGE_REPOSTS)
		next = set_notify(call, req, json_str(json_root(errand_of(call)->subject), "did"));
	else if (follows && call->stage != STAGE_NOTIFY)
		next = set_reposts(call, req);
	return next == CALL_SEND ? next : end(call, deed);
}

static enum call_next act_on(struct call *call, struct request *req,
        const struct bluesky_deed *deed, const cJSON *subject)
{
	const cJSON *viewer = json_obj(subject, "viewer");
	const char *record = deed->viewer ? json_str(viewer, deed->viewer) : NULL;
	bool undo = call->action->undo;
	if (deed->verb == VERB_LIST_ADD && undo) return ask_member(call, req, subject);
	if (!deed->collection) return proceed(call, req, deed, subject);
	if (!undo && record) return written(call, deed, req); /* it stands already */
	if (!undo) return create(call, req, deed, subject);
	return record ? drop_record(call, req, record) : end(call, deed);
}

static enum call_next begin(struct call *call, const struct bluesky_deed *deed, struct request *req)
{
	const struct action *action = call->action;
	if (deed->verb == VERB_LIST_MAKE && (!action->name || !*action->name))
		return fail(call, ERR_SYNTAX, "a list wants a name");
	if (deed->verb == VERB_LIST_MAKE)
		return action->undo ? drop_record(call, req, action->name)
		                    : create(call, req, deed, NULL);
	if (deed->verb == VERB_MUTE_LIST || deed->verb == VERB_BLOCK_LIST)
		return begin_list(call, deed, req);
	const char *post = action->uri;
	const char *who = action->profile_id ? action->profile_id : action->profile;
	bool wants_post =
	        verbs[deed->verb].target == TARGET_POST || (deed->verb == VERB_REPORT && post);
	const char *subject = wants_post ? post : who;
	if (!subject || !*subject) return fail(call, ERR_SYNTAX, "this is done to nothing");
	return ask_subject(call, req, subject);
}

enum call_next bluesky_act(struct call *call, const struct response *answer, struct request *req)
{
	const struct bluesky_deed *deed = deed_of(call->action);
	if (verbs[call->action->verb].cap == CAP_FILTERS)
		return bluesky_filter_act(call, answer, req);
	if (!deed) {
		err_set(&call->err, ERR_UNSUPPORTED, "Bluesky cannot %s",
		        capability_name(verbs[call->action->verb].cap));
		return CALL_FAIL;
	}
	if (!answer) return begin(call, deed, req);
	if (call->stage == STAGE_HANDLE) return take_handle(call, answer, req);
	if (call->stage == STAGE_MEMBER) return take_member(call, answer, req);
	if (call->stage == STAGE_LIST) return take_list(call, answer, req);
	if (call->stage == STAGE_SUBJECT) {
		const cJSON *subject = take_subject(call, answer);
		return subject ? act_on(call, req, deed, subject) : CALL_FAIL;
	}
	return bluesky_good(call, answer) ? written(call, deed, req) : CALL_FAIL;
}

enum call_next bluesky_lookup(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_subject(call, req, call->arg);
	if (call->stage == STAGE_HANDLE) return take_handle(call, answer, req);
	const cJSON *subject = take_subject(call, answer);
	struct bluesky_reader reader;
	if (!subject) return CALL_FAIL;
	bluesky_reader_init(&reader, call->out, call->account);
	bool fine = json_str(subject, "uri") ? bluesky_post(&reader, subject)
	                                     : bluesky_profile(&reader, subject);
	bluesky_reader_finish(&reader);
	if (!fine) err_set(&call->err, ERR_FORMAT, "the server's answer makes no sense");
	return fine ? CALL_DONE : CALL_FAIL;
}

void bluesky_errand_finish(struct bluesky_errand *errand)
{
	bluesky_progress_finish(&errand->fetch);
	json_free(errand->subject);
	free(errand->uri);
	bluesky_sending_finish(&errand->sending);
}
