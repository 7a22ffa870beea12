#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/queue.h"
#include "base/thread.h"
#include "engine/core.h"

#define USER_AGENT "stoa/" STOA_VERSION " (terminal reader)"

struct engine {
	pthread_t thread;
	struct transport *http;
	struct queue *inbox;  /* of struct letter, down */
	struct queue *events; /* of struct event, up */
	int wake[2];          /* a pipe: readable while events wait */
	job_id last;
	struct core_stats stats;

	/* Written by the thread before it posts `started`, read after that. */
	struct engine_options opts;
	sem_t started;
	struct err start_err;
	bool ok;
};

static void wake_thread(void *ctx)
{
	struct engine *engine = ctx;
	engine->http->ops->wakeup(engine->http);
}

static void wake_ui(void *ctx)
{
	struct engine *engine = ctx;
	ssize_t n;
	do {
		n = write(engine->wake[1], "", 1);
	} while (n < 0 && errno == EINTR); /* a full pipe is readable anyway */
}

static void emit(void *ctx, struct event *event)
{
	struct engine *engine = ctx;
	queue_push(engine->events, event);
}

static void run(struct engine *engine, struct core *core)
{
	struct transport *http = engine->http;
	for (;;) {
		int timeout = core_turn(core);
		if (core_is_over(core)) return;
		http->ops->wait(http, timeout);
		http->ops->perform(http);
	}
}

static void free_event(void *msg)
{
	event_free(msg);
}

/* On a busy machine the keys come first. */
enum { ENGINE_NICE = 5 };

static void *thread_main(void *ctx)
{
	struct engine *engine = ctx;
	thread_give_way(ENGINE_NICE);
	struct core_options opts = {
	        .engine = &engine->opts,
	        .http = engine->http,
	        .inbox = engine->inbox,
	        .emit = emit,
	        .emit_ctx = engine,
	        .stats = &engine->stats,
	};
	struct core *core = NULL;
	engine->ok = core_new(&opts, &core, &engine->start_err);
	bool ok = engine->ok;
	sem_post(&engine->started);
	if (!ok) return NULL;
	run(engine, core);
	core_free(core);
	return NULL;
}

/* -- start and stop -- */

static bool open_pipe(struct engine *engine, struct err *err)
{
	if (pipe(engine->wake) != 0) {
		engine->wake[0] = engine->wake[1] = -1;
		return err_set(err, ERR_IO, "no pipe for the engine: %s", strerror(errno));
	}
	for (int i = 0; i < 2; i++) {
		fcntl(engine->wake[i], F_SETFL, O_NONBLOCK);
		fcntl(engine->wake[i], F_SETFD, FD_CLOEXEC);
	}
	return true;
}

/* Signals are for the UI's thread. */
static int create_thread(struct engine *engine)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&engine->thread, NULL, thread_main, engine);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

static void engine_free(struct engine *engine)
{
	if (engine->http) engine->http->ops->free(engine->http);
	queue_free(engine->inbox, letter_free);
	queue_free(engine->events, free_event);
	sem_destroy(&engine->started);
	for (int i = 0; i < 2; i++) {
		if (engine->wake[i] >= 0) close(engine->wake[i]);
	}
	free(engine);
}

bool engine_start(const struct engine_options *opts, struct engine **out, struct err *err)
{
	struct engine *engine = xcalloc(1, sizeof(*engine));
	engine->opts = *opts; /* its strings are needed only until the thread has started */
	if (!engine->opts.clock) engine->opts.clock = &clock_system;
	sem_init(&engine->started, 0, 0);
	engine->inbox = queue_new(wake_thread, engine);
	engine->events = queue_new(wake_ui, engine);
	engine->http = opts->http ? opts->http : curl_transport_new(USER_AGENT, err);
	if (!open_pipe(engine, err) || !engine->http) goto fail;
	int code = create_thread(engine);
	if (code != 0) {
		err_set(err, ERR_IO, "no thread for the engine: %s", strerror(code));
		goto fail;
	}
	while (sem_wait(&engine->started) != 0) {
	} /* a signal may break into the wait */
	if (engine->ok) {
		*out = engine;
		return true;
	}
	pthread_join(engine->thread, NULL);
	if (err) *err = engine->start_err;
fail:
	engine_free(engine);
	return false;
}

void engine_stop(struct engine *engine, int timeout_ms)
{
	if (!engine) return;
	struct letter *letter = letter_new(LETTER_QUIT);
	letter->timeout_ms = timeout_ms;
	queue_push(engine->inbox, letter);
	pthread_join(engine->thread, NULL);
	engine_free(engine);
}

/* -- messages -- */

job_id engine_post(struct engine *engine, struct job *job)
{
	job->id = ++engine->last ? engine->last : ++engine->last;
	job_id id = job->id;
	struct letter *letter = letter_new(LETTER_JOB);
	letter->job = job;
	queue_push(engine->inbox, letter);
	return id;
}

void engine_cancel(struct engine *engine, job_id id)
{
	struct letter *letter = letter_new(LETTER_CANCEL);
	letter->id = id;
	queue_push(engine->inbox, letter);
}

int engine_fd(const struct engine *engine)
{
	return engine->wake[0];
}

struct event *engine_next_event(struct engine *engine)
{
	struct event *event = queue_pop(engine->events);
	if (event) return event;
	char bytes[64];
	while (read(engine->wake[0], bytes, sizeof(bytes)) > 0) {
	}
	/* One may have come, with its byte, between the look and the read. */
	event = queue_pop(engine->events);
	if (event) wake_ui(engine);
	return event;
}

struct engine_stats engine_stats(struct engine *engine)
{
	const struct core_stats *stats = &engine->stats;
	return (struct engine_stats){
	        .requests = atomic_load(&stats->requests),
	        .not_modified = atomic_load(&stats->not_modified),
	        .bytes_in = atomic_load(&stats->bytes_in),
	        .bytes_out = atomic_load(&stats->bytes_out),
	        .wakeups = atomic_load(&stats->wakeups),
	        .most_in_flight = atomic_load(&stats->most_in_flight),
	};
}
