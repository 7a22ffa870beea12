/* Drafts, and posts on their way out: what becomes of them whatever the server does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "outbox_world.h"

static void assert_state(struct world *world, const char *text, enum outgoing_state state)
{
	const struct outgoing *item = told(world, text);
	assert_non_null(item);
	if (item->state != state)
		print_error("%s is %s: %s\n", text, outgoing_states[item->state].name,
		        item->cause ? item->cause : "");
	assert_int_equal(item->state, state);
}

static void assert_done(struct world *world, job_id id, enum err_code code)
{
	const struct event *done = done_of(world, id);
	assert_non_null(done);
	if (done->err.code != code) print_error("%s\n", done->err.text);
	assert_int_equal(done->err.code, code);
}

/* -- drafts -- */

static void a_draft_is_kept_and_found_again(void **state)
{
	struct world *world = *state;
	struct job *job = job_new(JOB_DRAFT);
	job->draft = a_draft(world, "half a thou");
	job_id id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE);
	int64_t number = done_of(world, id)->number;
	assert_true(number > 0);
	world_crash(world);
	world_forget(world);
	world_start(world);
	const struct event *event = event_at(world, EVENT_DRAFT, 0);
	assert_non_null(event);
	assert_int_equal(event->draft->id, number);
	assert_string_equal(event->draft->parts[0].text, "half a thou");
	assert_int_equal(event->number, 0);

	assert_done(world, about(world, JOB_DRAFT_DROP, number), ERR_NONE);
	assert_int_equal(event_at(world, EVENT_DRAFT, 1)->number, 1);
	assert_done(world, about(world, JOB_DRAFT_DROP, number), ERR_NOT_FOUND);
}

static void a_sent_draft_is_gone(void **state)
{
	struct world *world = *state;
	struct job *job = job_new(JOB_DRAFT);
	job->draft = a_draft(world, "one");
	job_id id = post(world, job);
	settle(world);
	struct draft *draft = a_draft(world, "one");
	int64_t number = draft->id = done_of(world, id)->number;
	id = send_draft(world, draft);
	settle(world);
	assert_int_equal(done_of(world, id)->number, number);
	assert_int_equal(event_at(world, EVENT_DRAFT, count(world, EVENT_DRAFT) - 1)->number, 1);
	assert_int_equal(told(world, "one")->draft, number);
}

/* -- at once -- */

static void a_post_goes_out_once(void **state)
{
	struct world *world = *state;
	job_id id = say(world, "hello");
	assert_done(world, id, ERR_NONE);
	assert_state(world, "hello", OUTGOING_SENT);
	assert_string_equal(told(world, "hello")->remote_id, "0");
	assert_int_equal(server_has(&world->server, "hello"), 1);
	pass(world, DAY);
	assert_int_equal(world->server.publishes, 1);
}

static void it_can_be_taken_back_for_a_while(void **state)
{
	struct world *world = *state;
	for (int i = 0; i < 2; i++) {
		struct job *job = job_new(JOB_SEND);
		job->draft = a_draft(world, i ? "no" : "yes");
		job->at_ms = world->clock.wall + 10 * SECOND;
		job_id id = post(world, job);
		settle(world);
		assert_string_equal(done_of(world, id)->text, "sends in 10 s");
	}
	pass(world, 9999);
	assert_int_equal(world->server.publishes, 0);
	assert_done(world, about(world, JOB_OUTGOING_CANCEL, told(world, "no")->id), ERR_NONE);
	pass(world, MINUTE);
	assert_state(world, "no", OUTGOING_CANCELLED);
	assert_state(world, "yes", OUTGOING_SENT);
	assert_int_equal(world->server.nposts, 1);
}

static void nonsense_is_refused_before_anything_is_written(void **state)
{
	struct world *world = *state;
	char *text = xcalloc(1, 600);
	memset(text, 'x', 501);
	assert_done(world, say(world, text), ERR_SYNTAX);
	assert_done(world, say(world, " \n"), ERR_SYNTAX);
	assert_done(world, say_at(world, "past", START_MS - HOUR), ERR_SYNTAX);
	struct draft *nobody = draft_new();
	job_id id = send_draft(world, nobody);
	settle(world);
	assert_done(world, id, ERR_SYNTAX);
	struct draft *stranger = draft_new();
	draft_add_account(stranger, 77);
	free(stranger->parts[0].text);
	stranger->parts[0].text = xstrdup("x");
	id = send_draft(world, stranger);
	settle(world);
	assert_done(world, id, ERR_NOT_FOUND);
	assert_int_equal(count(world, EVENT_OUTGOING), 0);
	free(text);
}

/* -- doubt -- */

/* Whatever happened to the first attempt, the post is there once, and we know it. */
static void after_any_doubt_it_is_there_once(void **state)
{
	struct world *world = *state;
	static const enum fault faults[] = {FAULT_UNSENT, FAULT_REQUEST, FAULT_ANSWER, FAULT_LATE,
	        FAULT_500, FAULT_500_POSTED, FAULT_NONSENSE, FAULT_429};
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		char text[32];
		snprintf(text, sizeof(text), "fault-%zu", i);
		world->server.faults[0] = faults[i];
		world->server.nfaults = 1;
		world->server.at_fault = 0;
		say(world, text);
		bool doubt = faults[i] != FAULT_UNSENT && faults[i] != FAULT_429;
		assert_state(world, text, doubt ? OUTGOING_UNKNOWN : OUTGOING_SCHEDULED);
		assert_true(strlen(told(world, text)->cause) > 5);
		pass(world, 30 * MINUTE);
		assert_state(world, text, OUTGOING_SENT);
		assert_int_equal(server_has(&world->server, text), 1);
	}
}

static void nothing_is_asked_before_it_has_settled(void **state)
{
	struct world *world = *state;
	world->server.faults[0] = FAULT_LATE;
	world->server.nfaults = 1;
	say(world, "late");
	pass(world, OUTBOX_SETTLE_MS - 1);
	assert_int_equal(world->server.looks, 0);
	pass(world, 1);
	assert_int_equal(world->server.looks, 1);
	assert_int_equal(world->server.publishes, 1);
	assert_state(world, "late", OUTGOING_SENT);
}

/* A server that does not know a repetition is never sent one. */
static void where_keys_are_ignored_the_user_is_asked(void **state)
{
	struct world *world = *state;
	line_repeats_ms = 0;
	world->server.honours_key = false;
	world->server.faults[0] = FAULT_REQUEST;
	world->server.nfaults = 1;
	say(world, "lost");
	pass(world, HOUR);
	assert_state(world, "lost", OUTGOING_NEEDS_YOU);
	assert_int_equal(world->server.publishes, 1);
	assert_int_equal(world->server.looks, OUTBOX_LOOKS);
	assert_done(world, about(world, JOB_OUTGOING_RETRY, told(world, "lost")->id), ERR_NONE);
	assert_state(world, "lost", OUTGOING_SENT);
	assert_int_equal(server_has(&world->server, "lost"), 1);
}

static void you_can_say_that_it_was_posted(void **state)
{
	struct world *world = *state;
	line_repeats_ms = 0;
	world->server.faults[0] = FAULT_REQUEST;
	world->server.nfaults = 1;
	say(world, "x");
	pass(world, HOUR);
	assert_done(world, about(world, JOB_OUTGOING_SENT, told(world, "x")->id), ERR_NONE);
	pass(world, HOUR);
	assert_state(world, "x", OUTGOING_SENT);
	assert_int_equal(world->server.publishes, 1);
}

/* By the server's clock; ours may have jumped. */
static void a_request_is_not_repeated_after_its_key_is_forgotten(void **state)
{
	struct world *world = *state;
	world->server.faults[0] = FAULT_REQUEST;
	world->server.nfaults = 1;
	world->server.look_fault = FAULT_500;
	say(world, "old");
	pass(world, 51 * MINUTE);
	assert_state(world, "old", OUTGOING_UNKNOWN);
	world->server.look_fault = FAULT_NONE;
	pass(world, HOUR);
	assert_state(world, "old", OUTGOING_NEEDS_YOU);
	assert_int_equal(world->server.publishes, 1);
}

static void a_500_for_a_repetition_is_looked_into(void **state)
{
	struct world *world = *state;
	world->server.repeat_500 = true;
	world->server.faults[0] = FAULT_LATE;
	world->server.nfaults = 1;
	struct job *job = job_new(JOB_OPTION); /* so short that it is repeated too early */
	job->arg = xstrdup("outbox-settle");
	job->number = SECOND;
	post(world, job);
	say(world, "twice");
	pass(world, HOUR);
	assert_state(world, "twice", OUTGOING_SENT);
	assert_true(world->server.publishes > 1);
	assert_int_equal(server_has(&world->server, "twice"), 1);
}

static void what_is_refused_says_why(void **state)
{
	struct world *world = *state;
	world->server.faults[0] = FAULT_422;
	world->server.nfaults = 1;
	say(world, "bad");
	pass(world, HOUR);
	assert_state(world, "bad", OUTGOING_FAILED);
	assert_string_equal(told(world, "bad")->cause, "status 422");
	assert_int_equal(world->server.publishes, 1);
}

static void a_deleted_parent_is_for_the_user(void **state)
{
	struct world *world = *state;
	world->server.prepare_fault = FAULT_404;
	struct draft *draft = a_draft(world, "re");
	draft->reply_to = xstrdup("https://h.example/gone");
	send_draft(world, draft);
	pass(world, MINUTE);
	assert_state(world, "re", OUTGOING_NEEDS_YOU);
	assert_int_equal(world->server.publishes, 0);
}

static void a_refused_token_keeps_posts_waiting(void **state)
{
	struct world *world = *state;
	world->server.faults[0] = FAULT_401;
	world->server.nfaults = 1;
	say(world, "a");
	say(world, "b");
	pass(world, 10 * MINUTE);
	assert_state(world, "a", OUTGOING_SCHEDULED);
	assert_state(world, "b", OUTGOING_SCHEDULED);
	assert_non_null(strstr(told(world, "a")->cause, "sign in"));
	assert_int_equal(world->server.publishes, 1);
	login(world, "work");
	pass(world, 10 * MINUTE);
	assert_state(world, "a", OUTGOING_SENT);
	assert_state(world, "b", OUTGOING_SENT);
	assert_int_equal(world->server.nposts, 2);
}

/* -- threads -- */

static void a_thread_goes_in_order(void **state)
{
	struct world *world = *state;
	struct draft *draft = a_draft(world, "1");
	add_part(draft, "2");
	add_part(draft, "3");
	world->server.faults[1] = FAULT_ANSWER;
	world->server.nfaults = 2;
	send_draft(world, draft);
	settle(world);
	assert_state(world, "1", OUTGOING_SENT);
	assert_state(world, "2", OUTGOING_UNKNOWN);
	assert_state(world, "3", OUTGOING_SCHEDULED);
	pass(world, 10 * MINUTE);
	assert_state(world, "3", OUTGOING_SENT);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(atoi(world->server.posts[i].text), (int)i + 1);
}

static void a_failed_part_parks_the_rest(void **state)
{
	struct world *world = *state;
	struct draft *draft = a_draft(world, "1");
	add_part(draft, "2");
	add_part(draft, "3");
	world->server.faults[0] = FAULT_422;
	world->server.nfaults = 1;
	send_draft(world, draft);
	pass(world, HOUR);
	assert_state(world, "1", OUTGOING_FAILED);
	assert_state(world, "2", OUTGOING_NEEDS_YOU);
	assert_state(world, "3", OUTGOING_NEEDS_YOU);
	assert_string_equal(told(world, "3")->cause, "the part before it was not posted");
	about(world, JOB_OUTGOING_RETRY, told(world, "1")->id);
	pass(world, MINUTE);
	assert_state(world, "3", OUTGOING_SENT);
	assert_int_equal(world->server.nposts, 3);
}

static void a_cancelled_part_takes_the_rest_along(void **state)
{
	struct world *world = *state;
	struct draft *draft = a_draft(world, "1");
	add_part(draft, "2");
	draft->at.utc_ms = START_MS + HOUR;
	send_draft(world, draft);
	settle(world);
	about(world, JOB_OUTGOING_CANCEL, told(world, "1")->id);
	assert_state(world, "2", OUTGOING_CANCELLED);
	pass(world, 2 * HOUR);
	assert_int_equal(world->server.nposts, 0);
}

/* -- restarts -- */

static void a_crash_while_sending_is_looked_into(void **state)
{
	struct world *world = *state;
	world->server.latency_ms = 100;
	say(world, "crash");
	pass(world, 150); /* prepared; the request is under way */
	assert_state(world, "crash", OUTGOING_SENDING);
	world_crash(world);
	world_forget(world);
	world_start(world);
	assert_state(world, "crash", OUTGOING_UNKNOWN);
	pass(world, 10 * MINUTE);
	assert_state(world, "crash", OUTGOING_SENT);
	assert_int_equal(world->server.publishes, 1);
}

static void a_crash_before_sending_costs_nothing(void **state)
{
	struct world *world = *state;
	world->server.latency_ms = 100;
	say(world, "early");
	pass(world, 50);
	assert_state(world, "early", OUTGOING_CLAIMED);
	world_crash(world);
	world_forget(world);
	world_start(world);
	assert_state(world, "early", OUTGOING_CLAIMED); /* by a new claim of its own */
	pass(world, MINUTE);
	assert_state(world, "early", OUTGOING_SENT);
	assert_int_equal(world->server.publishes, 1);
	assert_int_equal(world->server.looks, 0);
}

/* -- time -- */

static void never_before_its_time(void **state)
{
	struct world *world = *state;
	line_keeps = false;
	say_at(world, "noon", START_MS + HOUR);
	pass(world, HOUR - 1);
	assert_int_equal(world->server.publishes, 0);
	pass(world, 1);
	assert_state(world, "noon", OUTGOING_SENT);
}

static void late_posts_go_or_ask_or_drop(void **state)
{
	struct world *world = *state;
	static const char *const names[DRAFT_NLATES] = {"ask", "send", "drop"};
	static const enum outgoing_state states[DRAFT_NLATES] = {
	        OUTGOING_MISSED, OUTGOING_SENT, OUTGOING_CANCELLED};
	line_keeps = false;
	for (int i = 0; i < DRAFT_NLATES; i++) {
		struct draft *draft = a_draft(world, names[i]);
		draft->at.utc_ms = START_MS + HOUR;
		draft->late = (enum draft_late)i;
		send_draft(world, draft);
	}
	say_at(world, "grace", START_MS + 3 * HOUR - 15 * MINUTE);
	world_end(world);
	fake_clock_advance(&world->clock, 3 * HOUR);
	world_start(world);
	pass(world, 10 * MINUTE);
	for (int i = 0; i < DRAFT_NLATES; i++)
		assert_state(world, names[i], states[i]);
	assert_state(world, "grace", OUTGOING_SENT);
	about(world, JOB_OUTGOING_RETRY, told(world, "ask")->id);
	assert_state(world, "ask", OUTGOING_SENT);
}

static void after_an_outage_one_by_one(void **state)
{
	struct world *world = *state;
	line_keeps = false;
	for (int i = 0; i < 4; i++) {
		char text[2] = {(char)('a' + i), '\0'};
		say_at(world, text, START_MS + HOUR + i * SECOND);
	}
	world_end(world);
	fake_clock_advance(&world->clock, HOUR + 5 * MINUTE);
	world_start(world);
	assert_int_equal(world->server.nposts, 1);
	pass(world, 2 * MINUTE - 1);
	assert_int_equal(world->server.nposts, 1);
	pass(world, 4 * MINUTE + 1);
	assert_int_equal(world->server.nposts, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(world->server.posts[i].text[0], 'a' + (int)i);
}

static void a_crowd_is_held(void **state)
{
	struct world *world = *state;
	line_keeps = false;
	for (int i = 0; i < 11; i++) {
		char text[16];
		snprintf(text, sizeof(text), "crowd-%d", i);
		say_at(world, text, START_MS + HOUR);
	}
	pass(world, 2 * HOUR);
	assert_int_equal(world->server.nposts, 0);
	assert_true(told(world, "crowd-5")->held);
	about(world, JOB_OUTGOING_RETRY, told(world, "crowd-5")->id);
	assert_state(world, "crowd-5", OUTGOING_SENT);
	pass(world, DAY);
	assert_int_equal(world->server.nposts, 1);
}

static void clocks_that_disagree_send_nothing(void **state)
{
	struct world *world = *state;
	world->server.skew_ms = -6 * MINUTE;
	say(world, "when?");
	pass(world, 5 * MINUTE);
	assert_state(world, "when?", OUTGOING_SCHEDULED);
	assert_non_null(strstr(told(world, "when?")->cause, "ahead of"));
	assert_int_equal(world->server.publishes, 0);
	world->server.skew_ms = 0;
	pass(world, 9 * MINUTE);
	assert_state(world, "when?", OUTGOING_SENT);
}

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

/* -- two processes -- */

static void one_sends_and_the_other_is_told(void **state)
{
	struct world *world = *state;
	struct world second = {.sender = "second", .account = world->account};
	fake_clock_init(&second.clock, START_MS);
	strcpy(second.dir, world->dir);
	world_start(&second);
	const struct event *event = event_at(&second, EVENT_SENDER, 0);
	assert_int_equal(event->number, 0);
	assert_non_null(strstr(event->text, "test, process "));
	job_id id = say(&second, "from the second");
	assert_done(&second, id, ERR_NONE);
	assert_int_equal(second.server.publishes, 0);
	while (world->server.publishes == 0) /* woken by the write */
		settle(world);
	assert_int_equal(server_has(&world->server, "from the second"), 1);
	while (told(&second, "from the second")->state != OUTGOING_SENT)
		settle(&second);

	world_end(world); /* and lets go of the lock */
	while (event_at(&second, EVENT_SENDER, count(&second, EVENT_SENDER) - 1)->number != 1)
		settle(&second);
	say(&second, "alone");
	assert_int_equal(server_has(&second.server, "alone"), 1);
	world_end(&second);
	world_forget(&second);
	server_forget(&second.server);
	free(second.events);
}

/* -- attachments -- */

static char *a_picture(const struct world *world)
{
	struct str path = {0};
	str_addf(&path, "%s/picture.png", world->dir);
	FILE *file = fopen(str_c(&path), "w");
	fwrite("\x89PNG\r\n\x1a\nxxxxxxxx", 1, 16, file);
	fclose(file);
	return str_take(&path);
}

static void what_was_uploaded_is_not_uploaded_again(void **state)
{
	struct world *world = *state;
	char *path = a_picture(world);
	struct draft *draft = a_draft(world, "look");
	draft_add_media(&draft->parts[0], path, "a cat");
	draft_add_media(&draft->parts[0], path, "the same cat");
	world->server.prepare_fault = FAULT_500;
	send_draft(world, draft);
	pass(world, 10 * SECOND);
	assert_int_equal(world->server.uploads, 2);
	world_crash(world);
	world_start(world);
	world->server.prepare_fault = FAULT_NONE;
	pass(world, 10 * MINUTE);
	assert_state(world, "look", OUTGOING_SENT);
	assert_int_equal(world->server.uploads, 2);
	assert_string_equal(told(world, "look")->media[1].made, "media-2");
	free(path);
}

static void a_file_that_is_gone_is_said(void **state)
{
	struct world *world = *state;
	struct draft *draft = a_draft(world, "look");
	draft_add_media(&draft->parts[0], "/nowhere/cat.png", NULL);
	job_id id = send_draft(world, draft);
	settle(world);
	assert_done(world, id, ERR_REFUSED); /* at once, and again when its time has come */
	char *path = a_picture(world);
	line_keeps = false;
	draft = a_draft(world, "look");
	draft_add_media(&draft->parts[0], path, NULL);
	draft->at.utc_ms = START_MS + HOUR;
	send_draft(world, draft);
	settle(world);
	unlink(path);
	pass(world, 2 * HOUR);
	assert_state(world, "look", OUTGOING_FAILED);
	assert_non_null(strstr(told(world, "look")->cause, path));
	free(path);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
#define DISK(f) cmocka_unit_test_setup_teardown(f, disk_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        DISK(a_draft_is_kept_and_found_again),
	        TEST(a_sent_draft_is_gone),
	        TEST(a_post_goes_out_once),
	        TEST(it_can_be_taken_back_for_a_while),
	        TEST(nonsense_is_refused_before_anything_is_written),
	        TEST(after_any_doubt_it_is_there_once),
	        TEST(nothing_is_asked_before_it_has_settled),
	        TEST(where_keys_are_ignored_the_user_is_asked),
	        TEST(you_can_say_that_it_was_posted),
	        TEST(a_request_is_not_repeated_after_its_key_is_forgotten),
	        TEST(a_500_for_a_repetition_is_looked_into),
	        TEST(what_is_refused_says_why),
	        TEST(a_deleted_parent_is_for_the_user),
	        TEST(a_refused_token_keeps_posts_waiting),
	        TEST(a_thread_goes_in_order),
	        TEST(a_failed_part_parks_the_rest),
	        TEST(a_cancelled_part_takes_the_rest_along),
	        DISK(a_crash_while_sending_is_looked_into),
	        DISK(a_crash_before_sending_costs_nothing),
	        TEST(never_before_its_time),
	        DISK(late_posts_go_or_ask_or_drop),
	        DISK(after_an_outage_one_by_one),
	        TEST(a_crowd_is_held),
	        TEST(clocks_that_disagree_send_nothing),
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
	        DISK(one_sends_and_the_other_is_told),
	        DISK(what_was_uploaded_is_not_uploaded_again),
	        DISK(a_file_that_is_gone_is_said),
	};
#undef TEST
#undef DISK
	return cmocka_run_group_tests(tests, NULL, NULL);
}
