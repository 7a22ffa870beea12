#include "networks/bluesky_fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/url.h"
#include "networks/bluesky_http.h"

/*
 * Fetching (fact sheet 4). A page has a cursor for the one below it and nothing that says
 * "newer than": so the newest page is asked for, and those below it until a row turns up
 * that was known, or one older than it where rows stand in the order of time. When
 * MAX_PAGES were not enough, the rest is a gap. Anything may be unreadable, but a page
 * that holds no list at all is an error.
 */

enum { LIMIT = 50, MAX_TRENDS = 25, MAX_PAGES = 5, MAX_ARG = 2048 };
enum stage { STAGE_PAGE, STAGE_POSTS };

/* A search's result or a bookmark: a bare post. */
static bool read_post(struct bluesky_reader *reader, const cJSON *view, int64_t sort_ms)
{
	struct entry entry = {.reason = REASON_POSTED, .sort_ms = sort_ms};
	if (!sort_ms && !bluesky_time(json_obj(view, "record"), "createdAt", view, &entry.sort_ms))
		return false;
	entry.post = bluesky_post(reader, view);
	if (!entry.post) return false;
	page_add_entry(reader->page, &entry);
	return true;
}

static bool read_found(struct bluesky_reader *reader, const cJSON *view)
{
	arena_reset(&reader->arena);
	return read_post(reader, view, 0);
}

/* A bookmark stands where it was made; one whose post is gone is no row. */
static bool read_bookmark(struct bluesky_reader *reader, const cJSON *item)
{
	const cJSON *view = json_obj(item, "item");
	int64_t at_ms;
	arena_reset(&reader->arena);
	if (!json_obj(view, "record")) return true;
	return bluesky_time(item, "createdAt", NULL, &at_ms) && read_post(reader, view, at_ms);
}

/* Somebody that a search found. They stand in the server's order. */
static bool read_person(struct bluesky_reader *reader, const cJSON *view)
{
	struct entry entry = {.reason = REASON_FOUND};
	arena_reset(&reader->arena);
	entry.actor = bluesky_profile(reader, view);
	entry.sort_ms = -(int64_t)reader->page->nentries;
	if (!entry.actor) return false;
	page_add_entry(reader->page, &entry);
	return true;
}

/* Where each kind of source is. `arg`: the parameter that takes the source's argument. */
static const struct place {
	enum source_kind kind;
	const char *view; /* behind the last slash of the argument, or NULL */
	const char *nsid, *query, *arg, *list;
	bool (*read)(struct bluesky_reader *reader, const cJSON *item); /* NULL: a notification */
	bool ordered; /* newest first, by what is our sort_ms */
} places[] = {
        {SOURCE_HOME, NULL, "app.bsky.feed.getTimeline", "", NULL, "feed", bluesky_row, true},
        {SOURCE_CUSTOM, NULL, "app.bsky.feed.getFeed", "", "feed", "feed", bluesky_row, false},
        {SOURCE_LIST, NULL, "app.bsky.feed.getListFeed", "", "list", "feed", bluesky_row, true},
        {SOURCE_PROFILE, NULL, "app.bsky.feed.getAuthorFeed", "filter=posts_no_replies", "actor",
                "feed", bluesky_row, true},
        {SOURCE_PROFILE, "replies", "app.bsky.feed.getAuthorFeed", "filter=posts_with_replies",
                "actor", "feed", bluesky_row, true},
        {SOURCE_PROFILE, "media", "app.bsky.feed.getAuthorFeed", "filter=posts_with_media", "actor",
                "feed", bluesky_row, true},
        {SOURCE_LIKES, NULL, "app.bsky.feed.getActorLikes", "", NULL, "feed", bluesky_row, false},
        {SOURCE_BOOKMARKS, NULL, "app.bsky.bookmark.getBookmarks", "", NULL, "bookmarks",
                read_bookmark, true},
        {SOURCE_NOTIFICATIONS, NULL, "app.bsky.notification.listNotifications", "", NULL,
                "notifications", NULL, true},
        {SOURCE_MENTIONS, NULL, "app.bsky.notification.listNotifications",
                "reasons=mention&reasons=reply&reasons=quote", NULL, "notifications", NULL, true},
        {SOURCE_SEARCH, NULL, "app.bsky.feed.searchPosts", "sort=latest", "q", "posts", read_found,
                true},
        {SOURCE_TAG, NULL, "app.bsky.feed.searchPosts", "sort=latest&q=%23", "tag", "posts",
                read_found, true},
        {SOURCE_TRENDS, NULL, "app.bsky.unspecced.getTrends", "", NULL, "trends", bluesky_trend,
                false},
        {SOURCE_PROFILES, NULL, "app.bsky.actor.searchActors", "", "q", "actors", read_person,
                false},
};

static struct bluesky_progress *progress_of(const struct call *call)
{
	return call->data;
}

/* `ada.example/replies` asks for a view of its own; the length of what stands before it. */
static const char *view_of(const struct source_ref *source, size_t *len)
{
	const char *slash = source->arg ? strrchr(source->arg, '/') : NULL;
	*len = source->arg ? strlen(source->arg) : 0;
	if (source->kind != SOURCE_PROFILE || !slash) return NULL;
	*len = (size_t)(slash - source->arg);
	return slash + 1;
}

static const struct place *place_of(const struct source_ref *source)
{
	size_t len;
	const char *view = view_of(source, &len);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct place *place = &places[i];
		bool same = view ? place->view && strcmp(place->view, view) == 0 : !place->view;
		if (place->kind == source->kind && same) return place;
	}
	return NULL;
}

bool bluesky_has_source(enum source_kind kind)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i].kind == kind) return true;
	}
	return kind == SOURCE_THREAD;
}

/* --- asking --- */

static enum call_next ask(struct call *call, struct request *req, const char *cursor)
{
	const struct place *place = place_of(call->source);
	struct str query = {0};
	size_t len;
	view_of(call->source, &len);
	str_addf(&query, "limit=%d", place->kind == SOURCE_TRENDS ? MAX_TRENDS : LIMIT);
	if (*place->query) str_addf(&query, "&%s", place->query);
	if (place->arg) {
		const char *arg = call->source->arg;
		size_t skip = arg[0] == '#' || arg[0] == '@';
		char *value = xstrndup(arg + skip, len - skip);
		/* A search wants words beside the tag: the tag itself is one. */
		if (place->kind == SOURCE_TAG) url_encode(&query, value, strlen(value));
		bluesky_param(&query, place->arg, value);
		free(value);
	}
	if (place->kind == SOURCE_LIKES) bluesky_param(&query, "actor", call->account->uri);
	if (cursor) bluesky_param(&query, "cursor", cursor);
	call->stage = STAGE_PAGE;
	bluesky_get(req, call, place->nsid, str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

static enum call_next begin(struct call *call, struct request *req)
{
	const struct source_ref *source = call->source;
	const struct place *place = place_of(source);
	bool needs = place && place->arg;
	if (!place) {
		err_set(&call->err, ERR_UNSUPPORTED, "Bluesky has no such source");
		return CALL_FAIL;
	}
	if (needs && (!source->arg || !*source->arg || strlen(source->arg) > MAX_ARG)) {
		err_set(&call->err, ERR_SYNTAX, "%s wants a name that Bluesky can look for",
		        source_kinds[source->kind].name);
		return CALL_FAIL;
	}
	return ask(call, req, call->want == FETCH_NEWER ? NULL : call->cursor);
}

/* --- what was known --- */

/* "TIME KEY" of the newest row: its post or actor, and who brought it. Owned. */
static char *key_of(const struct page *page, const struct entry *entry)
{
	struct str key = {0};
	str_addf(&key, "%" PRId64 " %d %s %s", entry->sort_ms, (int)entry->reason,
	        entry->post ? post_str(page->posts[entry->post - 1], POST_URI) : "",
	        entry->actor ? page->profiles[entry->actor - 1]->uri : "");
	return str_take(&key);
}

/* The rows from `from` on: are they known already? The first of all becomes the newest. */
static void compare(struct call *call, size_t from)
{
	struct bluesky_progress *progress = progress_of(call);
	const char *known = call->want == FETCH_NEWER ? call->state->newest : NULL;
	int64_t known_ms = known ? strtoll(known, NULL, 10) : INT64_MIN;
	bool ordered = place_of(call->source)->ordered;
	for (size_t i = from; i < call->out->nentries; i++) {
		const struct entry *entry = &call->out->entries[i];
		char *key = key_of(call->out, entry);
		if (known && strcmp(key, known) == 0) progress->met = true;
		if (known && ordered && entry->sort_ms < known_ms) progress->met = true;
		if (!progress->newest || (ordered && entry->sort_ms > progress->newest_ms)) {
			free(progress->newest);
			progress->newest = key;
			progress->newest_ms = entry->sort_ms;
		} else {
			free(key);
		}
	}
}

/* --- going on --- */

static enum call_next end(struct call *call)
{
	struct bluesky_progress *progress = progress_of(call);
	struct page *page = call->out;
	bool bounded = call->want == FETCH_NEWER && call->state->newest;
	page->gap = bounded && !progress->met && progress->cursor;
	/* Below what is new lies what was known, which has cursors of its own. */
	if (!bounded || page->gap) page->older = page_str(page, progress->cursor);
	if (call->want == FETCH_NEWER && progress->newest) {
		free(call->state->newest);
		call->state->newest = progress->newest;
		progress->newest = NULL;
	}
	page_sort(page);
	return CALL_DONE;
}

static enum call_next go_on(struct call *call, struct request *req)
{
	struct bluesky_progress *progress = progress_of(call);
	bool bounded = call->want == FETCH_NEWER && call->state->newest;
	bool hungry = bounded ? !progress->met : call->out->nentries == 0;
	if (!progress->cursor || !hungry || progress->pages == MAX_PAGES) return end(call);
	return ask(call, req, progress->cursor);
}

static void read_list(struct call *call, const struct place *place, const cJSON *list)
{
	struct bluesky_reader reader;
	bluesky_reader_init(&reader, call->out, call->account);
	json_each (item, list) {
		bool fine = place->read ? place->read(&reader, item)
		                        : bluesky_notice(&reader, progress_of(call), item);
		call->out->unreadable += !fine;
	}
	bluesky_reader_finish(&reader);
}

/* All posts of the notices are here: rows, and on. */
static enum call_next end_notices(struct call *call, struct request *req)
{
	struct bluesky_progress *progress = progress_of(call);
	size_t before = call->out->nentries;
	bluesky_put_notices(call, progress);
	for (size_t i = 0; i < progress->nnotices; i++)
		free(progress->notices[i].uri);
	progress->nnotices = progress->asked = 0;
	compare(call, before);
	return go_on(call, req);
}

static enum call_next take_page(
        struct call *call, const struct response *answer, struct request *req)
{
	struct bluesky_progress *progress = progress_of(call);
	const struct place *place = place_of(call->source);
	struct json *json = bluesky_json(call, answer);
	const cJSON *root = json ? json_root(json) : NULL, *list = json_arr(root, place->list);
	size_t before = call->out->nentries;
	if (!list) {
		if (json)
			err_set(&call->err, ERR_FORMAT,
			        "the server's answer holds no list of posts");
		json_free(json);
		return CALL_FAIL;
	}
	progress->pages++;
	free(progress->cursor);
	const char *cursor = json_str(root, "cursor");
	progress->cursor = cursor && *cursor ? xstrdup(cursor) : NULL;
	read_list(call, place, list);
	json_free(json);
	if (!place->read) {
		call->stage = STAGE_POSTS;
		if (bluesky_ask_posts(call, progress, req)) return CALL_SEND;
		return end_notices(call, req);
	}
	compare(call, before);
	return go_on(call, req);
}

enum call_next bluesky_fetch(struct call *call, const struct response *answer, struct request *req)
{
	struct bluesky_progress *progress = progress_of(call);
	if (call->source->kind == SOURCE_THREAD) return bluesky_thread(call, answer, req);
	if (!answer) return begin(call, req);
	if (call->stage == STAGE_PAGE) return take_page(call, answer, req);
	if (!bluesky_take_posts(call, answer)) return CALL_FAIL;
	if (bluesky_ask_posts(call, progress, req)) return CALL_SEND;
	return end_notices(call, req);
}

void bluesky_progress_finish(struct bluesky_progress *progress)
{
	for (size_t i = 0; i < progress->nnotices; i++)
		free(progress->notices[i].uri);
	free(progress->notices);
	free(progress->newest);
	free(progress->cursor);
}
