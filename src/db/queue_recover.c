#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "db/backup.h"
#include "db/db.h"
#include "db/queue_outbox_inside.h"
#include "db/salvage.h"

/*
 * A new queue.db out of a damaged one. It begins as the newest good backup, over which goes
 * every row that can still be read. What comes from the backup alone may have been posted
 * since, so that nothing of it goes out before the user has looked at it.
 */

static const char *const tables[] = {"account", "feed", "state", "read", "attention", "tally",
        "metric", "visit", "draft", "outgoing", "outgoing_change", "hold"};

/* "INSERT OR REPLACE INTO t(a, b) VALUES(?, ?)" for the columns of a row. */
static bool insert_for(sqlite3 *to, const char *table, sqlite3_stmt *row, sqlite3_stmt **out)
{
	struct str sql = {0}, marks = {0};
	int n = sqlite3_column_count(row);
	str_addf(&sql, "INSERT OR REPLACE INTO %s(", table);
	for (int i = 0; i < n; i++) {
		str_addf(&sql, "%s\"%s\"", i ? ", " : "", sqlite3_column_name(row, i));
		str_adds(&marks, i ? ", ?" : "?");
	}
	str_addf(&sql, ") VALUES(%s)", str_c(&marks));
	bool ok = sqlite3_prepare_v2(to, sql.p, -1, out, NULL) == SQLITE_OK;
	str_finish(&sql);
	str_finish(&marks);
	return ok;
}

/* One walk over a table, until the first row that cannot be read. True: to its end. */
static bool walk(sqlite3 *from, sqlite3 *to, const char *table, const char *order, size_t *rows)
{
	sqlite3_stmt *row = NULL, *insert = NULL;
	char sql[80];
	snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1%s", table, order);
	bool ok = sqlite3_prepare_v2(from, sql, -1, &row, NULL) == SQLITE_OK &&
	          insert_for(to, table, row, &insert);
	int rc = SQLITE_ERROR;
	while (ok && (rc = sqlite3_step(row)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(row); i++)
			sqlite3_bind_value(insert, i + 1, sqlite3_column_value(row, i));
		*rows += sqlite3_step(insert) == SQLITE_DONE; /* one that does not fit is left */
		sqlite3_reset(insert);
	}
	sqlite3_finalize(row);
	sqlite3_finalize(insert);
	return rc == SQLITE_DONE;
}

/* From both ends towards what is broken. Returns how many tables are whole. */
static size_t carry_over(const char *path, sqlite3 *to, size_t *rows)
{
	sqlite3 *from = NULL;
	size_t whole = 0;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, &from, flags, NULL) == SQLITE_OK) {
		for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
			bool all = walk(from, to, tables[i], "", rows);
			if (!all) walk(from, to, tables[i], " DESC", rows);
			whole += all;
		}
	}
	sqlite3_close_v2(from);
	return whole;
}

/* What only the backup knows: nobody can say what became of it since. */
static bool distrust(sqlite3 *db, int64_t now_ms, struct err *err)
{
	return db_run(db, "cannot make a new queue", err,
	        "UPDATE outgoing SET state='needs you', ready_ms=NULL, owner=NULL, rev=rev+1,"
	        " changed_ms=?1,"
	        " cause='it comes from a backup of queue.db: was it posted since?'"
	        " WHERE state NOT IN ('sent', 'failed', 'cancelled', 'needs you')"
	        " AND NOT (state='scheduled' AND keep=0 AND at_ms>?1)",
	        "i", now_ms);
}

static bool begin_new(const char *path, const char *backup, struct err *err)
{
	sqlite3 *db = NULL;
	unlink(path);
	if (!backup) return true;
	bool ok = sqlite3_open_v2(backup, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ==
	                  SQLITE_OK ||
	          db_fail(db, "cannot read the backup", err);
	ok = ok && db_copy(db, path, err);
	sqlite3_close_v2(db);
	return ok;
}

static char *what_came(size_t rows, size_t whole, const char *backup, const char *aside)
{
	struct str said = {0};
	size_t all = sizeof(tables) / sizeof(*tables);
	str_addf(&said, "%zu rows could be read", rows);
	if (whole < all) str_addf(&said, "; %zu of %zu tables are damaged", all - whole, all);
	if (backup)
		str_addf(&said, "; what is missing comes from %s", backup);
	else
		str_adds(&said, "; there is no good backup");
	str_addf(&said, ". The damaged file is %s", aside);
	return str_take(&said);
}

/* Fill the new file beside the old one. */
static bool make_new(const char *path, const char *made, const char *backup, int64_t now_ms,
        size_t *rows, size_t *whole, struct err *err)
{
	struct queue_db *db = NULL;
	bool ok = begin_new(made, backup, err) && queue_db_open(made, &db, err) &&
	          db_exec(db->db, "PRAGMA foreign_keys=OFF", err) &&
	          db_exec(db->db, "BEGIN IMMEDIATE", err) && distrust(db->db, now_ms, err);
	if (ok) *whole = carry_over(path, db->db, rows);
	/* Another process may have been at it when it broke. */
	ok = ok && db_exec(db->db, "COMMIT", err) && db_check(db->db, err) &&
	     db_exec(db->db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	queue_db_close(db);
	return ok;
}

bool queue_db_recover(const char *path, int64_t now_ms, char **out_said, struct err *err)
{
	struct queue_db *db = NULL;
	if (access(path, F_OK) != 0) return err_set(err, ERR_NOT_FOUND, "there is no %s", path);
	struct err why = {0};
	if (queue_db_open(path, &db, &why)) {
		queue_db_close(db);
		*out_said = xstrdup("nothing is damaged");
		return true;
	}
	if (why.code != ERR_FORMAT) return err_set(err, why.code, "%s", why.text);
	char *backup = backup_newest_good(path), *aside = NULL;
	struct str made = {0};
	size_t rows = 0, whole = 0;
	str_addf(&made, "%s.recovered", path);
	bool ok = make_new(path, made.p, backup, now_ms, &rows, &whole, err);
	if (ok) aside = salvage_set_aside(path, err);
	ok = ok && aside &&
	     (rename(made.p, path) == 0 ||
	             err_set(err, ERR_IO, "cannot rename %s to %s", made.p, path));
	if (ok) *out_said = what_came(rows, whole, backup, aside);
	str_finish(&made);
	free(backup);
	free(aside);
	return ok;
}

/* -- without writing -- */

static bool copy_into_memory(const char *path, sqlite3 *to, struct err *err)
{
	sqlite3 *from = NULL;
	struct str uri = {0};
	str_addf(&uri, "file:%s?immutable=1", path);
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
	bool ok = sqlite3_open_v2(uri.p, &from, flags, NULL) == SQLITE_OK;
	sqlite3_backup *backup = ok ? sqlite3_backup_init(to, "main", from, "main") : NULL;
	ok = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
	if (backup) sqlite3_backup_finish(backup);
	sqlite3_close_v2(from);
	str_finish(&uri);
	return ok || err_set(err, ERR_IO, "cannot read %s", path);
}

bool queue_db_open_copy(const char *path, const char *why, struct queue_db **out, struct err *err)
{
	struct queue_db *db = NULL;
	if (!queue_db_open(NULL, &db, err)) return false;
	if (access(path, F_OK) == 0 && !copy_into_memory(path, db->db, err)) {
		queue_db_close(db);
		return false;
	}
	db->only_read = xstrdup(why);
	*out = db;
	return true;
}
