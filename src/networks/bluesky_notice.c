#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/bluesky_fetch.h"
#include "networks/bluesky_http.h"

/*
 * Notifications (app.bsky.notification.listNotifications) name posts by their URI only:
 * these are asked for afterwards, so many at once, and then every notification is a row.
 */

enum { POSTS_AT_ONCE = 25 };

static const struct {
	const char *name;
	enum reason reason;
	bool about_subject; /* of our own post; else the notification is itself a post */
} kinds[] = {
        {"like", REASON_LIKED, true},
        {"like-via-repost", REASON_LIKED, true},
        {"repost", REASON_REPOSTED, true},
        {"repost-via-repost", REASON_REPOSTED, true},
        {"mention", REASON_MENTIONED, false},
        {"reply", REASON_REPLIED, false},
        {"quote", REASON_QUOTED, false},
        {"subscribed-post", REASON_OTHER, false},
        {"follow", REASON_FOLLOWED, true},
};

bool bluesky_notice(
        struct bluesky_reader *reader, struct bluesky_progress *progress, const cJSON *item)
{
	const char *why = json_str(item, "reason"), *at = json_str(item, "indexedAt");
	struct bluesky_notice notice = {.reason = REASON_OTHER};
	const char *uri = bluesky_id(item, "reasonSubject");
	arena_reset(&reader->arena);
	if (!why || !at || !date_parse_rfc3339(at, &notice.at_ms)) return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, why) != 0) continue;
		notice.reason = kinds[i].reason;
		if (!kinds[i].about_subject) uri = bluesky_id(item, "uri");
	}
	notice.actor = bluesky_profile(reader, json_obj(item, "author"));
	if (!notice.actor) return false;
	bool is_post = uri && strstr(uri, "/app.bsky.feed.post/");
	notice.uri = is_post && notice.reason != REASON_FOLLOWED ? xstrdup(uri) : NULL;
	progress->notices = mem_grow(progress->notices, &progress->cap, progress->nnotices + 1,
	        sizeof *progress->notices);
	progress->notices[progress->nnotices++] = notice;
	return true;
}

bool bluesky_ask_posts(struct call *call, struct bluesky_progress *progress, struct request *req)
{
	struct str query = {0};
	int n = 0;
	for (; progress->asked < progress->nnotices && n < POSTS_AT_ONCE; progress->asked++) {
		const char *uri = progress->notices[progress->asked].uri;
		bool again = false;
		for (size_t i = 0; uri && i < progress->asked && !again; i++) {
			const char *other = progress->notices[i].uri;
			again = other && strcmp(other, uri) == 0;
		}
		if (!uri || again) continue;
		bluesky_param(&query, "uris", uri);
		n++;
	}
	if (n > 0) bluesky_get(req, call, "app.bsky.feed.getPosts", str_c(&query));
	str_finish(&query);
	return n > 0;
}

bool bluesky_take_posts(struct call *call, const struct response *answer)
{
	struct json *json = bluesky_json(call, answer);
	struct bluesky_reader reader;
	if (!json) return false;
	bluesky_reader_init(&reader, call->out, call->account);
	json_each (view, json_arr(json_root(json), "posts")) {
		arena_reset(&reader.arena);
		bluesky_post(&reader, view);
	}
	bluesky_reader_finish(&reader);
	json_free(json);
	return true;
}

/* Index + 1 of a post of the page; 0 when the server did not give it: it was deleted. */
static uint32_t post_named(const struct page *page, const char *uri)
{
	for (size_t i = 0; uri && i < page->nposts; i++) {
		if (strcmp(post_str(page->posts[i], POST_URI), uri) == 0) return (uint32_t)i + 1;
	}
	return 0;
}

void bluesky_put_notices(struct call *call, struct bluesky_progress *progress)
{
	bool mentions = call->source->kind == SOURCE_MENTIONS;
	for (size_t i = 0; i < progress->nnotices; i++) {
		const struct bluesky_notice *notice = &progress->notices[i];
		struct entry entry = {
		        .post = post_named(call->out, notice->uri),
		        .actor = notice->actor,
		        .reason = notice->reason,
		        .sort_ms = notice->at_ms,
		};
		char seen[32]; /* how bluesky_marker.c knows it */
		date_format_rfc3339(seen, notice->at_ms);
		if (!mentions) entry.cursor = seen;
		if (notice->uri && !entry.post) continue;
		if (mentions && !entry.post) continue;
		page_add_entry(call->out, &entry);
	}
}
