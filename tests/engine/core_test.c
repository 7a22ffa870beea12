/* The core: jobs, pages, gaps, restarts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "world.h"

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
	        "lines\nh.example\nw\nt\nu\nv", "lines\nh.example\nw\nt\n",
	        "lines\nh.example\nw\nt t"};
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
	        TEST(pages_upward_until_all_is_there),
	        TEST(a_gap_is_closed_step_by_step),
	        TEST(older_comes_from_the_archive_first),
	        TEST(cancelling),
	        TEST(the_end_ends_every_job),
	        DISK(a_restart_remembers),
	        DISK(a_restart_remembers_what_brought_nothing),
	        DISK(what_is_noted),
	        TEST(a_moved_feed_is_another),
	        TEST(options),
	        TEST(every_job_ends_once),
	};
#undef TEST
#undef DISK
	return cmocka_run_group_tests(tests, NULL, NULL);
}
