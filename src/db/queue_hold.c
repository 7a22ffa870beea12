#include "db/db.h"
#include "db/queue_outbox_inside.h"

static bool write_hold(
        struct queue_db *db, account_id account, bool on, int64_t now_ms, struct err *err)
{
	if (on)
		return db_run(db->db, "cannot hold", err,
		        "INSERT OR IGNORE INTO hold(account, at_ms) VALUES(?, ?)", "ii",
		        (int64_t)account, now_ms);
	return db_run(db->db, "cannot end the hold", err,
	        "DELETE FROM hold WHERE ?1=0 OR account=?1", "i", (int64_t)account);
}

bool queue_db_hold(
        struct queue_db *db, account_id account, bool on, int64_t now_ms, struct err *err)
{
	if (!outbox_begin(db, false, err)) return false;
	return outbox_end(db, write_hold(db, account, on, now_ms, err), err);
}

struct receiver {
	void (*each)(void *ctx, account_id account, int64_t at_ms);
	void *ctx;
};

static void hold_row(sqlite3_stmt *stmt, void *ctx)
{
	const struct receiver *receiver = ctx;
	receiver->each(receiver->ctx, (account_id)sqlite3_column_int64(stmt, 0),
	        sqlite3_column_int64(stmt, 1));
}

bool queue_db_holds(struct queue_db *db, void (*each)(void *ctx, account_id account, int64_t at_ms),
        void *ctx, struct err *err)
{
	struct receiver receiver = {.each = each, .ctx = ctx};
	return queue_each_row(
	        db, "SELECT account, at_ms FROM hold ORDER BY account", hold_row, &receiver, err);
}

bool queue_db_is_held(struct queue_db *db, account_id account)
{
	char sql[96];
	int64_t held = 0;
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM hold WHERE account IN (0, %u)",
	        (unsigned)account);
	return !db_number(db->db, sql, &held, NULL) || held > 0;
}
