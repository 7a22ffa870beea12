/* The core: jobs, schedules, failures, gaps, restarts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "world.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static void assert_done(struct world *world, job_id id, enum err_code code)
{
	int n;
	struct event *done = done_of(world, id, &n);
	assert_int_equal(n, 1);
	if (done->err.code != code)
		fail_msg("job %u: code %d: %s", id, done->err.code, done->err.text);
}

static void assert_not_done(struct world *world, job_id id)
{
	int n;
	done_of(world, id, &n);
	assert_int_equal(n, 0);
}

static void assert_rows(struct world *world, source_id source, const char *expected)
{
	char *rows = rows_of(world, source);
	assert_string_equal(rows, expected);
	free(rows);
}

static void assert_health(struct world *world, source_id source, enum health_kind kind)
{
	struct event *event = health_of(world, source);
	assert_non_null(event);
	assert_string_equal(health_name(event->health.kind), health_name(kind));
}

static void the_start_is_told(void **state)
{
	struct world *world = *state;
	assert_true(world->nevents >= 3);
	assert_int_equal(world->events[0]->kind, EVENT_ACCOUNT);
	assert_int_equal(world->events[0]->account, ACCOUNT_FEEDS);
	assert_int_equal(world->events[world->nevents - 1]->kind, EVENT_STARTED);
	assert_int_equal(count(world, EVENT_READ), 1);
}

static void a_login(void **state)
{
	struct world *world = *state;
	login(world);
	assert_done(world, world->last, ERR_NONE);
	assert_string_equal(replay_header(world->replay, 0, "Authorization"), "Bearer CANARY");
	struct event *event = event_at(world, EVENT_ACCOUNT, 1);
	assert_string_equal(event->account_info->handle, "ada@h.example");
	assert_string_equal(event->account_info->name, "work");
	assert_true(event->account > ACCOUNT_FEEDS);
}

static void a_login_that_fails(void **state)
{
	struct world *world = *state;
	static const char *const wrong[] = {"lines\nh.example\nwork", "\n\n\n",
	        "none\nh.example\nw\nt", "feed\nh.example\nw\nt", "lines\nhttp://h.example\nw\nt",
	        "lines\n/\nw\nt", "lines\nh.example\nfeeds\nt", "lines\nh.example\na b\nt",
	        "lines\nh.example\nw\nt\nu"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		job_id id = post(world, job_of(JOB_LOGIN, 0, wrong[i]));
		settle(world);
		int n;
		struct event *done = done_of(world, id, &n);
		assert_int_equal(n, 1);
		assert_int_not_equal(done->err.code, ERR_NONE);
		assert_true(strlen(done->err.text) > 5);
	}
	assert_int_equal(replay_count(world->replay), 0);
	replay_script(world->replay, "/whoami", 401, "", "");
	job_id id = post(world, job_of(JOB_LOGIN, 0, "lines\nh.example\nwork\nCANARY"));
	settle(world);
	assert_done(world, id, ERR_AUTH);
	assert_int_equal(count(world, EVENT_ACCOUNT), 1);
}

static void watching(void **state)
{
	struct world *world = *state;
	char a[64];
	login(world);
	replay_script(world->replay, "/local", 200, "", row(world, a, 1, MINUTE));
	job_id id = watch(world, 5, "work/local");
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_rows(world, 5, "1");
	struct event *page = event_at(world, EVENT_PAGE, 0);
	assert_false(page->page->stored);
	assert_int_equal(page->page->source, 5);
	assert_health(world, 5, HEALTH_POLLING);
	assert_true(health_of(world, 5)->health.next_ms > world->clock.wall);
	job_id again = watch(world, 5, "work/local");
	settle(world);
	assert_done(world, again, ERR_NONE);
	assert_int_equal(replay_count(world->replay), 2);
}

static void watching_nonsense(void **state)
{
	static const char *const names[] = {"nobody/home", "feeds/feed:nothing", "feeds/all",
	        "feeds/group:x", "work/search:x", "work/nokind", ""};
	struct world *world = *state;
	login(world);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		job_id id = watch(world, (source_id)i + 1, names[i]);
		settle(world);
		int n;
		struct event *done = done_of(world, id, &n);
		assert_int_equal(n, 1);
		assert_int_not_equal(done->err.code, ERR_NONE);
		if (i < 5) assert_health(world, (source_id)i + 1, HEALTH_BROKEN);
	}
	pass(world, HOUR);
	assert_int_equal(replay_count(world->replay), 1); /* the login */
}

static void what_was_unknown_comes_alive(void **state)
{
	struct world *world = *state;
	char a[64];
	watch(world, 1, "work/local");
	watch(world, 2, "feeds/feed:lwn");
	settle(world);
	replay_script(world->replay, "/local", 200, "", row(world, a, 1, MINUTE));
	replay_script(world->replay, "lwn.example", 200, "", row(world, a, 2, MINUTE));
	login(world);
	subscribe(world, "lwn", "https://lwn.example/rss");
	pass(world, SECOND);
	assert_rows(world, 1, "1");
	assert_rows(world, 2, "2");
	struct job *job = job_new(JOB_LOGOUT);
	job->account = event_at(world, EVENT_ACCOUNT, 1)->account;
	job_id id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_health(world, 1, HEALTH_BROKEN);
	assert_null(event_at(world, EVENT_ACCOUNT, count(world, EVENT_ACCOUNT) - 1)->account_info);
	post(world, job_of(JOB_UNSUBSCRIBE, 0, "lwn"));
	settle(world);
	assert_health(world, 2, HEALTH_BROKEN);
	size_t before = replay_count(world->replay);
	pass(world, 2 * HOUR);
	assert_int_equal(replay_count(world->replay), before);
}

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

static void pages_upward_until_all_is_there(void **state)
{
	struct world *world = *state;
	char a[64], body[128];
	login(world);
	replay_script(world->replay, "newer=", 200, "", row(world, a, 1, HOUR));
	watch(world, 1, "work/local");
	settle(world);
	snprintf(body, sizeof(body), "%snewer 2\n", row(world, a, 2, 50 * MINUTE));
	replay_script(world->replay, "newer=1", 200, "", body);
	snprintf(body, sizeof(body), "%snewer 3\n", row(world, a, 3, 40 * MINUTE));
	replay_script(world->replay, "newer=2", 200, "", body);
	replay_script(world->replay, "newer=3", 200, "", "");
	pass(world, 100 * SECOND);
	assert_rows(world, 1, "1 2 3");
	assert_int_equal(replay_count(world->replay), 5);
}

static void a_gap_is_closed_step_by_step(void **state)
{
	struct world *world = *state;
	char a[64], b[64], body[256];
	login(world);
	replay_script(world->replay, "newer=", 200, "", row(world, a, 10, HOUR));
	watch(world, 1, "work/local");
	settle(world);
	snprintf(body, sizeof(body), "%sgap\nolder 50\n", row(world, a, 50, MINUTE));
	replay_script(world->replay, "newer=10", 200, "", body);
	pass(world, 100 * SECOND);
	struct event *page = event_at(world, EVENT_PAGE, 1);
	assert_true(page->page->gap);
	assert_string_equal(page->page->older, "50");

	snprintf(body, sizeof(body), "%solder 40\n", row(world, a, 40, 10 * MINUTE));
	replay_script(world->replay, "gap=50", 200, "", body);
	job_id first = post(world, job_of(JOB_GAP, 1, "50"));
	settle(world);
	assert_done(world, first, ERR_NONE);
	page = event_at(world, EVENT_PAGE, 2);
	assert_string_equal(page->page->fills, "50");
	assert_true(page->page->gap); /* 40 is not yet 10 */
	assert_string_equal(page->page->older, "40");

	snprintf(body, sizeof(body), "%s%solder 9\n", row(world, a, 20, 30 * MINUTE),
	        row(world, b, 9, 2 * HOUR));
	replay_script(world->replay, "gap=40", 200, "", body);
	job_id second = post(world, job_of(JOB_GAP, 1, "40"));
	settle(world);
	assert_done(world, second, ERR_NONE);
	page = event_at(world, EVENT_PAGE, 3);
	assert_string_equal(page->page->fills, "40");
	assert_false(page->page->gap);
}

static void older_comes_from_the_archive_first(void **state)
{
	struct world *world = *state;
	char a[64], b[64], body[256];
	login(world);
	snprintf(body, sizeof(body), "%s%solder c1\n", row(world, a, 2, HOUR),
	        row(world, b, 1, 2 * HOUR));
	replay_script(world->replay, "newer=", 200, "", body);
	replay_script(world->replay, "older=c1", 200, "", row(world, a, 0, 3 * HOUR));
	watch(world, 1, "work/local");
	settle(world);
	struct job *job = job_of(JOB_OLDER, 1, "c1");
	job->at_ms = world->clock.wall - HOUR;
	job_id id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_rows(world, 1, "2 1 1"); /* the second 1 is the archive's */
	assert_true(event_at(world, EVENT_PAGE, 1)->page->stored);
	assert_int_equal(replay_count(world->replay), 2);

	job = job_of(JOB_OLDER, 1, "c1");
	job->at_ms = world->clock.wall - 2 * HOUR;
	id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_rows(world, 1, "2 1 1 0");
	job = job_of(JOB_OLDER, 1, "");
	job->at_ms = world->clock.wall - 5 * HOUR;
	id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE); /* the end: nothing more, and no request */
	assert_int_equal(replay_count(world->replay), 3);
}

static void cancelling(void **state)
{
	struct world *world = *state;
	login(world);
	job_id first = watch(world, 1, "work/local"); /* never answered */
	settle(world);
	assert_true(replay_is_open(world->replay, 1));
	struct job *job = job_of(JOB_OLDER, 1, "c1");
	job->at_ms = 1;
	job_id older = post(world, job);
	settle(world);
	assert_true(replay_is_open(world->replay, 2));
	cancel(world, older);
	cancel(world, first);
	cancel(world, older);
	cancel(world, 12345);
	settle(world);
	assert_done(world, older, ERR_CANCELLED);
	assert_done(world, first, ERR_CANCELLED);
	assert_false(replay_is_open(world->replay, 2));
	assert_true(replay_is_open(world->replay, 1)); /* the source is watched all the same */
	job_id third = watch(world, 1, "work/local");
	post(world, job_of(JOB_UNWATCH, 1, ""));
	settle(world);
	assert_done(world, third, ERR_CANCELLED);
	assert_false(replay_is_open(world->replay, 1));
	pass(world, HOUR);
	assert_int_equal(replay_count(world->replay), 3);
}

static void the_end_ends_every_job(void **state)
{
	struct world *world = *state;
	login(world);
	job_id ids[3] = {watch(world, 1, "work/local"), watch(world, 2, "https://f.example/"),
	        watch(world, 3, "work/federated")};
	settle(world);
	world_end(world);
	for (int i = 0; i < 3; i++)
		assert_done(world, ids[i], ERR_CANCELLED);
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

static void a_restart_remembers(void **state)
{
	struct world *world = *state;
	char a[64], b[64], body[256];
	login(world);
	snprintf(body, sizeof(body), "%s%stitle Local\n", row(world, a, 2, HOUR),
	        row(world, b, 1, 2 * HOUR));
	replay_script(world->replay, "/local", 200, "", body);
	watch(world, 1, "work/local");
	struct job *read = job_new(JOB_READ);
	read->keys = xcalloc(1, sizeof(uint64_t));
	read->keys[0] = 77;
	read->nkeys = 1;
	read->on = true;
	post(world, read);
	post(world, job_of(JOB_PUT, 0, "mute.1\nfrom:x"));
	pass(world, 10 * SECOND);
	world_end(world);
	world_forget(world);

	fake_clock_advance(&world->clock, 20 * SECOND);
	world_start(world);
	assert_int_equal(count(world, EVENT_ACCOUNT), 2);
	assert_int_equal(event_at(world, EVENT_READ, 0)->keys[0], 77);
	assert_string_equal(event_at(world, EVENT_VALUE, 0)->text, "mute.1\nfrom:x");
	replay_script(world->replay, "/local", 200, "", "");
	job_id id = watch(world, 4, "work/local");
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_rows(world, 4, "2 1");
	assert_true(event_at(world, EVENT_PAGE, 0)->page->stored);
	assert_int_equal(replay_count(world->replay), 0); /* 30 s old is new enough */
	assert_health(world, 4, HEALTH_POLLING);
	pass(world, 70 * SECOND);
	assert_int_equal(replay_count(world->replay), 1);
	assert_non_null(strstr(replay_url(world->replay, 0), "newer=2"));
	assert_string_equal(replay_header(world->replay, 0, "Authorization"), "Bearer CANARY");
}

static void a_restart_remembers_what_brought_nothing(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "f.example", 200, "", "title T\n");
	replay_script(world->replay, "f.example", 304, "", "");
	watch(world, 1, "https://f.example/");
	pass(world, 40 * MINUTE);
	assert_int_equal(replay_count(world->replay), 2);
	world_end(world);
	world_forget(world);
	world_start(world);
	watch(world, 1, "https://f.example/");
	pass(world, 10 * MINUTE);
	assert_int_equal(replay_count(world->replay), 0);
	pass(world, 20 * MINUTE);
	assert_int_equal(replay_count(world->replay), 1);
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

static int64_t number(struct world *world, const char *sql)
{
	char path[256];
	sqlite3 *db;
	sqlite3_stmt *stmt;
	snprintf(path, sizeof(path), "%s/queue.db", world->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	int64_t n = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static void what_is_noted(void **state)
{
	struct world *world = *state;
	char body[512];
	int64_t wall = world->clock.wall;
	login(world);
	snprintf(body, sizeof(body),
	        "post 3 %" PRId64 " mention\npost 2 %" PRId64 " mention own\npost 1 %" PRId64 "\n",
	        wall - 1000, wall - 2000, wall - 3000);
	replay_script(world->replay, "/local", 200, "", body);
	watch(world, 1, "work/local");
	pass(world, 100 * SECOND); /* the same page twice: noted once */
	assert_int_equal(replay_count(world->replay), 3);
	pass(world, 61 * SECOND);
	assert_int_equal(number(world, "SELECT sum(posts) FROM tally"), 3);
	assert_int_equal(number(world, "SELECT max(authors) FROM tally"), 1);
	assert_int_equal(number(world, "SELECT count(*) FROM attention"), 1);
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

static void a_moved_feed_is_another(void **state)
{
	struct world *world = *state;
	subscribe(world, "lwn", "https://a.example/rss");
	replay_script(world->replay, "a.example", 200, "", "title The Title\n");
	replay_script(world->replay, "b.example", 304, "", "");
	watch(world, 1, "feeds/feed:lwn");
	settle(world);
	assert_string_equal(health_of(world, 1)->health.title, "The Title");
	struct event *feed = event_at(world, EVENT_FEED, count(world, EVENT_FEED) - 1);
	assert_string_equal(feed->feed->title, "The Title");
	subscribe(world, "lwn", "https://b.example/rss");
	pass(world, SECOND);
	assert_int_equal(replay_count(world->replay), 2);
	assert_non_null(strstr(replay_url(world->replay, 1), "b.example"));
	job_id id = post(world, job_of(JOB_UNSUBSCRIBE, 0, "nothing"));
	settle(world);
	assert_done(world, id, ERR_NOT_FOUND);
}

static void options(void **state)
{
	struct world *world = *state;
	struct job *job = job_of(JOB_OPTION, 0, "refresh");
	job->number = 10 * SECOND;
	job_id good = post(world, job);
	job_id bad = post(world, job_of(JOB_OPTION, 0, "colour"));
	login(world);
	assert_done(world, good, ERR_NONE);
	assert_done(world, bad, ERR_SYNTAX);
	replay_script(world->replay, "/local", 200, "", "");
	watch(world, 1, "work/local");
	pass(world, MINUTE);
	assert_in_range(replay_count(world->replay), 6, 8);
}

/* Whatever is asked and cancelled, in whatever order: each job ends exactly once. */
static void every_job_ends_once(void **state)
{
	static const char *const names[] = {"work/local", "work/home", "work/tag:c",
	        "https://f.example/", "feeds/feed:lwn", "nobody/home", "work/mentions"};
	struct world *world = *state;
	struct random random;
	random_init(&random, 3);
	login(world);
	replay_delay(world->replay, 700);
	static const int statuses[] = {200, 500, 429, 200, 401, 0, 304, 200};
	for (int i = 0; i < 400; i++) {
		char a[64];
		replay_script(world->replay, "newer=", statuses[random_below(&random, 8)],
		        "Retry-After: 3", row(world, a, i, 1000));
		replay_script(world->replay, "older=", statuses[random_below(&random, 8)], "", "");
	}
	job_id first = world->last + 1;
	for (int i = 0; i < 1500; i++) {
		struct job *job = job_new((enum job_kind)random_below(&random, JOB_COUNT));
		size_t which = random_below(&random, sizeof(names) / sizeof(*names));
		job->source = (source_id)which + 1;
		job->arg = xstrdup(random_below(&random, 8) ? names[which] : NULL);
		job->at_ms = 1;
		if (job->kind == JOB_SUBSCRIBE && random_below(&random, 2)) {
			struct feed feed = {(char *)"lwn", (char *)"https://lwn.example/",
			        (char *)"", (char *)"", (char *)""};
			job->feed = feed_copy(&feed);
		}
		job_id id = post(world, job);
		if (random_below(&random, 4) == 0)
			cancel(world, id - (job_id)random_below(&random, 5));
		if (random_below(&random, 3) == 0)
			pass(world, (int64_t)random_below(&random, 1500));
	}
	pass(world, 5 * SECOND);
	world_end(world);
	int *ends = xcalloc(world->last + 1, sizeof(*ends));
	struct event *event;
	for (size_t i = 0; i < world->nevents; i++) {
		event = world->events[i];
		if (event->kind == EVENT_DONE) ends[event->reply_to]++;
	}
	for (job_id id = first; id <= world->last; id++)
		assert_int_equal(ends[id], 1);
	free(ends);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
#define DISK(f) cmocka_unit_test_setup_teardown(f, disk_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(the_start_is_told),
	        TEST(a_login),
	        TEST(a_login_that_fails),
	        TEST(watching),
	        TEST(watching_nonsense),
	        TEST(what_was_unknown_comes_alive),
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
	        TEST(pages_upward_until_all_is_there),
	        TEST(a_gap_is_closed_step_by_step),
	        TEST(older_comes_from_the_archive_first),
	        TEST(cancelling),
	        TEST(the_end_ends_every_job),
	        TEST(hosts_are_spaced),
	        TEST(a_feed_is_not_asked_twice_a_minute),
	        DISK(a_restart_remembers),
	        DISK(a_restart_remembers_what_brought_nothing),
	        TEST(the_network_comes_back),
	        DISK(what_is_noted),
	        TEST(sleep_is_noticed),
	        TEST(a_moved_feed_is_another),
	        TEST(options),
	        TEST(every_job_ends_once),
	};
#undef TEST
#undef DISK
	return cmocka_run_group_tests(tests, NULL, NULL);
}
