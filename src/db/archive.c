#include "db/archive.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "db/archive_block.h"
#include "db/archive_inside.h"
#include "db/db.h"
#include "db/salvage.h"
#include "db/stmt.h"

static const char *const steps[] = {
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
        "INSERT INTO meta VALUES('salt', random());"
        "CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT,"
        " title TEXT, site TEXT);"
        "CREATE TABLE profile(id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, uri TEXT NOT NULL,"
        " handle TEXT NOT NULL, name TEXT NOT NULL, url TEXT, bio TEXT, followers INTEGER NOT NULL,"
        " bot INTEGER NOT NULL);"
        "CREATE INDEX profile_hash ON profile(hash);"
        "CREATE TABLE post(id INTEGER PRIMARY KEY, author INTEGER NOT NULL, body BLOB NOT NULL);"
        "CREATE TABLE key(hash INTEGER, post INTEGER, PRIMARY KEY(hash, post)) WITHOUT ROWID;"
        "CREATE TABLE entry(source INTEGER, sort_ms INTEGER, post INTEGER, reason INTEGER,"
        " actor INTEGER, cursor, PRIMARY KEY(source, sort_ms, post, reason, actor)) WITHOUT ROWID;"
        "CREATE UNIQUE INDEX entry_once ON entry(post, source, reason, actor) WHERE post<>0;"
        "CREATE TABLE gap(source INTEGER, cursor TEXT, sort_ms INTEGER NOT NULL,"
        " PRIMARY KEY(source, cursor)) WITHOUT ROWID;"
        "CREATE TABLE article(post INTEGER PRIMARY KEY, text BLOB NOT NULL);",
        "CREATE INDEX profile_handle ON profile(handle COLLATE NOCASE);"
        "DELETE FROM meta WHERE name='fold';",
        /* The index: archive_block.h. Full-text tables of before go by and by. */
        "CREATE TABLE fresh(post INTEGER PRIMARY KEY, turn INTEGER NOT NULL, tokens BLOB NOT NULL);"
        "CREATE TABLE block(id INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
        " posts INTEGER NOT NULL, top INTEGER NOT NULL, low INTEGER NOT NULL,"
        " done INTEGER NOT NULL DEFAULT 0, goal INTEGER NOT NULL DEFAULT 0);"
        "CREATE TABLE posting(id INTEGER PRIMARY KEY, lists BLOB NOT NULL);",
        NULL,
};
/* What the steps change of an older file can be made again from its posts. */
static const struct db_schema schema = {.steps = steps, .synchronous = "NORMAL", .no_copy = true};

/* Checkpoints are archive_tend's; past this many pages a commit makes one itself. */
enum { MAX_WAL_PAGES = 16384 };

static const char *const sql_of[] = {
#define X(name, sql) sql,
        STATEMENTS(X)
#undef X
};

sqlite3_stmt *archive_stmt(
        struct archive *archive, enum statement which, struct err *err, const char *types, ...)
{
	sqlite3_stmt **stmt = &archive->stmts[which];
	if (*stmt)
		sqlite3_reset(*stmt);
	else if (sqlite3_prepare_v3(archive->db, sql_of[which], -1, SQLITE_PREPARE_PERSISTENT, stmt,
	                 NULL) != SQLITE_OK) {
		db_fail(archive->db, "the archive cannot be used", err);
		return NULL;
	}
	va_list args;
	va_start(args, types);
	stmt_bind(*stmt, types, args);
	va_end(args);
	return *stmt;
}

int archive_step(struct archive *archive, sqlite3_stmt *stmt, struct err *err)
{
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) return 1;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(stmt);
		return 0;
	}
	db_fail(archive->db, "the archive cannot be used", err);
	sqlite3_reset(stmt);
	return -1;
}

bool archive_exec(
        struct archive *archive, enum statement which, struct err *err, const char *types, ...)
{
	sqlite3_stmt **stmt = &archive->stmts[which];
	if (!*stmt && !archive_stmt(archive, which, err, "")) return false;
	sqlite3_reset(*stmt);
	va_list args;
	va_start(args, types);
	stmt_bind(*stmt, types, args);
	va_end(args);
	return archive_step(archive, *stmt, err) >= 0;
}

static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct archive *archive = ctx;
	archive->wal_pages = pages;
	if (pages > MAX_WAL_PAGES)
		sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

/* The few pages that every later read goes through. */
static bool looks_whole(sqlite3 *db, struct err *err)
{
	static const char *const reads[] = {
	        "SELECT count(*) FROM source",
	        "SELECT length(body) FROM post ORDER BY id DESC LIMIT 1",
	        "SELECT id FROM post ORDER BY id LIMIT 1",
	        "SELECT post FROM key ORDER BY hash DESC LIMIT 1",
	        "SELECT id FROM profile ORDER BY id DESC LIMIT 1",
	        "SELECT post FROM entry ORDER BY source DESC, sort_ms DESC LIMIT 1",
	        "SELECT post FROM fresh ORDER BY post DESC LIMIT 1",
	        "SELECT id FROM block ORDER BY id DESC LIMIT 1",
	        "SELECT id FROM posting ORDER BY id DESC LIMIT 1",
	};
	int64_t ignored;
	for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
		if (!db_number(db, reads[i], &ignored, err)) return false;
	}
	return true;
}

static bool open_whole(const char *path, struct archive **out, struct err *err)
{
	sqlite3 *db;
	int64_t salt;
	if (!db_open(path, &schema, &db, err)) return false;
	if (!looks_whole(db, err) ||
	        !db_number(db, "SELECT value FROM meta WHERE name='salt'", &salt, err)) {
		db_close(db);
		return false;
	}
	struct archive *archive = xcalloc(1, sizeof *archive);
	archive->db = db;
	archive->path = xstrdup(path);
	archive->salt = (uint64_t)salt;
	archive->block_posts = BLOCK_POSTS;
	sqlite3_exec(db, "PRAGMA cache_size=-4096", NULL, NULL, NULL);
	sqlite3_wal_hook(db, on_commit, archive);
	if (!archive_index_open(archive, err)) {
		archive_close(archive);
		return false;
	}
	*out = archive;
	return true;
}

bool archive_open_damaged(
        const char *path, struct archive **out, char **out_notice, struct err *err)
{
	char *aside = salvage_set_aside(path, err);
	if (!aside) return false;
	bool ok = open_whole(path, out, err);
	if (ok) *out_notice = salvage(*out, aside);
	free(aside);
	return ok;
}

bool archive_open(const char *path, struct archive **out, char **out_notice, struct err *err)
{
	struct err why = {0};
	*out_notice = NULL;
	if (open_whole(path, out, &why)) return true;
	if (why.code == ERR_FORMAT && path) return archive_open_damaged(path, out, out_notice, err);
	return err_set(err, why.code, "%s", why.text);
}

void archive_close(struct archive *archive)
{
	if (!archive) return;
	for (int i = 0; i < STMT_COUNT; i++)
		sqlite3_finalize(archive->stmts[i]);
	db_close(archive->db);
	free(archive->path);
	free(archive);
}

bool archive_begin(struct archive *archive, struct err *err)
{
	archive->in_batch = db_exec(archive->db, "BEGIN IMMEDIATE", err);
	if (!archive->in_batch || archive_index_read(archive, err)) return archive->in_batch;
	archive_rollback(archive);
	return false;
}

void archive_rollback(struct archive *archive)
{
	archive->in_batch = false;
	if (!sqlite3_get_autocommit(archive->db))
		sqlite3_exec(archive->db, "ROLLBACK", NULL, NULL, NULL);
}

bool archive_commit(struct archive *archive, struct err *err)
{
	if (!db_exec(archive->db, "COMMIT", err)) {
		archive_rollback(archive);
		return false;
	}
	archive->in_batch = false;
	return true;
}

bool archive_state(struct archive *archive, const char *source, char **out, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_SOURCE_FIND, err, "t", source);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row < 0) return false;
	*out = row ? xstrdup((const char *)sqlite3_column_text(stmt, 1)) : NULL;
	sqlite3_reset(stmt);
	return true;
}

bool archive_size(struct archive *archive, int64_t *out_posts, int64_t *out_bytes, struct err *err)
{
	int64_t pages = 0, page_size = 0;
	if (!db_number(archive->db, "SELECT count(*) FROM post", out_posts, err) ||
	        !db_number(archive->db, "PRAGMA page_count", &pages, err) ||
	        !db_number(archive->db, "PRAGMA page_size", &page_size, err))
		return false;
	*out_bytes = pages * page_size;
	return true;
}
