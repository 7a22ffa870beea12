/* The demo server's world and its API, without a socket. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "demo/content.h"
#include "demo/deeds.h"
#include "demo/exchange.h"
#include "demo/misbehave.h"
#include "demo/seed.h"
#include "ask.h"

/* --- a world that repeats --- */

static void the_same_seed_is_the_same_world(void **state)
{
	(void)state;
	struct world *worlds[3] = {make_world(5), make_world(5), make_world(6)};
	char *homes[3];
	for (int i = 0; i < 3; i++) {
		for (int n = 0; n < 200; n++)
			seed_live(worlds[i]);
		struct reply reply = ask(worlds[i], "GET", "/api/v1/timelines/home", "limit=40");
		homes[i] = strdup(reply.body);
		done(&reply);
	}
	assert_string_equal(homes[0], homes[1]);
	assert_string_not_equal(homes[0], homes[2]);
	for (int i = 0; i < 3; i++) {
		free(homes[i]);
		world_free(worlds[i]);
	}
}

static void the_world_has_all_that_a_deck_should_show(void **state)
{
	struct world *world = *state;
	size_t home = 0, wanted = 0, warned = 0, polls = 0, quotes = 0, reposts = 0, with_card = 0;
	for (size_t i = 0; i < world->nstatuses; i++) {
		const struct status *it = world->statuses[i];
		home += status_at_home(world, it, ADA);
		wanted += strstr(it->text, "annemer gezocht") != NULL;
		warned += *it->warning != '\0';
		polls += it->poll != NULL;
		quotes += it->quote != NULL;
		reposts += it->reblog != NULL;
		with_card += it->card != NULL;
		if (i) assert_true(it->id > world->statuses[i - 1]->id);
		assert_true(it->created_ms <= noon_ms);
	}
	assert_true(home >= 300);
	assert_true(wanted && warned && polls && quotes && reposts && with_card);
}

/* --- paging --- */

static void pages_meet_without_a_gap(void **state)
{
	struct world *world = *state;
	struct reply first = ask(world, "GET", "/api/v1/timelines/home", "limit=10");
	assert_int_equal(size(&first), 10);
	char query[80];
	snprintf(query, sizeof query, "limit=10&max_id=%s", id_at(&first, 9));
	assert_non_null(strstr(first.headers, query));
	assert_non_null(strstr(first.headers, "rel=\"next\""));
	struct reply second = ask(world, "GET", "/api/v1/timelines/home", query);
	/* The page just above the second's oldest begins with what follows it. */
	snprintf(query, sizeof query, "limit=10&min_id=%s", id_at(&second, 9));
	struct reply above = ask(world, "GET", "/api/v1/timelines/home", query);
	assert_int_equal(size(&above), 10);
	assert_string_equal(id_at(&above, 9), id_at(&second, 8));
	assert_string_equal(id_at(&above, 0), id_at(&first, 9));
	/* since_id gives the newest page. */
	snprintf(query, sizeof query, "limit=10&since_id=%s", id_at(&second, 9));
	struct reply since = ask(world, "GET", "/api/v1/timelines/home", query);
	assert_string_equal(since.body, first.body);
	done(&first);
	done(&second);
	done(&above);
	done(&since);
}

static void the_last_page_has_no_next(void **state)
{
	struct reply reply = ask(*state, "GET", "/api/v1/timelines/home", "max_id=1");
	assert_int_equal(size(&reply), 0);
	assert_string_equal(reply.headers, "");
	done(&reply);
}

static void limits_are_limited(void **state)
{
	struct reply reply = ask(*state, "GET", "/api/v1/timelines/public", "limit=1000");
	assert_int_equal(size(&reply), 40);
	done(&reply);
}

/* --- who may --- */

static void who_is_nobody_is_refused(void **state)
{
	static const struct {
		const char *method, *path;
		int status;
	} rows[] = {
	        {"GET", "/api/v1/timelines/home", 401},
	        {"GET", "/api/v1/timelines/public", 200},
	        {"DELETE", "/api/v1/timelines/public", 405},
	        {"GET", "/api/v1/nothing", 404},
	        {"GET", "/api/v1/statuses/1", 404},
	        {"GET", "/api/v1/accounts/1", 404},
	        {"GET", "/api/v1/accounts/x", 404},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply reply = ask_as(*state, -1, NULL, rows[i].method, rows[i].path, "");
		assert_int_equal(reply.status, rows[i].status);
		done(&reply);
	}
}

static void private_words_are_seen_by_those_they_are_for(void **state)
{
	struct world *world = *state;
	struct status *draft = deed_draft(BRECHT, "@ada only you", "", "nl", SEEN_BY_MENTIONED);
	deed_publish(world, draft);
	assert_true(status_visible(world, draft, ADA));
	assert_true(status_visible(world, draft, BRECHT));
	assert_false(status_visible(world, draft, 2));
	assert_false(status_visible(world, draft, -1));
	assert_false(status_at_home(world, draft, ADA));
	struct reply reply = ask(world, "GET", "/api/v1/notifications", "types[]=mention&limit=1");
	assert_non_null(strstr(reply.body, "only you"));
	done(&reply);
}

static void who_is_muted_is_not_heard(void **state)
{
	struct world *world = *state;
	char path[80];
	snprintf(path, sizeof path, "/api/v1/accounts/%" PRIu64 "/mute", person_id(world, 4));
	struct reply reply = ask(world, "POST", path, "");
	assert_true(json_bool(json_root(reply.json), "muting", false));
	done(&reply);
	for (size_t i = 0; i < world->nstatuses; i++) {
		if (world->statuses[i]->author == 4)
			assert_false(status_at_home(world, world->statuses[i], ADA));
	}
}

/* --- writing --- */

static void a_key_makes_one_post_within_the_hour(void **state)
{
	struct world *world = *state;
	size_t before = world->nstatuses;
	struct reply first = ask_as(world, ADA, "k", "POST", "/api/v1/statuses", "status=one");
	struct reply again = ask_as(world, ADA, "k", "POST", "/api/v1/statuses", "status=two");
	assert_string_equal(first.body, again.body);
	assert_int_equal(world->nstatuses, before + 1);
	struct reply other = ask_as(world, BRECHT, "k", "POST", "/api/v1/statuses", "status=b");
	assert_int_equal(world->nstatuses, before + 2);
	world->fixed_ms += 3600 * 1000;
	struct reply later = ask_as(world, ADA, "k", "POST", "/api/v1/statuses", "status=one");
	assert_int_equal(world->nstatuses, before + 3);
	done(&first);
	done(&again);
	done(&other);
	done(&later);
}

static void what_fails_uses_no_key(void **state)
{
	struct world *world = *state;
	struct reply bad = ask_as(world, ADA, "k", "POST", "/api/v1/statuses", "status=");
	assert_int_equal(bad.status, 422);
	struct reply good = ask_as(world, ADA, "k", "POST", "/api/v1/statuses", "status=one");
	assert_int_equal(good.status, 200);
	done(&bad);
	done(&good);
}

static void times_that_are_too_near_are_refused(void **state)
{
	static const struct {
		const char *query;
		int status;
		const char *member; /* of the answer */
	} rows[] = {
	        {"status=a&scheduled_at=2026-11-21T12:05:00Z", 422, "error"},
	        {"status=a&scheduled_at=2026-11-21T12:05:01Z", 200, "scheduled_at"},
	        {"status=a&scheduled_at=2026-11-21T11:00:00Z", 200, "content"},
	        {"status=a&scheduled_at=soon", 422, "error"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply reply = ask(*state, "POST", "/api/v1/statuses", rows[i].query);
		assert_int_equal(reply.status, rows[i].status);
		assert_non_null(json_str(json_root(reply.json), rows[i].member));
		done(&reply);
	}
}

static void a_scheduled_post_goes_out_in_time(void **state)
{
	struct world *world = *state;
	struct reply made = ask_as(world, ADA, "k", "POST", "/api/v1/statuses",
	        "status=later&scheduled_at=2026-11-21T13:00:00Z");
	/* As on Mastodon, its key finds no status (5.2). */
	struct reply again = ask_as(world, ADA, "k", "POST", "/api/v1/statuses", "status=later");
	assert_int_equal(again.status, 404);
	assert_int_equal(deed_scheduled(world), 0);
	world->fixed_ms += 3600 * 1000;
	assert_int_equal(deed_scheduled(world), 1);
	assert_int_equal(world->nscheduled, 0);
	assert_string_equal(world->statuses[world->nstatuses - 1]->text, "later");
	done(&made);
	done(&again);
}

static void scheduled_posts_are_limited_to_25_a_day(void **state)
{
	int refused = 0;
	for (int i = 0; i < 26; i++) {
		struct reply reply = ask(*state, "POST", "/api/v1/statuses",
		        "status=a&scheduled_at=2026-11-23T12:00:00Z");
		refused += reply.status == 422;
		done(&reply);
	}
	assert_int_equal(refused, 1);
}

static void reposts_likes_and_edits_are_told(void **state)
{
	struct world *world = *state;
	struct reply made = ask(world, "POST", "/api/v1/statuses", "status=mine");
	struct status *mine = world->statuses[world->nstatuses - 1];
	deed_like(world, BRECHT, mine);
	deed_like(world, BRECHT, mine);
	deed_repost(world, BRECHT, mine, SEEN_BY_ALL);
	struct reply notes = ask(world, "GET", "/api/v1/notifications", "limit=3");
	const cJSON *list = json_root(notes.json), *before = cJSON_GetArrayItem(list, 2);
	const char *other = json_str(json_obj(before, "status"), "id");
	assert_true(!other || strcmp(other, json_str(json_root(made.json), "id")) != 0);
	assert_string_equal(json_str(cJSON_GetArrayItem(list, 0), "type"), "reblog");
	assert_string_equal(json_str(cJSON_GetArrayItem(list, 1), "type"), "favourite");
	deed_edit(world, mine, "new words", mine->warning);
	assert_string_equal(mine->text, "new words");
	assert_int_equal(mine->edited_ms, noon_ms);
	done(&made);
	done(&notes);
}

/* --- the text --- */

static void words_become_html(void **state)
{
	(void)state;
	static const struct {
		const char *text, *html;
	} rows[] = {
	        {"a <b> & c", "<p>a &lt;b&gt; &amp; c</p>"},
	        {"a\nb\n\nc", "<p>a<br />b</p><p>c</p>"},
	        {"hi @ada, a@b", "<p>hi <span class=\"h-card\" translate=\"no\"><a "
	                         "href=\"https://stoa.example/@ada\" class=\"u-url "
	                         "mention\">@<span>ada</span></a></span>, a@b</p>"},
	        {"#C!", "<p><a href=\"https://stoa.example/tags/C\" class=\"mention hashtag\" "
	                "rel=\"tag\">#<span>C</span></a>!</p>"},
	        {"#é", "<p><a href=\"https://stoa.example/tags/%C3%A9\" class=\"mention hashtag\" "
	               "rel=\"tag\">#<span>é</span></a></p>"},
	        {"@nobody #", "<p>@nobody #</p>"},
	        {"x@ada y#c zhttp://a.example", "<p>x@ada y#c zhttp://a.example</p>"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out = {0};
		content_html(&out, rows[i].text);
		assert_string_equal(out.p, rows[i].html);
		str_finish(&out);
	}
	assert_int_equal(
	        content_chars("é https://a.example/long/long/long/long @brecht@stoa.example"),
	        2 + 23 + 1 + 7);
}

/* --- faults --- */

static void faults_are_used_up_by_path_and_count(void **state)
{
	(void)state;
	struct misbehaviour all = {0};
	struct err err;
	assert_true(misbehave_set(&all, "429:7@/api/v1/x*2,500@/feeds,slow:20", &err));
	assert_null(misbehave_now(&all, FAULT_LIMITED, "/api/v2"));
	assert_string_equal(misbehave_now(&all, FAULT_LIMITED, "/api/v1/xyz"), "7");
	assert_non_null(misbehave_now(&all, FAULT_LIMITED, "/api/v1/x"));
	assert_null(misbehave_now(&all, FAULT_LIMITED, "/api/v1/x"));
	for (int i = 0; i < 5; i++)
		assert_non_null(misbehave_now(&all, FAULT_BROKEN, "/feeds/a"));
	assert_string_equal(misbehave_now(&all, FAULT_SLOW, "/"), "20");
	assert_null(misbehave_now(&all, FAULT_SLOW, "/demo/misbehave"));
	assert_false(misbehave_set(&all, "slwo:3", &err));
	assert_non_null(strstr(err.text, "slwo"));
	assert_false(misbehave_set(&all, "429*0", &err));
	assert_non_null(misbehave_now(&all, FAULT_BROKEN, "/feeds"));
	assert_true(misbehave_set(&all, "", &err));
	assert_null(misbehave_now(&all, FAULT_BROKEN, "/feeds"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_same_seed_is_the_same_world),
	        in_a_world(the_world_has_all_that_a_deck_should_show),
	        in_a_world(pages_meet_without_a_gap),
	        in_a_world(the_last_page_has_no_next),
	        in_a_world(limits_are_limited),
	        in_a_world(who_is_nobody_is_refused),
	        in_a_world(private_words_are_seen_by_those_they_are_for),
	        in_a_world(who_is_muted_is_not_heard),
	        in_a_world(a_key_makes_one_post_within_the_hour),
	        in_a_world(what_fails_uses_no_key),
	        in_a_world(times_that_are_too_near_are_refused),
	        in_a_world(a_scheduled_post_goes_out_in_time),
	        in_a_world(scheduled_posts_are_limited_to_25_a_day),
	        in_a_world(reposts_likes_and_edits_are_told),
	        cmocka_unit_test(words_become_html),
	        cmocka_unit_test(faults_are_used_up_by_path_and_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
