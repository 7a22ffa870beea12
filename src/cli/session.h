#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/paths.h"
#include "engine/engine.h"
#include "places.h"
#include "store/store.h"

/* An engine, a store and what they know, for a command that runs once and ends. */
struct session {
	struct paths paths;
	struct engine *engine;
	struct store *store;
	struct feed **feeds; /* followed feeds, in the order of their names */
	size_t nfeeds, feeds_cap;
	void (*on_event)(
	        void *ctx, struct event *event); /* what is not dealt with here; borrowed */
	/* A page of a source, before it goes into the store; borrowed. NULL: nobody asks. */
	void (*on_page)(void *ctx, source_id source, const struct page *page);
	void *ctx, *page_ctx;
	char *said;     /* what came of the last session_do, or NULL */
	int64_t number; /* the same as a number */
	struct places places;
};

/*
 * Start, and wait until accounts and feeds are known. The archive is left alone: a command
 * wants what is there now. open: with who hears of events from the start on, and as
 * `sender` (engine.h), which sends what is due while nobody else does.
 */
bool session_start(struct session *session, struct err *err);
bool session_open(struct session *session, const char *sender,
        void (*on_event)(void *ctx, struct event *event), void *ctx, struct err *err);
void session_finish(struct session *session);

/* Take in events for at most timeout_ms, or until one came. False when none came. */
bool session_turn(struct session *session, int timeout_ms);

/* Post a job and wait for its end. */
bool session_do(struct session *session, struct job *job, int timeout_ms, struct err *err);

/*
 * The account called `name`; with NULL the only one that can do what `cap` (enum
 * capability, 0: anything) says. NULL after a sentence on stderr; *out_status is the
 * exit code then.
 */
const struct account *session_account(
        const struct session *session, const char *name, unsigned cap, int *out_status);

/* Call back for each feed of a group (NULL: every feed). Returns how many. */
size_t session_group(const struct session *session, const char *group,
        void (*each)(void *ctx, const struct feed *feed), void *ctx);
