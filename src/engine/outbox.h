#pragma once
#include "db/queue_outbox.h"
#include "engine/core.h"
#include "engine/fetch.h"
#include "engine/outbox_lock.h"
#include "engine/outbox_policy.h"
#include "engine/signin.h"

/*
 * Posts on their way out (quality.md 2.2): queue.db is the truth, this is what acts on it.
 * One process sends, the one that has the lock (outbox_lock.h); all others write rows, see
 * what becomes of them and tell it on.
 *
 *   outbox.c         what is due, what has changed
 *   outbox_tell.c    who is told
 *   outbox_policy.c  whether a due post may go now (pure)
 *   outbox_errand.c  one post: preparing, sending, what its answer means
 *   outbox_upload.c  its attachments
 *   outbox_files.c   copies of what planned posts attach
 *   outbox_look.c    asking the server whether it has it; posts that servers keep
 *   outbox_lane.c    what keeps an account from posting for now
 *   outbox_tend.c    looking at what is ahead: tokens, zones
 *   outbox_send.c    a draft becomes rows
 *   outbox_review.c  all that waits, when the clock was set
 *   outbox_jobs.c    what people want of them: change, move, cancel, retry …
 *   outbox_lock.c    the lock, and hearing of changes by others
 *
 * The rules that all of it serves: a row says SENDING, durably, before the first byte
 * that may post it leaves; only a clear yes or a clear no ends that; everything else is
 * UNKNOWN, and before it is sent again the server is asked.
 */

/* One network call for one row. */
struct errand {
	struct outbox *outbox;
	struct outgoing *item, *before; /* owned; before: NULL, or what it answers */
	struct publish publish;         /* its results are owned */
	struct fetch *fetch;
	struct media_task *task; /* makes an attachment fit to leave, or NULL */
	char *ready;             /* owned: the file that it makes, or NULL */
	int64_t told_ms;         /* when it was told how far an upload is (monotonic) */
	struct errand *prev, *next;
};

/* What keeps an account from posting; in memory only. */
struct lane {
	account_id account;
	int64_t until_ms;   /* nothing before (wall) */
	int failures;       /* in a row */
	bool signed_out;    /* it has to sign in again ... */
	unsigned serial;    /* ... which shows by another one of these */
	int64_t checked_ms; /* its token was good then */
	UT_hash_handle hh;
};

/* A job that waits for a row, or for the hold to be complete. */
struct outbox_wait {
	job_id job;
	int64_t item;       /* 0: a hold */
	account_id account; /* of a hold */
	int64_t since_ms;
	struct outbox_wait *prev, *next;
};

enum { OUTBOX_FIRST_KEPT = 16 };

struct outbox {
	struct core *core;
	struct queue_db *db;
	char *owner; /* this process, as rows have it */
	const char *sender;
	struct outbox_lock *lock; /* NULL: in memory, nobody else is there */
	bool sends;               /* this process does */
	int64_t settle_ms, spacing_ms;
	struct errand *errands;
	struct lane *lanes;
	struct outbox_wait *waits;
	int64_t seq, draft_rev; /* what was told so far */
	/* The newest drafts that were kept for the first time, and by which jobs; a ring. */
	struct {
		job_id job;
		int64_t draft;
	} first_kept[OUTBOX_FIRST_KEPT];
	size_t nfirst_kept;
	account_id *holds; /* as they were told */
	size_t nholds;
	unsigned serial;   /* of the last sign-in, as it was known */
	bool changed;      /* rows may have changed: tell, and look what is due */
	int64_t look_ms;   /* something is due then (wall) */
	int64_t tend_ms;   /* and what is ahead is looked at (wall) */
	int64_t offset_ms; /* wall minus monotonic time when last woken */
	char *stopped;     /* why nothing is sent, as it was told; NULL: all is well */
	const char *killpoint;
	char *media_program; /* NULL: attachments leave as they are */
};

bool outbox_start(struct core *core, const struct engine_options *opts, struct err *err);
/* Errands are over by then (core_free cancels them). */
void outbox_free(struct core *core);
/* Act on what is due. Returns the next time (monotonic). */
int64_t outbox_tick(struct core *core, int64_t now_ms);
void outbox_woken(struct core *core);   /* LETTER_QUEUE */
void outbox_resumed(struct core *core); /* clocks or the network changed */

void outbox_changed(struct outbox *outbox);               /* a row was written */
bool outbox_tell(struct outbox *outbox, struct err *err); /* events of all that changed */
void outbox_tell_sender(struct outbox *outbox);
void outbox_tell_item(struct outbox *outbox, const struct outgoing *item); /* as it is here */
void outbox_notice(struct outbox *outbox, enum err_code code, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
/* End here when STOA_KILLPOINT names this point (tests/e2e/outbox_harness.py). */
void outbox_point(const struct outbox *outbox, const char *name);
/* Write the row, tell, and say what cannot be written. LOST and HELD are for the caller. */
enum queue_step outbox_step(struct outbox *outbox, struct outgoing *item, unsigned flags);
void outgoing_cause(struct outgoing *item, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));

/* outbox_errand.c. Take `item`. */
void errand_send(struct outbox *outbox, struct outgoing *item);
bool errand_of_account(const struct outbox *outbox, account_id account);
struct errand *errand_new(struct outbox *outbox, struct outgoing *item);
void errand_free(struct errand *errand);
/* One call of a step of the account's network; false when there is no such step. */
bool errand_call(
        struct errand *errand, call_step *step, void (*on_end)(struct fetch *, enum call_next));
/* The post is out (or kept): its row says so, with what publish or reconcile found. */
void errand_sent(struct errand *errand);
/* Nobody knows: leave it alone for a while, then look. */
void errand_unknown(struct errand *errand, const char *why);
/* So long a server is left alone before it is asked; longer after each attempt. */
int64_t errand_settle_ms(const struct errand *errand);
/* Surely nothing was posted. Frees the errand. */
void errand_not_sent(struct errand *errand, const struct err *err);
/* Is its time still to come? By a clock that was set back since it was due. */
bool errand_is_early(const struct errand *errand);
/* The frozen request once more, durably marked before. Takes the errand. */
void errand_publish(struct errand *errand);

const struct network *errand_network(const struct errand *errand); /* NULL: signed out */
const char *errand_host(const struct errand *errand);
/* Somebody else's change stands; HELD and FAILED leave the row as it was. Frees the errand. */
void errand_refused(struct errand *errand, enum queue_step how);
/* What a call found, when it found it, into the field of the row. */
void errand_take(char **field, char **found);
/* All attachments are there: freeze what will be sent, then send it. */
void errand_prepare(struct errand *errand);

/* outbox_upload.c: the next attachment, or errand_prepare. */
void errand_upload(struct errand *errand);
void errand_drop_upload(struct errand *errand); /* with what was made ready for it */
/* Go on with those whose attachment is ready. */
void errands_media(struct outbox *outbox);

/* outbox_look.c. Take `item`, of UNKNOWN or KEPT. */
void errand_look(struct outbox *outbox, struct outgoing *item);
void errand_withdraw(struct outbox *outbox, struct outgoing *item);
/* May its server be asked to keep posts? */
bool outbox_may_keep(const struct outbox *outbox, const struct account *account);
void outbox_never_keep(struct outbox *outbox, const struct account *account);

/* outbox_lane.c */
struct lane *lane_of(struct outbox *outbox, account_id account);
/* How long a failure of this kind keeps the account from posting; sets its until_ms. */
void lane_failed(struct outbox *outbox, account_id account, const struct err *err);
void lane_well(struct outbox *outbox, account_id account);
/* Can it post now? False with the sentence for its rows. */
bool lane_is_open(struct outbox *outbox, account_id account, int64_t now_ms, struct err *err);
/* Ask whether the token is good, where a post of the next day wants it. */
void lane_check(struct outbox *outbox, account_id account);

/* No account is kept from posting any more by what failed; those signed out are. */
void lanes_open(struct outbox *outbox);

/* outbox_review.c: this process begins to send, or the clock was set. */
void outbox_review(struct outbox *outbox);

/* outbox_tend.c: look ahead, once an hour. Returns the next time (wall). */
int64_t outbox_tend(struct outbox *outbox, int64_t now_ms);

/* outbox_jobs.c */
job_function outbox_draft, outbox_draft_drop, outbox_send, outbox_change, outbox_move,
        outbox_cancel, outbox_retry, outbox_was_sent, outbox_hold;
void outbox_waits_look(struct outbox *outbox);
