#pragma once
#include <stdio.h>

#include <sqlite3.h>

#include "base/str.h"
#include "db/queue_inside.h"
#include "db/queue_outbox.h"

/* How drafts and outgoing posts lie in queue.db. A step of its schema. */
#define QUEUE_OUTBOX_SCHEMA                                                                        \
	"CREATE TABLE draft(id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL,"             \
	" changed_ms INTEGER NOT NULL, rev INTEGER NOT NULL, gone INTEGER NOT NULL);"              \
	"CREATE INDEX draft_rev ON draft(rev);"                                                    \
	"CREATE TABLE outgoing(id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL,"         \
	" ready_ms INTEGER, draft INTEGER NOT NULL, part INTEGER NOT NULL,"                        \
	" after INTEGER NOT NULL, account INTEGER NOT NULL, at_ms INTEGER NOT NULL,"               \
	" fold INTEGER NOT NULL, undo_until_ms INTEGER NOT NULL, held INTEGER NOT NULL,"           \
	" made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, first_ms INTEGER NOT NULL,"       \
	" next_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL, attempts INTEGER NOT NULL,"          \
	" looks INTEGER NOT NULL, keep INTEGER NOT NULL, sure INTEGER NOT NULL,"                   \
	" parked INTEGER NOT NULL, wish INTEGER NOT NULL, replaces INTEGER NOT NULL,"              \
	" server_first_ms INTEGER NOT NULL, rev INTEGER NOT NULL, via TEXT NOT NULL,"              \
	" late TEXT NOT NULL, wall TEXT NOT NULL, zone TEXT NOT NULL, content TEXT NOT NULL,"      \
	" media TEXT NOT NULL, key TEXT, frozen TEXT, owner TEXT, watermark TEXT,"                 \
	" remote_id TEXT, uri TEXT, url TEXT, cause TEXT, sum INTEGER NOT NULL);"                  \
	"CREATE INDEX outgoing_ready ON outgoing(ready_ms) WHERE ready_ms IS NOT NULL;"            \
	"CREATE INDEX outgoing_after ON outgoing(after) WHERE after<>0;"                           \
	"CREATE INDEX outgoing_replaces ON outgoing(replaces) WHERE replaces<>0;"                  \
	"CREATE INDEX outgoing_state ON outgoing(state, account);"                                 \
	"CREATE INDEX outgoing_sent ON outgoing(account, sent_ms);"                                \
	"CREATE TABLE outgoing_change(id INTEGER PRIMARY KEY AUTOINCREMENT,"                       \
	" outgoing INTEGER NOT NULL, at_ms INTEGER NOT NULL, state TEXT NOT NULL, cause TEXT);"    \
	"CREATE INDEX outgoing_change_of ON outgoing_change(outgoing);"                            \
	"CREATE TABLE hold(account INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL);"

/* Columns that are numbers, and the fields of struct outgoing that they hold. */
#define OUTGOING_NUMBERS(X)                                                                        \
	X(draft, draft)                                                                            \
	X(part, part)                                                                              \
	X(after, after)                                                                            \
	X(account, account)                                                                        \
	X(at_ms, at.utc_ms)                                                                        \
	X(fold, at.fold)                                                                           \
	X(undo_until_ms, undo_until_ms)                                                            \
	X(held, held)                                                                              \
	X(made_ms, made_ms)                                                                        \
	X(changed_ms, changed_ms)                                                                  \
	X(first_ms, first_ms)                                                                      \
	X(next_ms, next_ms)                                                                        \
	X(sent_ms, sent_ms)                                                                        \
	X(attempts, attempts)                                                                      \
	X(looks, looks)                                                                            \
	X(keep, keep)                                                                              \
	X(sure, sure)                                                                              \
	X(parked, parked)                                                                          \
	X(wish, wish)                                                                              \
	X(replaces, replaces)                                                                      \
	X(server_first_ms, server_first_ms)                                                        \
	X(rev, rev)

/* Columns that are texts, or NULL. */
#define OUTGOING_TEXTS(X)                                                                          \
	X(key)                                                                                     \
	X(frozen)                                                                                  \
	X(owner)                                                                                   \
	X(watermark)                                                                               \
	X(remote_id)                                                                               \
	X(uri)                                                                                     \
	X(url)                                                                                     \
	X(cause)

/* The columns of a SELECT that row_read understands. */
extern const char outgoing_columns[];
struct outgoing *outgoing_row_read(sqlite3_stmt *stmt);
/* Write all columns but the id; a row of id 0 is made, and its id set. */
bool outgoing_row_write(struct queue_db *db, struct outgoing *item, struct err *err);

/* Begin a transaction; a lazy one is not synced when it ends. */
bool outbox_begin(struct queue_db *db, bool lazy, struct err *err);
/* End it: commit when `ok`. False, with why, when that fails; then it is rolled back. */
bool outbox_end(struct queue_db *db, bool ok, struct err *err);
bool outgoing_note(struct queue_db *db, const struct outgoing *item, int64_t now_ms,
        struct err *err); /* its state, in outgoing_change */
/* What waits for the row moves with it; when each is ready is told anew. */
bool outgoing_family_step(
        struct queue_db *db, const struct outgoing *item, int64_t now_ms, struct err *err);
/* Tell when the rows of these ids, which are new, are ready. */
bool outgoing_ready_between(struct queue_db *db, int64_t first, int64_t last, struct err *err);
/* As queue_db_drop_draft, within a transaction. */
bool queue_db_drop_draft_inside(
        struct queue_db *db, int64_t id, int64_t now_ms, bool *out_was_there, struct err *err);
