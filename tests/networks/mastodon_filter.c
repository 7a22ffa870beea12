/* Filters that an account keeps at its server: read, made, changed, removed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"

static void drop_filters(struct world *w)
{
	for (size_t i = 0; i < w->call.nfilters; i++)
		server_filter_finish(&w->call.filters[i]);
	free(w->call.filters);
	w->call.filters = NULL;
	w->call.nfilters = 0;
}

static void finish(struct world *w)
{
	drop_filters(w);
	world_finish(w);
}

static void reply_to(struct world *w, call_step *step, int status, const char *body)
{
	answer_by(w, step, status, NULL, body);
}

static const char filter_json[] =
        "{\"id\":\"3\",\"title\":\"No \\u001bspoilers\",\"context\":[\"home\",\"public\",\"x\"],"
        "\"expires_at\":\"2026-11-21T02:00:00Z\",\"filter_action\":\"hide\",\"keywords\":"
        "[{\"id\":\"31\",\"keyword\":\"film\",\"whole_word\":true},{\"id\":\"32\",\"keyword\":"
        "\"series\",\"whole_word\":false},{\"id\":\"33\"}],"
        "\"statuses\":[{\"id\":\"9\",\"status_id\":\"99\"},{}]}";

/* --- reading --- */

static void filters_are_read(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	begin(&w, mastodon()->filters);
	asks(&w, "GET", "/api/v2/filters", NULL);
	struct str body = {0};
	str_addf(&body,
	        "[%s,{\"id\":\"4\",\"title\":\"t\",\"context\":[\"thread\"],"
	        "\"filter_action\":\"blur\",\"expires_at\":null},{\"id\":\"5\"},7]",
	        filter_json);
	reply_to(&w, mastodon()->filters, 200, body.p);
	str_finish(&body);
	is_done(&w);
	assert_int_equal(w.call.nfilters, 2);
	const struct server_filter *is = w.call.filters;
	assert_string_equal(is->id, "3");
	assert_string_equal(is->title, "No spoilers");
	assert_int_equal(is->contexts, FILTER_IN_HOME | FILTER_IN_PUBLIC);
	assert_int_equal(is->action, FILTER_HIDE);
	assert_int_equal(is->expires_ms, now_ms + 3600000);
	assert_int_equal(is->nkeywords, 2);
	assert_string_equal(is->keywords[0].text, "film");
	assert_string_equal(is->keywords[0].id, "31");
	assert_true(is->keywords[0].whole);
	assert_false(is->keywords[1].whole);
	assert_int_equal(is->nposts, 1);
	assert_string_equal(is->posts[0], "99");
	assert_int_equal(is[1].action, FILTER_WARN);
	assert_int_equal(is[1].expires_ms, 0);
	finish(&w);
}

static void old_servers_have_a_filter_a_phrase(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	begin(&w, mastodon()->filters);
	reply_to(&w, mastodon()->filters, 404, "{\"error\":\"no\"}");
	asks(&w, "GET", "/api/v1/filters", NULL);
	reply_to(&w, mastodon()->filters, 200,
	        "[{\"id\":\"7\",\"phrase\":\"film\",\"context\":[\"home\"],\"whole_word\":true}]");
	is_done(&w);
	assert_int_equal(w.call.nfilters, 1);
	assert_string_equal(w.call.filters[0].title, "film");
	assert_string_equal(w.call.filters[0].keywords[0].text, "film");
	assert_string_equal(w.call.filters[0].keywords[0].id, "7");
	assert_int_equal(w.call.filters[0].action, FILTER_HIDE);
	begin(&w, mastodon()->filters);
	reply_to(&w, mastodon()->filters, 404, "");
	reply_to(&w, mastodon()->filters, 404, "");
	is_failed(&w, ERR_UNSUPPORTED, "social.example keeps no filters");
	begin(&w, mastodon()->filters);
	reply_to(&w, mastodon()->filters, 200, "{}");
	is_failed(&w, ERR_FORMAT, "no list of filters");
	finish(&w);
}

/* --- changing --- */

static struct filter_keyword film = {NULL, (char *)"film", true};

static struct action *put_of(const struct server_filter *filter)
{
	struct action *action = action_new(VERB_FILTER_PUT, false);
	action->filter = server_filter_copy(filter);
	return action;
}

static void act(struct world *w, const struct action *action)
{
	drop_filters(w);
	w->call.action = action;
	begin(w, mastodon()->act);
}

static void reply(struct world *w, int status, const char *body)
{
	reply_to(w, mastodon()->act, status, body);
}

static void a_new_filter_is_made(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = put_of(&(struct server_filter){.title = (char *)"F",
	        .contexts = FILTER_IN_HOME | FILTER_IN_THREAD,
	        .expires_ms = now_ms + 60000,
	        .keywords = &film,
	        .nkeywords = 1});
	act(&w, action);
	asks(&w, "POST", "/api/v2/filters",
	        "{\"title\":\"F\",\"filter_action\":\"warn\",\"context\":[\"home\",\"thread\"],"
	        "\"expires_in\":60,\"keywords_attributes\":[{\"keyword\":\"film\",\"whole_word\":"
	        "true}]}");
	reply(&w, 200, filter_json);
	is_done(&w);
	assert_int_equal(w.call.nfilters, 1);
	assert_string_equal(w.call.filters[0].id, "3");
	action->seconds = 7;
	act(&w, action);
	assert_non_null(strstr(w.req.body, "\"expires_in\":7,"));
	action_free(action);
	finish(&w);
}

static void a_change_says_what_goes(void **state)
{
	(void)state;
	struct filter_keyword keywords[] = {
	        {(char *)"32", (char *)"serials", false}, {NULL, (char *)"new", false}};
	struct world w;
	world_init(&w);
	struct action *action = put_of(&(struct server_filter){.id = (char *)"3",
	        .title = (char *)"F",
	        .contexts = FILTER_IN_HOME,
	        .action = FILTER_HIDE,
	        .keywords = keywords,
	        .nkeywords = 2});
	act(&w, action);
	asks(&w, "GET", "/api/v2/filters/3", NULL);
	reply(&w, 200, filter_json);
	asks(&w, "PUT", "/api/v2/filters/3",
	        "{\"title\":\"F\",\"filter_action\":\"hide\",\"context\":[\"home\"],"
	        "\"expires_in\":null,\"keywords_attributes\":[{\"id\":\"32\",\"keyword\":"
	        "\"serials\","
	        "\"whole_word\":false},{\"keyword\":\"new\",\"whole_word\":false},{\"id\":\"31\","
	        "\"_destroy\":true},{\"id\":\"33\",\"_destroy\":true}]}");
	reply(&w, 422, "{\"error\":\"Validation failed\"}");
	is_failed(&w, ERR_REFUSED, "Validation failed");
	action_free(action);
	finish(&w);
}

static void old_servers_are_given_phrase_after_phrase(void **state)
{
	(void)state;
	struct filter_keyword keywords[] = {{NULL, (char *)"a", true}, {NULL, (char *)"b", false}};
	struct world w;
	world_init(&w);
	struct server_filter filter = {.title = (char *)"F",
	        .contexts = FILTER_IN_HOME,
	        .keywords = keywords,
	        .nkeywords = 2};
	struct action *action = put_of(&filter);
	act(&w, action);
	reply(&w, 404, "");
	asks(&w, "POST", "/api/v1/filters",
	        "{\"phrase\":\"a\",\"whole_word\":true,\"context\":[\"home\"]}");
	reply(&w, 200, "{\"id\":\"7\",\"phrase\":\"a\",\"context\":[\"home\"]}");
	asks(&w, "POST", "/api/v1/filters",
	        "{\"phrase\":\"b\",\"whole_word\":false,\"context\":[\"home\"]}");
	reply(&w, 200, "{\"id\":\"8\",\"phrase\":\"b\",\"context\":[\"home\"]}");
	is_done(&w);
	assert_int_equal(w.call.nfilters, 2);
	action_free(action);

	filter.id = (char *)"7";
	filter.nkeywords = 1;
	action = put_of(&filter);
	act(&w, action);
	reply(&w, 404, "{\"error\":\"x\"}");
	asks(&w, "PUT", "/api/v1/filters/7",
	        "{\"phrase\":\"a\",\"whole_word\":true,\"context\":[\"home\"]}");
	reply(&w, 404, "{\"error\":\"x\"}");
	is_failed(&w, ERR_NOT_FOUND, "the filter is gone");
	action_free(action);

	filter.nkeywords = 0;
	action = put_of(&filter);
	act(&w, action);
	reply(&w, 404, "");
	is_failed(&w, ERR_REFUSED, "need a word");
	action_free(action);
	finish(&w);
}

static void a_filter_is_dropped(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_FILTER_DROP, false);
	action->name = xstrdup("3/x");
	act(&w, action);
	asks(&w, "DELETE", "/api/v2/filters/3%2Fx", NULL);
	reply(&w, 200, "{}");
	is_done(&w);
	act(&w, action);
	reply(&w, 404, "{\"error\":\"x\"}");
	asks(&w, "DELETE", "/api/v1/filters/3%2Fx", NULL);
	reply(&w, 200, "{}");
	is_done(&w);
	act(&w, action);
	reply(&w, 404, "{\"error\":\"x\"}");
	reply(&w, 404, "{\"error\":\"x\"}");
	is_failed(&w, ERR_NOT_FOUND, "gone");
	act(&w, action);
	reply(&w, 404, "");
	reply(&w, 404, "");
	is_failed(&w, ERR_UNSUPPORTED, "keeps no filters");
	action_free(action);
	finish(&w);
}

static void filters_without_what_they_need_are_refused(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = put_of(
	        &(struct server_filter){.title = (char *)"F", .keywords = &film, .nkeywords = 1});
	act(&w, action);
	is_failed(&w, ERR_SYNTAX, "a place");
	action_free(action);
	action = put_of(&(struct server_filter){.title = (char *)"", .contexts = FILTER_IN_HOME});
	act(&w, action);
	is_failed(&w, ERR_SYNTAX, "a title");
	action_free(action);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(filters_are_read),
	        cmocka_unit_test(old_servers_have_a_filter_a_phrase),
	        cmocka_unit_test(a_new_filter_is_made),
	        cmocka_unit_test(a_change_says_what_goes),
	        cmocka_unit_test(old_servers_are_given_phrase_after_phrase),
	        cmocka_unit_test(a_filter_is_dropped),
	        cmocka_unit_test(filters_without_what_they_need_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
