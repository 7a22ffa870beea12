/* Where the Mastodon network asks, how it pages, and what it says when that fails. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

static const char next_50[] =
        "Link: <http://other.example/api/v1/timelines/home?limit=40&"
        "max_id=50&since_id=9>; rel=\"next\", <http://x?min_id=99>; rel=\"prev\"";

/* --- places --- */

static void each_source_has_its_place(void **state)
{
	(void)state;
	static const struct {
		enum source_kind kind;
		const char *arg, *url;
	} rows[] = {
	        {SOURCE_HOME, NULL, "/api/v1/timelines/home?limit=40"},
	        {SOURCE_LOCAL, NULL, "/api/v1/timelines/public?limit=40&local=true"},
	        {SOURCE_FEDERATED, NULL, "/api/v1/timelines/public?limit=40"},
	        {SOURCE_TAG, "c", "/api/v1/timelines/tag/c?limit=40"},
	        {SOURCE_TAG, "#a/bü", "/api/v1/timelines/tag/a%2Fb%C3%BC?limit=40"},
	        {SOURCE_TAG, "c OR zig d -java",
	                "/api/v1/timelines/tag/c?limit=40&any%5B%5D=zig&all%5B%5D=d&none%5B%5D="
	                "java"},
	        {SOURCE_LIST, "12", "/api/v1/timelines/list/12?limit=40"},
	        {SOURCE_DIRECT, NULL, "/api/v1/conversations?limit=40"},
	        {SOURCE_BOOKMARKS, NULL, "/api/v1/bookmarks?limit=40"},
	        {SOURCE_LIKES, NULL, "/api/v1/favourites?limit=40"},
	        {SOURCE_TRENDS, NULL, "/api/v1/trends/statuses?limit=40"},
	        {SOURCE_TRENDS, "tags", "/api/v1/trends/tags?limit=20"},
	        {SOURCE_TRENDS, "links", "/api/v1/trends/links?limit=20"},
	        {SOURCE_SCHEDULED, NULL, "/api/v1/accounts/verify_credentials"},
	        {SOURCE_PROFILE, "bob@far.example",
	                "/api/v1/accounts/lookup?acct=bob%40far.example"},
	        {SOURCE_PROFILE, "@bob@far.example/media",
	                "/api/v1/accounts/lookup?acct=bob%40far.example"},
	        {SOURCE_PROFILE, "https://far.example/users/bob",
	                "/api/v2/"
	                "search?q=https%3A%2F%2Ffar.example%2Fusers%2Fbob&resolve=true&limit=5&"
	                "type=accounts"},
	        {SOURCE_THREAD, "90", "/api/v1/statuses/90"},
	        {SOURCE_THREAD, "https://far.example/9",
	                "/api/v2/search?q=https%3A%2F%2Ffar.example%2F9&resolve=true&limit=5&"
	                "type=statuses"},
	        {SOURCE_PROFILES, "bob", "/api/v2/search?limit=40&type=accounts&q=bob"},
	        {SOURCE_TAGS, "tea", "/api/v2/search?limit=40&type=hashtags&q=tea"},
	        {SOURCE_NOTIFICATIONS, NULL, "/api/v1/notifications?limit=40"},
	        {SOURCE_MENTIONS, NULL, "/api/v1/notifications?limit=40&types%5B%5D=mention"},
	        {SOURCE_SEARCH, "tea & \"cake\"",
	                "/api/v2/search?limit=40&type=statuses&q=tea%20%26%20%22cake%22"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char url[200];
		snprintf(url, sizeof url, "https://social.example%s", rows[i].url);
		assert_true(mastodon()->has_source(rows[i].kind));
		ask(&w, rows[i].kind, rows[i].arg);
		assert_int_equal(w.next, CALL_SEND);
		assert_string_equal(w.req.url, url);
		assert_string_equal(w.req.method, "GET");
		assert_string_equal(header_of(&w.req, "Authorization"), "Bearer t0ken");
		assert_string_equal(header_of(&w.req, "Accept"), "application/json");
		assert_false(w.req.follow);
	}
	assert_false(mastodon()->has_source(SOURCE_FEED));
	world_finish(&w);
}

static void a_host_with_a_scheme_is_asked_as_it_is(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.host = (char *)"http://127.0.0.1:8080";
	w.call.token = NULL;
	ask(&w, SOURCE_LOCAL, NULL);
	assert_string_equal(
	        w.req.url, "http://127.0.0.1:8080/api/v1/timelines/public?limit=40&local=true");
	assert_null(header_of(&w.req, "Authorization"));
	world_finish(&w);
}

static void what_cannot_be_asked_is_refused(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_TAG, NULL);
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_UNSUPPORTED);
	ask(&w, SOURCE_FEED, "x");
	assert_int_equal(w.next, CALL_FAIL);
	ask(&w, SOURCE_TAG, "OR c");
	assert_int_equal(w.call.err.code, ERR_SYNTAX);
	ask(&w, SOURCE_PROFILE, "bob@far.example/likes");
	assert_string_equal(
	        w.call.err.text, "profile can be followed by /replies or /media, not by 'likes'");
	ask(&w, SOURCE_TRENDS, "people");
	assert_string_equal(
	        w.call.err.text, "trends can be followed by :tags or :links, not by 'people'");
	char *longest = xcalloc(1, 3000);
	memset(longest, 'q', 2999);
	ask(&w, SOURCE_SEARCH, longest);
	assert_int_equal(w.call.err.code, ERR_TOO_LARGE);
	free(longest);
	world_finish(&w);
}

/* --- the first page --- */

static void the_first_page_knows_where_it_stands(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(90, 40);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, next_50, body);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 40);
	assert_string_equal(w.call.out->entries[0].cursor, "90");
	assert_string_equal(w.call.out->older, "limit=40&max_id=50");
	assert_null(w.call.out->newer);
	assert_false(w.call.out->gap);
	assert_string_equal(w.state.newest, "90");
	free(body);
	world_finish(&w);
}

static void links_are_read_as_they_come(void **state)
{
	(void)state;
	static const struct {
		const char *header, *older;
	} rows[] = {
	        {"Link: <https://h/p?max_id=5>; rel=\"next\"", "max_id=5"},
	        {"link: <https://h/p?min_id=9>; rel=\"prev\", <https://h/p?a=b&max_id=5>; "
	         "rel=next;",
	                "a=b&max_id=5"},
	        {"LINK: <https://h/p?min_id=9>, <https://h/p?max_id=6&min_id=2>; title=x; "
	         "REL=\"next\";",
	                "max_id=6"},
	        {"Link: <https://h/p?max_id=5>; rel=\"prev\"", NULL},
	        {"Link: <https://h/p?max_id=5>; rel=\"nextish\"", NULL},
	        {"Link: <https://h/p?max_id=5#x>; rel=\"next\"", NULL},
	        {"Link: <https://h/p?max id=5>; rel=\"next\"", NULL},
	        {"Link: <https://h/p?>; rel=\"next\"", NULL},
	        {"Link: <https://h/p?min_id=5>; rel=\"next\"", NULL},
	        {"Link: <https://h/p?max_id=5; rel=\"next\"", NULL},
	        {"Link: nonsense", NULL},
	        {"Link:", NULL},
	};
	struct world w;
	world_init(&w);
	char *body = statuses(90, 40);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fetch_state_finish(&w.state);
		ask(&w, SOURCE_HOME, NULL);
		answer(&w, 200, rows[i].header, body);
		assert_int_equal(w.next, CALL_DONE);
		if (rows[i].older)
			assert_string_equal(w.call.out->older, rows[i].older);
		else
			assert_null(w.call.out->older);
	}
	free(body);
	world_finish(&w);
}

static void without_links_the_last_id_is_the_cursor(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(90, 40), *few = statuses(90, 3);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, NULL, body);
	assert_string_equal(w.call.out->older, "limit=40&max_id=51");
	fetch_state_finish(&w.state);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, NULL, few);
	assert_null(w.call.out->older);
	free(body);
	free(few);
	world_finish(&w);
}

/* --- newer --- */

static void nothing_new(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.state.newest = xstrdup("Z9/9");
	ask(&w, SOURCE_HOME, NULL);
	assert_string_equal(
	        w.req.url, "https://social.example/api/v1/timelines/home?limit=40&since_id=Z9%2F9");
	answer(&w, 200, NULL, "[]");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 0);
	assert_false(w.call.out->gap);
	assert_string_equal(w.state.newest, "Z9/9");
	world_finish(&w);
}

static void newer_rows_are_followed_down_to_the_known(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.state.newest = xstrdup("48");
	char *first = statuses(90, 40), *rest = statuses(50, 2);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, next_50, first);
	assert_int_equal(w.next, CALL_SEND);
	assert_string_equal(w.req.url,
	        "https://social.example/api/v1/timelines/home?limit=40&max_id=50&since_id=48");
	assert_string_equal(w.state.newest, "48"); /* not before all is there */
	answer(&w, 200, "Link: <http://x?min_id=50>; rel=\"prev\"", rest);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 42);
	assert_false(w.call.out->gap);
	assert_null(w.call.out->older);
	assert_null(w.call.out->newer);
	assert_string_equal(w.state.newest, "90");
	free(first);
	free(rest);
	world_finish(&w);
}

static void what_is_too_much_leaves_a_gap(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.state.newest = xstrdup("1");
	ask(&w, SOURCE_HOME, NULL);
	int requests = 0;
	while (w.next == CALL_SEND) {
		char *body = statuses(900 - 40 * requests, 40), link[200];
		snprintf(link, sizeof link, "Link: <http://x?max_id=%d>; rel=\"next\"",
		        900 - 40 * requests - 39);
		requests++;
		answer(&w, 200, link, body);
		free(body);
	}
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(requests, 5);
	assert_int_equal(w.call.out->nentries, 200);
	assert_true(w.call.out->gap);
	assert_string_equal(w.call.out->older, "max_id=701&since_id=1");
	assert_string_equal(w.state.newest, "900");
	world_finish(&w);
}

static void a_failure_half_way_keeps_what_came(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.state.newest = xstrdup("1");
	char *body = statuses(90, 40);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, next_50, body);
	answer(&w, 500, NULL, "oops");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.err.code, ERR_NONE);
	assert_int_equal(w.call.out->nentries, 40);
	assert_true(w.call.out->gap);
	assert_string_equal(w.call.out->older, "limit=40&max_id=50&since_id=1");
	free(body);
	world_finish(&w);
}

static void empty_pages_with_a_link_go_on(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *notes = fixture("notifications.json");
	char *only_likes = xstrdup(
	        "[{\"id\":\"9\",\"type\":\"favourite\",\"created_at\":\"2026-11-20T10:00:00Z\"}]");
	ask(&w, SOURCE_MENTIONS, NULL);
	answer(&w, 200, next_50, only_likes);
	assert_int_equal(w.next, CALL_SEND);
	answer(&w, 200, next_50, notes);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 1);
	assert_string_equal(w.state.newest, "9");
	fetch_state_finish(&w.state);
	int requests = 0;
	for (ask(&w, SOURCE_MENTIONS, NULL); w.next == CALL_SEND; requests++)
		answer(&w, 200, next_50, only_likes);
	assert_int_equal(requests, 5);
	assert_int_equal(w.next, CALL_DONE);
	assert_non_null(w.call.out->older);
	free(notes);
	free(only_likes);
	world_finish(&w);
}

static void a_home_in_the_making_is_not_remembered(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(90, 2);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 206, NULL, body);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.out->nentries, 2);
	assert_null(w.state.newest);
	free(body);
	world_finish(&w);
}

/* --- older, gaps, searches --- */

static void older_by_query_and_by_id(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = statuses(49, 40);
	w.state.newest = xstrdup("90");
	w.call.want = FETCH_OLDER;
	w.call.cursor = "limit=40&max_id=50";
	ask(&w, SOURCE_HOME, NULL);
	assert_string_equal(
	        w.req.url, "https://social.example/api/v1/timelines/home?limit=40&max_id=50");
	answer(&w, 200, next_50, body);
	assert_int_equal(w.next, CALL_DONE);
	assert_string_equal(w.call.out->older, "limit=40&max_id=50");
	assert_string_equal(w.state.newest, "90");
	w.call.want = FETCH_GAP;
	w.call.cursor = "a b";
	ask(&w, SOURCE_LOCAL, NULL);
	assert_string_equal(w.req.url,
	        "https://social.example/api/v1/timelines/public?limit=40&local=true&max_id=a%20b");
	free(body);
	world_finish(&w);
}

static void a_search_counts_from_its_top(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *list = statuses(90, 40);
	struct str body = {0};
	str_addf(&body, "{\"accounts\":[],\"hashtags\":[],\"statuses\":%s}", list);
	ask(&w, SOURCE_SEARCH, "tea");
	answer(&w, 200, NULL, body.p);
	assert_string_equal(w.call.out->older, "limit=40&type=statuses&q=tea&offset=40");
	assert_false(w.call.out->gap);
	/* The known newest is in the next look's page: no gap. */
	ask(&w, SOURCE_SEARCH, "tea");
	assert_null(strstr(w.req.url, "since_id"));
	answer(&w, 200, NULL, body.p);
	assert_false(w.call.out->gap);
	/* It is not: a gap. */
	free(w.state.newest);
	w.state.newest = xstrdup("7");
	ask(&w, SOURCE_SEARCH, "tea");
	answer(&w, 200, NULL, body.p);
	assert_true(w.call.out->gap);
	w.call.want = FETCH_OLDER;
	w.call.cursor = "limit=40&type=statuses&q=tea&offset=40";
	ask(&w, SOURCE_SEARCH, "tea");
	assert_string_equal(w.req.url,
	        "https://social.example/api/v2/search?limit=40&type=statuses&q=tea&offset=40");
	answer(&w, 200, NULL, body.p);
	assert_string_equal(w.call.out->older, "limit=40&type=statuses&q=tea&offset=80");
	str_finish(&body);
	free(list);
	world_finish(&w);
}

/* --- failures --- */

static void each_failure_has_its_sentence(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *headers, *body;
		enum err_code code;
		int64_t retry_ms;
		const char *words; /* in the sentence */
	} rows[] = {
	        {400, NULL, "{\"error\":\"Missing parameter: q\"}", ERR_UNSUPPORTED, 0,
	                "Missing parameter"},
	        {401, NULL, "{\"error\":\"The access token was revoked\"}", ERR_AUTH, 0,
	                "sign in again"},
	        {403, NULL, "{\"error\":\"This action is outside the authorized scopes\"}",
	                ERR_AUTH, 0, "outside the authorized scopes"},
	        {404, NULL, "<html>", ERR_NOT_FOUND, 0, "(404)"},
	        {410, NULL, "", ERR_GONE, 0, "gone"},
	        {422, NULL, "{\"error\":\"Validation failed\"}", ERR_UNSUPPORTED, 0,
	                "Validation failed"},
	        {422, NULL, "", ERR_AUTH, 0, "sign in again"},
	        {429, "X-RateLimit-Reset: 2026-11-21T01:05:00.123456Z", "", ERR_RATE_LIMITED,
	                300123, "wait 301 s"},
	        {429,
	                "Date: Sat, 21 Nov 2026 01:04:30 GMT\nX-RateLimit-Reset: "
	                "2026-11-21T01:05:00Z",
	                "", ERR_RATE_LIMITED, 30000, "30 s"},
	        {429, "Retry-After: 90\nX-RateLimit-Reset: 2026-11-21T01:05:00Z", "",
	                ERR_RATE_LIMITED, 90000, "90 s"},
	        {429, "Retry-After: Sat, 21 Nov 2026 01:00:20 GMT", "", ERR_RATE_LIMITED, 20000,
	                "20 s"},
	        {429, "X-RateLimit-Reset: 2026-11-21T00:05:00Z", "", ERR_RATE_LIMITED, 0,
	                "too many"},
	        {429, NULL, "{\"error\":\"Too many requests\"}", ERR_RATE_LIMITED, 0, "too many"},
	        {503, "Retry-After: 30", "", ERR_RATE_LIMITED, 30000, "30 s"},
	        {503, NULL, "{\"error\":\"\"}", ERR_SERVER, 0, "(503)"},
	        {500, NULL, "<h1>", ERR_SERVER, 0, "(500)"},
	        {301, "Location: https://else.example/", "", ERR_SERVER, 0, "moved"},
	        {200, NULL, " <!doctype html><p>Sign in", ERR_FORMAT, 0, "web page"},
	        {200, NULL, "[{\"id\":\"1\",\"cont", ERR_FORMAT, 0, "cannot be read"},
	        {200, NULL, "", ERR_FORMAT, 0, "cannot be read"},
	        {200, NULL, "{\"error\":\"no list\"}", ERR_FORMAT, 0, "no list"},
	        {200, NULL, "null", ERR_FORMAT, 0, "no list"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		w.state.newest = xstrdup("5");
		ask(&w, SOURCE_HOME, NULL);
		answer(&w, rows[i].status, rows[i].headers, rows[i].body);
		assert_int_equal(w.next, CALL_FAIL);
		assert_int_equal(w.call.err.code, rows[i].code);
		assert_int_equal(w.call.err.retry_ms, rows[i].retry_ms);
		assert_non_null(strstr(w.call.err.text, rows[i].words));
		assert_string_equal(w.state.newest, "5");
		free(w.state.newest);
		w.state.newest = NULL;
	}
	world_finish(&w);
}

static void no_answer_is_told_as_it_was(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_HOME, NULL);
	struct response none = {0};
	err_set(&none.err, ERR_NETWORK, "the network is unreachable");
	w.next = mastodon()->fetch(&w.call, &none, &w.req);
	assert_int_equal(w.next, CALL_FAIL);
	assert_string_equal(w.call.err.text, "the network is unreachable");
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_source_has_its_place),
	        cmocka_unit_test(a_host_with_a_scheme_is_asked_as_it_is),
	        cmocka_unit_test(what_cannot_be_asked_is_refused),
	        cmocka_unit_test(the_first_page_knows_where_it_stands),
	        cmocka_unit_test(links_are_read_as_they_come),
	        cmocka_unit_test(without_links_the_last_id_is_the_cursor),
	        cmocka_unit_test(nothing_new),
	        cmocka_unit_test(newer_rows_are_followed_down_to_the_known),
	        cmocka_unit_test(what_is_too_much_leaves_a_gap),
	        cmocka_unit_test(a_failure_half_way_keeps_what_came),
	        cmocka_unit_test(empty_pages_with_a_link_go_on),
	        cmocka_unit_test(a_home_in_the_making_is_not_remembered),
	        cmocka_unit_test(older_by_query_and_by_id),
	        cmocka_unit_test(a_search_counts_from_its_top),
	        cmocka_unit_test(each_failure_has_its_sentence),
	        cmocka_unit_test(no_answer_is_told_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
