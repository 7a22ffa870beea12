#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "world.h"

/* What is noted of rows that come in, and told: what we owe, what saved queries find. */

/* One page of work/SOURCE: lines with times in minutes before now. */
static void brings(struct world *world, source_id id, const char *source, const char *const *lines)
{
	struct str body = {0}, place = {0};
	for (; *lines; lines++) {
		char post[16], flags[64] = "-";
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

static struct job *save(const char *name, const char *query, bool own)
{
	struct str arg = {0};
	str_addf(&arg, "%s\n%s", name, query);
	struct job *job = job_of(JOB_SAVED, 0, arg.p);
	job->on = own;
	str_finish(&arg);
	return job;
}

/* "saved:NAME POSTS" of every tally of a saved query, in the order of names. */
static void assert_tallies(struct world *world, const char *expected)
{
	struct str got = {0};
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	char path[300];
	pass(world, 61 * SECOND);
	snprintf(path, sizeof(path), "%s/queue.db", world->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_prepare_v2(db,
	        "SELECT source, sum(posts) FROM tally WHERE source LIKE 'saved:%'"
	        " GROUP BY source ORDER BY source",
	        -1, &stmt, NULL);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		str_addf(&got, "%s %d;", sqlite3_column_text(stmt, 0), sqlite3_column_int(stmt, 1));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	assert_string_equal(str_c(&got), expected);
	str_finish(&got);
}

static void saved_queries_are_tallied(void **state)
{
	struct world *world = *state;
	login(world);
	post(world, save("greeting", "hello -is:own", true));
	post(world, save("both", "saved:greeting from:ada", false));
	post(world, save("never", "nobody says this", true));
	/* The same post from two sources counts once. */
	brings(world, 1, "local", (const char *[]){"3 1", "2 2 own", "1 3", NULL});
	brings(world, 2, "federated", (const char *[]){"4 1", "3 2", NULL});
	assert_tallies(world, "saved:both 3;saved:greeting 3;saved:never 0;");
}

static void a_restart_goes_on_tallying(void **state)
{
	struct world *world = *state;
	login(world);
	post(world, save("greeting", "hello", true));
	post(world, save("of-config", "hello", false));
	post(world, save("gone", "hello", true));
	post(world, save("gone", "", true));
	settle(world);
	world_end(world);
	size_t before = world->nevents;
	world_start(world);
	settle(world);
	/* The deck learns which it kept, and which a config had said. */
	struct str told = {0};
	for (size_t i = before; i < world->nevents; i++) {
		const struct event *event = world->events[i];
		if (event->kind == EVENT_VALUE && strncmp(event->text, "saved/", 6) == 0)
			str_addf(&told, "%s;", event->text);
	}
	assert_string_equal(told.p, "saved/greeting\nown hello;saved/of-config\nconfig hello;");
	str_finish(&told);
	brings(world, 1, "local", (const char *[]){"3 1", NULL});
	assert_tallies(world, "saved:gone 0;saved:greeting 1;saved:of-config 1;");
	job_id nameless = post(world, save("", "hello", true));
	settle(world);
	assert_done(world, nameless, ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(what_is_to_us_waits, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                an_own_reply_answers_from_wherever_it_came, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_is_done_stays_done_over_a_restart, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                saved_queries_are_tallied, disk_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_restart_goes_on_tallying, disk_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
