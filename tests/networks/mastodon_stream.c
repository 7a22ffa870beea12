/* What the streams bring. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

/* --- streams --- */

static void sources_share_streams(void **state)
{
	(void)state;
	static const struct {
		enum source_kind kind;
		const char *arg, *name, *url;
	} rows[] = {
	        {SOURCE_HOME, NULL, "user", "user"},
	        {SOURCE_NOTIFICATIONS, NULL, "user", "user"},
	        {SOURCE_MENTIONS, NULL, "user", "user"},
	        {SOURCE_LOCAL, NULL, "public:local", "public/local"},
	        {SOURCE_FEDERATED, NULL, "public", "public"},
	        {SOURCE_TAG, "c", "hashtag&tag=c", "hashtag?tag=c"},
	        {SOURCE_TAG, "#é", "hashtag&tag=%C3%A9", "hashtag?tag=%C3%A9"},
	        {SOURCE_LIST, "12", "list&list=12", "list?list=12"},
	        {SOURCE_DIRECT, NULL, "direct", "direct"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct source_ref source = {.kind = rows[i].kind, .arg = (char *)rows[i].arg};
		char buf[256], url[100];
		const char *name = mastodon()->stream_name(&source, buf);
		assert_string_equal(name, rows[i].name);
		request_finish(&w.req);
		w.req = (struct request){0};
		assert_true(mastodon()->stream_open(&w.call, name, &w.req));
		snprintf(
		        url, sizeof url, "https://social.example/api/v1/streaming/%s", rows[i].url);
		assert_string_equal(w.req.url, url);
		assert_true(w.req.stream);
		assert_string_equal(header_of(&w.req, "Accept"), "text/event-stream");
		assert_string_equal(header_of(&w.req, "Authorization"), "Bearer t0ken");
	}
	struct source_ref search = {.kind = SOURCE_SEARCH, .arg = (char *)"x"};
	struct source_ref no_tag = {.kind = SOURCE_TAG, .arg = (char *)"#"};
	char buf[256], *longest = xcalloc(1, 1000);
	memset(longest, 'q', 999);
	struct source_ref long_tag = {.kind = SOURCE_TAG, .arg = longest};
	assert_null(mastodon()->stream_name(&search, buf));
	search = (struct source_ref){.kind = SOURCE_TAG, .arg = (char *)"c -java"};
	assert_null(mastodon()->stream_name(&search, buf));
	assert_null(mastodon()->stream_name(&no_tag, buf));
	assert_null(mastodon()->stream_name(&long_tag, buf));
	free(longest);
	w.call.token = NULL;
	assert_false(mastodon()->stream_open(&w.call, "user", &w.req));
	world_finish(&w);
}

static void streams_have_a_root_of_their_own(void **state)
{
	(void)state;
	static const struct {
		const char *host, *named, *root;
	} rows[] = {
	        {"social.example", "", "https://social.example"},
	        {"social.example", "wss://live.example", "https://live.example"},
	        {"social.example", "https://live.example:4000/x?y", "https://live.example:4000"},
	        {"social.example", "ws://live.example", "https://social.example"},
	        {"social.example", "http://127.0.0.1:1", "https://social.example"},
	        {"social.example", "file:///etc/passwd", "https://social.example"},
	        {"http://127.0.0.1:5", "ws://127.0.0.1:6", "http://127.0.0.1:6"},
	        {"http://127.0.0.1:5", "ws://live.example", "http://127.0.0.1:5"},
	        {"127.0.0.1:5", "ws://127.0.0.1:6", "https://127.0.0.1:5"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char url[100];
		w.account.host = (char *)rows[i].host;
		w.account.streaming = (char *)rows[i].named;
		request_finish(&w.req);
		w.req = (struct request){0};
		assert_true(mastodon()->stream_open(&w.call, "user", &w.req));
		snprintf(url, sizeof url, "%s/api/v1/streaming/user", rows[i].root);
		assert_string_equal(w.req.url, url);
	}
	w.account.host = (char *)"social.example";
	w.account.streaming = NULL;
	world_finish(&w);
}

static void a_websocket_carries_many(void **state)
{
	(void)state;
	struct world w;
	struct str said = {0};
	struct stream_message got = {0};
	world_init(&w);
	w.req.websocket = true;
	assert_true(mastodon()->stream_open(&w.call, "hashtag&tag=%C3%A9", &w.req));
	assert_string_equal(
	        w.req.url, "https://social.example/api/v1/streaming?stream=hashtag&tag=%C3%A9");
	assert_true(w.req.websocket && w.req.stream);
	assert_string_equal(header_of(&w.req, "Sec-WebSocket-Protocol"), "t0ken");
	request_finish(&w.req);
	w.req = (struct request){.websocket = true};
	w.call.token = "a=b"; /* would not be one word of that header */
	assert_true(mastodon()->stream_open(&w.call, "user", &w.req));
	assert_null(header_of(&w.req, "Sec-WebSocket-Protocol"));
	assert_string_equal(header_of(&w.req, "Authorization"), "Bearer a=b");

	mastodon()->stream_join("public:local", true, &said);
	assert_string_equal(said.p, "{\"type\":\"subscribe\",\"stream\":\"public:local\"}");
	str_clear(&said);
	mastodon()->stream_join("hashtag&tag=%C3%A9%22", false, &said);
	assert_string_equal(
	        said.p, "{\"type\":\"unsubscribe\",\"stream\":\"hashtag\",\"tag\":\"é\\\"\"}");

	static const char update[] = "{\"stream\":[\"hashtag\",\"é\\\"\"],\"event\":\"update\","
	                             "\"payload\":\"{\\\"id\\\":1}\"}";
	assert_true(mastodon()->stream_message(update, strlen(update), &got));
	assert_string_equal(got.stream.p, "hashtag&tag=%C3%A9%22");
	assert_string_equal(got.name.p, "update");
	assert_string_equal(got.data.p, "{\"id\":1}");
	stream_message_finish(&got);
	static const char changed[] = "{\"stream\":[\"user\"],\"event\":\"filters_changed\"}";
	got = (struct stream_message){0};
	assert_true(mastodon()->stream_message(changed, strlen(changed), &got));
	assert_string_equal(got.stream.p, "user");
	assert_int_equal(got.data.len, 0);
	stream_message_finish(&got);
	static const char *const wrong[] = {"", "[]", "{}", "{\"event\":5}", "{\"error\":\"no\"}"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		got = (struct stream_message){0};
		assert_false(mastodon()->stream_message(wrong[i], strlen(wrong[i]), &got));
		stream_message_finish(&got);
	}
	static const char odd[] = "{\"stream\":[1,\"x\",{}],\"event\":\"update\",\"payload\":{}}";
	got = (struct stream_message){0};
	assert_true(mastodon()->stream_message(odd, strlen(odd), &got));
	assert_int_equal(got.stream.len, 0);
	stream_message_finish(&got);
	str_finish(&said);
	world_finish(&w);
}

struct heard {
	struct world w;
	struct page *pages[SOURCE_NKINDS];
	int refreshed[SOURCE_NKINDS], filters;
	char gone[64];
};

static struct page *heard_page(void *ctx, enum source_kind kind)
{
	struct heard *heard = ctx;
	if (!heard->pages[kind]) heard->pages[kind] = page_new();
	return heard->pages[kind];
}

static void heard_gone(void *ctx, const char *id)
{
	struct heard *heard = ctx;
	snprintf(heard->gone, sizeof heard->gone, "%s", id);
}

static void heard_refresh(void *ctx, enum source_kind kind)
{
	struct heard *heard = ctx;
	heard->refreshed[kind]++;
}

static void heard_filters(void *ctx)
{
	struct heard *heard = ctx;
	heard->filters++;
}

static void tell(struct heard *heard, const char *stream, const char *name, const char *data)
{
	const struct stream_sink sink = {
	        heard, heard_page, heard_gone, heard_refresh, heard_filters};
	mastodon()->stream_event(&heard->w.call, stream, name, data, strlen(data), &sink);
}

static int heard_setup(void **state)
{
	struct heard *heard = xcalloc(1, sizeof *heard);
	world_init(&heard->w);
	*state = heard;
	return 0;
}

static int heard_teardown(void **state)
{
	struct heard *heard = *state;
	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		page_free(heard->pages[i]);
	world_finish(&heard->w);
	free(heard);
	return 0;
}

static bool heard_nothing(const struct heard *heard)
{
	for (size_t i = 0; i < SOURCE_NKINDS; i++) {
		if (heard->pages[i] || heard->refreshed[i]) return false;
	}
	return !*heard->gone && !heard->filters;
}

static void an_update_is_a_row_of_its_source(void **state)
{
	struct heard *heard = *state;
	static const struct {
		const char *stream;
		enum source_kind kind;
	} rows[] = {
	        {"user", SOURCE_HOME},
	        {"public", SOURCE_FEDERATED},
	        {"public:local", SOURCE_LOCAL},
	        {"hashtag&tag=c", SOURCE_TAG},
	};
	char *status = fixture("status.json");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		tell(heard, rows[i].stream, "update", status);
		struct page *page = heard->pages[rows[i].kind];
		assert_int_equal(page->nentries, 1);
		assert_string_equal(page->entries[0].cursor, "90003");
		assert_int_equal(post_viewer(page->posts[0], 0).flags & VIEWER_LIKED, VIEWER_LIKED);
	}
	free(status);
}

static void an_edit_is_a_post_without_a_row(void **state)
{
	struct heard *heard = *state;
	char *status = fixture("status.json");
	tell(heard, "user", "status.update", status);
	assert_int_equal(heard->pages[SOURCE_HOME]->nentries, 0);
	assert_int_equal(heard->pages[SOURCE_HOME]->nposts, 1);
	assert_int_equal(heard->pages[SOURCE_HOME]->posts[0]->nviewers, 1);
	/* A public stream does not know what we think of it. */
	tell(heard, "public", "status.update", status);
	assert_int_equal(heard->pages[SOURCE_FEDERATED]->posts[0]->nviewers, 0);
	free(status);
}

static void a_mention_comes_twice(void **state)
{
	struct heard *heard = *state;
	char *mention = fixture("mention.json");
	tell(heard, "user", "notification", mention);
	assert_int_equal(heard->pages[SOURCE_NOTIFICATIONS]->nentries, 1);
	assert_int_equal(heard->pages[SOURCE_MENTIONS]->nentries, 1);
	assert_null(heard->pages[SOURCE_HOME]);
	free(mention);
}

static void other_notifications_come_once(void **state)
{
	struct heard *heard = *state;
	tell(heard, "user", "notification",
	        "{\"id\":\"5\",\"type\":\"follow\",\"created_at\":\"2026-11-20T10:00:00Z\","
	        "\"account\":{\"uri\":\"https://far.example/u\",\"acct\":\"u@far.example\"}}");
	assert_int_equal(heard->pages[SOURCE_NOTIFICATIONS]->nentries, 1);
	assert_int_equal(heard->pages[SOURCE_NOTIFICATIONS]->entries[0].reason, REASON_FOLLOWED);
	assert_null(heard->pages[SOURCE_MENTIONS]);
}

static void what_was_deleted_is_gone(void **state)
{
	struct heard *heard = *state;
	tell(heard, "user", "delete", "90003");
	assert_string_equal(heard->gone, "90003");
}

static void merged_notifications_are_fetched(void **state)
{
	struct heard *heard = *state;
	tell(heard, "user", "notifications_merged", "undefined");
	assert_int_equal(heard->refreshed[SOURCE_NOTIFICATIONS], 1);
	assert_int_equal(heard->refreshed[SOURCE_MENTIONS], 1);
}

static void what_changed_elsewhere_is_fetched(void **state)
{
	struct heard *heard = *state;
	tell(heard, "user", "filters_changed", "undefined");
	assert_int_equal(heard->filters, 1);
	tell(heard, "direct", "conversation", "{}");
	assert_int_equal(heard->refreshed[SOURCE_DIRECT], 1);
}

static void strange_events_are_nothing(void **state)
{
	struct heard *heard = *state;
	static const struct {
		const char *stream, *name, *data;
	} rows[] = {
	        {"user", "announcement.delete", "7"},
	        {"user", "", "{}"},
	        {"user", "update", "{\"id\":"},
	        {"user", "update", ""},
	        {"user", "notification", "undefined"},
	        {"user", "delete", ""},
	        {"user", "delete", "1 2"},
	        {"user", "delete", "1\x1b[31m"},
	        {"elsewhere", "update", "{}"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		tell(heard, rows[i].stream, rows[i].name, rows[i].data);
		assert_true(heard_nothing(heard));
	}
}

static void an_unreadable_update_is_counted(void **state)
{
	struct heard *heard = *state;
	tell(heard, "user", "update", "{\"id\":\"1\"}");
	assert_int_equal(heard->pages[SOURCE_HOME]->unreadable, 1);
	assert_int_equal(heard->pages[SOURCE_HOME]->nentries, 0);
}

#define heard_test(f) cmocka_unit_test_setup_teardown(f, heard_setup, heard_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sources_share_streams),
	        cmocka_unit_test(streams_have_a_root_of_their_own),
	        cmocka_unit_test(a_websocket_carries_many),
	        heard_test(an_update_is_a_row_of_its_source),
	        heard_test(an_edit_is_a_post_without_a_row),
	        heard_test(a_mention_comes_twice),
	        heard_test(other_notifications_come_once),
	        heard_test(what_was_deleted_is_gone),
	        heard_test(merged_notifications_are_fetched),
	        heard_test(what_changed_elsewhere_is_fetched),
	        heard_test(strange_events_are_nothing),
	        heard_test(an_unreadable_update_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
