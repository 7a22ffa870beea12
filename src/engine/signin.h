#pragma once
#include <uthash.h>

#include "engine/core.h"
#include "engine/secrets.h"
#include "model/account.h"
#include "model/feed.h"
#include "networks/network.h"

/* An account with its token, which stays on this thread. */
struct signin {
	struct account *account;
	const struct network *net;
	char *token;                  /* NULL: none, or none needed */
	char *client;                 /* the rest of its secret, or NULL */
	struct fetch *renewal;        /* fetches a new token (renew.h), or NULL */
	unsigned renewals;            /* how often its session was renewed */
	bool lapsed;                  /* it cannot be renewed: somebody has to sign in again */
	enum secret_place place;      /* where its secret is */
	unsigned serial;              /* tells a sign-in from the one that it replaced */
	bool woken;                   /* somebody watches one of its sources */
	int64_t learn_ms, filters_ms; /* when they are due to be asked (monotonic), or INT64_MAX */
	struct signin *prev, *next;
};

/* A feed that is followed. */
struct followed {
	struct feed *feed;
	UT_hash_handle hh; /* by feed->name */
};

bool signins_load(struct core *core, struct err *err); /* also tells them */
/* Another process wrote queue.db: accounts may have come, or gone, or signed in anew. */
void signins_look_again(struct core *core);
void signins_free(struct core *core);
struct signin *signin_find(struct core *core, const char *name);
struct signin *signin_by_id(struct core *core, account_id id);

/* "https://Host/" and "host" become "host"; plain http stays, on loopback only. Owned, or NULL. */
char *account_host(const char *written, struct err *err);

/* Keep a new account or a new secret for a known one. Takes `account`. */
bool signin_put(struct core *core, struct account *account, const char *secret, struct err *err);
/* A new secret for the same session: kept, and what runs goes on with it. */
void signin_renew(struct core *core, struct signin *signin, const char *secret);
/* Its secret as it is kept now, maybe by another stoa; owned, NULL: there is none. */
char *signin_kept(const struct core *core, const struct signin *signin);
bool signin_drop(struct core *core, account_id id, struct err *err);

/* What a server was found to be and to be able to do, from a call of `learn`; kept and told. */
void signin_learn(struct core *core, account_id id, const struct account *learned);
/* The same, of single abilities (enum capability) that showed or failed in use. */
void signin_learned(struct core *core, account_id id, unsigned caps_on, unsigned caps_off);

/* One of its sources is watched: what only a deck wants is asked, soon and not all at once. */
void signin_wake(struct core *core, struct signin *signin);
/* The account's filters changed at its server: ask for them. */
void filters_refetch(struct core *core, account_id id);
/* Ask what is due. Returns the next time (monotonic). */
int64_t signins_tick(struct core *core, int64_t now_ms);

/* feeds.c */
bool feeds_load(struct core *core, struct err *err); /* also tells them */
void feeds_free(struct core *core);
const struct feed *feeds_find(struct core *core, const char *name);
bool feeds_put(struct core *core, struct feed *feed, struct err *err); /* takes */
/* What a feed says of itself fills what the user left empty. Strings may be NULL. */
void feeds_learn(struct core *core, const char *name, const char *title, const char *site);
bool feeds_drop(struct core *core, const char *name, struct err *err);
