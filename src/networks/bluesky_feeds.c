#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "model/items.h"
#include "networks/bluesky_act.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_person.h"
#include "networks/bluesky_prefs.h"
#include "networks/bluesky_read.h"

/*
 * Custom feeds (fact sheet 4, 7): those that the preferences name, in the order of the
 * account's tabs, then those that are popular. And what is talked about: each trend has a
 * custom feed of its own.
 */

enum { MAX_SAVED = 25, MAX_OTHERS = 50, MAX_LINK = 1024 };
enum stage { STAGE_PREFERENCES, STAGE_SAVED, STAGE_OTHERS };
static const char others[] = "popular"; /* the cursor of the first page behind what is saved */

static enum call_next ask_others(struct call *call, struct request *req)
{
	struct str query = {0};
	const char *cursor = call->cursor && strcmp(call->cursor, others) != 0 ? call->cursor : "";
	str_addf(&query, "limit=%d", MAX_OTHERS);
	if (*cursor) bluesky_param(&query, "cursor", cursor);
	call->stage = STAGE_OTHERS;
	bluesky_get(req, call, "app.bsky.unspecced.getPopularFeedGenerators", str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

/* Feeds of savedFeedsPrefV2: in two rounds, the pinned ones first. */
static int add_saved(struct str *query, const cJSON *element, bool pinned, int n)
{
	json_each (item, json_arr(element, "items")) {
		const char *type = json_str(item, "type"), *uri = bluesky_id(item, "value");
		if (!type || strcmp(type, "feed") != 0 || !uri || n == MAX_SAVED) continue;
		if (json_bool(item, "pinned", false) != pinned) continue;
		bluesky_param(query, "feeds", uri);
		n++;
	}
	return n;
}

static enum call_next take_preferences(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = bluesky_json(call, answer);
	struct str query = {0};
	int n = 0;
	if (!json) return CALL_FAIL;
	json_each (element, json_arr(json_root(json), "preferences")) {
		const char *type = json_str(element, "$type");
		if (!type || strcmp(type, BLUESKY_PREF "savedFeedsPrefV2") != 0) continue;
		n = add_saved(&query, element, true, n);
		n = add_saved(&query, element, false, n);
	}
	json_free(json);
	call->stage = STAGE_SAVED;
	if (n) bluesky_get(req, call, "app.bsky.feed.getFeedGenerators", str_c(&query));
	str_finish(&query);
	return n ? CALL_SEND : ask_others(call, req);
}

static void add_feed(struct bluesky_reader *reader, struct items *items, const cJSON *view)
{
	const char *uri = bluesky_id(view, "uri"),
	           *by = bluesky_id(json_obj(view, "creator"), "handle");
	const char *about = json_str(view, "description");
	struct str detail = {0};
	arena_reset(&reader->arena);
	if (!uri) return;
	if (by) str_addf(&detail, "by @%s", by);
	if (about && *about)
		str_addf(&detail, "%s%s", detail.len ? "  " : "",
		        bluesky_clean(reader, CLEAN_LINE, about));
	items_add(items, uri, bluesky_clean(reader, CLEAN_LINE, json_str(view, "displayName")),
	        detail.len ? detail.p : NULL, 0);
	str_finish(&detail);
}

enum call_next bluesky_feeds(struct call *call, const struct response *answer, struct request *req)
{
	bool first = !call->cursor || !*call->cursor;
	if (!answer && (!first || account_is_guest(call->account))) return ask_others(call, req);
	if (!answer) {
		call->stage = STAGE_PREFERENCES;
		bluesky_get(req, call, "app.bsky.actor.getPreferences", "");
		return CALL_SEND;
	}
	if (call->stage == STAGE_PREFERENCES) return take_preferences(call, answer, req);
	struct json *json = bluesky_json(call, answer);
	if (!json) return CALL_FAIL;
	struct bluesky_reader reader;
	const char *cursor = json_str(json_root(json), "cursor");
	if (call->stage == STAGE_SAVED) cursor = others;
	bluesky_reader_init(&reader, call->out, call->account);
	call->items = items_new(COLLECTION_FEEDS);
	json_each (view, json_arr(json_root(json), "feeds"))
		add_feed(&reader, call->items, view);
	call->items->older = cursor && *cursor ? xstrdup(cursor) : NULL;
	bluesky_reader_finish(&reader);
	json_free(json);
	return CALL_DONE;
}

/* --- trends --- */

/* The custom feed behind "/profile/WHO/feed/KEY", as an AT-URI; empty when it is none. */
static void feed_of(struct str *out, const char *link)
{
	const char *who = link && strncmp(link, "/profile/", 9) == 0 ? link + 9 : NULL;
	const char *feed = who ? strstr(who, "/feed/") : NULL;
	for (const char *c = who; feed && *c; c++) {
		if (*c <= ' ' || *c >= 127 || strchr("?#\"<>", *c)) return;
	}
	if (!feed || strlen(who) > MAX_LINK) return;
	str_addf(out, "at://%.*s/app.bsky.feed.generator/%s", (int)(feed - who), who, feed + 6);
}

/* Nobody in particular says what is talked about: the server does. */
static uint32_t server(struct bluesky_reader *reader)
{
	struct str uri = {0};
	account_add_root(&uri, reader->account);
	const char *scheme = strstr(uri.p, "://");
	const struct profile profile = {.uri = uri.p,
	        .handle = scheme ? scheme + 3 : uri.p,
	        .name = "",
	        .url = uri.p,
	        .followers = -1,
	        .bot = true};
	uint32_t index = page_add_profile(reader->page, &profile);
	str_finish(&uri);
	return index;
}

bool bluesky_trend(struct bluesky_reader *reader, const cJSON *trend)
{
	arena_reset(&reader->arena);
	const char *name = bluesky_clean(reader, CLEAN_LINE, json_str(trend, "displayName"));
	const char *about = bluesky_clean(reader, CLEAN_LINE, json_str(trend, "description"));
	const char *link = json_str(trend, "link"), *status = json_str(trend, "status");
	int64_t posts = json_int(trend, "postCount", -1), since_ms = 0;
	struct str uri = {0}, url = {0}, body = {0};
	feed_of(&uri, link);
	bool fine = *name && uri.len > 0;
	if (fine) {
		/* In the server's order, which is by how much is said. */
		struct entry entry = {
		        .reason = REASON_POSTED, .sort_ms = -(int64_t)reader->page->nentries};
		struct post_parts parts = {.author = server(reader),
		        .replies = POST_UNKNOWN,
		        .reposts = POST_UNKNOWN,
		        .likes = POST_UNKNOWN,
		        .quotes = POST_UNKNOWN};
		if (bluesky_time(trend, "startedAt", NULL, &since_ms)) parts.created_ms = since_ms;
		str_addf(&url, "https://bsky.app%s", link);
		str_adds(&body, about);
		if (posts >= 0)
			str_addf(&body, "%s%lld posts%s", body.len ? "\n\n" : "", (long long)posts,
			        status && strcmp(status, "hot") == 0 ? ", and more by the minute"
			                                             : "");
		parts.str[POST_URI] = uri.p;
		parts.str[POST_URL] = url.p;
		parts.str[POST_TITLE] = name;
		parts.str[POST_BODY] = str_c(&body);
		entry.post = page_add_post(reader->page, &parts);
		page_add_entry(reader->page, &entry);
	}
	str_finish(&uri);
	str_finish(&url);
	str_finish(&body);
	return fine;
}
