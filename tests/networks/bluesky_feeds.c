#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bluesky_world.h"

#define FEED(rkey) "at://did:plc:bob/app.bsky.feed.generator/" rkey

static void ask_feeds(struct world *w, const char *cursor)
{
	w->call.collection = COLLECTION_FEEDS;
	w->call.cursor = cursor;
	begin(w, bluesky()->items);
}

static void saved_feeds_come_first(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask_feeds(&w, NULL);
	answer(&w, 200,
	        "{\"preferences\":[{\"$type\":\"app.bsky.actor.defs#savedFeedsPrefV2\",\"items\":["
	        "{\"type\":\"timeline\",\"value\":\"following\",\"pinned\":true},"
	        "{\"type\":\"feed\",\"value\":\"" FEED(
	                "late") "\",\"pinned\":false},"
	                        "{\"type\":\"feed\",\"value\":\"" FEED(
	                                "soon") "\",\"pinned\":true}]}]}");
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/app.bsky.feed.getFeedGenerators"
	        "?feeds=at%3A%2F%2Fdid%3Aplc%3Abob%2Fapp.bsky.feed.generator%2Fsoon"
	        "&feeds=at%3A%2F%2Fdid%3Aplc%3Abob%2Fapp.bsky.feed.generator%2Flate");
	answer(&w, 200,
	        "{\"feeds\":[{\"uri\":\"" FEED(
	                "soon") "\",\"displayName\":\"So\\non\","
	                        "\"creator\":{\"did\":\"did:plc:bob\",\"handle\":\"bob.example\"},"
	                        "\"description\":\"What comes\"},{\"displayName\":\"no "
	                        "address\"},7]}");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.items->nitems, 1);
	assert_string_equal(w.call.items->items[0].id, FEED("soon"));
	assert_string_equal(w.call.items->items[0].title, "So on");
	assert_string_equal(w.call.items->items[0].detail, "by @bob.example  What comes");
	assert_string_equal(w.call.items->older, "popular");

	char *older = xstrdup(w.call.items->older);
	ask_feeds(&w, older);
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/app.bsky.unspecced.getPopularFeedGenerators?limit=50");
	answer(&w, 200, "{\"feeds\":[],\"cursor\":\"next\"}");
	assert_string_equal(w.call.items->older, "next");
	free(older);
	world_finish(&w);
}

static void nothing_saved_is_no_end(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask_feeds(&w, NULL);
	answer(&w, 200, "{\"preferences\":[]}");
	assert_int_equal(w.next, CALL_SEND);
	assert_non_null(strstr(w.req.url, "getPopularFeedGenerators"));
	world_finish(&w);
}

static void a_guest_has_none_saved(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.handle = w.account.uri = (char *)"";
	w.call.token = NULL;
	ask_feeds(&w, NULL);
	assert_non_null(strstr(w.req.url, "getPopularFeedGenerators"));
	assert_null(header_of(&w.req, "Authorization"));
	world_finish(&w);
}

static void trends_are_feeds(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_TRENDS, NULL);
	assert_string_equal(
	        w.req.url, "https://pds.example/xrpc/app.bsky.unspecced.getTrends?limit=25");
	answer(&w, 200,
	        "{\"trends\":[{\"topic\":\"t\",\"displayName\":\"Dutch rain\",\"link\":"
	        "\"/profile/trending.example/feed/123\",\"startedAt\":\"2026-11-20T10:00:00Z\","
	        "\"postCount\":4000,\"status\":\"hot\",\"actors\":[]},"
	        "{\"displayName\":\"elsewhere\",\"link\":\"/search?q=x\"},"
	        "{\"displayName\":\"hostile\",\"link\":\"/profile/a\\u0007/feed/\\u001b\"},"
	        "{\"displayName\":\"Second\",\"link\":\"/profile/a.example/feed/9\"}]}");
	assert_int_equal(w.next, CALL_DONE);
	const struct page *page = w.call.out;
	assert_int_equal(page->nposts, 2);
	assert_int_equal(page->unreadable, 2);
	const struct post *post = page->posts[page->entries[0].post - 1];
	assert_string_equal(
	        post_str(post, POST_URI), "at://trending.example/app.bsky.feed.generator/123");
	assert_string_equal(post_link(post), "https://bsky.app/profile/trending.example/feed/123");
	assert_string_equal(post_str(post, POST_TITLE), "Dutch rain");
	assert_string_equal(page->profiles[post->author - 1]->handle, "pds.example");
	assert_string_equal(post_str(post, POST_BODY), "4000 posts, and more by the minute");
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(saved_feeds_come_first),
	        cmocka_unit_test(nothing_saved_is_no_end),
	        cmocka_unit_test(a_guest_has_none_saved),
	        cmocka_unit_test(trends_are_feeds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
