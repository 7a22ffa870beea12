/* Sources that take more than one request, rows that are no statuses, and servers unlike Mastodon.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

static const struct post *post_of(const struct page *page, size_t entry)
{
	assert_true(page->entries[entry].post > 0);
	return page->posts[page->entries[entry].post - 1];
}

static void asked(const struct world *w, const char *path)
{
	assert_int_equal(w->next, CALL_SEND);
	assert_memory_equal(w->req.url, "https://social.example", 22);
	assert_string_equal(w->req.url + 22, path);
}

/* --- profiles --- */

static const char bob[] = "{\"id\":\"16\",\"acct\":\"bob@far.example\","
                          "\"uri\":\"https://far.example/users/bob\"}";

static void a_profile_is_looked_up_once(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(9, 2);
	ask(&w, SOURCE_PROFILE, "bob@far.example");
	answer(&w, 200, NULL, bob);
	asked(&w, "/api/v1/accounts/16/statuses?limit=40&exclude_replies=true");
	answer(&w, 200, NULL, body);
	assert_int_equal(w.call.out->nentries, 2);
	assert_string_equal(w.state.remote, "16");
	assert_string_equal(w.state.newest, "9");
	ask(&w, SOURCE_PROFILE, "bob@far.example");
	asked(&w, "/api/v1/accounts/16/statuses?limit=40&exclude_replies=true&since_id=9");
	free(body);
	world_finish(&w);
}

static void views_of_a_profile(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.state.remote = xstrdup("1/6");
	ask(&w, SOURCE_PROFILE, "bob@far.example/replies");
	asked(&w, "/api/v1/accounts/1%2F6/statuses?limit=40");
	ask(&w, SOURCE_PROFILE, "@bob@far.example/media");
	asked(&w, "/api/v1/accounts/1%2F6/statuses?limit=40&only_media=true");
	w.account.remote_id = (char *)"1";
	ask(&w, SOURCE_PROFILE, "@Ada@social.example");
	asked(&w, "/api/v1/accounts/1/statuses?limit=40&exclude_replies=true");
	world_finish(&w);
}

static void an_id_that_is_no_longer_right_is_looked_up_again(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.state.remote = xstrdup("5");
	ask(&w, SOURCE_PROFILE, "bob@far.example");
	answer(&w, 404, NULL, "{\"error\":\"Record not found\"}");
	asked(&w, "/api/v1/accounts/lookup?acct=bob%40far.example");
	answer(&w, 200, NULL, bob);
	asked(&w, "/api/v1/accounts/16/statuses?limit=40&exclude_replies=true");
	assert_string_equal(w.state.remote, "16");
	answer(&w, 404, NULL, "{\"error\":\"Record not found\"}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_NOT_FOUND);
	assert_string_equal(w.call.err.text, "social.example has no such profile: bob@far.example");
	world_finish(&w);
}

/* --- threads --- */

static const char root[] =
        "{\"id\":\"90\",\"uri\":\"https://far.example/s/90\",\"url\":"
        "\"https://far.example/@u/90\",\"created_at\":\"2026-11-20T10:00:00Z\","
        "\"in_reply_to_id\":\"12\",\"account\":{\"uri\":\"https://far.example/u\","
        "\"acct\":\"u@far.example\"}}";

static void a_thread_is_found_and_had_whole(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *above = statuses(12, 2), *below = statuses(300, 150);
	struct str found = {0}, context = {0};
	str_addf(&found, "{\"accounts\":[],\"statuses\":[%s]}", root);
	str_addf(&context, "{\"ancestors\":%s,\"descendants\":%s}", above, below);
	ask(&w, SOURCE_THREAD, "https://far.example/@u/90");
	answer(&w, 200, NULL, found.p);
	asked(&w, "/api/v1/statuses/90/context");
	answer(&w, 200, "Mastodon-Async-Refresh: id=\"x\", retry=3", context.p);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 153);
	assert_null(w.call.out->older);
	assert_false(w.call.out->gap);
	assert_string_equal(w.state.remote, "90");
	/* Next time its id is known. */
	ask(&w, SOURCE_THREAD, "https://far.example/@u/90");
	asked(&w, "/api/v1/statuses/90");
	answer(&w, 200, NULL, root);
	asked(&w, "/api/v1/statuses/90/context");
	assert_string_equal(post_str(w.call.out->posts[0], POST_REPLY_TO), "12");
	str_finish(&found);
	str_finish(&context);
	free(above);
	free(below);
	world_finish(&w);
}

static void a_thread_that_moved_is_found_again(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.state.remote = xstrdup("3");
	ask(&w, SOURCE_THREAD, "https://far.example/s/90");
	answer(&w, 404, NULL, "{\"error\":\"Record not found\"}");
	assert_non_null(strstr(w.req.url, "/api/v2/search?q=https%3A%2F%2Ffar.example%2Fs%2F90"));
	answer(&w, 200, NULL, "{\"statuses\":[]}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_NOT_FOUND);
	assert_null(w.state.remote);
	w.state.remote = xstrdup("3");
	ask(&w, SOURCE_THREAD, "90");
	asked(&w, "/api/v1/statuses/3");
	answer(&w, 404, NULL, "{\"error\":\"Record not found\"}");
	asked(&w, "/api/v1/statuses/90");
	world_finish(&w);
}

static void a_post_by_id_without_a_context_stands_alone(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_THREAD, "90");
	answer(&w, 200, NULL, root);
	answer(&w, 404, NULL, "<html>not here");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.err.code, ERR_NONE);
	assert_int_equal(w.call.out->nentries, 1);
	ask(&w, SOURCE_THREAD, "91");
	answer(&w, 404, NULL, "{\"error\":\"Record not found\"}");
	assert_string_equal(
	        w.call.err.text, "social.example has no such post, or does not show it to work");
	ask(&w, SOURCE_THREAD, "90");
	answer(&w, 200, NULL, root);
	answer(&w, 503, NULL, "");
	assert_int_equal(w.next, CALL_FAIL);
	world_finish(&w);
}

/* --- rows that are no statuses --- */

static void conversations_are_their_last_posts(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct str body = {0};
	str_addf(&body,
	        "[{\"id\":\"7\",\"unread\":true,\"accounts\":[],\"last_status\":%s},"
	        "{\"id\":\"6\",\"last_status\":null},{\"id\":\"5\"}]",
	        root);
	ask(&w, SOURCE_DIRECT, NULL);
	answer(&w, 200, NULL, body.p);
	assert_int_equal(w.call.out->nentries, 1);
	assert_int_equal(w.call.out->unreadable, 1);
	assert_string_equal(post_str(post_of(w.call.out, 0), POST_URI), "https://far.example/s/90");
	str_finish(&body);
	world_finish(&w);
}

static void tags_become_posts(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_TRENDS, "tags");
	answer(&w, 200, NULL,
	        "[{\"name\":\"Harbour\",\"url\":\"https://social.example/tags/"
	        "harbour\",\"history\":["
	        "{\"day\":\"1795219200\",\"uses\":\"20\",\"accounts\":\"12\"},"
	        "{\"day\":\"1795132800\",\"uses\":\"8\",\"accounts\":\"5\"},"
	        "{\"day\":\"1795046400\",\"uses\":\"2\",\"accounts\":\"2\"}]},"
	        "{\"name\":\"tea\",\"url\":\"https://social.example/tags/tea\"},"
	        "{\"name\":\"no tag\",\"url\":\"https://social.example/tags/x\"},"
	        "{\"name\":\"x\",\"url\":\"javascript:1\"},null]");
	const struct page *page = w.call.out;
	assert_int_equal(page->nentries, 2);
	assert_int_equal(page->unreadable, 3);
	const struct post *harbour = post_of(page, 0);
	assert_string_equal(post_str(harbour, POST_BODY),
	        "#Harbour — used by 17 people in two days, 30 posts this week");
	assert_string_equal(post_str(harbour, POST_URI), "https://social.example/tags/harbour");
	struct facet tag = post_facet(harbour, 0);
	assert_int_equal(tag.kind, FACET_TAG);
	assert_string_equal(tag.target, "Harbour");
	assert_int_equal(tag.end, 8);
	assert_string_equal(post_str(post_of(page, 1), POST_BODY), "#tea");
	/* As the server ranks them. */
	assert_int_equal(page->entries[0].sort_ms, now_ms);
	assert_true(page->entries[0].sort_ms > page->entries[1].sort_ms);
	world_finish(&w);
}

static void links_become_posts_with_a_card(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_TRENDS, "links");
	answer(&w, 200, NULL,
	        "[{\"url\":\"https://news.example/a\",\"title\":\"A "
	        "title\",\"description\":\"Words\","
	        "\"history\":[{\"uses\":\"9\",\"accounts\":\"4\"}]},{\"url\":7}]");
	assert_int_equal(w.call.out->nentries, 1);
	assert_int_equal(w.call.out->unreadable, 1);
	const struct post *post = post_of(w.call.out, 0);
	assert_string_equal(post_str(post, POST_BODY),
	        "Words\n\nShared by 4 people in two days, 9 posts this week");
	assert_string_equal(post_str(post, POST_CARD_TITLE), "A title");
	assert_string_equal(post_str(post, POST_CARD_URL), "https://news.example/a");
	assert_string_equal(post_link(post), "https://news.example/a");
	assert_string_equal(post_str(post, POST_URI), "link:https://news.example/a");
	world_finish(&w);
}

static void people_found_are_rows_without_a_post(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct str body = {0};
	str_addf(&body, "{\"accounts\":[%s,{\"id\":\"9\"}]}", bob);
	ask(&w, SOURCE_PROFILES, "bob");
	answer(&w, 200, NULL, body.p);
	assert_int_equal(w.call.out->nentries, 1);
	assert_int_equal(w.call.out->unreadable, 1);
	const struct entry *entry = &w.call.out->entries[0];
	assert_int_equal(entry->reason, REASON_FOUND);
	assert_int_equal(entry->post, 0);
	assert_string_equal(w.call.out->profiles[entry->actor - 1]->handle, "bob@far.example");
	str_finish(&body);
	world_finish(&w);
}

static void a_scheduled_post_stands_at_its_time(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_SCHEDULED, NULL);
	answer(&w, 200, NULL,
	        "{\"id\":\"1\",\"uri\":\"https://social.example/users/ada\",\"acct\":\"ada\","
	        "\"display_name\":\"Ada\"}");
	answer(&w, 200, NULL,
	        "[{\"id\":\"31\",\"scheduled_at\":\"2026-12-01T10:00:00.000Z\",\"params\":{"
	        "\"text\":"
	        "\"Soon\\u001b[m "
	        "#c\",\"spoiler_text\":\"w\",\"visibility\":\"unlisted\",\"sensitive\":"
	        "true,\"in_reply_to_id\":12,\"poll\":{\"options\":[\"Tea\",7,\"Cake\"]}},"
	        "\"media_attachments\":[{\"type\":\"image\",\"url\":\"https://social.example/"
	        "1.png\"}]},"
	        "{\"id\":\"32\",\"scheduled_at\":null}]");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 1);
	assert_int_equal(w.call.out->unreadable, 1);
	const struct entry *entry = &w.call.out->entries[0];
	const struct post *post = post_of(w.call.out, 0);
	assert_int_equal(entry->reason, REASON_SCHEDULED);
	assert_int_equal(entry->sort_ms, 1796119200000);
	assert_string_equal(entry->cursor, "31");
	assert_string_equal(post_str(post, POST_URI), "scheduled:social.example/31");
	assert_string_equal(post_str(post, POST_BODY), "Soon[m #c");
	assert_string_equal(post_str(post, POST_WARNING), "w");
	assert_string_equal(post_str(post, POST_POLL), "-1\tTea\n-1\tCake");
	assert_int_equal(post->visibility, VIS_UNLISTED);
	assert_int_equal(post->nmedia, 1);
	assert_int_equal(post_viewer(post, 0).flags, VIEWER_OWN);
	assert_string_equal(post_viewer(post, 0).remote_id, "31");
	assert_string_equal(w.call.out->profiles[post->author - 1]->name, "Ada");
	world_finish(&w);
}

/* --- what a server does not have --- */

static void what_is_lacking_is_named(void **state)
{
	(void)state;
	static const struct {
		enum source_kind kind;
		const char *arg;
		int status;
		const char *body;
		enum err_code code;
		const char *words;
	} rows[] = {
	        {SOURCE_BOOKMARKS, NULL, 404, "<html>", ERR_UNSUPPORTED, "keeps no bookmarks"},
	        {SOURCE_BOOKMARKS, NULL, 405, "", ERR_UNSUPPORTED, "keeps no bookmarks"},
	        {SOURCE_LIKES, NULL, 501, "", ERR_UNSUPPORTED, "does not tell what one liked"},
	        {SOURCE_TRENDS, "tags", 404, "{\"error\":\"Not found\"}", ERR_UNSUPPORTED,
	                "tells no trends"},
	        {SOURCE_LIST, "12", 404, "", ERR_UNSUPPORTED, "keeps no lists"},
	        {SOURCE_LIST, "12", 404, "{\"error\":\"Record not found\"}", ERR_NOT_FOUND,
	                "has no such list: 12"},
	        {SOURCE_SEARCH, "x", 404, "", ERR_UNSUPPORTED, "cannot search"},
	        {SOURCE_TAG, "x", 404, "", ERR_UNSUPPORTED, "shows no tags"},
	        {SOURCE_LOCAL, NULL, 404, "", ERR_UNSUPPORTED, "shows no local timeline"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char words[100];
		snprintf(words, sizeof words, "social.example %s", rows[i].words);
		ask(&w, rows[i].kind, rows[i].arg);
		answer(&w, rows[i].status, NULL, rows[i].body);
		assert_int_equal(w.next, CALL_FAIL);
		assert_int_equal(w.call.err.code, rows[i].code);
		assert_string_equal(w.call.err.text, words);
	}
	world_finish(&w);
}

static void without_conversations_the_direct_timeline_is_tried(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(9, 2);
	ask(&w, SOURCE_DIRECT, NULL);
	answer(&w, 404, NULL, "{\"error\":\"Not implemented\"}");
	asked(&w, "/api/v1/timelines/direct?limit=40");
	answer(&w, 200, NULL, body);
	assert_int_equal(w.call.out->nentries, 2);
	ask(&w, SOURCE_DIRECT, NULL);
	answer(&w, 404, NULL, "");
	answer(&w, 404, NULL, "");
	assert_int_equal(w.next, CALL_FAIL);
	assert_string_equal(w.call.err.text, "social.example keeps no conversations");
	/* A bad moment is not a lack. */
	ask(&w, SOURCE_DIRECT, NULL);
	answer(&w, 500, NULL, "");
	assert_int_equal(w.call.err.code, ERR_SERVER);
	free(body);
	world_finish(&w);
}

/* --- other servers' posts --- */

static void posts_of_other_servers(void **state)
{
	(void)state;
	static const struct {
		const char *file, *id, *body, *name;
		enum visibility visibility;
		size_t nmedia;
		unsigned flags;
	} rows[] = {
	        {"gotosocial_home.json", "01JDGS7Q8D2V4W6X8Y0Z1A2B3C",
	                "Markdown by gts\n\n• one\n• two", "Dora", VIS_FOLLOWERS, 0, VIEWER_LIKED},
	        {"snac_home.json", "691ee3a0a1b2c3d4e5f60718293a4b5c6d7e8f9012",
	                "plain text without a paragraph\nand a line", "Finn", VIS_PUBLIC, 1, 0},
	        {"pixelfed_home.json", "500000000000000001", "Sunset #sea", "", VIS_PUBLIC, 1, 0},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fetch_state_finish(&w.state);
		const struct page *page = page_of(&w, SOURCE_HOME, rows[i].file);
		assert_int_equal(page->nentries, 1);
		assert_int_equal(page->unreadable, 0);
		const struct post *post = post_of(page, 0);
		assert_string_equal(post_str(post, POST_BODY), rows[i].body);
		assert_string_equal(post_viewer(post, 0).remote_id, rows[i].id);
		assert_int_equal(post_viewer(post, 0).flags, rows[i].flags);
		assert_string_equal(page->profiles[post->author - 1]->name, rows[i].name);
		assert_int_equal(post->visibility, rows[i].visibility);
		assert_int_equal(post->nmedia, rows[i].nmedia);
	}
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_profile_is_looked_up_once),
	        cmocka_unit_test(views_of_a_profile),
	        cmocka_unit_test(an_id_that_is_no_longer_right_is_looked_up_again),
	        cmocka_unit_test(a_thread_is_found_and_had_whole),
	        cmocka_unit_test(a_thread_that_moved_is_found_again),
	        cmocka_unit_test(a_post_by_id_without_a_context_stands_alone),
	        cmocka_unit_test(conversations_are_their_last_posts),
	        cmocka_unit_test(tags_become_posts),
	        cmocka_unit_test(links_become_posts_with_a_card),
	        cmocka_unit_test(people_found_are_rows_without_a_post),
	        cmocka_unit_test(a_scheduled_post_stands_at_its_time),
	        cmocka_unit_test(what_is_lacking_is_named),
	        cmocka_unit_test(without_conversations_the_direct_timeline_is_tried),
	        cmocka_unit_test(posts_of_other_servers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
