#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "model/outgoing.h"
#include "queued.h"
#include "session.h"

/* Giving something to the outbox and waiting for what becomes of it, for several commands. */

enum { SENDING_JOB_MS = 60000 }; /* an answer of the engine; what waits for a server is longer */

/* The account of that id, or NULL when it was signed out. */
const struct account *sending_account(const struct session *session, account_id id);
/* Its name, "account 7" where it is gone. Borrowed until the next call. */
const char *sending_name(const struct session *session, account_id id, char buf[32]);

/*
 * Wait until nothing is left to be waited for of the items that `ours` picks (NULL: all):
 * each is sent, handed over, waits for a later time, or wants somebody. Messages of the
 * engine go to stderr as they come.
 */
void sending_wait(struct session *session, struct queued *queued,
        bool (*ours)(const void *ctx, const struct outgoing *item), const void *ctx);

/* Will it go by itself, later? Or did it go? What is neither is for somebody to look at. */
bool sending_is_well(const struct queued *queued, const struct outgoing *item, int64_t now_ms);

/* "work: sent: https://…", as a line; what is wrong to stderr. json: one object. */
void sending_report(const struct session *session, const struct queued *queued,
        const struct outgoing *item, bool json);
/* "here: a deck or `stoa daemon` has to run at that time", or NULL where nothing is to be said. */
const char *sending_keeper(const struct queued *queued, const struct outgoing *item);
