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
	assert_null(mastodon()->stream_name(&no_tag, buf));
	assert_null(mastodon()->stream_name(&long_tag, buf));
	free(longest);
	w.call.token = NULL;
	assert_false(mastodon()->stream_open(&w.call, "user", &w.req));
	world_finish(&w);
}

struct heard {
	struct world w;
	struct page *pages[SOURCE_NKINDS];
	int refreshed[SOURCE_NKINDS];
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

static void tell(struct heard *heard, const char *stream, const char *name, const char *data)
{
	const struct stream_sink sink = {heard, heard_page, heard_gone, heard_refresh};
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
	return !*heard->gone;
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

static void strange_events_are_nothing(void **state)
{
	struct heard *heard = *state;
	static const struct {
		const char *stream, *name, *data;
	} rows[] = {
	        {"user", "filters_changed", "undefined"},
	        {"user", "announcement.delete", "7"},
	        {"user", "conversation", "{}"},
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
	        heard_test(an_update_is_a_row_of_its_source),
	        heard_test(an_edit_is_a_post_without_a_row),
	        heard_test(a_mention_comes_twice),
	        heard_test(other_notifications_come_once),
	        heard_test(what_was_deleted_is_gone),
	        heard_test(merged_notifications_are_fetched),
	        heard_test(strange_events_are_nothing),
	        heard_test(an_unreadable_update_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
