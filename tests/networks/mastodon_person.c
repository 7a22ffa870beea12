/* All about a person, request by request; and what is missing, left out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

static void begin(struct world *w, const char *who)
{
	world_init(w);
	w->call.arg = who;
	w->next = mastodon()->person(&w->call, NULL, &w->req);
	assert_int_equal(w->next, CALL_SEND);
}

static void answer_person(struct world *w, int status, const char *body)
{
	answer_by(w, mastodon()->person, status, NULL, body);
}

static void finish(struct world *w)
{
	person_free(w->call.person);
	world_finish(w);
}

static void a_person_with_everything(void **state)
{
	(void)state;
	struct world w;
	char *body = fixture("person.json"), *pinned = statuses(9, 2);
	begin(&w, "@bob@far.example");
	assert_string_equal(
	        w.req.url, "https://social.example/api/v1/accounts/lookup?acct=bob%40far.example");
	answer_person(&w, 200, body);
	assert_string_equal(
	        w.req.url, "https://social.example/api/v1/accounts/relationships?id%5B%5D=16");
	answer_person(&w, 200,
	        "[{\"id\":\"99\",\"following\":false},{\"id\":\"16\",\"following\":true,"
	        "\"showing_reblogs\":true,\"followed_by\":true,\"muting\":true,"
	        "\"muting_expires_at\":\"2026-12-01T00:00:00Z\",\"note\":\"met in Gent\"}]");
	assert_string_equal(w.req.url,
	        "https://social.example/api/v1/accounts/16/statuses?pinned=true&limit=40");
	answer_person(&w, 200, pinned);
	assert_int_equal(w.next, CALL_DONE);
	const struct person *bob = w.call.person;
	const struct page *page = w.call.out;
	assert_string_equal(bob->uri, "https://far.example/users/bob");
	assert_string_equal(bob->remote_id, "16");
	assert_string_equal(bob->bio, "Builds boats.\n\nReads #c");
	assert_int_equal(bob->posts, 1234);
	assert_int_equal(bob->followers, 56);
	assert_int_equal(bob->following, 7);
	assert_int_equal(bob->joined_ms, 1709251200000);
	assert_int_equal(bob->last_ms, 1795046400000);
	assert_true(bob->locked && bob->bot && bob->limited);
	assert_string_equal(bob->moved_to, "bob@new.example");
	assert_string_equal(bob->note, "met in Gent");
	assert_int_equal(bob->nfields, 2);
	assert_string_equal(bob->fields[0].value, "https://boats.example/bob");
	assert_int_equal(bob->fields[0].verified_ms, 1746421505000);
	assert_string_equal(bob->fields[1].value, "he/him");
	assert_int_equal(bob->fields[1].verified_ms, 0);
	assert_int_equal(bob->npinned, 2);
	assert_string_equal(bob->pinned[0], "https://far.example/s/9");
	assert_int_equal(page->nposts, 2);
	assert_int_equal(page->nrelations, 1);
	assert_int_equal(page->relations[0].flags,
	        RELATION_FOLLOWING | RELATION_REPOSTS | RELATION_FOLLOWS_US | RELATION_MUTING);
	assert_int_equal(page->relations[0].mute_until_ms, 1796083200000);
	assert_string_equal(
	        page->profiles[page->relations[0].profile - 1]->handle, "bob@far.example");
	free(body);
	free(pinned);
	finish(&w);
}

static void what_a_server_does_not_tell_is_left_out(void **state)
{
	(void)state;
	struct world w;
	begin(&w, "https://far.example/@bob");
	answer_person(&w, 200,
	        "{\"accounts\":[{\"id\":\"16\",\"acct\":\"bob@far.example\","
	        "\"url\":\"https://far.example/@bob\"}]}");
	answer_person(&w, 404, "<html>");
	answer_person(&w, 500, "oops");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.err.code, ERR_NONE);
	const struct person *bob = w.call.person;
	assert_null(bob->bio);
	assert_null(bob->moved_to);
	assert_null(bob->note);
	assert_int_equal(bob->posts, -1);
	assert_int_equal(bob->joined_ms, 0);
	assert_int_equal(bob->nfields, 0);
	assert_int_equal(bob->npinned, 0);
	assert_int_equal(w.call.out->nrelations, 0);
	finish(&w);
}

static void we_need_not_ask_how_we_stand_to_ourselves(void **state)
{
	(void)state;
	struct world w;
	begin(&w, "ada@social.example");
	answer_person(&w, 200,
	        "{\"id\":\"1\",\"acct\":\"ada\",\"uri\":\"https://social.example/users/ada\"}");
	assert_non_null(strstr(w.req.url, "/accounts/1/statuses?pinned=true"));
	assert_int_equal(w.call.out->relations[0].flags, RELATION_SELF);
	answer_person(&w, 200, "[]");
	assert_int_equal(w.next, CALL_DONE);
	finish(&w);
}

/* Once our own id is known nobody has to be looked up, but all about us is still to be asked. */
static void our_own_profile_is_asked_for_by_its_id(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.remote_id = (char *)"1";
	w.call.arg = "ada@social.example";
	w.next = mastodon()->person(&w.call, NULL, &w.req);
	assert_int_equal(w.next, CALL_SEND);
	assert_string_equal(w.req.url, "https://social.example/api/v1/accounts/1");
	answer_person(&w, 200,
	        "{\"id\":\"1\",\"acct\":\"ada\",\"uri\":\"https://social.example/users/ada\","
	        "\"statuses_count\":7}");
	assert_non_null(strstr(w.req.url, "/accounts/1/statuses?pinned=true"));
	assert_int_equal(w.call.person->posts, 7);
	assert_int_equal(w.call.out->relations[0].flags, RELATION_SELF);
	answer_person(&w, 200, "[]");
	assert_int_equal(w.next, CALL_DONE);
	finish(&w);
}

static void nobody_is_said_to_be_nobody(void **state)
{
	(void)state;
	struct world w;
	begin(&w, "bob@far.example");
	answer_person(&w, 404, "{\"error\":\"Record not found\"}");
	assert_int_equal(w.next, CALL_SEND);
	answer_person(&w, 200, "{\"accounts\":[]}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(w.call.err.text, "bob@far.example"));
	assert_null(w.call.person);
	finish(&w);
}

static void a_profile_without_a_name_cannot_be_shown(void **state)
{
	(void)state;
	struct world w;
	begin(&w, "bob@far.example");
	answer_person(&w, 200, "{\"id\":\"16\",\"uri\":7,\"acct\":\"bob@far.example\"}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_FORMAT);
	finish(&w);
}

static void fields_and_pins_have_limits(void **state)
{
	(void)state;
	struct world w;
	struct str body = {0};
	str_adds(&body,
	        "{\"id\":\"16\",\"uri\":\"https://far.example/u\",\"acct\":\"u@far.example\","
	        "\"fields\":[");
	for (int i = 0; i < 5000; i++)
		str_addf(&body, "%s{\"name\":\"n%d\",\"value\":\"<b>v\"}", i ? "," : "", i);
	str_adds(&body, "]}");
	begin(&w, "u@far.example");
	answer_person(&w, 200, body.p);
	assert_int_equal(w.call.person->nfields, 64);
	answer_person(&w, 200, "[]");
	char *pinned = statuses(300, 200);
	answer_person(&w, 200, pinned);
	assert_int_equal(w.call.person->npinned, 40);
	assert_int_equal(w.call.out->unreadable, 0);
	free(pinned);
	str_finish(&body);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_person_with_everything),
	        cmocka_unit_test(what_a_server_does_not_tell_is_left_out),
	        cmocka_unit_test(we_need_not_ask_how_we_stand_to_ourselves),
	        cmocka_unit_test(our_own_profile_is_asked_for_by_its_id),
	        cmocka_unit_test(nobody_is_said_to_be_nobody),
	        cmocka_unit_test(a_profile_without_a_name_cannot_be_shown),
	        cmocka_unit_test(fields_and_pins_have_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
