#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

/* What is noted of rows that come in, and told: what we owe. */

/* One page of work/SOURCE: lines with times in minutes before now. */
static void brings(struct world *world, source_id id, const char *source, const char *const *lines)
{
	struct str body = {0}, place = {0};
	for (; *lines; lines++) {
		char post[16], flags[64] = "";
		int minutes = 0;
		assert_true(sscanf(*lines, "%15s %d %63[^\n]", post, &minutes, flags) >= 2);
		str_addf(&body, "post %s %" PRId64 " %s\n", post,
		        world->clock.wall - minutes * (int64_t)MINUTE, flags);
	}
	str_addf(&place, "/%s?", source);
	replay_script(world->replay, place.p, 200, "", body.p);
	str_clear(&place);
	str_addf(&place, "work/%s", source);
	watch(world, id, place.p);
	settle(world);
	str_finish(&body);
	str_finish(&place);
}

/* What was last told that we owe a post. */
static enum attention owed(const struct world *world, const char *id)
{
	enum attention last = ATTENTION_NONE;
	for (size_t i = 0; i < world->nevents; i++) {
		const struct event *event = world->events[i];
		if (event->kind != EVENT_ATTENTION) continue;
		if (strcmp(strrchr(event->text, '/') + 1, id) != 0) continue;
		last = (enum attention)event->number;
	}
	return last;
}

static void what_is_to_us_waits(void **state)
{
	struct world *world = *state;
	login(world);
	brings(world, 1, "local",
	        (const char *[]){"3 1 mention", "2 2", "1 3 mention own", "0 40000 mention", NULL});
	assert_int_equal(owed(world, "3"), ATTENTION_NEW);
	assert_int_equal(owed(world, "2"), ATTENTION_NONE);
	assert_int_equal(owed(world, "1"), ATTENTION_NONE);
	/* Four weeks are too long ago to be owed an answer on the first look. */
	assert_int_equal(owed(world, "0"), ATTENTION_NONE);
	assert_int_equal(count(world, EVENT_ATTENTION), 1);
}

static void an_own_reply_answers_from_wherever_it_came(void **state)
{
	struct world *world = *state;
	login(world);
	brings(world, 1, "mentions", (const char *[]){"8 8", "7 9", NULL});
	assert_int_equal(owed(world, "7"), ATTENTION_NEW);
	/* 7 by the server's own id, 6 before it was seen itself. */
	brings(world, 2, "local", (const char *[]){"21 1 own re=7", "20 2 own re=6", NULL});
	assert_int_equal(owed(world, "7"), ATTENTION_ANSWERED);
	assert_int_equal(owed(world, "8"), ATTENTION_NEW);
	brings(world, 3, "federated", (const char *[]){"6 4 mention", NULL});
	assert_int_equal(owed(world, "6"), ATTENTION_ANSWERED);
}

static struct job *put_off(const char *id, enum attention what)
{
	struct str uri = {0};
	str_addf(&uri, "https://h.example/%s", id);
	struct job *job = job_of(JOB_ATTENTION, 0, uri.p);
	job->account = 2;
	job->number = what;
	str_finish(&uri);
	return job;
}

static void what_is_done_stays_done_over_a_restart(void **state)
{
	struct world *world = *state;
	login(world);
	brings(world, 1, "mentions", (const char *[]){"8 8", "7 9", NULL});
	job_id done = post(world, put_off("8", ATTENTION_DONE));
	settle(world);
	assert_done(world, done, ERR_NONE);
	world_end(world);
	size_t before = world->nevents;
	world_start(world);
	settle(world);
	assert_int_equal(owed(world, "8"), ATTENTION_DONE);
	assert_int_equal(owed(world, "7"), ATTENTION_NEW);
	/* Known before STARTED: the deck shows what waits from its first frame on. */
	const struct event *last = NULL;
	for (size_t i = before; i < world->nevents; i++) {
		if (world->events[i]->kind == EVENT_ATTENTION) last = world->events[i];
		if (world->events[i]->kind == EVENT_STARTED) assert_non_null(last);
	}
	job_id wrong = post(world, put_off("8", ATTENTION_COUNT));
	settle(world);
	assert_done(world, wrong, ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(what_is_to_us_waits, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                an_own_reply_answers_from_wherever_it_came, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_is_done_stays_done_over_a_restart, disk_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
