#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "model/person.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_person.h"
#include "networks/bluesky_read.h"

/* A profile's page: app.bsky.actor.getProfile, then the post that is pinned to it. */

enum { STAGE_PROFILE, STAGE_PINNED };

static int64_t when(const cJSON *obj, const char *name)
{
	const char *at = json_str(obj, name);
	int64_t ms;
	return at && date_parse_rfc3339(at, &ms) ? ms : 0;
}

/* The whole text with its line breaks, owned; NULL when there is none. */
static char *bio_of(const cJSON *view)
{
	const char *raw = json_str(view, "description");
	struct str clean = {0};
	if (!raw || !*raw) return NULL;
	clean_in(&clean, CLEAN_BODY, raw, strlen(raw));
	return str_take(&clean);
}

/* Who vouches for whom (2025): shown as a field, as a verified link is elsewhere. */
static void add_verification(struct person *person, const cJSON *view)
{
	const char *status = json_str(json_obj(view, "verification"), "verifiedStatus");
	const char *handle = json_str(view, "handle");
	int n = 0;
	if (!status || strcmp(status, "valid") != 0) return;
	json_each (proof, json_arr(json_obj(view, "verification"), "verifications")) {
		if (n++ > 0 || !json_bool(proof, "isValid", false)) continue;
		struct str name = {0};
		clean_in(&name, CLEAN_NAME, handle ? handle : "", handle ? strlen(handle) : 0);
		person_add_field(person, "verified", str_c(&name), when(proof, "createdAt"));
		str_finish(&name);
	}
}

static bool read_profile(struct call *call, const cJSON *view)
{
	struct bluesky_reader reader;
	struct person *person = person_new();
	bluesky_reader_init(&reader, call->out, call->account);
	uint32_t index = bluesky_profile(&reader, view);
	bluesky_reader_finish(&reader);
	call->person = person;
	if (!index) return err_set(&call->err, ERR_FORMAT, "the server's answer is no profile");
	person->uri = xstrdup(call->out->profiles[index - 1]->uri);
	person->remote_id = xstrdup(person->uri);
	person->bio = bio_of(view);
	person->posts = json_int(view, "postsCount", -1);
	person->followers = json_int(view, "followersCount", -1);
	person->following = json_int(view, "followsCount", -1);
	person->joined_ms = when(view, "createdAt");
	person->bot = call->out->profiles[index - 1]->bot;
	add_verification(person, view);
	if (strcmp(person->uri, call->account->uri) == 0 && call->out->nrelations > 0)
		call->out->relations[call->out->nrelations - 1].flags |= RELATION_SELF;
	return true;
}

static enum call_next take_profile(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = bluesky_json(call, answer);
	const cJSON *view = json ? json_root(json) : NULL;
	const char *pinned = bluesky_id(json_obj(view, "pinnedPost"), "uri");
	enum call_next next = view && read_profile(call, view) ? CALL_DONE : CALL_FAIL;
	if (next == CALL_DONE && pinned) {
		struct str query = {0};
		bluesky_param(&query, "uris", pinned);
		bluesky_get(req, call, "app.bsky.feed.getPosts", str_c(&query));
		str_finish(&query);
		call->stage = STAGE_PINNED;
		next = CALL_SEND;
	}
	json_free(json);
	return next;
}

/* Without the pinned post the page is still worth showing. */
static enum call_next take_pinned(struct call *call, const struct response *answer)
{
	struct json *json = bluesky_json(call, answer);
	const cJSON *posts = json ? json_arr(json_root(json), "posts") : NULL;
	struct bluesky_reader reader;
	call->err = (struct err){0};
	bluesky_reader_init(&reader, call->out, call->account);
	uint32_t post = posts && posts->child ? bluesky_post(&reader, posts->child) : 0;
	bluesky_reader_finish(&reader);
	if (post) person_add_pinned(call->person, post_str(call->out->posts[post - 1], POST_URI));
	json_free(json);
	return CALL_DONE;
}

enum call_next bluesky_person(struct call *call, const struct response *answer, struct request *req)
{
	struct str query = {0};
	if (answer && call->stage == STAGE_PROFILE) return take_profile(call, answer, req);
	if (answer) return take_pinned(call, answer);
	bluesky_param(&query, "actor", call->arg + (*call->arg == '@'));
	bluesky_get(req, call, "app.bsky.actor.getProfile", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}
