/* The engine with its threads, libcurl and the real feed network, against a server on loopback. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/engine.h"
#include "http_server.h"

enum { PATIENCE_MS = 20000 };

struct world {
	struct engine *engine;
	struct http_server *server;
	char dir[32];
	size_t posts, stored, done, health_ok;
	struct err last_err;
};

static bool engine_up(struct world *world)
{
	struct engine_options opts = {
	        .state_dir = world->dir,
	        .data_dir = world->dir,
	        .clock = &clock_system,
	        .seed = 1,
	};
	return engine_start(&opts, &world->engine, &world->last_err);
}

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	strcpy(world->dir, "/tmp/stoa-engine-XXXXXX");
	if (!mkdtemp(world->dir)) return -1;
	world->server = http_server_new();
	*state = world;
	return engine_up(world) ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *world = *state;
	char command[64];
	engine_stop(world->engine, 2000);
	http_server_free(world->server);
	snprintf(command, sizeof(command), "rm -r '%s'", world->dir);
	int code = system(command);
	free(world);
	return code;
}

static void take(struct world *world, struct event *event)
{
	if (event->kind == EVENT_PAGE) {
		*(event->page->stored ? &world->stored : &world->posts) += event->page->nentries;
		assert_int_equal(event->page->narticles, 0);
	}
	if (event->kind == EVENT_DONE) {
		world->done++;
		world->last_err = event->err;
	}
	if (event->kind == EVENT_SOURCE && event->health.kind == HEALTH_POLLING) world->health_ok++;
	event_free(event);
}

/* Serve and take events until `*value` is at least `wanted`. */
static void until(struct world *world, const size_t *value, size_t wanted)
{
	struct pollfd fd = {.fd = engine_fd(world->engine), .events = POLLIN};
	int64_t end = clock_mono(&clock_system) + PATIENCE_MS;
	while (*value < wanted) {
		assert_true(clock_mono(&clock_system) < end);
		http_server_turn(world->server);
		poll(&fd, 1, 1);
		for (struct event *event; (event = engine_next_event(world->engine));)
			take(world, event);
		struct pollfd again = {.fd = fd.fd, .events = POLLIN};
		if (poll(&again, 1, 0) > 0)
			assert_int_equal(again.revents, POLLIN); /* another came just now */
	}
}

static void feed(struct http_server *server, const char *path, int items)
{
	struct str body = {0};
	str_addf(&body,
	        "<rss version=\"2.0\"><channel><title>T</title><link>http://x.example/</link>");
	for (int i = 0; i < items; i++)
		str_addf(&body,
		        "<item><guid>%s-%d</guid><title>Item %d</title>"
		        "<pubDate>Wed, 18 Nov 2026 11:%02d:00 GMT</pubDate></item>",
		        path, i, i, i % 60);
	str_adds(&body, "</channel></rss>");
	http_server_answer(server, path, 200,
	        "Content-Type: application/rss+xml\r\nETag: \"1\"\r\n", body.p, body.len);
	str_finish(&body);
}

static job_id watch(struct world *world, source_id source, char *url)
{
	struct job *job = job_new(JOB_WATCH);
	job->source = source;
	job->arg = url;
	return engine_post(world->engine, job);
}

static void a_feed_end_to_end(void **state)
{
	struct world *world = *state;
	feed(world->server, "/a", 10);
	watch(world, 1, http_server_url(world->server, "/a"));
	until(world, &world->done, 1);
	assert_int_equal(world->last_err.code, ERR_NONE);
	assert_int_equal(world->posts, 10);
	assert_int_equal(world->health_ok, 1);
	struct engine_stats stats = engine_stats(world->engine);
	assert_int_equal(stats.requests, 1);
	assert_true(stats.bytes_in > 100 && stats.bytes_out > 100);

	engine_stop(world->engine, 2000);
	assert_true(engine_up(world));
	watch(world, 7, http_server_url(world->server, "/a"));
	until(world, &world->done, 2);
	assert_int_equal(world->stored, 10);
	assert_int_equal(engine_stats(world->engine).requests, 0);
}

static void many_feeds(void **state)
{
	struct world *world = *state;
	enum { N = 40 };
	engine_stop(world->engine, 0);
	struct engine_options opts = {.clock = &clock_system, .seed = 1};
	assert_true(engine_start(&opts, &world->engine, NULL));
	for (int i = 0; i < N; i++) {
		char path[16];
		snprintf(path, sizeof(path), "/%d", i);
		feed(world->server, path, 3);
		watch(world, (source_id)i + 1, http_server_url(world->server, path));
	}
	until(world, &world->done, N);
	assert_int_equal(world->posts, 3 * N);
	assert_int_equal(engine_stats(world->engine).most_in_flight, 2); /* all of one host */
}

static void a_stop_in_the_middle(void **state)
{
	struct world *world = *state;
	http_server_raw(world->server, "/never", "", 0, false);
	for (source_id i = 1; i < 30; i++)
		watch(world, i, http_server_url(world->server, "/never"));
	for (int i = 0; i < 20; i++) {
		struct event *event = engine_next_event(world->engine);
		if (event) take(world, event);
		http_server_turn(world->server);
	}
	engine_cancel(world->engine, 3);
	engine_stop(world->engine, 2000);
	world->engine = NULL;
}

static void a_start_that_fails(void **state)
{
	struct world *world = *state;
	struct err err = {0};
	struct engine *engine;
	struct engine_options opts = {.state_dir = "/dev/null/nowhere", .clock = &clock_system};
	assert_false(engine_start(&opts, &engine, &err));
	assert_true(strlen(err.text) > 5);
	engine_stop(NULL, 0);
	assert_non_null(world->engine);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(a_feed_end_to_end),
	        TEST(many_feeds),
	        TEST(a_stop_in_the_middle),
	        TEST(a_start_that_fails),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
