#pragma once
#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/err.h"

/*
 * What both databases share. One connection a file, opened, used and closed on its
 * own thread (SQLITE_OPEN_NOMUTEX).
 */

/* One step of a schema: SQL run in one transaction that also sets user_version to its number, from 1. */
struct db_schema {
	const char *const *steps; /* NULL-terminated */
	const char *synchronous;  /* "FULL" or "NORMAL" */
};

/*
 * Open (path NULL: in memory), check the header, set pragmas (WAL, foreign keys,
 * synchronous), migrate. A file from a newer stoa is refused with ERR_UNSUPPORTED;
 * a damaged one with ERR_FORMAT. File mode 0600. Before a migration of an existing
 * file a copy is kept beside it.
 */
bool db_open(const char *path, const struct db_schema *schema, sqlite3 **out, struct err *err);
void db_close(sqlite3 *db);

/* Fill err from the connection's last error: ERR_IO, "what: sqlite's words". Returns false. */
bool db_fail(sqlite3 *db, const char *what, struct err *err);
bool db_exec(sqlite3 *db, const char *sql, struct err *err);
