#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/stmt.h"

enum { BUSY_MS = 2000 };

static enum err_code code_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_FORMAT;
	case SQLITE_ERROR:
	case SQLITE_TOOBIG:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		return ERR_UNSUPPORTED;
	default:
		return ERR_IO;
	}
}

bool db_fail(sqlite3 *db, const char *what, struct err *err)
{
	return err_set(err, code_of(db ? sqlite3_errcode(db) : SQLITE_NOMEM), "%s: %s", what,
	        db ? sqlite3_errmsg(db) : "out of memory");
}

bool db_exec(sqlite3 *db, const char *sql, struct err *err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
	return db_fail(db, "the database says", err);
}

void stmt_bind(sqlite3_stmt *stmt, const char *types, va_list args)
{
	for (int i = 0; types[i]; i++) {
		if (types[i] == 'i') {
			sqlite3_bind_int64(stmt, i + 1, va_arg(args, int64_t));
		} else if (types[i] == 't') {
			sqlite3_bind_text(
			        stmt, i + 1, va_arg(args, const char *), -1, SQLITE_STATIC);
		} else {
			const void *bytes = va_arg(args, const void *);
			size_t len = va_arg(args, size_t);
			sqlite3_bind_blob64(stmt, i + 1, bytes, len, SQLITE_STATIC);
		}
	}
}

bool db_run(sqlite3 *db, const char *what, struct err *err, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db, what, err);
	va_list args;
	va_start(args, types);
	stmt_bind(stmt, types, args);
	va_end(args);
	int rc = sqlite3_step(stmt);
	while (rc == SQLITE_ROW)
		rc = sqlite3_step(stmt);
	bool ok = rc == SQLITE_DONE || db_fail(db, what, err);
	sqlite3_finalize(stmt);
	return ok;
}

bool db_number(sqlite3 *db, const char *sql, int64_t *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db, "the database says", err);
	int rc = sqlite3_step(stmt);
	bool ok = rc == SQLITE_ROW || rc == SQLITE_DONE || db_fail(db, "the database says", err);
	if (ok) *out = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return ok;
}

bool db_check(sqlite3 *db, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db, "cannot look for damage", err);
	int rc = sqlite3_step(stmt);
	bool ok = true;
	if (rc != SQLITE_ROW)
		ok = db_fail(db, "cannot look for damage", err);
	else if (strcmp(db_text(stmt, 0), "ok") != 0)
		ok = err_set(err, ERR_FORMAT, "%s", db_text(stmt, 0));
	sqlite3_finalize(stmt);
	return ok;
}

const char *db_text(sqlite3_stmt *stmt, int column)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);
	return text ? (const char *)text : "";
}

/* A rename is only on the disk when its directory is. */
static void sync_directory_of(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* An empty file that is ours alone; SQLite would make it as the umask allows. */
static bool create_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "cannot make %s: %s", path, strerror(errno));
	if (fd >= 0) close(fd);
	return true;
}

bool db_copy(sqlite3 *db, const char *path, struct err *err)
{
	struct str beside = {0};
	str_addf(&beside, "%s.%ld.new", path, (long)getpid()); /* others may make one now */
	unlink(str_c(&beside));
	bool ok = create_file(str_c(&beside), err) &&
	          db_run(db, "cannot make a copy", err, "VACUUM INTO ?", "t", str_c(&beside));
	int fd = ok ? open(str_c(&beside), O_RDONLY | O_CLOEXEC) : -1;
	if (ok && (fd < 0 || fsync(fd) != 0 || rename(str_c(&beside), path) != 0))
		ok = err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
	if (fd >= 0) close(fd);
	if (ok)
		sync_directory_of(path);
	else
		unlink(str_c(&beside));
	str_finish(&beside);
	return ok;
}

/*
 * Never open() a database that exists: closing that descriptor would drop the
 * locks of every other connection to it in this process.
 */
static bool prepare_file(const char *path, struct err *err)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		if (errno != ENOENT)
			return err_set(err, ERR_IO, "cannot open %s: %s", path, strerror(errno));
		return create_file(path, err);
	}
	if (!S_ISREG(st.st_mode)) return err_set(err, ERR_IO, "%s is not a plain file", path);
	if ((st.st_mode & 077) != 0 && chmod(path, 0600) != 0)
		return err_set(err, ERR_IO,
		        "others may read %s, and its mode cannot be changed: %s", path,
		        strerror(errno));
	return true;
}

/* Before a migration: the old file as it was. */
static bool keep_copy(sqlite3 *db, const char *path, int64_t version, struct err *err)
{
	struct str copy = {0};
	str_addf(&copy, "%s.before-%d", path, (int)version + 1);
	bool ok = db_copy(db, str_c(&copy), err);
	str_finish(&copy);
	return ok;
}

static int64_t steps_of(const struct db_schema *schema)
{
	int64_t n = 0;
	while (schema->steps[n])
		n++;
	return n;
}

static bool known_version(const struct db_schema *schema, int64_t version, struct err *err)
{
	if (version >= 0 && version <= steps_of(schema)) return true;
	return err_set(err, ERR_UNSUPPORTED,
	        "it is in format %d and this stoa knows up to %d: a newer stoa wrote it",
	        (int)version, (int)steps_of(schema));
}

/* One step; another process may have taken it in the meantime. */
static bool take_step(
        sqlite3 *db, const struct db_schema *schema, int64_t *version, struct err *err)
{
	if (!db_exec(db, "BEGIN IMMEDIATE", err)) return false;
	bool ok = db_number(db, "PRAGMA user_version", version, err) &&
	          known_version(schema, *version, err);
	if (ok && schema->steps[*version]) {
		char number[64];
		snprintf(number, sizeof number, "PRAGMA user_version=%d", (int)*version + 1);
		ok = db_exec(db, schema->steps[*version], err) && db_exec(db, number, err);
		*version += ok;
	}
	if (ok && db_exec(db, "COMMIT", err)) return true;
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

static bool migrate(sqlite3 *db, const char *path, const struct db_schema *schema, int64_t version,
        struct err *err)
{
	bool copy = path && version > 0 && schema->steps[version] && !schema->no_copy;
	if (copy && !keep_copy(db, path, version, err)) return false;
	while (schema->steps[version]) {
		if (!take_step(db, schema, &version, err)) return false;
	}
	return true;
}

static bool set_up(sqlite3 *db, const char *path, const struct db_schema *schema, struct err *err)
{
	int64_t version;
	char pragmas[256];
	sqlite3_busy_timeout(db, BUSY_MS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	if (!db_number(db, "PRAGMA user_version", &version, err)) return false;
	if (!known_version(schema, version, err)) return false;
	snprintf(pragmas, sizeof pragmas,
	        "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
	        "PRAGMA foreign_keys=ON; PRAGMA synchronous=%s; PRAGMA journal_mode=WAL;",
	        schema->synchronous);
	return db_exec(db, pragmas, err) && migrate(db, path, schema, version, err);
}

bool db_open(const char *path, const struct db_schema *schema, sqlite3 **out, struct err *err)
{
	if (path && !prepare_file(path, err)) return false;
	sqlite3 *db = NULL;
	struct err why = {0};
	int rc = sqlite3_open_v2(
	        path ? path : ":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	bool ok = rc == SQLITE_OK ? set_up(db, path, schema, &why)
	                          : db_fail(db, "it cannot be opened", &why);
	if (!ok) {
		sqlite3_close_v2(db);
		return err_set(
		        err, why.code, "%s: %s", path ? path : "database in memory", why.text);
	}
	*out = db;
	return true;
}

void db_close(sqlite3 *db)
{
	sqlite3_close_v2(db);
}
