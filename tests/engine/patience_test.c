/* The core: when it asks, and how it bears failures, limits and lost networks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "world.h"

/* Times between consecutive requests from `first` on must lie in [low, high]. */
static void assert_spans(struct world *world, size_t first, int64_t low, int64_t high)
{
	bool differ = false;
	for (size_t i = first; i + 1 < replay_count(world->replay); i++) {
		int64_t span =
		        replay_sent_ms(world->replay, i + 1) - replay_sent_ms(world->replay, i);
		if (span < low || span > high)
			fail_msg("request %zu after %lld ms", i + 1, (long long)span);
		differ = differ ||
		         (i > first && span != replay_sent_ms(world->replay, i) -
		                                       replay_sent_ms(world->replay, i - 1));
	}
	assert_true(differ);
}

static void due_times_have_jitter(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "/local", 200, "", "");
	watch(world, 1, "work/local");
	pass(world, HOUR);
	assert_true(replay_count(world->replay) >= 36);
	assert_spans(world, 1, 81 * SECOND, 99 * SECOND);
}

static void feeds_have_their_own_pace(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "f.example", 304, "", "");
	watch(world, 1, "https://f.example/rss");
	pass(world, 24 * HOUR);
	assert_true(replay_count(world->replay) >= 44);
	assert_spans(world, 0, 27 * MINUTE, 33 * MINUTE);
	assert_health(world, 1, HEALTH_POLLING);
}

static void a_wish_is_obeyed(void **state)
{
	struct world *world = *state;
	char body[64];
	snprintf(body, sizeof(body), "next %" PRId64 "\n", world->clock.wall + 5 * HOUR);
	replay_script(world->replay, "f.example", 200, "", body);
	replay_script(world->replay, "f.example", 304, "", "");
	watch(world, 1, "https://f.example/rss");
	pass(world, 5 * HOUR - SECOND);
	assert_int_equal(replay_count(world->replay), 1);
	pass(world, 2 * SECOND);
	assert_int_equal(replay_count(world->replay), 2);
}

static void backoff(struct world *world, source_id source, size_t first, int64_t floor, int64_t cap)
{
	int64_t most = floor;
	for (size_t i = first; i + 1 < replay_count(world->replay); i++) {
		most = most * 2 < cap ? most * 2 : cap;
		int64_t span =
		        replay_sent_ms(world->replay, i + 1) - replay_sent_ms(world->replay, i);
		if (span < floor || span > most)
			fail_msg("request %zu after %lld ms", i + 1, (long long)span);
	}
	assert_health(world, source, HEALTH_STALE);
	assert_true(health_of(world, source)->err.code != ERR_NONE);
}

static void failures_back_off(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "/local", 500, "", "");
	job_id id = watch(world, 1, "work/local");
	pass(world, 3 * HOUR);
	assert_done(world, id, ERR_SERVER);
	size_t n = replay_count(world->replay);
	assert_true(n > 15 && n < 100);
	backoff(world, 1, 1, SECOND, 15 * MINUTE);
}

static void feeds_back_off_longer(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "f.example", 0, "", "");
	watch(world, 1, "https://f.example/rss");
	pass(world, (int64_t)240 * HOUR);
	assert_true(replay_count(world->replay) > 10);
	backoff(world, 1, 0, 15 * MINUTE, 24 * HOUR);
}

static void success_ends_the_backoff(void **state)
{
	struct world *world = *state;
	login(world);
	for (int i = 0; i < 8; i++)
		replay_script(world->replay, "/local", 500, "", "");
	replay_script(world->replay, "/local", 200, "", "");
	replay_script(world->replay, "/local", 200, "", "");
	replay_script(world->replay, "/local", 500, "", "");
	watch(world, 1, "work/local");
	while (replay_count(world->replay) < 13)
		pass(world, SECOND);
	int64_t span = replay_sent_ms(world->replay, 12) - replay_sent_ms(world->replay, 11);
	assert_in_range(span, SECOND, 2 * SECOND); /* the first failure anew */
}

/* The wait that an answer brings about, with its two bounds. */
static void limited(void **state, const char *source, int status, const char *headers, int64_t low,
        int64_t high)
{
	struct world *world = *state;
	replay_script(world->replay, "/whoami", 200, "", "ada");
	post(world, job_of(JOB_LOGIN, 0, "lines\nh.example\nwork\nCANARY"));
	settle(world);
	replay_script(world->replay, "/local", status, headers, "");
	replay_script(world->replay, "f.example", status, headers, "");
	watch(world, 1, source);
	settle(world);
	if (status == 429) assert_health(world, 1, HEALTH_LIMITED);
	job_id id = post(world, job_of(JOB_REFRESH, 1, ""));
	settle(world);
	if (status == 429)
		assert_done(world, id, ERR_RATE_LIMITED); /* asking again is no way round */
	else
		return;
	while (replay_count(world->replay) < 3)
		pass(world, MINUTE);
	int64_t span = replay_sent_ms(world->replay, 2) - replay_sent_ms(world->replay, 1);
	if (span < low || span > high)
		fail_msg("%s: again after %lld ms", headers, (long long)span);
}

static void retry_after_seconds(void **state)
{
	limited(state, "work/local", 429, "Retry-After: 120", 120 * SECOND, 132 * SECOND);
}

static void retry_after_date(void **state)
{
	/* START_MS is Wed, 18 Nov 2026 11:06:40 GMT. */
	limited(state, "work/local", 429, "Retry-After: Wed, 18 Nov 2026 11:16:40 GMT", 10 * MINUTE,
	        11 * MINUTE);
}

static void retry_after_for_ever(void **state)
{
	limited(state, "work/local", 429, "Retry-After: 1000000000", HOUR, HOUR + 6 * MINUTE);
}

static void retry_after_for_ever_of_a_feed(void **state)
{
	limited(state, "https://f.example/", 429, "Retry-After: 1000000000", 24 * HOUR,
	        24 * HOUR + 144 * MINUTE);
}

static void rate_limit_reset(void **state)
{
	limited(state, "work/local", 429, "X-RateLimit-Reset: 2026-11-18T11:10:00.123456Z",
	        200 * SECOND, 225 * SECOND);
}

static void no_wish_at_all(void **state)
{
	limited(state, "work/local", 429, "Retry-After: soon", 5 * MINUTE, 330 * SECOND);
}

static void no_wish_of_a_feed(void **state)
{
	limited(state, "https://f.example/", 429, "", HOUR, 66 * MINUTE);
}

static void limits_double_up_to_a_day(void **state)
{
	static const int hours[] = {1, 2, 4, 8, 16, 24, 24};
	struct world *world = *state;
	replay_script(world->replay, "f.example", 429, "", "");
	watch(world, 1, "https://f.example/");
	pass(world, (int64_t)100 * HOUR);
	for (size_t i = 0; i < 6; i++) {
		int64_t span =
		        replay_sent_ms(world->replay, i + 1) - replay_sent_ms(world->replay, i);
		assert_in_range(span, (int64_t)hours[i] * HOUR, (int64_t)hours[i] * 66 * MINUTE);
	}
}

static void a_limit_holds_the_whole_account(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "/local", 429, "Retry-After: 600", "");
	replay_script(world->replay, "/federated", 200, "", "");
	replay_script(world->replay, "other.example", 200, "", "");
	watch(world, 1, "work/local");
	settle(world);
	job_id other = watch(world, 2, "work/federated");
	watch(world, 3, "https://other.example/");
	pass(world, 9 * MINUTE);
	assert_int_equal(replay_count(world->replay), 3); /* login, local, the feed */
	assert_not_done(world, other);
	pass(world, 3 * MINUTE);
	assert_done(world, other, ERR_NONE);
}

static void gone_is_gone(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "f.example", 410, "", "");
	watch(world, 1, "https://f.example/rss");
	pass(world, 72 * HOUR);
	assert_int_equal(replay_count(world->replay), 1);
	assert_health(world, 1, HEALTH_GONE);
}

static void a_revoked_token_stops_all_until_a_login(void **state)
{
	struct world *world = *state;
	char a[64];
	login(world);
	replay_script(world->replay, "/local", 401, "", "");
	replay_script(world->replay, "/local", 200, "", row(world, a, 1, MINUTE));
	job_id id = watch(world, 1, "work/local");
	pass(world, 5 * HOUR);
	assert_done(world, id, ERR_AUTH);
	assert_int_equal(replay_count(world->replay), 2);
	assert_health(world, 1, HEALTH_BROKEN);
	login(world);
	pass(world, SECOND);
	assert_rows(world, 1, "1");
	assert_health(world, 1, HEALTH_POLLING);
	assert_int_equal(event_at(world, EVENT_ACCOUNT, 1)->account,
	        event_at(world, EVENT_ACCOUNT, 2)->account);
}

static void hosts_are_spaced(void **state)
{
	struct world *world = *state;
	world_end(world);
	world_forget(world);
	world->spacing_ms = -1;
	world_start(world);
	replay_delay(world->replay, 300);
	replay_script(world->replay, "example", 304, "", "");
	for (int i = 0; i < 100; i++) {
		char name[64];
		snprintf(name, sizeof(name), "https://%s%d.example/%d", i < 20 ? "one" : "host",
		        i < 20 ? 0 : i, i);
		watch(world, (source_id)i + 1, name);
	}
	size_t most = 0;
	for (int i = 0; i < 60; i++) {
		pass(world, 500);
		most = replay_in_flight(world->replay) > most ? replay_in_flight(world->replay)
		                                              : most;
	}
	assert_int_equal(replay_count(world->replay), 100);
	assert_int_equal(atomic_load(&world->stats.most_in_flight), 32);
	int64_t last = INT64_MIN / 2;
	for (size_t i = 0; i < 100; i++) {
		if (!strstr(replay_url(world->replay, i), "one0")) continue;
		assert_true(replay_sent_ms(world->replay, i) - last >= SECOND);
		last = replay_sent_ms(world->replay, i);
	}
}

static void a_feed_is_not_asked_twice_a_minute(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "f.example", 304, "", "");
	watch(world, 1, "https://f.example/");
	pass(world, 30 * SECOND);
	job_id early = post(world, job_of(JOB_REFRESH, 1, ""));
	settle(world);
	assert_done(world, early, ERR_NONE);
	assert_int_equal(replay_count(world->replay), 1);
	pass(world, 31 * SECOND);
	job_id late = post(world, job_of(JOB_REFRESH, 1, ""));
	settle(world);
	assert_done(world, late, ERR_NONE);
	assert_int_equal(replay_count(world->replay), 2);
	job_id none = post(world, job_of(JOB_REFRESH, 9, ""));
	settle(world);
	assert_done(world, none, ERR_NOT_FOUND);
}

/* The laptop opens with no network yet: all fail, and when one gets through all are asked. */
static void the_network_comes_back(void **state)
{
	struct world *world = *state;
	for (int i = 0; i < 3; i++)
		replay_script(world->replay, "example", 0, "", "");
	for (int i = 0; i < 3; i++) { /* two probes that fail as well */
		replay_script(world->replay, "example", i < 2 ? 0 : 304, "", "");
	}
	watch(world, 1, "https://a.example/");
	watch(world, 2, "https://b.example/");
	watch(world, 3, "https://c.example/");
	pass(world, SECOND);
	assert_int_equal(replay_count(world->replay), 3);
	pass(world, 5 * MINUTE);
	for (source_id i = 1; i <= 3; i++)
		assert_health(world, i, HEALTH_POLLING);
	assert_int_equal(replay_count(world->replay), 8); /* 3, two probes, one that works, 2 */
}

static void sleep_is_noticed(void **state)
{
	struct world *world = *state;
	login(world);
	replay_script(world->replay, "/local", 200, "", "");
	replay_script(world->replay, "f.example", 304, "", "");
	watch(world, 1, "work/local");
	watch(world, 2, "https://f.example/");
	settle(world);
	assert_int_equal(replay_count(world->replay), 3);
	world->clock.wall += 8 * HOUR; /* the monotonic clock stood still */
	settle(world);
	assert_int_equal(replay_count(world->replay), 5);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(due_times_have_jitter),
	        TEST(feeds_have_their_own_pace),
	        TEST(a_wish_is_obeyed),
	        TEST(failures_back_off),
	        TEST(feeds_back_off_longer),
	        TEST(success_ends_the_backoff),
	        TEST(retry_after_seconds),
	        TEST(retry_after_date),
	        TEST(retry_after_for_ever),
	        TEST(retry_after_for_ever_of_a_feed),
	        TEST(rate_limit_reset),
	        TEST(no_wish_at_all),
	        TEST(no_wish_of_a_feed),
	        TEST(limits_double_up_to_a_day),
	        TEST(a_limit_holds_the_whole_account),
	        TEST(gone_is_gone),
	        TEST(a_revoked_token_stops_all_until_a_login),
	        TEST(the_network_comes_back),
	        TEST(sleep_is_noticed),
	        TEST(hosts_are_spaced),
	        TEST(a_feed_is_not_asked_twice_a_minute),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
