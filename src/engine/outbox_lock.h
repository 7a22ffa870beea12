#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/queue.h"
#include "base/str.h"

/*
 * Who sends: whoever holds the lock on queue.lock. And hearing of it when another process
 * writes the queue or lets go of the lock, or when the wall clock is set (also by waking
 * up): then a LETTER_QUEUE lies in the inbox, one however much happens until it is taken.
 */
struct outbox_lock;

/* `name`: of this process, for others to read. */
struct outbox_lock *outbox_lock_open(
        const char *state_dir, const char *name, struct queue *inbox, struct err *err);
void outbox_lock_close(struct outbox_lock *lock); /* and with it lets go */

/* Take it if it is free. True when it is ours, also from before. */
bool outbox_lock_take(struct outbox_lock *lock);
void outbox_lock_drop(struct outbox_lock *lock); /* let go of it; others hear that */
/* Who has it: "deck, process 123"; false when nobody does. */
bool outbox_lock_holder(struct outbox_lock *lock, struct str *out);
/* The letter was taken: tell of what happens from now on. */
void outbox_lock_heard(struct outbox_lock *lock);

/* This process, as no other ever is: boot, number, start. Owned. */
char *outbox_owner(void);
/* Does that process still run? */
bool outbox_owner_lives(const char *owner);
