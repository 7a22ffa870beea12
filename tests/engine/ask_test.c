/* Jobs that are one call: their events, their one DONE, and what they leave behind. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_steps.h"

static account_id work(struct world *world)
{
	return signin_find(world->core, "work")->account->id;
}

static struct job *as_work(struct world *world, enum job_kind kind, const char *arg)
{
	struct job *job = job_of(kind, 0, arg);
	job->account = work(world);
	return job;
}

static job_id act(struct world *world, enum verb verb, bool undo, const char *remote_id)
{
	struct job *job = as_work(world, JOB_ACT, NULL);
	job->action = action_new(verb, undo);
	job->action->remote_id = xstrdup(remote_id);
	return post(world, job);
}

/* Signed in, to a server that is what /learn says. */
static void arrive(struct world *world, const char *learned)
{
	replay_script(world->replay, "/learn", 200, "", learned);
	login(world);
}

static const char everything[] = "software lines 1\ncaps -1\n";

/* How often a URL with `part` was asked. */
static size_t asked(const struct world *world, const char *part)
{
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++)
		n += strstr(replay_url(world->replay, i), part) != NULL;
	return n;
}

static void a_server_is_learned_at_the_login(void **state)
{
	struct world *world = *state;
	arrive(world, "software lines 7\ncaps 3\n");
	assert_done(world, world->last, ERR_NONE);
	int n;
	assert_string_equal(done_of(world, world->last, &n)->text, "signed in as ada@h.example");
	struct event *event = event_at(world, EVENT_ACCOUNT, count(world, EVENT_ACCOUNT) - 1);
	assert_string_equal(event->account_info->software, "lines 7");
	assert_int_equal(event->account_info->caps, 3);
	assert_int_equal(event->account_info->learned_ms, START_MS);
}

static void a_login_stands_when_nothing_can_be_learned(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "/learn", 500, "", "");
	login(world);
	assert_done(world, world->last, ERR_NONE);
	assert_int_equal(signin_find(world->core, "work")->account->learned_ms, 0);
}

static void an_action(void **state)
{
	struct world *world = *state;
	char body[128], a[64];
	arrive(world, everything);
	snprintf(body, sizeof(body), "%ssaid liked it\n", row(world, a, 5, MINUTE));
	replay_script(world->replay, "/act/like?5", 200, "", body);
	job_id id = act(world, VERB_LIKE, false, "5");
	settle(world);
	int n;
	assert_done(world, id, ERR_NONE);
	assert_string_equal(done_of(world, id, &n)->text, "liked it");
	struct event *page = event_at(world, EVENT_PAGE, 0);
	assert_int_equal(page->source, 0);
	assert_int_equal(page->reply_to, id);
	assert_int_equal(page->page->nposts, 1);
	size_t last = replay_count(world->replay) - 1;
	assert_string_equal(replay_method(world->replay, last), "POST");
	assert_string_equal(replay_header(world->replay, last, "Authorization"), "Bearer CANARY");
	replay_script(world->replay, "/act/unlike?5", 200, "", "");
	id = act(world, VERB_LIKE, true, "5");
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_null(done_of(world, id, &n)->text);
	assert_int_equal(count(world, EVENT_PAGE), 1); /* nothing came, nothing is told */
}

static void a_post_that_is_deleted_is_gone(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	replay_script(world->replay, "/act/delete?5", 200, "", "gone 5\n");
	job_id id = act(world, VERB_DELETE, false, "5");
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_string_equal(event_at(world, EVENT_GONE, 0)->text, "5");
	assert_int_equal(event_at(world, EVENT_GONE, 0)->account, work(world));
}

static void what_fails_is_said_once(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	static const struct {
		int status;
		enum err_code code;
	} cases[] = {
	        {401, ERR_AUTH}, {404, ERR_NOT_FOUND}, {500, ERR_SERVER}, {429, ERR_RATE_LIMITED}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char part[32], id_text[8];
		snprintf(id_text, sizeof(id_text), "%zu", i);
		snprintf(part, sizeof(part), "/act/like?%zu", i);
		replay_script(world->replay, part, cases[i].status, "", "");
		job_id id = act(world, VERB_LIKE, false, id_text);
		settle(world);
		assert_done(world, id, cases[i].code);
	}
	assert_int_equal(count(world, EVENT_PAGE), 0);
	/* The server wants to be left alone: the next action waits. */
	replay_script(world->replay, "/act/like?9", 200, "", "");
	job_id id = act(world, VERB_LIKE, false, "9");
	settle(world);
	assert_not_done(world, id);
	pass(world, 5 * MINUTE + SECOND);
	assert_done(world, id, ERR_NONE);
}

static void what_a_server_lacks_is_not_offered_again(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	size_t before = count(world, EVENT_ACCOUNT);
	replay_script(world->replay, "/act/pin", 405, "", "");
	job_id id = act(world, VERB_PIN, false, "5");
	settle(world);
	assert_done(world, id, ERR_UNSUPPORTED);
	assert_int_equal(count(world, EVENT_ACCOUNT), before + 1);
	struct event *event = event_at(world, EVENT_ACCOUNT, before);
	assert_int_equal(event->account_info->caps & CAP_PIN, 0);
	assert_int_equal(event->account_info->caps & CAP_LIKE, CAP_LIKE);
	/* 404 of a post says nothing about the verb. */
	replay_script(world->replay, "/act/like", 404, "", "");
	act(world, VERB_LIKE, false, "5");
	settle(world);
	assert_int_equal(count(world, EVENT_ACCOUNT), before + 1);
}

static void what_was_not_sent_is_sent_once_more(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	replay_unsent(world->replay, "/act/like?1");
	replay_script(world->replay, "/act/like?1", 200, "", "said at last\n");
	job_id id = act(world, VERB_LIKE, false, "1");
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_int_equal(asked(world, "/act/like?1"), 2);
	size_t last = replay_count(world->replay) - 1;
	assert_string_equal(replay_header(world->replay, last, "Authorization"), "Bearer CANARY");
	/* Twice unsent is enough, and what may have been sent is never repeated. */
	replay_unsent(world->replay, "/act/like?2");
	replay_unsent(world->replay, "/act/like?2");
	id = act(world, VERB_LIKE, false, "2");
	settle(world);
	assert_done(world, id, ERR_NETWORK);
	assert_int_equal(asked(world, "/act/like?2"), 2);
	replay_script(world->replay, "/act/like?3", 0, "", "");
	id = act(world, VERB_LIKE, false, "3");
	settle(world);
	assert_done(world, id, ERR_NETWORK);
	assert_int_equal(asked(world, "/act/like?3"), 1);
}

static void lookups_items_and_people(void **state)
{
	struct world *world = *state;
	char a[64];
	arrive(world, everything);
	replay_script(
	        world->replay, "/lookup?https://x.example/1", 200, "", row(world, a, 1, HOUR));
	job_id id = post(world, as_work(world, JOB_LOOKUP, "https://x.example/1"));
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_int_equal(event_at(world, EVENT_PAGE, 0)->reply_to, id);

	struct job *job = as_work(world, JOB_ITEMS, NULL);
	job->number = COLLECTION_MUTES;
	job->cursor = xstrdup("c1");
	replay_script(world->replay, "/items/mutes?c1", 200, "", "item ada@h\nolder c2\n");
	id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE);
	struct event *event = event_at(world, EVENT_ITEMS, 0);
	assert_int_equal(event->reply_to, id);
	assert_int_equal(event->account, work(world));
	assert_string_equal(event->items->items[0].id, "ada@h");
	assert_string_equal(event->items->older, "c2");

	replay_script(world->replay, "/person?ada@h", 200, "", row(world, a, 2, HOUR));
	id = post(world, as_work(world, JOB_PERSON, "ada@h"));
	settle(world);
	assert_done(world, id, ERR_NONE);
	event = event_at(world, EVENT_PERSON, 0);
	assert_int_equal(event->reply_to, id);
	assert_string_equal(event->person->uri, "https://h.example/@ada");
	assert_int_equal(event->page->nprofiles, 1);
	assert_int_equal(event->page->source, 0);
}

static void what_makes_no_sense_is_said_at_once(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	size_t before = replay_count(world->replay);
	struct job *list = as_work(world, JOB_ITEMS, NULL),
	           *members = as_work(world, JOB_ITEMS, "");
	list->number = COLLECTION_COUNT;
	members->number = COLLECTION_MEMBERS;
	struct job *nobody = job_of(JOB_LOOKUP, 0, "x");
	nobody->account = 77;
	struct job *feeds = job_of(JOB_LOOKUP, 0, "x");
	feeds->account = ACCOUNT_FEEDS;
	struct job *const wrong[] = {list, members, nobody, feeds, as_work(world, JOB_ACT, NULL),
	        as_work(world, JOB_LOOKUP, NULL), as_work(world, JOB_PERSON, "")};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		job_id id = post(world, wrong[i]);
		settle(world);
		int n;
		struct event *done = done_of(world, id, &n);
		assert_int_equal(n, 1);
		assert_int_not_equal(done->err.code, ERR_NONE);
		assert_true(strlen(done->err.text) > 3);
	}
	assert_int_equal(replay_count(world->replay), before);
}

static void cancelling(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	job_id id = act(world, VERB_LIKE, false, "5");
	settle(world);
	size_t i = replay_count(world->replay) - 1;
	assert_true(replay_is_open(world->replay, i));
	cancel(world, id);
	settle(world);
	assert_done(world, id, ERR_CANCELLED);
	assert_false(replay_is_open(world->replay, i));
}

static void signing_out_midway(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	job_id id = act(world, VERB_LIKE, false, "5");
	job_id person = post(world, as_work(world, JOB_PERSON, "ada@h"));
	settle(world);
	job_id out = post(world, as_work(world, JOB_LOGOUT, NULL));
	settle(world);
	assert_done(world, id, ERR_CANCELLED);
	assert_done(world, person, ERR_CANCELLED);
	assert_done(world, out, ERR_NONE);
	assert_int_equal(replay_in_flight(world->replay), 0);
}

static void filters_are_asked_when_somebody_watches(void **state)
{
	struct world *world = *state;
	arrive(world, everything);
	replay_script(world->replay, "/filters", 200, "", "filter 3\n");
	replay_script(world->replay, "/home", 200, "", "");
	replay_script(world->replay, "/local", 200, "", "");
	pass(world, MINUTE);
	assert_int_equal(asked(world, "/filters"), 0); /* nobody watches */
	watch(world, 1, "work/home");
	watch(world, 2, "work/local");
	settle(world);
	assert_int_equal(asked(world, "/filters"), 0); /* not in the same moment */
	pass(world, 10 * SECOND);
	assert_int_equal(asked(world, "/filters"), 1);
	struct event *event = event_at(world, EVENT_FILTERS, 0);
	assert_int_equal(event->account, work(world));
	assert_int_equal(event->nfilters, 1);
	assert_string_equal(event->filters[0].id, "3");
	/* They changed: by us, or as a stream says. */
	replay_script(world->replay, "/act/filter-drop", 200, "", "");
	act(world, VERB_FILTER_DROP, false, "3");
	settle(world);
	assert_int_equal(asked(world, "/filters"), 2);
	filters_refetch(world->core, work(world));
	filters_refetch(world->core, work(world));
	settle(world);
	assert_int_equal(asked(world, "/filters"), 3);
}

static void filters_are_not_asked_where_there_are_none(void **state)
{
	struct world *world = *state;
	arrive(world, "software lines\ncaps 1\n");
	replay_script(world->replay, "/home", 200, "", "");
	watch(world, 1, "work/home");
	pass(world, MINUTE);
	filters_refetch(world->core, work(world));
	settle(world);
	assert_int_equal(asked(world, "/filters"), 0);
}

static void a_server_is_learned_again_every_day(void **state)
{
	struct world *world = *state;
	arrive(world, "software old\ncaps 1\n");
	replay_script(world->replay, "/learn", 200, "", "software new\ncaps 1\n");
	replay_script(world->replay, "/local", 200, "", "");
	watch(world, 1, "work/local");
	pass(world, 21 * HOUR);
	assert_int_equal(asked(world, "/learn"), 1);
	pass(world, 6 * HOUR);
	assert_int_equal(asked(world, "/learn"), 2);
	assert_string_equal(signin_find(world->core, "work")->account->software, "new");
	pass(world, 28 * HOUR);
	assert_int_equal(asked(world, "/learn"), 3);
}

static void an_account_of_an_older_stoa_is_learned_soon(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "/learn", 500, "", "");
	login(world);
	replay_script(world->replay, "/learn", 200, "", everything);
	replay_script(world->replay, "/filters", 200, "", "filter 3\n");
	replay_script(world->replay, "/home", 200, "", "");
	watch(world, 1, "work/home");
	pass(world, 10 * SECOND);
	assert_string_equal(signin_find(world->core, "work")->account->software, "lines 1");
	assert_int_equal(asked(world, "/filters"), 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(a_server_is_learned_at_the_login),
	        TEST(a_login_stands_when_nothing_can_be_learned),
	        TEST(an_action),
	        TEST(a_post_that_is_deleted_is_gone),
	        TEST(what_fails_is_said_once),
	        TEST(what_a_server_lacks_is_not_offered_again),
	        TEST(what_was_not_sent_is_sent_once_more),
	        TEST(lookups_items_and_people),
	        TEST(what_makes_no_sense_is_said_at_once),
	        TEST(cancelling),
	        TEST(signing_out_midway),
	        TEST(filters_are_asked_when_somebody_watches),
	        TEST(filters_are_not_asked_where_there_are_none),
	        TEST(a_server_is_learned_again_every_day),
	        TEST(an_account_of_an_older_stoa_is_learned_soon),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
