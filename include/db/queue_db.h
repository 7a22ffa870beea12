#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/account.h"
#include "model/attention.h"
#include "model/feed.h"

/*
 * queue.db: what cannot be fetched again. WAL, synchronous=FULL; each call commits
 * at once. Engine thread, or the command line when no engine runs in the process.
 * Tables: account, feed, state (small values), read, attention, tally, metric, visit.
 */
struct queue_db;

/* path NULL: in memory. A damaged file is refused (ERR_FORMAT) with where the newest good backup
 * is. */
bool queue_db_open(const char *path, struct queue_db **out, struct err *err);
void queue_db_close(struct queue_db *db);

/* A copy beside the file for today unless there is one; keeps seven (VACUUM INTO). */
bool queue_db_backup(struct queue_db *db, int64_t now_ms, struct err *err);

/* Accounts. Row 1 is the built-in `feeds`. put: id 0 makes a row and sets the id; a name stands
 * once. */
bool queue_db_put_account(struct queue_db *db, struct account *account, struct err *err);
bool queue_db_drop_account(struct queue_db *db, account_id id, struct err *err);
bool queue_db_accounts(struct queue_db *db,
        void (*each)(void *ctx, struct account *account /* takes */), void *ctx, struct err *err);

/* Feeds followed, by name. put: replaces the row of that name; one URL stands once (the older name
 * is kept and written to feed->name). */
bool queue_db_put_feed(struct queue_db *db, struct feed *feed, struct err *err);
bool queue_db_drop_feed(
        struct queue_db *db, const char *name, bool *out_was_there, struct err *err);
bool queue_db_feeds(struct queue_db *db, void (*each)(void *ctx, struct feed *feed /* takes */),
        void *ctx, struct err *err);
bool queue_db_has_feed(struct queue_db *db, const char *name);

/* Small values: mutes, options learned, positions. An empty or NULL value forgets. */
bool queue_db_put(struct queue_db *db, const char *key, const char *value, struct err *err);
bool queue_db_values(struct queue_db *db,
        void (*each)(void *ctx, const char *key, const char *value), void *ctx, struct err *err);

/* What was read, by store_key of the URI. At most `max` newest keys come back. */
bool queue_db_set_read(struct queue_db *db, const uint64_t *keys, size_t n, bool read,
        int64_t now_ms, struct err *err);
bool queue_db_read_keys(
        struct queue_db *db, size_t max, uint64_t **out, size_t *out_n, struct err *err);

/* Records that no server gives back (architecture.md); read again by db/queue_record.h. */
bool queue_db_tally(struct queue_db *db, const char *source, int64_t hour_ms, int posts,
        int authors, struct err *err); /* adds posts, keeps the larger authors */

/* What we owe a post. `remote_id`: how the account's server knows it; NULL keeps what is known. */
struct attention_row {
	const char *uri, *remote_id; /* borrowed */
	account_id account;
	enum attention state;
	int64_t at_ms;
};
/*
 * NEW never overwrites; what else is said holds for all accounts that the post was to. *out_state:
 * what it is: a NEW post that was answered before it was seen is ANSWERED. *out_changed: a row is
 * there now or is another.
 */
bool queue_db_attention(struct queue_db *db, const struct attention_row *row,
        enum attention *out_state, bool *out_changed, struct err *err);
/*
 * An own post of `account` answers `parent`, a URI or the id that its server has for it; it is
 * kept even where nothing is known of the parent yet. *out_uri: the parent's, owned; NULL when that
 * was known, or the URI is not.
 */
bool queue_db_answered(struct queue_db *db, account_id account, const char *parent, int64_t at_ms,
        char **out_uri, struct err *err);
/* All that waits, and of the rest the `max` newest. */
bool queue_db_attentions(struct queue_db *db, size_t max,
        void (*each)(void *ctx, const struct attention_row *row), void *ctx, struct err *err);

bool queue_db_visit(struct queue_db *db, const char *column, int64_t start_ms, int64_t seconds,
        struct err *err);
