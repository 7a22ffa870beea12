#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "demo/deeds.h"
#include "demo/misbehave.h"
#include "demo/seed.h"
#include "demo/server.h"
#include "demo/stream.h"

/*
 * stoa-demo-server: a small Mastodon and some feeds on 127.0.0.1, for `stoa demo` and
 * for tests. Everything happens on one thread, in the loop at the end of this file.
 */

struct options {
	unsigned port;
	uint64_t seed;
	int64_t clock_ms; /* 0: the machine's own */
	long pace_ms;     /* 0: nothing happens by itself */
	long parent;      /* 0: do not care */
	bool stdin_guard;
	struct server_burst burst;
	const char *log, *misbehave, *host;
	const struct software *software;
	uint64_t id_offset;
	unsigned limit, window_s; /* 0: not told */
	uint64_t image_bytes, image_pixels;
};

static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
	(void)number;
	asked_to_end = 1;
}

static void usage(FILE *to)
{
	struct str faults = {0}, names = {0};
	misbehave_help(&faults);
	for (size_t i = 0; i < nsoftwares; i++)
		str_addf(&names, "%s%s", i ? ", " : "", softwares[i].name);
	fprintf(to,
	        "usage: stoa-demo-server [options]\n"
	        "  --port N          on 127.0.0.1; 0 (the default) is any free one\n"
	        "  --seed N          another world (1)\n"
	        "  --clock RFC3339   the time stands still there\n"
	        "  --pace MS|off     something happens so often (4000)\n"
	        "  --events N        a burst of so many posts, once somebody listens to "
	        "their home or to all\n"
	        "  --rate R          so many of them a second (2000)\n"
	        "  --log FILE        append each request, one line of JSON\n"
	        "  --software NAME   what it says it is, and lacks: %s\n"
	        "  --host NAME       what it calls itself; those who live there can sign in\n"
	        "  --id-offset N     other ids for the same posts: a second server of one world\n"
	        "  --image-limit B/P pictures of at most so many bytes and pixels\n"
	        "  --rate-limit N/S  so many requests in so many seconds, then 429\n"
	        "  --misbehave SPEC  faults: kind[:value][@path-prefix][*count],…\n%s"
	        "  --stdin-guard     end when standard input closes\n"
	        "  --parent-pid PID  end when that process is no longer the parent\n"
	        "Tokens: demo-ada, demo-brecht, demo-mina, demo-chloe; with --host demo-NAME. "
	        "Feeds: "
	        "/feeds names them.\n"
	        "POST /demo/misbehave (spec), /demo/burst (events, rate), /demo/clock (advance, in "
	        "s),\n/demo/software (name).\n",
	        str_c(&names), str_c(&faults));
	str_finish(&names);
	str_finish(&faults);
}

static bool number_of(const char *text, unsigned long long max, unsigned long long *out)
{
	char *end;
	*out = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && *out <= max;
}

/* What the server is, as opposed to what it does. */
static bool take_identity(struct options *options, const char *name, const char *value)
{
	unsigned long long n = 0;
	char *end;
	if (strcmp(name, "--software") == 0)
		return (options->software = software_find(value)) != NULL;
	if (strcmp(name, "--host") == 0) return (options->host = value) && strchr(value, '.');
	if (strcmp(name, "--id-offset") == 0)
		return number_of(value, UINT32_MAX, &n) && (options->id_offset = n, 1);
	if (strcmp(name, "--image-limit") == 0) {
		options->image_bytes = strtoull(value, &end, 10);
		options->image_pixels = *end == '/' ? strtoull(end + 1, NULL, 10) : 0;
		return options->image_bytes > 0 && options->image_pixels > 0;
	}
	if (strcmp(name, "--rate-limit") != 0) return false;
	options->limit = (unsigned)strtoul(value, &end, 10);
	options->window_s = *end == '/' ? (unsigned)strtoul(end + 1, NULL, 10) : 0;
	return options->limit > 0 && options->window_s > 0;
}

/* Take one option and its value; false when it makes no sense. */
static bool take_option(struct options *options, const char *name, const char *value)
{
	unsigned long long n = 0;
	if (strcmp(name, "--port") == 0) {
		bool ok = number_of(value, 65535, &n);
		options->port = (unsigned)n;
		return ok;
	}
	if (strcmp(name, "--seed") == 0)
		return number_of(value, UINT64_MAX, &n) && (options->seed = n, 1);
	if (strcmp(name, "--clock") == 0) return date_parse_rfc3339(value, &options->clock_ms);
	if (strcmp(name, "--pace") == 0) {
		bool off = strcmp(value, "off") == 0;
		bool ok = off || (number_of(value, 86400000, &n) && n > 0);
		options->pace_ms = off ? 0 : (long)n;
		return ok;
	}
	if (strcmp(name, "--events") == 0)
		return number_of(value, 100000000, &n) && (options->burst.events = n, 1);
	if (strcmp(name, "--rate") == 0) return (options->burst.rate = strtod(value, NULL)) > 0;
	if (strcmp(name, "--log") == 0) return (options->log = value) != NULL;
	if (strcmp(name, "--misbehave") == 0) return (options->misbehave = value) != NULL;
	if (strcmp(name, "--parent-pid") == 0)
		return number_of(value, 1 << 30, &n) && (options->parent = (long)n, 1);
	return take_identity(options, name, value);
}

static bool options_read(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--stdin-guard") == 0) {
			options->stdin_guard = true;
			continue;
		}
		if (i + 1 < argc && take_option(options, argv[i], argv[i + 1])) {
			i++;
			continue;
		}
		fprintf(stderr, "stoa-demo-server: cannot use '%s'%s%s\n", argv[i],
		        i + 1 < argc ? " with " : "", i + 1 < argc ? argv[i + 1] : "");
		return false;
	}
	return true;
}

/* --- the loop --- */

struct demo {
	struct options options;
	struct misbehaviour faults;
	struct world *world;
	struct server *server;
	int64_t next_live_ms, burst_start_ms;
	uint64_t burst_sent;
};

static void burst(struct demo *demo, int64_t now)
{
	struct server_burst asked = server_take_burst(demo->server);
	if (asked.events) {
		demo->options.burst = asked;
		demo->burst_sent = 0;
		demo->burst_start_ms = 0;
	}
	struct server_burst *todo = &demo->options.burst;
	if (demo->burst_sent >= todo->events) return;
	if (!demo->burst_start_ms && !hub_is_heard(demo->world->hub)) return;
	if (!demo->burst_start_ms) demo->burst_start_ms = now;
	double due = (double)(now - demo->burst_start_ms) * todo->rate / 1000;
	while (demo->burst_sent < todo->events && (double)demo->burst_sent < due)
		seed_burst(demo->world, ++demo->burst_sent);
}

static int step(struct demo *demo)
{
	int64_t now = clock_mono(&clock_system);
	const struct options *options = &demo->options;
	if (options->pace_ms && now >= demo->next_live_ms) {
		seed_live(demo->world);
		demo->next_live_ms = now + options->pace_ms;
	}
	burst(demo, now);
	deed_scheduled(demo->world);
	int wait = server_run(demo->server);
	bool bursting = demo->burst_sent < options->burst.events &&
	                (demo->burst_start_ms || hub_is_heard(demo->world->hub));
	if (bursting && wait > 5) wait = 5;
	if (options->pace_ms && demo->next_live_ms - now < wait)
		wait = demo->next_live_ms > now ? (int)(demo->next_live_ms - now) : 0;
	return wait;
}

static bool is_orphan(const struct options *options)
{
	return options->parent && getppid() != options->parent;
}

/* Wait for something to do; false when it is time to end. */
static bool wait_for_work(struct demo *demo, int wait_ms)
{
	struct pollfd fds[2] = {
	        {.fd = server_fd(demo->server), .events = POLLIN},
	        {.fd = demo->options.stdin_guard ? STDIN_FILENO : -1, .events = POLLIN},
	};
	poll(fds, 2, wait_ms);
	char ignored[256];
	if (fds[1].revents && read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return false;
	return !asked_to_end && !is_orphan(&demo->options);
}

static int run(struct demo *demo, int log_fd)
{
	struct err err = {0};
	struct options *options = &demo->options;
	if (options->misbehave && !misbehave_set(&demo->faults, options->misbehave, &err)) {
		fprintf(stderr, "stoa-demo-server: %s\n", err.text);
		return 2;
	}
	demo->world = world_new(options->seed, &clock_system);
	if (options->software) demo->world->software = options->software;
	if (options->host) demo->world->host = options->host;
	demo->world->id_offset = options->id_offset;
	if (options->limit) {
		demo->world->limit = options->limit;
		demo->world->window_s = options->window_s;
		demo->world->refuses = true;
	}
	if (options->image_bytes) {
		demo->world->max_image_bytes = options->image_bytes;
		demo->world->max_image_pixels = options->image_pixels;
	}
	demo->world->fixed = options->clock_ms != 0;
	demo->world->fixed_ms = options->clock_ms;
	seed_world(demo->world);
	demo->server = server_new(demo->world, &demo->faults, log_fd, options->port, &err);
	if (demo->server) {
		snprintf(demo->world->root, sizeof demo->world->root, "http://127.0.0.1:%u",
		        server_port(demo->server));
		printf("listening %s\n", demo->world->root);
		fflush(stdout);
		demo->next_live_ms = clock_mono(&clock_system) + options->pace_ms;
		while (wait_for_work(demo, step(demo)))
			continue;
	} else {
		fprintf(stderr, "stoa-demo-server: %s\n", err.text);
	}
	bool ok = demo->server != NULL;
	server_free(demo->server);
	world_free(demo->world);
	return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct demo demo = {.options = {.seed = 1, .pace_ms = 4000, .burst = {.rate = 2000}}};
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (!options_read(&demo.options, argc, argv)) {
		usage(stderr);
		return 2;
	}
	struct sigaction action = {.sa_handler = on_signal};
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	int log_fd = -1;
	if (demo.options.log) {
		log_fd = open(demo.options.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (log_fd < 0) {
			perror(demo.options.log);
			return 1;
		}
	}
	int status = run(&demo, log_fd);
	if (log_fd >= 0) close(log_fd);
	return status;
}
