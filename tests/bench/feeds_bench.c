/*
 * Feeds through the whole engine against a real server: a first load, then reloads with
 * nothing changed (quality.md P14).
 *
 *   feeds_bench URLS-FILE [RELOADS]
 *
 * URLS-FILE has one URL a line. The clock is moved an hour on before each reload, so that
 * every feed is due; the spacing floor is 0, as each feed has a host of its own.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/engine.h"

enum { LIMIT_MS = 300000, HOUR_MS = 3600 * 1000, SETTLE_MS = 300, QUIET_US = 1000 };

struct moved_clock {
	struct clock clock;
	int64_t offset_ms;
};

struct bench {
	struct engine *engine;
	struct moved_clock clock;
	size_t n, answered, failed, posts;
	bool *done;
	int64_t round_ms; /* answers from before this wall time are of an earlier round */
};

static int64_t moved_wall(void *ctx)
{
	return clock_wall(&clock_system) + ((struct moved_clock *)ctx)->offset_ms;
}

static int64_t moved_mono(void *ctx)
{
	return clock_mono(&clock_system) + ((struct moved_clock *)ctx)->offset_ms;
}

static double cpu_us(void)
{
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static void take_event(struct bench *bench, struct event *event)
{
	if (event->kind == EVENT_PAGE) bench->posts += event->page->nposts;
	bool failed = event->kind == EVENT_SOURCE && event->err.code != ERR_NONE;
	bool answered = event->kind == EVENT_SOURCE && event->health.kind == HEALTH_POLLING &&
	                event->health.fetched_ms >= bench->round_ms;
	if ((answered || failed) && event->source <= bench->n && !bench->done[event->source]) {
		bench->done[event->source] = true;
		bench->answered++;
		bench->failed += failed;
		if (failed && bench->failed < 4)
			fprintf(stderr, "feeds_bench: source %u: %s\n", event->source,
			        event->err.text);
	}
	event_free(event);
}

/* Until every feed has answered in this round. */
static void wait_for(struct bench *bench)
{
	int64_t until = clock_mono(&clock_system) + LIMIT_MS;
	while (clock_mono(&clock_system) < until) {
		struct event *event = engine_next_event(bench->engine);
		if (event) {
			take_event(bench, event);
			continue;
		}
		if (bench->answered == bench->n) return;
		struct pollfd fd = {.fd = engine_fd(bench->engine), .events = POLLIN};
		poll(&fd, 1, 20);
	}
	fprintf(stderr, "feeds_bench: only %zu of %zu answered\n", bench->answered, bench->n);
	exit(1);
}

/* Until the archive has written what came: its work is not that of the next round. */
static void settle(void)
{
	for (double before = -QUIET_US; cpu_us() - before >= QUIET_US;) {
		before = cpu_us();
		poll(NULL, 0, SETTLE_MS);
	}
}

static void watch_all(struct bench *bench, FILE *urls)
{
	char line[1024];
	while (fgets(line, sizeof(line), urls)) {
		line[strcspn(line, "\r\n")] = '\0';
		struct job *job = job_new(JOB_WATCH);
		job->source = (source_id)++bench->n;
		job->arg = xstrdup(line);
		engine_post(bench->engine, job);
	}
	bench->done = xcalloc(bench->n + 1, sizeof(bool));
}

static void report(const char *what, double ms, double cpu, struct engine_stats before,
        struct engine_stats after, size_t n)
{
	double feeds = (double)n;
	printf("feeds %s wall %.0f ms\n", what, ms);
	printf("feeds %s cpu-a-feed %.1f us\n", what, cpu / feeds);
	printf("feeds %s bytes-a-feed %.0f B\n", what,
	        (double)(after.bytes_in - before.bytes_in + after.bytes_out - before.bytes_out) /
	                feeds);
	printf("feeds %s requests %llu\n", what,
	        (unsigned long long)(after.requests - before.requests));
	printf("feeds %s not-modified %llu\n", what,
	        (unsigned long long)(after.not_modified - before.not_modified));
	printf("feeds %s most-in-flight %llu\n", what, (unsigned long long)after.most_in_flight);
	fflush(stdout);
}

static void reload(struct bench *bench, const char *what)
{
	struct engine_stats before = engine_stats(bench->engine);
	double start = (double)clock_mono(&clock_system), cpu = cpu_us();
	bench->clock.offset_ms += HOUR_MS;
	bench->round_ms = moved_wall(&bench->clock);
	bench->answered = 0;
	memset(bench->done, 0, bench->n + 1);
	engine_post(bench->engine, job_new(JOB_RESUMED));
	wait_for(bench);
	report(what, (double)clock_mono(&clock_system) - start, cpu_us() - cpu, before,
	        engine_stats(bench->engine), bench->n);
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	struct err err = {0};
	FILE *urls = argc > 1 ? fopen(argv[1], "r") : NULL;
	int reloads = argc > 2 ? atoi(argv[2]) : 2;
	if (!urls) {
		fputs("usage: feeds_bench URLS-FILE [RELOADS]\n", stderr);
		return 2;
	}
	bench.clock.clock = (struct clock){moved_wall, moved_mono, &bench.clock};
	struct engine_options opts = {.clock = &bench.clock.clock, .seed = 1};
	char dir[] = "/tmp/stoa-bench-XXXXXX";
	opts.state_dir = opts.data_dir = mkdtemp(dir);
	if (!engine_start(&opts, &bench.engine, &err)) {
		fprintf(stderr, "feeds_bench: %s\n", err.text);
		return 1;
	}
	struct engine_stats before = engine_stats(bench.engine);
	double start = (double)clock_mono(&clock_system), cpu = cpu_us();
	watch_all(&bench, urls);
	wait_for(&bench);
	report("first-load", (double)clock_mono(&clock_system) - start, cpu_us() - cpu, before,
	        engine_stats(bench.engine), bench.n);
	printf("feeds first-load posts %zu\n", bench.posts);
	printf("feeds first-load failed %zu\n", bench.failed);
	for (int i = 0; i < reloads; i++) {
		char what[32];
		settle();
		snprintf(what, sizeof(what), "reload-%d", i + 1);
		reload(&bench, what);
	}
	engine_stop(bench.engine, 5000);
	for (int i = 0; i < 6; i++) {
		static const char *const files[] = {"queue.db", "queue.db-wal", "queue.db-shm",
		        "archive.db", "archive.db-wal", "archive.db-shm"};
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	free(bench.done);
	fclose(urls);
	return 0;
}
