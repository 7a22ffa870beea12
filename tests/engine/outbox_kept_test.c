/* Holding everything back, what servers keep until its time, and changes of what is queued. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "outbox_asserts.h"

/* -- hold -- */

static void nothing_leaves_while_held(void **state)
{
	struct world *world = *state;
	world->server.latency_ms = 100;
	say(world, "under way");
	pass(world, 150);
	job_id id = hold(world, 0, true);
	assert_null(done_of(world, id)); /* the one under way may still land */
	say(world, "waits");
	pass(world, MINUTE);
	assert_string_equal(done_of(world, id)->text, "held: nothing goes out");
	assert_state(world, "under way", OUTGOING_SENT);
	assert_state(world, "waits", OUTGOING_SCHEDULED);
	pass(world, 5 * MINUTE);
	assert_int_equal(world->server.publishes, 1);
	hold(world, 0, false);
	pass(world, 5 * MINUTE);
	assert_state(world, "waits", OUTGOING_SENT);
	assert_int_equal(count(world, EVENT_HELD), 2);
}

static void a_hold_outlives_a_restart(void **state)
{
	struct world *world = *state;
	hold(world, world->account, true);
	world_crash(world);
	world_forget(world);
	world_start(world);
	assert_int_equal(event_at(world, EVENT_HELD, 0)->account, world->account);
	say(world, "x");
	pass(world, 5 * MINUTE);
	assert_int_equal(world->server.publishes, 0);
}

/* -- kept by the server -- */

static void a_server_keeps_what_is_far_ahead(void **state)
{
	struct world *world = *state;
	job_id id = say_at(world, "kept", START_MS + HOUR);
	assert_non_null(strstr(done_of(world, id)->text, "kept by the server"));
	assert_state(world, "kept", OUTGOING_KEPT);
	say_at(world, "near", START_MS + 5 * MINUTE);
	assert_state(world, "near", OUTGOING_SCHEDULED);
	pass(world, 2 * HOUR);
	assert_state(world, "kept", OUTGOING_SENT);
	assert_state(world, "near", OUTGOING_SENT);
	assert_int_equal(world->server.publishes, 2);
}

static void a_server_that_posts_at_once_is_not_asked_again(void **state)
{
	struct world *world = *state;
	world->server.keeps_now = true;
	say_at(world, "oops", START_MS + HOUR);
	assert_state(world, "oops", OUTGOING_SENT);
	assert_non_null(strstr(told(world, "oops")->cause, "at once"));
	assert_true(count(world, EVENT_NOTICE) > 0);
	say_at(world, "wiser", START_MS + HOUR);
	assert_state(world, "wiser", OUTGOING_SCHEDULED);
	pass(world, HOUR);
	assert_state(world, "wiser", OUTGOING_SENT);
}

static void what_its_server_will_not_keep_waits_here(void **state)
{
	struct world *world = *state;
	struct draft *there = a_draft(world, "only there");
	world->server.faults[0] = world->server.faults[1] = FAULT_422;
	world->server.nfaults = 2;
	say_at(world, "one too many", START_MS + HOUR);
	assert_state(world, "one too many", OUTGOING_SCHEDULED);
	assert_non_null(strstr(told(world, "one too many")->cause, "waits here"));
	assert_int_equal(count(world, EVENT_NOTICE), 1);
	there->at.utc_ms = START_MS + HOUR;
	there->via = DRAFT_VIA_SERVER;
	send_draft(world, there);
	settle(world);
	assert_state(world, "only there", OUTGOING_FAILED);
	pass(world, HOUR - SECOND);
	assert_int_equal(server_has(&world->server, "one too many"), 0);
	pass(world, 2 * SECOND);
	assert_state(world, "one too many", OUTGOING_SENT);
	assert_int_equal(server_has(&world->server, "one too many"), 1);
}

static void what_is_refused_when_handed_over_again_waits_here(void **state)
{
	struct world *world = *state;
	world->server.faults[0] = FAULT_REQUEST;
	world->server.faults[1] = FAULT_422;
	world->server.nfaults = 2;
	say_at(world, "twice", START_MS + HOUR);
	pass(world, 30 * MINUTE);
	assert_state(world, "twice", OUTGOING_SCHEDULED);
	assert_non_null(strstr(told(world, "twice")->cause, "waits here"));
	pass(world, HOUR);
	assert_state(world, "twice", OUTGOING_SENT);
	assert_int_equal(server_has(&world->server, "twice"), 1);
}

static void a_kept_one_that_never_appears_is_told(void **state)
{
	struct world *world = *state;
	world->server.forgets = true;
	say_at(world, "gone", START_MS + HOUR);
	pass(world, 2 * HOUR);
	assert_state(world, "gone", OUTGOING_NEEDS_YOU);
	assert_non_null(strstr(told(world, "gone")->cause, "did not post it"));
}

static void a_kept_one_is_withdrawn(void **state)
{
	struct world *world = *state;
	say_at(world, "kept", START_MS + HOUR);
	job_id id = about(world, JOB_OUTGOING_CANCEL, told(world, "kept")->id);
	assert_done(world, id, ERR_NONE);
	assert_state(world, "kept", OUTGOING_CANCELLED);
	pass(world, 2 * HOUR);
	assert_int_equal(server_has(&world->server, "kept"), 0);
}

static void a_kept_one_is_changed_by_another(void **state)
{
	struct world *world = *state;
	say_at(world, "old", START_MS + HOUR);
	struct job *job = job_new(JOB_OUTGOING_CHANGE);
	job->number = told(world, "old")->id;
	job->draft = a_draft(world, "new");
	post(world, job);
	settle(world);
	assert_state(world, "old", OUTGOING_CANCELLED);
	assert_state(world, "new", OUTGOING_KEPT);
	pass(world, 2 * HOUR);
	assert_int_equal(server_has(&world->server, "old"), 0);
	assert_int_equal(server_has(&world->server, "new"), 1);
}

static void hold_takes_back_what_servers_keep(void **state)
{
	struct world *world = *state;
	say_at(world, "kept", START_MS + HOUR);
	job_id id = hold(world, 0, true);
	assert_string_equal(done_of(world, id)->text, "held: nothing goes out");
	assert_state(world, "kept", OUTGOING_SCHEDULED);
	pass(world, 65 * MINUTE);
	assert_int_equal(world->server.publishes, 1);
	assert_int_equal(server_has(&world->server, "kept"), 0);
	hold(world, 0, false);
	pass(world, 5 * MINUTE);
	assert_int_equal(server_has(&world->server, "kept"), 1);
}

static void hold_names_what_could_not_be_withdrawn(void **state)
{
	struct world *world = *state;
	world->server.withdraw_fault = FAULT_500;
	say_at(world, "kept", START_MS + HOUR);
	job_id id = hold(world, 0, true);
	assert_non_null(strstr(done_of(world, id)->text, "h.example"));
	assert_state(world, "kept", OUTGOING_KEPT);
	world->server.withdraw_fault = FAULT_NONE;
	pass(world, 5 * MINUTE);
	assert_state(world, "kept", OUTGOING_SCHEDULED);
}

static void doubt_about_handing_over_is_no_second_one(void **state)
{
	struct world *world = *state;
	static const enum fault faults[] = {FAULT_ANSWER, FAULT_REQUEST, FAULT_500_POSTED};
	for (size_t i = 0; i < 3; i++) {
		char text[16];
		snprintf(text, sizeof(text), "kept-%zu", i);
		world->server.faults[0] = faults[i];
		world->server.nfaults = 1;
		world->server.at_fault = 0;
		say_at(world, text, world->clock.wall + 2 * HOUR);
		assert_state(world, text, OUTGOING_UNKNOWN);
		pass(world, 10 * MINUTE);
		assert_state(world, text, OUTGOING_KEPT);
		pass(world, 3 * HOUR);
		assert_int_equal(server_has(&world->server, text), 1);
		assert_state(world, text, OUTGOING_SENT);
	}
}

static void a_post_is_not_taken_for_its_twin(void **state)
{
	struct world *world = *state;
	line_repeats_ms = 0;
	world->server.faults[0] = FAULT_REQUEST;
	world->server.nfaults = 1;
	say(world, "twin");
	int64_t first = told(world, "twin")->id;
	say(world, "twin");
	assert_state(world, "twin", OUTGOING_SENT);
	pass(world, HOUR);
	struct outgoing *item = queue_db_outgoing(world->core->db, first, NULL);
	assert_int_equal(item->state, OUTGOING_NEEDS_YOU);
	outgoing_free(item);
}

static void a_token_is_tried_a_day_ahead(void **state)
{
	struct world *world = *state;
	line_keeps = false;
	int before = world->server.learns;
	say_at(world, "soon", START_MS + 30 * HOUR);
	assert_int_equal(world->server.learns, before + 1); /* when it is scheduled */
	pass(world, 7 * HOUR);
	assert_int_equal(world->server.learns, before + 1);
	pass(world, 24 * HOUR - 7 * HOUR);
	assert_int_equal(world->server.learns, before + 2);
}

static void a_wall_time_holds_when_a_zone_has_other_rules(void **state)
{
	struct world *world = *state;
	line_keeps = false;
	struct draft *draft = a_draft(world, "then");
	assert_true(when_resolve("2026-12-24 08:00", "Europe/Amsterdam", 0, &draft->at, NULL));
	int64_t right = draft->at.utc_ms;
	draft->at.utc_ms += HOUR; /* as if it had been so when it was written */
	send_draft(world, draft);
	pass(world, 25 * HOUR);
	assert_int_equal(told(world, "then")->at.utc_ms, right);
	assert_non_null(strstr(told(world, "then")->cause, "Europe/Amsterdam"));
}

/* -- changes -- */

static void another_text_has_another_key(void **state)
{
	struct world *world = *state;
	line_keeps = false;
	say_at(world, "old", START_MS + HOUR);
	char *key = xstrdup(told(world, "old")->key);
	struct job *job = job_new(JOB_OUTGOING_CHANGE);
	job->number = told(world, "old")->id;
	job->draft = a_draft(world, "new");
	job_id id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_string_not_equal(told(world, "new")->key, key);
	pass(world, 2 * HOUR);
	assert_int_equal(server_has(&world->server, "new"), 1);
	assert_int_equal(world->server.nposts, 1);
	free(key);
}

static void what_is_under_way_cannot_be_changed(void **state)
{
	struct world *world = *state;
	world->server.latency_ms = 100;
	say(world, "x");
	pass(world, 150);
	int64_t item = told(world, "x")->id;
	struct job *job = job_new(JOB_OUTGOING_CHANGE);
	job->number = item;
	job->draft = a_draft(world, "y");
	job_id id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_REFUSED);
	assert_done(world, about(world, JOB_OUTGOING_CANCEL, item), ERR_REFUSED);
	pass(world, MINUTE);
	assert_done(world, about(world, JOB_OUTGOING_RETRY, item), ERR_REFUSED);
	assert_int_equal(world->server.nposts, 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
#define DISK(f) cmocka_unit_test_setup_teardown(f, disk_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(nothing_leaves_while_held),
	        DISK(a_hold_outlives_a_restart),
	        TEST(a_server_keeps_what_is_far_ahead),
	        TEST(a_server_that_posts_at_once_is_not_asked_again),
	        TEST(a_kept_one_that_never_appears_is_told),
	        TEST(a_kept_one_is_withdrawn),
	        TEST(a_kept_one_is_changed_by_another),
	        TEST(hold_takes_back_what_servers_keep),
	        TEST(hold_names_what_could_not_be_withdrawn),
	        TEST(doubt_about_handing_over_is_no_second_one),
	        TEST(a_post_is_not_taken_for_its_twin),
	        TEST(a_token_is_tried_a_day_ahead),
	        TEST(a_wall_time_holds_when_a_zone_has_other_rules),
	        TEST(another_text_has_another_key),
	        TEST(what_is_under_way_cannot_be_changed),
	        TEST(what_its_server_will_not_keep_waits_here),
	        TEST(what_is_refused_when_handed_over_again_waits_here),
	};
#undef TEST
#undef DISK
	return cmocka_run_group_tests(tests, NULL, NULL);
}
