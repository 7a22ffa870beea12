#pragma once
#include "base/clock.h"
#include "base/err.h"
#include "engine/message.h"
#include "net/transport.h"

/*
 * The network thread and, behind it, the archive thread. They own curl, both
 * databases, tokens and sources. Everything below is called from one thread, the UI's.
 */
struct engine;

struct engine_options {
	const char *state_dir; /* holds queue.db and secrets; NULL: in memory, nothing kept */
	const char *data_dir;  /* holds archive.db; NULL: in memory */
	const char *cache_dir; /* holds pictures; NULL: there are none */
	int64_t picture_cache; /* bytes of them that are kept */
	const struct clock *clock;
	struct transport *http;  /* takes; NULL: libcurl */
	uint64_t seed;           /* of jitter; 0: from the system */
	int64_t refresh_ms;      /* accounts; 0: 90 s */
	int64_t feed_refresh_ms; /* feeds; 0: 30 min */
	int64_t spacing_ms;      /* between two requests to one host; -1: 1 s */
	int64_t archive_keep_ms; /* posts roll off the archive after it; 0: never */
	/* What sends posts when nobody else does, as the others are told: "deck", "daemon". NULL:
	 * this process sends none itself. */
	const char *sender;
	int64_t outbox_settle_ms;  /* how long an unknown one is left alone; 0: see outbox.h */
	int64_t outbox_spacing_ms; /* between late posts of one account; 0: 2 min; -1: none */
	size_t reader_max;         /* posts that the archive sends at start; 0: 100,000 */
	/* Where tokens are besides the file (engine/secrets.h); borrowed until engine_start
	 * returns. */
	char *const *secret_command; /* NULL: none */
	const char *keyring;         /* NULL: none */
};

bool engine_start(const struct engine_options *opts, struct engine **out, struct err *err);

/* Save, close and join. Waits at most timeout_ms for what is in flight. NULL is fine. */
void engine_stop(struct engine *engine, int timeout_ms);

/* Takes `job`. Returns the id that its EVENT_DONE will carry. Never blocks. */
job_id engine_post(struct engine *engine, struct job *job);
void engine_cancel(struct engine *engine, job_id id);

int engine_fd(const struct engine *engine); /* readable: events wait */
struct event *engine_next_event(
        struct engine *engine); /* owned; NULL: none; clears the fd when none is left */

/* Counted things, for benchmarks and `stoa doctor`; any time. */
struct engine_stats {
	uint64_t requests, not_modified, bytes_in, bytes_out, wakeups, most_in_flight;
};
struct engine_stats engine_stats(struct engine *engine);
