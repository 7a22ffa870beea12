/* Markers: read when a source is watched, written now and then, never back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_steps.h"

/* Signed in, home and notifications are watched; the server remembers that home was read to 5. */
static int setup(void **state)
{
	world_setup(state);
	struct world *world = *state;
	char answer[64];
	snprintf(answer, sizeof(answer), "marker 5 %" PRId64, (int64_t)START_MS - HOUR);
	replay_script(world->replay, "/learn", 200, "", "software lines\ncaps -1\n");
	replay_script(world->replay, "/filters", 200, "", "");
	replay_script(world->replay, "/marker/", 200, "", answer);
	replay_script(world->replay, "/marker/", 200, "", "");
	replay_script(world->replay, "/home?", 200, "", "");
	replay_script(world->replay, "/notifications?", 200, "", "");
	replay_script(world->replay, "/local?", 200, "", "");
	login(world);
	watch(world, 1, "work/home");
	watch(world, 2, "work/notifications");
	watch(world, 3, "work/local");
	pass(world, 15 * SECOND);
	return 0;
}

static job_id mark(struct world *world, source_id source, const char *cursor, int64_t ago)
{
	struct job *job = job_of(JOB_MARK, source, cursor);
	job->at_ms = START_MS - ago;
	return post(world, job);
}

/* The cursors that were written, in order. */
static const char *written(const struct world *world)
{
	static char all[256];
	all[0] = '\0';
	for (size_t i = 0; i < replay_count(world->replay); i++) {
		const char *words = strstr(replay_url(world->replay, i), "/marker/");
		if (!words || strcmp(replay_method(world->replay, i), "POST") != 0) continue;
		size_t len = strlen(all);
		snprintf(all + len, sizeof(all) - len, "%s%s", len ? " " : "", words + 8);
	}
	return all;
}

static void what_the_server_remembers_is_told(void **state)
{
	struct world *world = *state;
	assert_int_equal(count(world, EVENT_MARKER), 1);
	struct event *event = event_at(world, EVENT_MARKER, 0);
	assert_int_equal(event->source, 1);
	assert_string_equal(event->text, "5");
	assert_int_equal(event->number, START_MS - HOUR);
	replay_script(world->replay, "/marker/", 200, "", "marker 8 99");
	post(world, job_new(JOB_RESUMED));
	pass(world, 2 * SECOND);
	assert_int_equal(count(world, EVENT_MARKER), 3); /* of home and of notifications */
}

static void an_account_that_comes_later_is_asked_too(void **state)
{
	struct world *world = *state;
	struct job *job = job_new(JOB_LOGOUT);
	job->account = signin_find(world->core, "work")->account->id;
	post(world, job);
	settle(world);
	replay_script(world->replay, "/marker/", 200, "", "marker 9 99");
	login(world);
	pass(world, 15 * SECOND);
	assert_int_equal(count(world, EVENT_MARKER), 3); /* one at first; now of both */
	assert_int_equal(count(world, EVENT_FILTERS), 2);
}

static void it_moves_forward_only(void **state)
{
	struct world *world = *state;
	job_id back = mark(world, 1, "4", 2 * HOUR), same = mark(world, 1, "5", HOUR);
	settle(world);
	assert_done(world, back, ERR_NONE);
	assert_done(world, same, ERR_NONE);
	assert_string_equal(written(world), "");
	mark(world, 1, "6", 30 * MINUTE);
	settle(world);
	pass(world, 11 * SECOND);
	mark(world, 1, "5b", 40 * MINUTE);
	pass(world, MINUTE);
	assert_string_equal(written(world), "home?6");
}

static void many_become_one(void **state)
{
	struct world *world = *state;
	mark(world, 1, "6", 30 * MINUTE);
	settle(world);
	for (int i = 0; i < 20; i++) {
		char cursor[8];
		snprintf(cursor, sizeof(cursor), "%d", 7 + i);
		mark(world, 1, cursor, 29 * MINUTE - i * SECOND);
		if (i == 10) mark(world, 2, "n1", MINUTE);
		pass(world, SECOND / 4);
	}
	assert_string_equal(written(world), "home?6 notifications?n1");
	pass(world, 10 * SECOND);
	assert_string_equal(written(world), "home?6 notifications?n1 home?26");
	pass(world, MINUTE);
	assert_string_equal(written(world), "home?6 notifications?n1 home?26");
}

static void what_has_no_marker_is_left_alone(void **state)
{
	struct world *world = *state;
	job_id id = mark(world, 3, "9", MINUTE), none = mark(world, 77, "9", MINUTE);
	job_id empty = post(world, job_of(JOB_MARK, 1, NULL));
	pass(world, MINUTE);
	assert_done(world, id, ERR_NONE);
	assert_done(world, none, ERR_NOT_FOUND);
	assert_done(world, empty, ERR_SYNTAX);
	assert_string_equal(written(world), "");
}

static void what_failed_is_tried_again(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "home?r", 500, "", "");
	replay_script(world->replay, "home?r", 200, "", "");
	mark(world, 1, "r", 30 * MINUTE);
	pass(world, 50 * SECOND);
	assert_string_equal(written(world), "home?r");
	pass(world, 20 * SECOND);
	assert_string_equal(written(world), "home?r home?r");
	pass(world, 5 * MINUTE);
	assert_string_equal(written(world), "home?r home?r");
}

static void what_waits_is_written_at_the_end(void **state)
{
	struct world *world = *state;
	mark(world, 1, "6", 30 * MINUTE);
	settle(world);
	mark(world, 1, "7", 20 * MINUTE);
	settle(world);
	assert_string_equal(written(world), "home?6");
	struct letter *quit = letter_new(LETTER_QUIT);
	quit->timeout_ms = 2000;
	queue_push(world->inbox, quit);
	core_turn(world->core);
	assert_string_equal(written(world), "home?6 home?7");
	assert_false(core_is_over(world->core)); /* its answer is waited for */
	settle(world);
	assert_true(core_is_over(world->core));
}

static void nothing_is_waited_for_longer_than_said(void **state)
{
	struct world *world = *state;
	replay_delay(world->replay, HOUR);
	struct job *job = job_new(JOB_ACT);
	job->account = signin_find(world->core, "work")->account->id;
	job->action = action_new(VERB_LIKE, false);
	job->action->remote_id = xstrdup("1");
	job_id id = post(world, job);
	settle(world);
	struct letter *quit = letter_new(LETTER_QUIT);
	quit->timeout_ms = 2000;
	queue_push(world->inbox, quit);
	int sleep = core_turn(world->core);
	assert_true(sleep > 0 && sleep <= 2000);
	assert_false(core_is_over(world->core));
	fake_clock_advance(&world->clock, 2000);
	core_turn(world->core);
	assert_true(core_is_over(world->core));
	world_end(world);
	assert_done(world, id, ERR_CANCELLED);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(what_the_server_remembers_is_told),
	        TEST(an_account_that_comes_later_is_asked_too),
	        TEST(it_moves_forward_only),
	        TEST(many_become_one),
	        TEST(what_has_no_marker_is_left_alone),
	        TEST(what_failed_is_tried_again),
	        TEST(what_waits_is_written_at_the_end),
	        TEST(nothing_is_waited_for_longer_than_said),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
