/* The network of feeds, fed with answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/network.h"

#define HOUR ((int64_t)3600 * 1000)
static const int64_t start_ms = 1767225600000; /* Thursday 2026-01-01 00:00 */
static const char url[] = "https://feeds.example/f";
static const char body[] = "<rss version=\"2.0\"><channel><title>T</title>"
                           "<item><guid>a</guid><title>A</title></item></channel></rss>";

struct world {
	struct call call;
	struct fetch_state state;
	struct request req;
	enum call_next next;
};

static int setup(void **state)
{
	struct world *w = xcalloc(1, sizeof *w);
	w->call = (struct call){.url = url, .state = &w->state, .now_ms = start_ms};
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	page_free(w->call.out);
	request_finish(&w->req);
	fetch_state_finish(&w->state);
	free(w);
	return 0;
}

static const struct network *feed(void)
{
	return network_find("feed");
}

/* A fresh call: the request that it makes. */
static void ask(struct world *w)
{
	page_free(w->call.out);
	request_finish(&w->req);
	w->req = (struct request){0};
	w->call.out = page_new();
	w->call.err = (struct err){0};
	w->call.unchanged = false;
	w->next = feed()->fetch(&w->call, NULL, &w->req);
}

static bool sends(const struct world *w, const char *header)
{
	for (size_t i = 0; i < w->req.nheaders; i++) {
		if (strcmp(w->req.headers[i], header) == 0) return true;
	}
	return false;
}

/* An answer with that body and those headers ("Name: value", NULL at the end). */
static void answer_with(struct world *w, int status, const char *text, const char *moved_to,
        const char *const *headers)
{
	struct response r = {.status = status,
	        .body = xstrdup(text ? text : ""),
	        .body_len = text ? strlen(text) : 0,
	        .url = xstrdup(url),
	        .moved_to = xstrdup(moved_to)};
	for (; headers && headers[r.nheaders]; r.nheaders++) {
		r.headers = xrealloc(r.headers, (r.nheaders + 1) * sizeof *r.headers);
		r.headers[r.nheaders] = xstrdup(headers[r.nheaders]);
	}
	w->next = feed()->fetch(&w->call, &r, &w->req);
	if (w->next == CALL_DONE) w->state.fetched_ms = w->call.now_ms; /* as the engine does */
	response_finish(&r);
}

#define HEADERS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void good(struct world *w, const char *const *headers)
{
	ask(w);
	answer_with(w, 200, body, NULL, headers);
	assert_int_equal(w->next, CALL_DONE);
}

static void first_fetch_asks_for_all_and_takes_posts(void **state)
{
	struct world *w = *state;
	ask(w);
	assert_int_equal(w->next, CALL_SEND);
	assert_string_equal(w->req.url, url);
	assert_string_equal(w->req.method, "GET");
	assert_true(w->req.follow);
	assert_int_equal(w->req.nheaders, 1);
	answer_with(w, 200, body, NULL, NULL);
	assert_int_equal(w->next, CALL_DONE);
	assert_false(w->call.unchanged);
	assert_int_equal(w->call.out->nposts, 1);
	assert_string_equal(post_str(w->call.out->posts[0], POST_URI), "https://feeds.example/f#a");
}

static void validators_go_back_as_they_came(void **state)
{
	struct world *w = *state;
	good(w, HEADERS("ETag: W/\"x y\"", "Last-Modified: Thu, 01 jan 2026"));
	ask(w);
	assert_true(sends(w, "If-None-Match: W/\"x y\""));
	assert_true(sends(w, "If-Modified-Since: Thu, 01 jan 2026"));
}

static void validators_of_a_page_that_is_no_feed_are_not_kept(void **state)
{
	struct world *w = *state;
	ask(w);
	answer_with(w, 200, "<html><body>Please sign in</body></html>", NULL,
	        HEADERS("ETag: \"portal\""));
	assert_int_equal(w->next, CALL_FAIL);
	assert_int_equal(w->call.err.code, ERR_FORMAT);
	assert_null(w->state.etag);
	assert_non_null(strstr(w->call.err.text, "web page"));
}

static void a_page_that_names_its_feed_says_so(void **state)
{
	struct world *w = *state;
	ask(w);
	answer_with(w, 200,
	        "<html><head><link rel=alternate type=application/rss+xml href=/rss></head>", NULL,
	        NULL);
	assert_non_null(strstr(w->call.err.text, "https://feeds.example/rss"));
}

static void a_304_is_no_news_and_keeps_what_is_known(void **state)
{
	struct world *w = *state;
	good(w, HEADERS("ETag: \"1\""));
	ask(w);
	answer_with(w, 304, NULL, NULL, NULL);
	assert_int_equal(w->next, CALL_DONE);
	assert_true(w->call.unchanged);
	assert_string_equal(w->state.etag, "\"1\"");
	ask(w);
	answer_with(w, 304, NULL, NULL, HEADERS("ETag: \"2\""));
	assert_string_equal(w->state.etag, "\"2\"");
}

static void the_same_body_again_is_no_news(void **state)
{
	struct world *w = *state;
	good(w, NULL);
	assert_false(w->call.unchanged);
	good(w, NULL);
	assert_true(w->call.unchanged);
	assert_int_equal(w->call.out->nposts, 0);
}

static void once_a_week_everything_is_asked_for(void **state)
{
	struct world *w = *state;
	good(w, HEADERS("ETag: \"1\""));
	w->call.now_ms += 7 * 24 * HOUR - 1;
	ask(w);
	assert_true(sends(w, "If-None-Match: \"1\""));
	w->call.now_ms++;
	ask(w);
	assert_false(sends(w, "If-None-Match: \"1\""));
}

static void a_permanent_redirect_counts_when_seen_twice(void **state)
{
	struct world *w = *state;
	ask(w);
	answer_with(w, 200, body, "https://new.example/f", NULL);
	assert_null(w->state.url);
	ask(w);
	assert_string_equal(w->req.url, url);
	answer_with(w, 304, NULL, "https://new.example/f", NULL);
	assert_string_equal(w->state.url, "https://new.example/f");
	ask(w);
	assert_string_equal(w->req.url, "https://new.example/f");
}

static void a_redirect_that_changes_its_mind_does_not_count(void **state)
{
	struct world *w = *state;
	ask(w);
	answer_with(w, 200, body, "https://new.example/f", NULL);
	ask(w);
	answer_with(w, 304, NULL, NULL, NULL);
	ask(w);
	answer_with(w, 304, NULL, "https://new.example/f", NULL);
	assert_null(w->state.url);
}

static void a_redirect_never_takes_tls_away(void **state)
{
	struct world *w = *state;
	for (int i = 0; i < 3; i++) {
		ask(w);
		answer_with(w, 304, NULL, "http://new.example/f", NULL);
	}
	assert_null(w->state.url);
}

static void posts_keep_their_identity_when_the_feed_moves(void **state)
{
	struct world *w = *state;
	w->state.url = xstrdup("https://new.example/f");
	good(w, NULL);
	assert_string_equal(post_str(w->call.out->posts[0], POST_URI), "https://feeds.example/f#a");
}

static void gone_is_gone(void **state)
{
	struct world *w = *state;
	ask(w);
	answer_with(w, 410, NULL, NULL, NULL);
	assert_int_equal(w->next, CALL_FAIL);
	assert_int_equal(w->call.err.code, ERR_GONE);
	assert_true(w->state.gone);
}

static void failures_have_their_codes(void **state)
{
	struct world *w = *state;
	static const struct {
		int status;
		enum err_code code;
	} rows[] = {{401, ERR_AUTH}, {403, ERR_AUTH}, {404, ERR_NOT_FOUND}, {429, ERR_RATE_LIMITED},
	        {500, ERR_SERVER}, {503, ERR_SERVER}, {302, ERR_SERVER}, {0, ERR_NETWORK}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ask(w);
		answer_with(w, rows[i].status, NULL, NULL, NULL);
		assert_int_equal(w->next, CALL_FAIL);
		assert_int_equal(w->call.err.code, rows[i].code);
		assert_true(*w->call.err.text);
	}
}

static void retry_after_in_seconds_and_as_a_date(void **state)
{
	struct world *w = *state;
	ask(w);
	answer_with(w, 429, NULL, NULL, HEADERS("Retry-After: 120"));
	assert_int_equal(w->call.err.retry_ms, 120000);
	ask(w);
	answer_with(w, 503, NULL, NULL, HEADERS("Retry-After: Thu, 01 Jan 2026 00:10:00 GMT"));
	assert_int_equal(w->call.err.code, ERR_RATE_LIMITED);
	assert_int_equal(w->call.err.retry_ms, 600000);
	ask(w);
	answer_with(w, 429, NULL, NULL, HEADERS("Retry-After: 99999999999999999999"));
	assert_int_equal(w->call.err.retry_ms, 24 * HOUR);
}

static void without_retry_after_the_wait_doubles(void **state)
{
	struct world *w = *state;
	static const int64_t hours[] = {1, 2, 4, 8, 16, 24, 24};
	for (int i = 0; i < 7; i++) {
		w->state.failures = i;
		ask(w);
		answer_with(w, 429, NULL, NULL, NULL);
		assert_int_equal(w->call.err.retry_ms, hours[i] * HOUR);
	}
}

static int64_t wish(struct world *w, const char *const *headers)
{
	free(w->state.etag);
	w->state.etag = NULL;
	w->state.body_hash = 0;
	good(w, headers);
	return w->state.next_ms ? w->state.next_ms - w->call.now_ms : 0;
}

static void servers_say_how_long_an_answer_stays_fresh(void **state)
{
	struct world *w = *state;
	assert_int_equal(wish(w, NULL), 0);
	assert_int_equal(wish(w, HEADERS("Cache-Control: public, max-age=7200")), 2 * HOUR);
	assert_int_equal(wish(w, HEADERS("Cache-Control: max-age=7200", "Age: 3600")), HOUR);
	assert_int_equal(wish(w, HEADERS("Cache-Control: max-age=500000000")), 5 * HOUR);
	assert_int_equal(wish(w, HEADERS("Cache-Control: no-cache, max-age=7200")), 0);
	assert_int_equal(wish(w, HEADERS("Expires: Thu, 01 Jan 2026 03:00:00 GMT")), 3 * HOUR);
	assert_int_equal(wish(w, HEADERS("Expires: 0")), 0);
}

static void feed_with(struct world *w, const char *inside)
{
	char text[512];
	snprintf(text, sizeof text,
	        "<rss version='2.0'><channel><title>T</title>%s</channel></rss>", inside);
	w->state.body_hash = 0;
	ask(w);
	answer_with(w, 200, text, NULL, NULL);
	assert_int_equal(w->next, CALL_DONE);
}

static void feeds_say_when_they_want_to_be_asked(void **state)
{
	struct world *w = *state;
	feed_with(w, "<ttl>120</ttl>");
	assert_int_equal(w->state.next_ms - start_ms, 2 * HOUR);
	ask(w); /* and it holds when nothing is new */
	w->call.now_ms += 3 * HOUR;
	answer_with(w, 304, NULL, NULL, NULL);
	assert_int_equal(w->state.next_ms - w->call.now_ms, 2 * HOUR);
	w->call.now_ms = start_ms;
	feed_with(w, "<skipHours><hour>0</hour><hour>1</hour></skipHours>");
	assert_int_equal(w->state.next_ms - start_ms, 2 * HOUR);
	feed_with(w, "<skipDays><day>Thursday</day></skipDays>");
	assert_int_equal(w->state.next_ms - start_ms, 24 * HOUR);
}

static void an_older_page_is_fetched_from_its_cursor(void **state)
{
	struct world *w = *state;
	good(w, HEADERS("ETag: \"1\""));
	w->call.want = FETCH_OLDER;
	w->call.cursor = "https://feeds.example/f?page=2";
	ask(w);
	assert_string_equal(w->req.url, "https://feeds.example/f?page=2");
	assert_false(sends(w, "If-None-Match: \"1\""));
	answer_with(w, 200, body, NULL, HEADERS("ETag: \"page 2\""));
	assert_int_equal(w->next, CALL_DONE);
	assert_string_equal(w->state.etag, "\"1\"");
}

static void only_web_and_file_addresses_are_asked(void **state)
{
	struct world *w = *state;
	w->call.url = "gopher://x/";
	ask(w);
	assert_int_equal(w->next, CALL_FAIL);
	assert_int_equal(w->call.err.code, ERR_SYNTAX);
	w->call.url = "file:///tmp/feed.xml";
	ask(w);
	assert_int_equal(w->next, CALL_SEND);
}

static void a_feed_larger_than_the_limit_is_refused(void **state)
{
	struct world *w = *state;
	enum { SIZE = 10 * 1024 * 1024 + 1 };
	char *large = xmalloc(SIZE + 1);
	memset(large, ' ', SIZE);
	large[SIZE] = 0;
	ask(w);
	answer_with(w, 200, large, NULL, NULL);
	assert_int_equal(w->next, CALL_FAIL);
	assert_int_equal(w->call.err.code, ERR_TOO_LARGE);
	free(large);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(first_fetch_asks_for_all_and_takes_posts),
	        TEST(validators_go_back_as_they_came),
	        TEST(validators_of_a_page_that_is_no_feed_are_not_kept),
	        TEST(a_page_that_names_its_feed_says_so),
	        TEST(a_304_is_no_news_and_keeps_what_is_known),
	        TEST(the_same_body_again_is_no_news),
	        TEST(once_a_week_everything_is_asked_for),
	        TEST(a_permanent_redirect_counts_when_seen_twice),
	        TEST(a_redirect_that_changes_its_mind_does_not_count),
	        TEST(a_redirect_never_takes_tls_away),
	        TEST(posts_keep_their_identity_when_the_feed_moves),
	        TEST(gone_is_gone),
	        TEST(failures_have_their_codes),
	        TEST(retry_after_in_seconds_and_as_a_date),
	        TEST(without_retry_after_the_wait_doubles),
	        TEST(servers_say_how_long_an_answer_stays_fresh),
	        TEST(feeds_say_when_they_want_to_be_asked),
	        TEST(an_older_page_is_fetched_from_its_cursor),
	        TEST(only_web_and_file_addresses_are_asked),
	        TEST(a_feed_larger_than_the_limit_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
