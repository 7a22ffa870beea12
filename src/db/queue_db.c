#include "db/queue_db.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "db/backup.h"
#include "db/db.h"
#include "db/queue_inside.h"
#include "db/queue_outbox_inside.h"

/* Past this size a look through the whole file at each start would be felt. */
enum { MAX_CHECKED_BYTES = 16 << 20 };

/* Account ids are never used twice: posts in the archive remember who saw them. */
static const char *const steps[] = {
        "CREATE TABLE account(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
        " network TEXT NOT NULL, host TEXT NOT NULL, handle TEXT NOT NULL, uri TEXT NOT NULL,"
        " caps INTEGER NOT NULL);"
        "INSERT INTO account VALUES(1, 'feeds', 'feed', '', '', '', 0);"
        "CREATE TABLE feed(name TEXT PRIMARY KEY, url TEXT NOT NULL UNIQUE, title TEXT NOT NULL,"
        " groups TEXT NOT NULL, site TEXT NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE state(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE read(key INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL);"
        "CREATE INDEX read_at ON read(at_ms);"
        "CREATE TABLE attention(uri TEXT, account INTEGER, state INTEGER NOT NULL,"
        " at_ms INTEGER NOT NULL, PRIMARY KEY(uri, account)) WITHOUT ROWID;"
        "CREATE TABLE tally(source TEXT, hour_ms INTEGER, posts INTEGER NOT NULL,"
        " authors INTEGER NOT NULL, PRIMARY KEY(source, hour_ms)) WITHOUT ROWID;"
        "CREATE TABLE metric(uri TEXT, at_ms INTEGER, replies INTEGER NOT NULL,"
        " reposts INTEGER NOT NULL, likes INTEGER NOT NULL, PRIMARY KEY(uri, at_ms)) WITHOUT ROWID;"
        "CREATE TABLE visit(column_title TEXT, start_ms INTEGER, seconds INTEGER NOT NULL,"
        " PRIMARY KEY(column_title, start_ms)) WITHOUT ROWID;",
        /* What an account's server was found to be. */
        "ALTER TABLE account ADD COLUMN remote_id TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE account ADD COLUMN software TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE account ADD COLUMN streaming TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE account ADD COLUMN api INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE account ADD COLUMN limits TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE account ADD COLUMN learned_ms INTEGER NOT NULL DEFAULT 0;",
        /* Some servers name what a post answers by their own id alone. */
        "ALTER TABLE attention ADD COLUMN remote_id TEXT NOT NULL DEFAULT '';",
        QUEUE_OUTBOX_SCHEMA,
        /* What an account wants done with labelled posts. */
        "ALTER TABLE account ADD COLUMN labels TEXT NOT NULL DEFAULT '';",
        /* How many follow an account of ours; -1 of a post. */
        "ALTER TABLE metric ADD COLUMN followers INTEGER NOT NULL DEFAULT -1;",
        /* Whether anything at all was counted in an hour. */
        "CREATE INDEX IF NOT EXISTS tally_hour ON tally(hour_ms);",
        NULL,
};
static const struct db_schema schema = {.steps = steps, .synchronous = "FULL"};

static bool check(sqlite3 *db, const char *path, struct err *err)
{
	struct stat st;
	if (!path || stat(path, &st) != 0 || st.st_size > MAX_CHECKED_BYTES) return true;
	return db_check(db, err);
}

/* An empty file where there are backups is no beginning but a loss. */
static bool was_emptied(const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0 || st.st_size > 0) return false;
	char *backup = backup_newest_good(path);
	free(backup);
	return backup != NULL;
}

static bool refuse(const char *path, const struct err *why, struct err *err)
{
	char *backup = backup_newest_good(path);
	err_set(err, ERR_FORMAT, "%s is damaged (%.60s); %s%s", path, why->text,
	        backup ? "the newest good backup is " : "there is no good backup",
	        backup ? backup : "");
	free(backup);
	return false;
}

bool queue_db_open(const char *path, struct queue_db **out, struct err *err)
{
	struct err why = {0};
	sqlite3 *db = NULL;
	if (path && was_emptied(path)) {
		err_set(&why, ERR_FORMAT, "it is empty");
		return refuse(path, &why, err);
	}
	bool ok = db_open(path, &schema, &db, &why) && check(db, path, &why);
	if (!ok) {
		db_close(db);
		return why.code == ERR_FORMAT && path ? refuse(path, &why, err)
		                                      : err_set(err, why.code, "%s", why.text);
	}
	*out = xcalloc(1, sizeof **out);
	(*out)->db = db;
	(*out)->path = xstrdup(path);
	return true;
}

void queue_db_close(struct queue_db *db)
{
	if (!db) return;
	db_close(db->db);
	free(db->path);
	free(db->only_read);
	free(db);
}

bool queue_db_backup(struct queue_db *db, int64_t now_ms, struct err *err)
{
	return !db->path || backup_make(db->db, db->path, now_ms, err);
}

static const char *text(const char *s)
{
	return s ? s : "";
}

bool queue_each_row(struct queue_db *db, const char *sql, void (*row)(sqlite3_stmt *, void *ctx),
        void *ctx, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db->db, "cannot read the queue database", err);
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		row(stmt, ctx);
	bool ok = rc == SQLITE_DONE || db_fail(db->db, "cannot read the queue database", err);
	sqlite3_finalize(stmt);
	return ok;
}

struct receiver {
	void (*feed)(void *ctx, struct feed *feed);
	void (*value)(void *ctx, const char *key, const char *value);
	void *ctx;
};

static char *owned_text(sqlite3_stmt *stmt, int column)
{
	return xstrdup(db_text(stmt, column));
}

/* The name under which a URL is followed already; owned, NULL when it is not. */
static bool name_of_url(struct queue_db *db, const char *url, char **out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db, "SELECT name FROM feed WHERE url=?", -1, &stmt, NULL) !=
	        SQLITE_OK)
		return db_fail(db->db, "cannot read the feeds", err);
	sqlite3_bind_text(stmt, 1, url, -1, SQLITE_STATIC);
	int rc = sqlite3_step(stmt);
	bool ok = rc == SQLITE_ROW || rc == SQLITE_DONE ||
	          db_fail(db->db, "cannot read the feeds", err);
	if (ok) *out = rc == SQLITE_ROW ? owned_text(stmt, 0) : NULL;
	sqlite3_finalize(stmt);
	return ok;
}

bool queue_db_put_feed(struct queue_db *db, struct feed *feed, struct err *err)
{
	char *known = NULL;
	if (!name_of_url(db, text(feed->url), &known, err)) return false;
	if (known) {
		free(feed->name);
		feed->name = known;
	}
	return db_run(db->db, "cannot keep the feed", err,
	        "INSERT INTO feed(name, url, title, groups, site) VALUES(?, ?, ?, ?, ?)"
	        " ON CONFLICT(name) DO UPDATE SET url=excluded.url, title=excluded.title,"
	        " groups=excluded.groups, site=excluded.site",
	        "ttttt", text(feed->name), text(feed->url), text(feed->title), text(feed->groups),
	        text(feed->site));
}

bool queue_db_drop_feed(struct queue_db *db, const char *name, bool *out_was_there, struct err *err)
{
	if (!db_run(db->db, "cannot drop the feed", err, "DELETE FROM feed WHERE name=?", "t",
	            name))
		return false;
	if (out_was_there) *out_was_there = sqlite3_changes(db->db) > 0;
	return true;
}

static void feed_row(sqlite3_stmt *stmt, void *ctx)
{
	const struct receiver *receiver = ctx;
	struct feed *feed = xcalloc(1, sizeof *feed);
	*feed = (struct feed){
	        .name = owned_text(stmt, 0),
	        .url = owned_text(stmt, 1),
	        .title = owned_text(stmt, 2),
	        .groups = owned_text(stmt, 3),
	        .site = owned_text(stmt, 4),
	};
	receiver->feed(receiver->ctx, feed);
}

bool queue_db_feeds(
        struct queue_db *db, void (*each)(void *ctx, struct feed *feed), void *ctx, struct err *err)
{
	struct receiver receiver = {.feed = each, .ctx = ctx};
	return queue_each_row(db, "SELECT name, url, title, groups, site FROM feed ORDER BY name",
	        feed_row, &receiver, err);
}

bool queue_db_has_feed(struct queue_db *db, const char *name)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db, "SELECT 1 FROM feed WHERE name=?", -1, &stmt, NULL) !=
	        SQLITE_OK)
		return false;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	bool has = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return has;
}

bool queue_db_put(struct queue_db *db, const char *key, const char *value, struct err *err)
{
	if (!value || !*value)
		return db_run(db->db, "cannot forget a value", err, "DELETE FROM state WHERE key=?",
		        "t", key);
	return db_run(db->db, "cannot keep a value", err,
	        "INSERT INTO state(key, value) VALUES(?, ?)"
	        " ON CONFLICT(key) DO UPDATE SET value=excluded.value",
	        "tt", key, value);
}

static void value_row(sqlite3_stmt *stmt, void *ctx)
{
	const struct receiver *receiver = ctx;
	receiver->value(receiver->ctx, db_text(stmt, 0), db_text(stmt, 1));
}

bool queue_db_values(struct queue_db *db,
        void (*each)(void *ctx, const char *key, const char *value), void *ctx, struct err *err)
{
	struct receiver receiver = {.value = each, .ctx = ctx};
	return queue_each_row(
	        db, "SELECT key, value FROM state ORDER BY key", value_row, &receiver, err);
}

static bool put_keys(
        sqlite3 *db, const uint64_t *keys, size_t n, bool read, int64_t now_ms, struct err *err)
{
	const char *sql = read ? "INSERT OR REPLACE INTO read(key, at_ms) VALUES(?1, ?2)"
	                       : "DELETE FROM read WHERE key=?1 AND ?2 IS NOT NULL";
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db, "cannot remember what was read", err);
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		int64_t key;
		memcpy(&key, &keys[i], sizeof key);
		sqlite3_bind_int64(stmt, 1, key);
		sqlite3_bind_int64(stmt, 2, now_ms);
		ok = sqlite3_step(stmt) == SQLITE_DONE ||
		     db_fail(db, "cannot remember what was read", err);
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return ok;
}

bool queue_db_set_read(struct queue_db *db, const uint64_t *keys, size_t n, bool read,
        int64_t now_ms, struct err *err)
{
	if (!db_exec(db->db, "BEGIN IMMEDIATE", err)) return false;
	if (put_keys(db->db, keys, n, read, now_ms, err) && db_exec(db->db, "COMMIT", err))
		return true;
	sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool queue_db_read_keys(
        struct queue_db *db, size_t max, uint64_t **out, size_t *out_n, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db, "SELECT key FROM read ORDER BY at_ms DESC LIMIT ?", -1,
	            &stmt, NULL) != SQLITE_OK)
		return db_fail(db->db, "cannot read what was read", err);
	sqlite3_bind_int64(stmt, 1, max > INT64_MAX ? INT64_MAX : (int64_t)max);
	uint64_t *keys = NULL;
	size_t n = 0, cap = 0;
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		keys = mem_grow(keys, &cap, n + 1, sizeof *keys);
		keys[n++] = (uint64_t)sqlite3_column_int64(stmt, 0);
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE) {
		free(keys);
		return db_fail(db->db, "cannot read what was read", err);
	}
	*out = keys;
	*out_n = n;
	return true;
}
