#include "db/queue_record.h"

#include <stdarg.h>

#include "db/db.h"
#include "db/queue_outbox_inside.h"
#include "db/stmt.h"

static const char cannot[] = "cannot read what was recorded";

/* Step through a query; `types` as in db_run, for what it has of parameters. */
static bool each_row(struct queue_db *db, void (*row)(sqlite3_stmt *stmt, void *ctx), void *ctx,
        struct err *err, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt = NULL;
	va_list args;
	if (sqlite3_prepare_v2(db->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db->db, cannot, err);
	va_start(args, types);
	stmt_bind(stmt, types, args);
	va_end(args);
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		row(stmt, ctx);
	bool ok = rc == SQLITE_DONE || db_fail(db->db, cannot, err);
	sqlite3_finalize(stmt);
	return ok;
}

/* -- tallies -- */

struct hours {
	void (*each)(void *ctx, int64_t hour_ms, int64_t posts);
	void *ctx;
};

static void hour_row(sqlite3_stmt *stmt, void *ctx)
{
	const struct hours *hours = ctx;
	hours->each(hours->ctx, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1));
}

bool queue_db_tallied(struct queue_db *db, const char *source, int64_t from_ms, int64_t to_ms,
        void (*each)(void *ctx, int64_t hour_ms, int64_t posts), void *ctx, struct err *err)
{
	struct hours hours = {each, ctx};
	if (!source)
		return each_row(db, hour_row, &hours, err,
		        "SELECT hour_ms, sum(posts) FROM tally WHERE hour_ms>=? AND hour_ms<?"
		        " GROUP BY hour_ms ORDER BY hour_ms",
		        "ii", from_ms, to_ms);
	return each_row(db, hour_row, &hours, err,
	        "SELECT hour_ms, posts FROM tally WHERE source=? AND hour_ms>=? AND hour_ms<?"
	        " ORDER BY hour_ms",
	        "tii", source, from_ms, to_ms);
}

static void first_row(sqlite3_stmt *stmt, void *ctx)
{
	*(int64_t *)ctx = sqlite3_column_int64(stmt, 0);
}

bool queue_db_first_tally(struct queue_db *db, const char *source, int64_t *out_ms, struct err *err)
{
	int64_t first = 0;
	if (!each_row(db, first_row, &first, err, "SELECT min(hour_ms) FROM tally WHERE source=?",
	            "t", source))
		return false;
	*out_ms = first;
	return true;
}

/* -- visits -- */

bool queue_db_visited(struct queue_db *db, int64_t since_ms, int64_t *out_seconds,
        int64_t *out_last_ms, struct err *err)
{
	int64_t seconds = 0, last = 0;
	if (!each_row(db, first_row, &seconds, err,
	            "SELECT sum(seconds) FROM visit WHERE start_ms>=?", "i", since_ms) ||
	        !each_row(db, first_row, &last, err,
	                "SELECT max(start_ms + 1000 * seconds) FROM visit", ""))
		return false;
	*out_seconds = seconds;
	*out_last_ms = last;
	return true;
}

/* -- metrics -- */

bool queue_db_put_metric(
        struct queue_db *db, const char *uri, const struct metric *metric, struct err *err)
{
	return db_run(db->db, "cannot keep a count", err,
	        "INSERT OR REPLACE INTO metric(uri, at_ms, replies, reposts, likes, followers)"
	        " VALUES(?, ?, ?, ?, ?, ?)",
	        "tiiiii", uri, metric->at_ms, metric->replies, metric->reposts, metric->likes,
	        metric->followers);
}

static void metric_row(sqlite3_stmt *stmt, void *ctx)
{
	*(struct metric *)ctx = (struct metric){.at_ms = sqlite3_column_int64(stmt, 0),
	        .replies = sqlite3_column_int64(stmt, 1),
	        .reposts = sqlite3_column_int64(stmt, 2),
	        .likes = sqlite3_column_int64(stmt, 3),
	        .followers = sqlite3_column_int64(stmt, 4)};
}

bool queue_db_metric_at(
        struct queue_db *db, const char *uri, int64_t until_ms, struct metric *out, struct err *err)
{
	struct metric found = {.replies = -1, .reposts = -1, .likes = -1, .followers = -1};
	if (!each_row(db, metric_row, &found, err,
	            "SELECT at_ms, replies, reposts, likes, followers FROM metric"
	            " WHERE uri=? AND at_ms<=? ORDER BY at_ms DESC LIMIT 1",
	            "ti", uri, until_ms))
		return false;
	*out = found;
	return true;
}

/* -- what went out -- */

struct sent {
	void (*each)(void *ctx, const struct outgoing *item);
	void *ctx;
};

static void sent_row(sqlite3_stmt *stmt, void *ctx)
{
	const struct sent *sent = ctx;
	struct outgoing *item = outgoing_row_read(stmt);
	if (!item->damaged) sent->each(sent->ctx, item);
	outgoing_free(item);
}

bool queue_db_sent(struct queue_db *db, int64_t since_ms,
        void (*each)(void *ctx, const struct outgoing *item), void *ctx, struct err *err)
{
	struct sent sent = {each, ctx};
	struct str sql = {0};
	str_addf(&sql,
	        "SELECT %s FROM outgoing WHERE state='sent' AND sent_ms>=? ORDER BY sent_ms, id",
	        outgoing_columns);
	bool ok = each_row(db, sent_row, &sent, err, sql.p, "i", since_ms);
	str_finish(&sql);
	return ok;
}
