/* What of the AppView's views comes into a page, and how sources are paged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "bluesky_world.h"

static const struct post *post_of(const struct page *page, const char *uri)
{
	for (size_t i = 0; i < page->nposts; i++) {
		if (strcmp(post_str(page->posts[i], POST_URI), uri) == 0) return page->posts[i];
	}
	fail_msg("no post %s", uri);
	return NULL;
}

static const char first_uri[] = "at://did:plc:bob/app.bsky.feed.post/3kaaa";

static void each_source_has_its_place(void **state)
{
	(void)state;
	static const struct {
		enum source_kind kind;
		const char *arg, *url;
	} rows[] = {
	        {SOURCE_HOME, NULL, "app.bsky.feed.getTimeline?limit=50"},
	        {SOURCE_CUSTOM, "at://did:plc:x/app.bsky.feed.generator/hot",
	                "app.bsky.feed.getFeed?limit=50&feed=at%3A%2F%2Fdid%3Aplc%3Ax%2Fapp.bsky."
	                "feed.generator%2Fhot"},
	        {SOURCE_LIST, "at://l", "app.bsky.feed.getListFeed?limit=50&list=at%3A%2F%2Fl"},
	        {SOURCE_PROFILE, "@bob.example",
	                "app.bsky.feed.getAuthorFeed?limit=50&filter=posts_no_replies&actor=bob."
	                "example"},
	        {SOURCE_PROFILE, "bob.example/media",
	                "app.bsky.feed.getAuthorFeed?limit=50&filter=posts_with_media&actor=bob."
	                "example"},
	        {SOURCE_LIKES, NULL, "app.bsky.feed.getActorLikes?limit=50&actor=did%3Aplc%3Aada"},
	        {SOURCE_BOOKMARKS, NULL, "app.bsky.bookmark.getBookmarks?limit=50"},
	        {SOURCE_NOTIFICATIONS, NULL, "app.bsky.notification.listNotifications?limit=50"},
	        {SOURCE_SEARCH, "tea & cake",
	                "app.bsky.feed.searchPosts?limit=50&sort=latest&q=tea%20%26%20cake"},
	        {SOURCE_TAG, "#c", "app.bsky.feed.searchPosts?limit=50&sort=latest&q=%23c&tag=c"},
	        {SOURCE_PROFILES, "bob", "app.bsky.actor.searchActors?limit=50&q=bob"},
	        {SOURCE_THREAD, "at://did:plc:x/app.bsky.feed.post/1",
	                "app.bsky.feed.getPostThread?uri=at%3A%2F%2Fdid%3Aplc%3Ax%2Fapp.bsky.feed."
	                "post%2F1&depth=40&parentHeight=80"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char url[300];
		snprintf(url, sizeof url, "https://pds.example/xrpc/%s", rows[i].url);
		assert_true(bluesky()->has_source(rows[i].kind));
		ask(&w, rows[i].kind, rows[i].arg);
		assert_int_equal(w.next, CALL_SEND);
		assert_string_equal(w.req.url, url);
		assert_string_equal(header_of(&w.req, "Authorization"), "Bearer access");
	}
	ask(&w, SOURCE_PROFILE, "bob.example/nonsense");
	assert_int_equal(w.next, CALL_FAIL);
	assert_false(bluesky()->has_source(SOURCE_LOCAL));
	world_finish(&w);
}

static void a_post_with_everything(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_HOME, NULL);
	answer_file(&w, "timeline.json");
	assert_int_equal(w.next, CALL_DONE);
	const struct page *page = w.call.out;
	const struct post *post = post_of(page, first_uri);
	assert_string_equal(
	        post_str(post, POST_BODY), "Héllo @ada.example see example.org/pa… #Harbour");
	assert_string_equal(post_link(post), "https://bsky.app/profile/did:plc:bob/post/3kaaa");
	assert_string_equal(post_str(post, POST_LANG), "nl");
	assert_string_equal(post_str(post, POST_WARNING), "adult content");
	assert_string_equal(
	        post_str(post, POST_QUOTE_OF), "at://did:plc:cleo/app.bsky.feed.post/3kzzz");
	assert_int_equal(post->flags, POST_IS_SENSITIVE | POST_IS_GATED);
	assert_int_equal(post->replies, 1);
	assert_int_equal(post->reposts, 2);
	assert_int_equal(post->likes, 3);
	assert_int_equal(post->quotes, 4);
	assert_int_equal(post->nmedia, 1);
	assert_string_equal(post_media(post, 0).alt, "a crane at the wall");
	assert_int_equal(post->nviewers, 1);
	assert_string_equal(post_viewer(post, 0).remote_id, "bafybob1");
	assert_int_equal(post_viewer(post, 0).flags, VIEWER_LIKED | VIEWER_BOOKMARKED |
	                                                     VIEWER_MENTIONED | VIEWER_NO_REPLY |
	                                                     VIEWER_NO_QUOTE);
	assert_string_equal(page->profiles[post->author - 1]->name, "Bob Right");
	world_finish(&w);
}

static void hostile_facets_cost_only_themselves(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_HOME, NULL);
	answer_file(&w, "timeline.json");
	const struct post *post = post_of(w.call.out, first_uri);
	assert_int_equal(post->nfacets, 3);
	assert_int_equal(post_facet(post, 0).kind, FACET_MENTION);
	assert_string_equal(post_facet(post, 0).target, "did:plc:ada");
	assert_int_equal(post_facet(post, 0).start, 7);
	assert_int_equal(post_facet(post, 0).end, 19);
	assert_string_equal(post_facet(post, 1).target, "https://example.org/page");
	assert_string_equal(post_facet(post, 2).target, "Harbour");
	world_finish(&w);
}

static void rows_and_reposts(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_HOME, NULL);
	answer_file(&w, "timeline.json");
	const struct page *page = w.call.out;
	assert_int_equal(page->nentries, 3);
	assert_int_equal(page->unreadable, 2);
	assert_int_equal(page->entries[1].reason, REASON_REPOSTED);
	assert_string_equal(page->profiles[page->entries[1].actor - 1]->handle, "bob.example");
	/* A date in the future is the day that the server first saw it. */
	const struct post *future = page->posts[page->entries[1].post - 1];
	assert_int_equal(future->created_ms, 1795251600000);
	assert_int_equal(post_viewer(future, 0).flags, VIEWER_MENTIONED);
	assert_string_equal(post_str(future, POST_CARD_TITLE), "News");
	assert_string_equal(
	        post_str(future, POST_THREAD), "at://did:plc:ada/app.bsky.feed.post/3kroot");
	/* A handle that leads nowhere is not shown as one. */
	const struct post *quoted = post_of(page, "at://did:plc:cleo/app.bsky.feed.post/3kzzz");
	assert_string_equal(page->profiles[quoted->author - 1]->handle, "did:plc:cleo");
	assert_string_equal(page->older, "page-2");
	assert_int_equal(page->relations[0].flags,
	        RELATION_FOLLOWING | RELATION_REPOSTS | RELATION_FOLLOWS_US);
	world_finish(&w);
}

static void what_is_new_ends_where_it_was_known(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_HOME, NULL);
	answer_file(&w, "timeline.json");
	ask(&w, SOURCE_HOME, NULL);
	answer_file(&w, "timeline.json");
	assert_int_equal(w.next, CALL_DONE);
	assert_false(w.call.out->gap);
	assert_null(w.call.out->older);
	/* Nothing known turns up in five pages: a gap, with the cursor to fill it by. */
	free(w.state.newest);
	w.state.newest = xstrdup("1 0 at://long/ago ");
	ask(&w, SOURCE_HOME, NULL);
	for (int i = 0; i < 4; i++) {
		answer_file(&w, "timeline.json");
		assert_int_equal(w.next, CALL_SEND);
		assert_non_null(strstr(w.req.url, "cursor=page-2"));
	}
	answer_file(&w, "timeline.json");
	assert_int_equal(w.next, CALL_DONE);
	assert_true(w.call.out->gap);
	assert_string_equal(w.call.out->older, "page-2");
	world_finish(&w);
}

static void notifications_bring_their_posts(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_NOTIFICATIONS, NULL);
	answer_file(&w, "notifications.json");
	assert_int_equal(w.next, CALL_SEND);
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/app.bsky.feed.getPosts?"
	        "uris=at%3A%2F%2Fdid%3Aplc%3Aada%2Fapp.bsky.feed.post%2F3kmine&"
	        "uris=at%3A%2F%2Fdid%3Aplc%3Abob%2Fapp.bsky.feed.post%2F3kreply&"
	        "uris=at%3A%2F%2Fdid%3Aplc%3Aada%2Fapp.bsky.feed.post%2F3kgone");
	answer_file(&w, "posts.json");
	assert_int_equal(w.next, CALL_DONE);
	static const enum reason reasons[] = {
	        REASON_LIKED, REASON_LIKED, REASON_REPLIED, REASON_FOLLOWED, REASON_OTHER};
	assert_int_equal(w.call.out->nentries, sizeof reasons / sizeof *reasons);
	for (size_t i = 0; i < w.call.out->nentries; i++)
		assert_int_equal(w.call.out->entries[i].reason, reasons[i]);
	assert_int_equal(w.call.out->entries[3].post, 0);
	assert_int_equal(w.call.out->unreadable, 1);
	const struct post *own = post_of(w.call.out, "at://did:plc:ada/app.bsky.feed.post/3kmine");
	assert_int_equal(post_viewer(own, 0).flags, VIEWER_OWN);
	world_finish(&w);
}

static void a_thread_without_what_is_hidden(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_THREAD, "at://did:plc:bob/app.bsky.feed.post/2");
	answer_file(&w, "thread.json");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 3);
	assert_int_equal(w.call.out->unreadable, 0);
	ask(&w, SOURCE_THREAD, "https://elsewhere.example/1");
	assert_int_equal(w.next, CALL_FAIL);
	world_finish(&w);
}

static void failures_have_sentences(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		const char *words;
	} rows[] = {
	        {400, "{\"error\":\"ExpiredToken\",\"message\":\"Token has expired\"}", ERR_AUTH,
	                "the session has ended (400): Token has expired"},
	        {401, "{\"error\":\"AuthMissing\"}", ERR_AUTH, "this wants an account (401)"},
	        {400, "{\"error\":\"UnknownFeed\",\"message\":\"x\"}", ERR_NOT_FOUND,
	                "there is no such feed (400): x"},
	        {502, "<html>bad gateway</html>", ERR_SERVER, "the server has a problem (502)"},
	        {200, "<html>hello</html>", ERR_FORMAT, "pds.example does not speak"},
	        {200, "{}", ERR_FORMAT, "holds no list"},
	        {200, "{\"feed\":7}", ERR_FORMAT, "holds no list"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ask(&w, SOURCE_HOME, NULL);
		answer(&w, rows[i].status, rows[i].body);
		assert_int_equal(w.next, CALL_FAIL);
		assert_int_equal(w.call.err.code, rows[i].code);
		if (!strstr(w.call.err.text, rows[i].words)) fail_msg("%s", w.call.err.text);
	}
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_source_has_its_place),
	        cmocka_unit_test(a_post_with_everything),
	        cmocka_unit_test(hostile_facets_cost_only_themselves),
	        cmocka_unit_test(rows_and_reposts),
	        cmocka_unit_test(what_is_new_ends_where_it_was_known),
	        cmocka_unit_test(notifications_bring_their_posts),
	        cmocka_unit_test(a_thread_without_what_is_hidden),
	        cmocka_unit_test(failures_have_sentences),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
