#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/queue.h"
#include "base/random.h"
#include "db/queue_db.h"
#include "engine/archiver.h"
#include "engine/engine.h"
#include "engine/message.h"
#include "engine/secrets.h"
#include "net/pace.h"
#include "net/transport.h"

/*
 * The engine without its thread: what one turn does, and everything it knows. The
 * thread (engine.c) calls core_turn, then lets the transport wait and perform; a test
 * does the same by hand with a clock and a transport of its own.
 *
 *   core.c    turns, the inbox, start and stop
 *   jobs.c    what each job does, and its one DONE
 *   ask.c     jobs that are one call of a network: act, look up, list, learn
 *   sign_in.c jobs that begin and end an account: sign in, pasted code, sign out
 *   signin.c  accounts and followed feeds, and what is known of them
 *   mark.c    up to where sources were read, here and at their servers
 *   source.c  what is watched: its life, its health, when it is due;
 *             source_fetch.c asks and judges answers, source_rows.c hands rows on
 *   fetch.c   one call of a network: its requests through pace and transport
 *   stream.c  live connections
 *   outbox.c  drafts, and posts on their way out (engine/outbox.h)
 *   pictures.c  pictures that somebody wants to see: picture_cache.c keeps them,
 *             picture_task.c has them decoded by another process
 *   record.c  what is noted of rows that come in: attention.c what they are owed, saved.c
 *             queries that are tallied; brief.c tells it again
 *   metrics.c looks at what became of our own posts
 */

/* What came from other threads. */
struct letter {
	enum {
		LETTER_JOB,
		LETTER_CANCEL,
		LETTER_ANSWER,
		LETTER_CODE,
		LETTER_QUEUE, /* the queue's files, or the wall clock, were changed by others */
		LETTER_QUIT
	} kind;
	struct job *job;
	job_id id; /* of CANCEL; of CODE: the sign-in that it is for */
	struct archiver_answer *answer;
	char *code; /* of CODE, owned; NULL: there will be none, and err says why */
	struct err err;
	int timeout_ms; /* of QUIT: so long may writing go on */
};
struct letter *letter_new(int kind);
void letter_free(void *letter);

/* A job that has no DONE yet. */
struct open_job {
	job_id id;
	enum job_kind kind;
	struct source *source;        /* that it waits for, or NULL */
	struct fetch *fetch;          /* that works for it alone, or NULL */
	char *arg;                    /* of OLDER: the cursor for the network */
	int64_t number;               /* what its DONE tells besides */
	struct open_job *prev, *next; /* others that wait for the same source */
	UT_hash_handle hh;
};

struct core_stats {
	atomic_uint_fast64_t requests, not_modified, bytes_in, bytes_out, wakeups, most_in_flight;
};

struct core_options {
	const struct engine_options *engine; /* borrowed until core_new returns */
	struct transport *http;              /* borrowed until core_free */
	struct queue *inbox;                 /* of struct letter; borrowed until core_free */
	void (*emit)(void *ctx, struct event *event); /* takes; from two threads */
	void *emit_ctx;
	struct core_stats *stats; /* borrowed until core_free; zeroed */
};

struct core {
	const struct clock *clock;
	struct transport *http;
	struct queue *inbox;
	void (*emit)(void *ctx, struct event *event);
	void *emit_ctx;
	struct archiver *archive;
	struct queue_db *db;
	char *state_dir;        /* NULL: nothing is kept */
	struct secrets secrets; /* its strings are ours */
	struct pace *pace;
	struct random random;
	int64_t refresh_ms, feed_refresh_ms;

	struct signin *signins;    /* a list */
	struct followed *feeds;    /* by name */
	struct source *sources;    /* by id */
	struct fetch *fetches;     /* a list */
	struct fetch *ended;       /* those that are over, to be freed between turns */
	struct stream *streams;    /* a list */
	struct open_job *jobs;     /* by id */
	struct signing *signings;  /* sign-ins that wait for a code; a list */
	struct mark *marks;        /* a list */
	struct outbox *outbox;     /* drafts and what goes out of them */
	struct metrics *metrics;   /* what became of it */
	struct pictures *pictures; /* NULL: there is no place to keep them (pictures.h) */
	struct tally *tallies;     /* not yet written */
	struct saved *saved;       /* queries that are tallied too; a list (saved.h) */
	unsigned saved_serial;
	uint64_t *saved_recent; /* hashes of posts that were counted for them */

	int64_t sources_ms; /* no source is due before this (monotonic) */
	int64_t tally_ms;   /* when tallies are written; INT64_MAX: none wait */
	int64_t offset_ms;  /* wall minus monotonic time, to notice sleep */
	unsigned answers;   /* so many times somebody answered */
	int lost;           /* sources that had no answer at all since then */
	int probes;         /* of them, those that look whether the network is back */
	int64_t probe_ms;   /* the next one is due then (monotonic) */
	unsigned serial;    /* of the last sign-in */
	int asked;          /* questions that the archive has not answered */
	bool quitting;
	int64_t quit_ms; /* it ends then, whatever is not finished (monotonic) */
	struct core_stats *stats;
	char *archive_path;
};

/* Open queue.db, start the archive, tell what is known up to STARTED. */
bool core_new(const struct core_options *opts, struct core **out, struct err *err);
/* End all jobs (DONE: cancelled), streams and fetches; stop the archive; close. */
void core_free(struct core *core);

/* Take letters, start what is due. Returns ms until there is more to do, at most 60 s. */
int core_turn(struct core *core);

int64_t core_now(const struct core *core); /* monotonic */
int64_t core_wall(const struct core *core);

/* The machine slept, or the network is back: look at everything again. */
void core_resumed(struct core *core);

/* Quitting, and nothing is worth waiting for any more. */
bool core_is_over(const struct core *core);

/* jobs.c */

/* How far a job has come when its function returns. */
enum outcome {
	OUTCOME_OVER,    /* all went well */
	OUTCOME_FAILED,  /* *err says why */
	OUTCOME_PENDING, /* its DONE comes later */
};
/* What a kind of job does. May take the insides of `job`. */
typedef enum outcome job_function(
        struct core *core, struct job *job, struct open_job *open, struct err *err);

void jobs_take(struct core *core, struct job *job); /* takes */
void jobs_cancel(struct core *core, job_id id);
/* Send the DONE of an open job; nothing when it has had it. err NULL: all went well. */
void jobs_done(struct core *core, job_id id, const struct err *err);
/* The same for one that went well, with what came of it (takes; NULL: nothing to say). */
void jobs_done_said(struct core *core, job_id id, char *said);
void jobs_done_all(struct core *core, struct open_job *list, const struct err *err);
struct open_job *jobs_find(struct core *core, job_id id);
/* An answer of the archive: to a WATCH, OLDER or ARTICLE. Takes. */
void jobs_answer(struct core *core, struct archiver_answer *answer);

/* record.c */
struct source;
/* Note attention and tally of rows that came fresh from a network. */
void record_page(struct core *core, const struct source *source, const struct page *page);
void record_flush(struct core *core); /* write what has gathered */
void record_free(struct core *core);
