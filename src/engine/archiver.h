#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/ids.h"
#include "model/page.h"

/*
 * The archive thread: it alone opens and uses archive.db, so that its stalls touch
 * nobody. All functions are called from one thread, the engine's; none of them
 * blocks but archiver_stop. No memory is shared: pages are copied on the way in and
 * handed over on the way out.
 *
 * Saves are grouped (at most ARCHIVER_BATCH_POSTS posts or ARCHIVER_BATCH_MS) into
 * one transaction. Reads go before waiting saves, but a read of a source sees all
 * that was saved to that source before it was asked. With nothing to do the thread
 * sleeps without waking.
 */
struct archiver;
struct event;

enum {
	ARCHIVER_BATCH_POSTS = 200,
	ARCHIVER_BATCH_MS = 250,
	ARCHIVER_SLICE = 500,         /* rows of a slice that fills the reader */
	ARCHIVER_MAX_WAITING = 10000, /* posts that wait for a disk that cannot be written */
};

/* One answer for each archiver_watch, archiver_older and archiver_article. */
struct archiver_answer {
	source_id source; /* 0: of an article */
	job_id job;       /* as given; 0: of archiver_watch */
	size_t rows;      /* rows that were sent; of an article 1 when there is one */
	char *state;      /* owned: the source's fetch state; NULL when none, or not a watch */
};
void archiver_answer_free(struct archiver_answer *answer);

struct archiver_options {
	const char *path; /* archive.db, borrowed until archiver_stop; NULL: in memory */
	const struct clock *clock;
	size_t reader_max; /* posts that all fills together may send; 0: 100,000 */
	int64_t keep_ms;   /* posts first seen longer ago than this roll off; 0: never */

	/*
	 * Both are called on the archive thread and take what they get. Events are PAGE
	 * (page->stored and source set; none when there are no rows), ARTICLE (reply_to
	 * set) and NOTICE. An answer comes after the events that belong to it.
	 */
	void *ctx;
	void (*on_event)(void *ctx, struct event *event);
	void (*on_answer)(void *ctx, struct archiver_answer *answer);
};

/*
 * Start the thread. The file is opened there: when that fails, a NOTICE says why
 * and the archive lives in memory until stoa ends.
 */
bool archiver_start(const struct archiver_options *opts, struct archiver **out, struct err *err);

/* Finish all saves and reads that were asked, commit, close, join. NULL is fine. */
void archiver_stop(struct archiver *archiver);

/*
 * Read a source: its newest `rows` rows and its state at once; then, when nothing
 * else waits, slices of older rows, newest of all watched sources first, until
 * reader_max posts were sent. archiver_unwatch ends that.
 */
void archiver_watch(struct archiver *archiver, source_id source, const char *name, int rows);
void archiver_unwatch(struct archiver *archiver, source_id source);
/*
 * The same for a search of the archive, from the newest post down; one that there is begins
 * anew. `names` says what names in its query mean, a line each: `saved NAME TAB QUERY`,
 * `network ACCOUNT TAB NETWORK`.
 */
void archiver_search(
        struct archiver *archiver, source_id source, const char *name, const char *names, int rows);

/* Read up to `limit` rows older than before_ms. */
void archiver_older(struct archiver *archiver, source_id source, const char *name,
        int64_t before_ms, int limit, job_id job);

/* Read the whole text of a post. */
void archiver_article(struct archiver *archiver, const char *uri, job_id job);

/* Store a page under its source's canonical name (db/archive.h). Borrows all; state NULL: leave it.
 */
void archiver_save(
        struct archiver *archiver, const char *name, const struct page *page, const char *state);

/* A post was deleted at its server: by the id that `account` knows, or with account 0 by URI. */
void archiver_gone(struct archiver *archiver, account_id account, const char *remote_id);
