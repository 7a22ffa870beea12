/* From what people write to what the server calls it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"

static void look(struct world *w, const char *written)
{
	page_free(w->call.out);
	w->call.out = NULL;
	w->call.arg = written;
	begin(w, mastodon()->lookup);
}

static void reply(struct world *w, int status, const char *body)
{
	answer_by(w, mastodon()->lookup, status, NULL, body);
}

#define ACCOUNT(id, acct)                                                                          \
	"{\"id\":\"" id "\",\"uri\":\"https://far.example/users/" id                               \
	"\",\"url\":\"https://far.example/@" id "\",\"acct\":\"" acct "\"}"
#define STATUS(id)                                                                                 \
	"{\"id\":\"" id "\",\"uri\":\"https://far.example/s/" id                                   \
	"\",\"url\":\"https://far.example/@u/" id                                                  \
	"\",\"created_at\":\"2026-11-20T10:00:00.000Z\",\"content\":\"<p>" id                      \
	"</p>\",\"account\":" ACCOUNT("9", "u@far.example") "}"

static const char *found_post(const struct world *w)
{
	is_done(w);
	return post_str(w->call.out->posts[w->call.out->nposts - 1], POST_URI);
}

static const char *found_profile(const struct world *w)
{
	is_done(w);
	assert_int_equal(w->call.out->nposts, 0);
	assert_int_equal(w->call.out->nprofiles, 1);
	return w->call.out->profiles[0]->handle;
}

static void handles_are_asked_for_by_name(void **state)
{
	(void)state;
	static const struct {
		const char *written, *path;
	} rows[] = {
	        {"@u@far.example", "/api/v1/accounts/lookup?acct=u%40far.example"},
	        {"u@far.example", "/api/v1/accounts/lookup?acct=u%40far.example"},
	        {"u", "/api/v1/accounts/lookup?acct=u"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		look(&w, rows[i].written);
		asks(&w, "GET", rows[i].path, NULL);
		reply(&w, 200, ACCOUNT("9", "u@far.example"));
		assert_string_equal(found_profile(&w), "u@far.example");
	}
	world_finish(&w);
}

static void whom_the_server_does_not_know_it_looks_for(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	look(&w, "@U@far.example");
	reply(&w, 404, "{\"error\":\"Record not found\"}");
	asks(&w, "GET", "/api/v2/search?q=%40U%40far.example&resolve=true&limit=5", NULL);
	reply(&w, 200,
	        "{\"accounts\":[" ACCOUNT("8", "u2@far.example") "," ACCOUNT(
	                "9", "u@far.example") "]}");
	assert_string_equal(found_profile(&w), "u@far.example");
	look(&w, "@nobody@far.example");
	reply(&w, 404, "");
	reply(&w, 200, "{\"accounts\":[" ACCOUNT("8", "u2@far.example") "]}");
	is_failed(&w, ERR_NOT_FOUND, "social.example finds no post or profile at @nobody");
	look(&w, "u");
	reply(&w, 500, "");
	assert_int_equal(w.next, CALL_FAIL);
	look(&w, "u");
	reply(&w, 200, "{}");
	is_failed(&w, ERR_NOT_FOUND, "finds no");
	world_finish(&w);
}

static void addresses_are_searched_for(void **state)
{
	(void)state;
	static const char *const same[] = {
	        "https://far.example/s/12",
	        "https://far.example/@u/12",
	        "https://far.example/@u/12/",
	        "https://far.example/@u/12#reply",
	        "https://social.example/@u@far.example/12",
	        "https://social.example/web/statuses/12",
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		look(&w, same[i]);
		assert_non_null(strstr(w.req.url, "&resolve=true"));
		reply(&w, 200, "{\"statuses\":[" STATUS("11") "," STATUS("12") "]}");
		assert_string_equal(found_post(&w), "https://far.example/s/12");
	}
	look(&w, same[0]); /* as snac tells it, once it was reposted */
	reply(&w, 200,
	        "{\"statuses\":[{\"id\":\"77\",\"uri\":\"https://far.example/d/"
	        "77\",\"reblog\":" STATUS("12") "}]}");
	assert_string_equal(found_post(&w), "https://far.example/s/12");
	look(&w, "https://far.example/@9");
	reply(&w, 200, "{\"statuses\":[],\"accounts\":[" ACCOUNT("9", "u@far.example") "]}");
	assert_string_equal(found_profile(&w), "u@far.example");
	world_finish(&w);
}

static void what_only_mentions_an_address_is_not_it(void **state)
{
	(void)state;
	static const char *const other[] = {
	        "https://far.example/s/1",
	        "https://far.example/s/12/likes",
	        "https://social.example.evil/@u/12",
	        "https://evil.example/@u/12",
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		look(&w, other[i]);
		reply(&w, 200, "{\"statuses\":[" STATUS("12") "]}");
		is_failed(&w, ERR_NOT_FOUND, "finds no");
	}
	/* Mastodon follows redirects, and brings nothing but what is there. */
	w.account.software = (char *)"mastodon 4.5";
	look(&w, "https://short.example/x");
	reply(&w, 200, "{\"statuses\":[" STATUS("12") "]}");
	assert_string_equal(found_post(&w), "https://far.example/s/12");
	look(&w, "https://short.example/x");
	reply(&w, 200, "{\"statuses\":[" STATUS("12") "," STATUS("13") "]}");
	is_failed(&w, ERR_NOT_FOUND, "finds no");
	world_finish(&w);
}

static void nonsense_is_told(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	look(&w, NULL);
	is_failed(&w, ERR_SYNTAX, "who is meant");
	look(&w, "@");
	is_failed(&w, ERR_SYNTAX, "who is meant");
	char *longest = xcalloc(1, 3000);
	memset(longest, 'q', 2999);
	look(&w, longest);
	is_failed(&w, ERR_TOO_LARGE, "too long");
	free(longest);
	look(&w, "https://far.example/s/12");
	reply(&w, 200, "{\"statuses\":7,\"accounts\":[7,{}]}");
	is_failed(&w, ERR_NOT_FOUND, "finds no");
	look(&w, "https://far.example/s/12");
	reply(&w, 200, "{\"statuses\":[{\"id\":\"12\",\"uri\":\"https://far.example/s/12\"}]}");
	is_failed(&w, ERR_FORMAT, "not in a form");
	look(&w, "https://far.example/s/12");
	reply(&w, 401, "{}");
	is_failed(&w, ERR_AUTH, "sign in");
	world_finish(&w);
}

/* One of ours, by the id that its server gave it. */
static void how_an_own_post_stands(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct outgoing item = {.remote_id = (char *)"12/../3"};
	struct publish publish = {.item = &item};
	w.call.publish = &publish;
	begin(&w, mastodon()->look);
	asks(&w, "GET", "/api/v1/statuses/12%2F..%2F3", NULL);
	answer_by(&w, mastodon()->look, 200, NULL, STATUS("12"));
	is_done(&w);
	assert_int_equal(w.call.out->nposts, 1);
	assert_string_equal(
	        post_str(w.call.out->posts[0], POST_URI), "https://far.example/s/12");
	begin(&w, mastodon()->look);
	answer_by(&w, mastodon()->look, 404, NULL, "{\"error\":\"Record not found\"}");
	is_failed(&w, ERR_NOT_FOUND, "");
	begin(&w, mastodon()->look);
	answer_by(&w, mastodon()->look, 200, NULL, "{\"id\":12}");
	is_failed(&w, ERR_FORMAT, "not in a form");
	w.call.publish = NULL;
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(handles_are_asked_for_by_name),
	        cmocka_unit_test(whom_the_server_does_not_know_it_looks_for),
	        cmocka_unit_test(addresses_are_searched_for),
	        cmocka_unit_test(what_only_mentions_an_address_is_not_it),
	        cmocka_unit_test(nonsense_is_told),
	        cmocka_unit_test(how_an_own_post_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
