/* Drafts, and posts on their way out: what becomes of them whatever the server does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "outbox_asserts.h"

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

/* A deck that ends may keep one again before it heard of its id. */
static void a_draft_kept_twice_is_one(void **state)
{
	struct world *world = *state;
	struct job *first = job_new(JOB_DRAFT), *again = job_new(JOB_DRAFT);
	first->draft = a_draft(world, "half a");
	job_id id = post(world, first);
	again->draft = a_draft(world, "half a word");
	again->number = (int64_t)id;
	post(world, again);
	settle(world);
	assert_int_equal(count(world, EVENT_DRAFT), 2);
	const struct draft *kept = event_at(world, EVENT_DRAFT, 1)->draft;
	assert_int_equal(kept->id, event_at(world, EVENT_DRAFT, 0)->draft->id);
	assert_string_equal(kept->parts[0].text, "half a word");
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

static void a_part_with_nothing_for_an_account_is_none_of_its_thread(void **state)
{
	struct world *world = *state;
	struct draft *draft = a_draft(world, "one");
	add_part(draft, "for others");
	add_part(draft, "three");
	draft->variants = xcalloc(1, sizeof(*draft->variants));
	draft->variants[draft->nvariants++] =
	        (struct draft_variant){.part = 1, .account = world->account, .text = xstrdup(" ")};
	send_draft(world, draft);
	pass(world, MINUTE);
	assert_state(world, "one", OUTGOING_SENT);
	assert_state(world, "three", OUTGOING_SENT);
	assert_int_equal(told(world, "three")->after, told(world, "one")->id);
	assert_null(told(world, "for others"));
	assert_null(told(world, " "));
	assert_int_equal(world->server.nposts, 2);
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

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
#define DISK(f) cmocka_unit_test_setup_teardown(f, disk_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        DISK(a_draft_is_kept_and_found_again),
	        TEST(a_draft_kept_twice_is_one),
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
	        TEST(a_part_with_nothing_for_an_account_is_none_of_its_thread),
	        TEST(a_failed_part_parks_the_rest),
	        TEST(a_cancelled_part_takes_the_rest_along),
	        TEST(never_before_its_time),
	        DISK(late_posts_go_or_ask_or_drop),
	        DISK(after_an_outage_one_by_one),
	        TEST(a_crowd_is_held),
	        TEST(clocks_that_disagree_send_nothing),
	};
#undef TEST
#undef DISK
	return cmocka_run_group_tests(tests, NULL, NULL);
}
