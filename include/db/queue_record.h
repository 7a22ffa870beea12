#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/outgoing.h"

/* What was recorded of what no server gives back, read again (queue_db.h writes most of it). */
struct queue_db;

/* The hours from from_ms on that begin before to_ms, in order; source NULL: of all there is. */
bool queue_db_tallied(struct queue_db *db, const char *source, int64_t from_ms, int64_t to_ms,
        void (*each)(void *ctx, int64_t hour_ms, int64_t posts), void *ctx, struct err *err);
/* The first hour that was counted of a source; 0: none. */
bool queue_db_first_tally(
        struct queue_db *db, const char *source, int64_t *out_ms, struct err *err);

/* Active seconds of visits that began since then, and when the last of all ended; 0: none. */
bool queue_db_visited(struct queue_db *db, int64_t since_ms, int64_t *out_seconds,
        int64_t *out_last_ms, struct err *err);

/* How something of ours stood. -1: not told; a post that is gone has no number at all. */
struct metric {
	int64_t at_ms;
	int64_t replies, reposts, likes; /* of a post */
	int64_t followers;               /* of an account */
};
bool queue_db_put_metric(
        struct queue_db *db, const char *uri, const struct metric *metric, struct err *err);
/* As it was seen last, up to that time; at_ms 0: never. */
bool queue_db_metric_at(struct queue_db *db, const char *uri, int64_t until_ms, struct metric *out,
        struct err *err);

/* Posts that went out since then, oldest first. Lent until the call returns. */
bool queue_db_sent(struct queue_db *db, int64_t since_ms,
        void (*each)(void *ctx, const struct outgoing *item), void *ctx, struct err *err);
