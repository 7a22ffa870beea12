#pragma once
#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/err.h"

/*
 * What both databases share. One connection a file, opened, used and closed on its
 * own thread (SQLITE_OPEN_NOMUTEX).
 */

/* One step of a schema: SQL run in one transaction that also sets user_version to its number,
 * from 1. */
struct db_schema {
	const char *const *steps; /* NULL-terminated */
	const char *synchronous;  /* "FULL" or "NORMAL" */
	bool no_copy;             /* none is kept before a migration */
};

/*
 * Open (path NULL: in memory), check the header, set pragmas (WAL, foreign keys,
 * synchronous), migrate. A file from a newer stoa is refused with ERR_UNSUPPORTED
 * and left as it was; a damaged one with ERR_FORMAT. File mode 0600. Before a
 * migration of an existing file a copy is kept beside it, as `PATH.before-N`, unless no_copy.
 */
bool db_open(const char *path, const struct db_schema *schema, sqlite3 **out, struct err *err);
void db_close(sqlite3 *db);

/*
 * Fill err from the connection's last error: "what: sqlite's words". ERR_FORMAT: the file
 * is damaged; ERR_UNSUPPORTED: it would fail again; ERR_IO: the disk, or another process.
 * Returns false.
 */
bool db_fail(sqlite3 *db, const char *what, struct err *err);
bool db_exec(sqlite3 *db, const char *sql, struct err *err);

/*
 * Run one statement with its parameters in order; `types` has a letter for each:
 * i int64_t, t const char * (NULL: NULL), b const void * and size_t.
 */
bool db_run(
        sqlite3 *db, const char *what, struct err *err, const char *sql, const char *types, ...);

/* The first column of the first row as a number; 0 when there is no row. */
bool db_number(sqlite3 *db, const char *sql, int64_t *out, struct err *err);

/* Look through the whole file for damage (PRAGMA quick_check). False, ERR_FORMAT: there is some. */
bool db_check(sqlite3 *db, struct err *err);

/* A text column, "" when it is NULL. Borrowed until the next step. */
const char *db_text(sqlite3_stmt *stmt, int column);

/* Write a copy of the file to `path` (VACUUM INTO), mode 0600, synced, whole or not at all. */
bool db_copy(sqlite3 *db, const char *path, struct err *err);
