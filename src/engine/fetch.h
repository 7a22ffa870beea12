#pragma once
#include "engine/core.h"
#include "engine/signin.h"
#include "networks/network.h"

/* One call of a network on its way through pace and transport. */
struct fetch {
	struct core *core;
	const struct network *net;
	call_step *step;
	struct call call;      /* token and account are borrowed from the signin */
	struct source *source; /* NULL: a login */
	job_id job;            /* that it works for alone; 0: none */
	enum pace_priority priority;
	char *cursor, *url; /* owned, for call */
	char *host, *typed; /* pace's name for the host; the URL or root that the user typed */
	bool typed_local;   /* url_is_local of typed */
	struct request req; /* while it waits */
	unsigned ticket, transfer;
	int requests;     /* so far */
	int64_t retry_ms; /* the last answer's wish to wait, or 0 */
	/* Called once, from within; call.err, call.out, call.signed_in tell. May not free the
	 * fetch. */
	void (*on_end)(struct fetch *fetch, enum call_next how);
	/* How much of a file has left; NULL: nobody wants to know. */
	void (*on_progress)(struct fetch *fetch, size_t sent, size_t total);
	/* What a call outside of any account of ours works with, owned: a login, a revocation. */
	struct account *account;
	char *token, *client;
	struct sign_in sign;   /* of a login or a renewal; its secret is owned */
	bool renewing;         /* it waits for a new token (renew.h) */
	bool renewed;          /* it has waited for one already */
	unsigned renewals;     /* the account's, when this began */
	struct job *asked;     /* owned: what a job of ask.c wanted, or NULL */
	char *said;            /* owned: the DONE's text, when the call itself says nothing */
	struct mark *mark;     /* of mark.c, or NULL */
	struct marker marker;  /* its cursor is owned */
	bool writes;           /* it changes something: stoa ends a little later for its sake */
	bool again;            /* it may be sent once more when it surely was not sent */
	struct request copy;   /* for that */
	int64_t until_ms;      /* cancelled then (monotonic); INT64_MAX: never */
	int burst;             /* requests to its host before the spacing tells; 0: by its kind */
	int status;            /* of the last answer */
	bool began;            /* a request was given to the transport since it began */
	size_t sent;           /* bytes of all requests since it began that left this machine */
	int64_t server_ms;     /* the server's clock, as the last answer told; 0: it did not */
	struct errand *errand; /* of the outbox, or NULL */
	bool gets;             /* its last request was one */
	bool over;
	struct fetch *prev, *next;
};

struct fetch_plan {
	const struct network *net;
	call_step *step;
	const struct account *account; /* borrowed for as long as it runs */
	const char *token, *client;    /* borrowed for as long as it runs */
	struct source *source;
	const char *typed;
	bool typed_local;
	job_id job;
	enum pace_priority priority;
	void (*on_end)(struct fetch *fetch, enum call_next how);
};

/* A fetch that is not yet begun, so that call's want, cursor, url and state can be set. */
struct fetch *fetch_new(struct core *core, const struct fetch_plan *plan);
void fetch_begin(struct fetch *fetch);
/* From its first request once more, with the account's token as it is now. */
void fetch_restart(struct fetch *fetch);
/* It ends without going on; an empty sentence leaves the one that it has. */
void fetch_fail(struct fetch *fetch, const struct err *why);
void fetch_cancel(
        struct fetch *fetch, const char *why); /* on_end with ERR_CANCELLED. NULL is fine */

/* Give up those whose time is over. Returns when the next one's is (monotonic). */
int64_t fetches_expire(struct core *core, int64_t now_ms);
bool fetches_write(const struct core *core); /* is something being changed? */
/* Send what may go now. Returns when to look again (monotonic). */
int64_t fetches_pump(struct core *core);
void fetches_sweep(struct core *core); /* free those that are over */
