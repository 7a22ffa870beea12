/* An account's allowance at its server: nothing is asked too often, and the deck can say why. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "world.h"

enum { COLUMNS = 30, FIRST_SECOND = 8, STREAMS = 4 };

static int spaced_setup(void **state)
{
	struct world *world = xcalloc(1, sizeof *world);
	world->spacing_ms = SECOND;
	fake_clock_init(&world->clock, START_MS);
	world_start(world);
	*state = world;
	return 0;
}

/* Requests (or streams) that were sent in [from, to). */
static size_t sent(struct world *world, int64_t from, int64_t to, bool streams)
{
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++) {
		int64_t at = replay_sent_ms(world->replay, i);
		n += at >= from && at < to && replay_request(world->replay, i)->stream == streams;
	}
	return n;
}

static size_t asked(struct world *world, const char *part)
{
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++)
		n += strstr(replay_url(world->replay, i), part) != NULL;
	return n;
}

static void a_start_is_no_burst(void **state)
{
	struct world *world = *state;
	char name[32];
	login(world);
	pass(world, MINUTE);
	replay_script(world->replay, "newer=", 200, "", "");
	int64_t start = world->clock.mono;
	for (source_id i = 1; i <= COLUMNS; i++) {
		snprintf(name, sizeof name, "work/tag:t%u", (unsigned)i);
		watch(world, i, name);
	}
	pass(world, MINUTE);
	assert_in_range(sent(world, start, start + SECOND, false), 4, FIRST_SECOND);
	assert_in_range(sent(world, start, start + SECOND, true), 1, STREAMS);
	for (int64_t at = start + SECOND; at < start + MINUTE; at += SECOND) {
		assert_in_range(sent(world, at, at + SECOND, false), 0, 1);
		assert_in_range(sent(world, at, at + SECOND, true), 0, STREAMS);
	}
	assert_int_equal(sent(world, start, start + MINUTE, false), COLUMNS);
	/* They have waited; who is asked for now does not. */
	size_t before = replay_count(world->replay);
	replay_script(world->replay, "older=", 200, "", "");
	struct job *job = job_of(JOB_OLDER, 1, "x");
	post(world, job);
	settle(world);
	assert_int_equal(replay_count(world->replay), before + 1);
}

static char *allowance(int left, int seconds)
{
	struct str headers = {0};
	str_addf(&headers,
	        "X-RateLimit-Limit: 300\nx-ratelimit-remaining: %d\n"
	        "X-RateLimit-Reset: %d",
	        left, seconds);
	return str_take(&headers);
}

/* Reads are spread when little is left, and stop at the last tenth; the header counts down. */
static void little_is_spread(void **state)
{
	struct world *world = *state;
	login(world);
	char *plenty = allowance(200, 300), *none = allowance(20, 200);
	replay_script(world->replay, "home?newer=", 200, none, "");
	replay_script(world->replay, "tag-c?newer=", 200, plenty, "");
	watch(world, 1, "work/home");
	settle(world);
	watch(world, 2, "work/tag:c");
	pass(world, SECOND);
	assert_health(world, 2, HEALTH_LIMITED);
	struct event *told = health_of(world, 2);
	assert_in_range(told->health.next_ms - world->clock.wall, 198 * SECOND, 200 * SECOND);
	pass(world, 190 * SECOND);
	assert_int_equal(asked(world, "tag-c?newer="), 0);
	assert_health(world, 2, HEALTH_LIMITED);
	pass(world, 12 * SECOND);
	assert_health(world, 2, HEALTH_POLLING);
	free(plenty);
	free(none);
}

/* 429: all of the account is silent until the reset, and other accounts are not. */
static void too_many_is_silence(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "/whoami", 200, "", "mina@h.example");
	post(world, job_of(JOB_LOGIN, 0, "lines\nh.example\nother\nTOKEN"));
	settle(world);
	replay_script(world->replay, "home?newer=", 429, "Retry-After: 120", "");
	replay_script(world->replay, "home?newer=", 200, "", "");
	replay_script(world->replay, "tag-c?newer=", 200, "", "");
	watch(world, 1, "work/home");
	settle(world);
	assert_health(world, 1, HEALTH_LIMITED);
	watch(world, 2, "work/tag:c");
	watch(world, 3, "other/tag:c");
	pass(world, 30 * SECOND);
	assert_health(world, 2, HEALTH_LIMITED);
	assert_health(world, 3, HEALTH_POLLING);
	struct event *told = health_of(world, 2);
	assert_in_range(told->health.next_ms - START_MS, 119 * SECOND, 133 * SECOND);
	assert_int_equal(asked(world, "tag-c?newer="), 1);
	pass(world, 110 * SECOND);
	assert_health(world, 2, HEALTH_POLLING);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_start_is_no_burst, spaced_setup, world_teardown),
	        TEST(little_is_spread),
	        TEST(too_many_is_silence),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
