#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/draft.h"
#include "model/outgoing.h"

/*
 * Drafts, and what goes out of them, in queue.db (quality.md 2.2, 2.3). Several processes
 * may write at once: every change of a row is one transaction that names the revision
 * which it changes, so that of two writers the second is told. Each change of a state is
 * kept with its time and cause. Engine thread.
 */
struct queue_db;

/* -- drafts -- */

/* Keep it; id 0 makes a row and sets the id. One that was dropped is there again. */
bool queue_db_put_draft(struct queue_db *db, struct draft *draft, int64_t now_ms, struct err *err);
bool queue_db_drop_draft(
        struct queue_db *db, int64_t id, int64_t now_ms, bool *out_was_there, struct err *err);
/* Those that changed after *rev, which moves on; all at first, when *rev is 0, that are not gone.
 */
bool queue_db_drafts(struct queue_db *db, int64_t *rev,
        void (*each)(void *ctx, struct draft *draft /* takes */, bool gone), void *ctx,
        struct err *err);

/* -- posts on their way out -- */

/*
 * Make the rows of a draft, whose own row is dropped, in one durable transaction; sets
 * their ids. An `after` below 0 means the row -after - 1 of this same call.
 */
bool queue_db_send(struct queue_db *db, struct outgoing **items, size_t n, int64_t draft,
        int64_t now_ms, struct err *err);

/* One row, owned; NULL when there is none, or it cannot be read. */
struct outgoing *queue_db_outgoing(struct queue_db *db, int64_t id, struct err *err);

enum queue_step_flag {
	QUEUE_STEP_LAZY = 1 << 0,        /* may be lost with the power: costs no sync */
	QUEUE_STEP_UNLESS_HELD = 1 << 1, /* not while its account, or all, are held */
	QUEUE_STEP_QUIET = 1 << 2,       /* no change of state: none is noted */
};
enum queue_step {
	QUEUE_STEP_DONE,
	QUEUE_STEP_LOST, /* somebody changed the row before: what we know of it is old */
	QUEUE_STEP_HELD,
	QUEUE_STEP_FAILED, /* *err says why */
};
/*
 * Write the row as `item` is now, if it is still of its revision; then item->rev is the
 * new one. Those that wait for it go with it, in the same transaction: it was sent, and
 * the next part may go; it was not, and they wait for the user; it was taken back, and
 * they are too; it goes again, and so do they.
 */
enum queue_step queue_db_step(struct queue_db *db, struct outgoing *item, unsigned flags,
        int64_t now_ms, struct err *err);

/*
 * Rows that changed after change *seq, which moves on; with *seq 0 those that are not over
 * and the `max` newest that are. Each once.
 */
bool queue_db_changed(struct queue_db *db, int64_t *seq, size_t max,
        void (*each)(void *ctx, struct outgoing *item /* takes */), void *ctx, struct err *err);

/* Every state that a row has had, in order. */
bool queue_db_history(struct queue_db *db, int64_t id,
        void (*each)(void *ctx, int64_t at_ms, const char *state, const char *cause), void *ctx,
        struct err *err);

/* What something is to be done about now: sendings in the order of their times, then looks. */
bool queue_db_due(struct queue_db *db, int64_t now_ms, size_t max, struct outgoing ***out,
        size_t *out_n, struct err *err);
/* The next time after now_ms when there will be something; INT64_MAX: nothing. */
bool queue_db_next(struct queue_db *db, int64_t now_ms, int64_t *out_ms, struct err *err);
/* Those that some process works on, or did. Owned. */
bool queue_db_owned(struct queue_db *db, struct outgoing ***out, size_t *out_n, struct err *err);
/* All rows in this state; of one account, or of all (0). Owned. */
bool queue_db_in_state(struct queue_db *db, enum outgoing_state state, account_id account,
        struct outgoing ***out, size_t *out_n, struct err *err);
void outgoing_list_free(struct outgoing **items, size_t n);

/* Numbers, for decisions. */
struct queue_due {
	int64_t drafts;  /* so many drafts have something due that may go */
	int64_t sent_ms; /* when the account last posted; 0: never */
};
bool queue_db_count_due(struct queue_db *db, int64_t now_ms, account_id account,
        struct queue_due *out, struct err *err);

/* Is this remote id that of another post of the account? */
bool queue_db_is_taken(
        struct queue_db *db, account_id account, int64_t but_not, const char *remote_id);

/* Has the account anything that goes out from here between these times? */
bool queue_db_wants(struct queue_db *db, account_id account, int64_t from_ms, int64_t to_ms);

/*
 * Does a draft, or a post that is not sent, name this among its attachments? Those that were
 * cancelled or thrown away before since_ms are not asked. True when it cannot be told.
 */
bool queue_db_names(struct queue_db *db, const char *word, int64_t since_ms);

/* -- what stops them -- */

/* account 0: all. Durable when it returns; off with 0 ends all holds. */
bool queue_db_hold(
        struct queue_db *db, account_id account, bool on, int64_t now_ms, struct err *err);
bool queue_db_holds(struct queue_db *db, void (*each)(void *ctx, account_id account, int64_t at_ms),
        void *ctx, struct err *err);
bool queue_db_is_held(struct queue_db *db, account_id account);

/* Did another connection write since the last time? */
bool queue_db_was_written(struct queue_db *db);
/* Nothing is written any more: a sync failed, and what was written is anybody's guess; or it is
 * only a copy. */
bool queue_db_is_broken(const struct queue_db *db);

/* -- when the file is no good -- */

/*
 * Put a new queue.db in the place of a damaged one, which is set aside and never dropped: the
 * newest good backup, and over it all that can still be read. What the backup alone has
 * needs the user, for it may have been posted since. *out_said: what came of it, owned.
 */
bool queue_db_recover(const char *path, int64_t now_ms, char **out_said, struct err *err);
/*
 * A copy in memory of a file that cannot be written, or that a newer stoa wrote. Drafts and
 * posts are refused with `why`.
 */
bool queue_db_open_copy(const char *path, const char *why, struct queue_db **out, struct err *err);
