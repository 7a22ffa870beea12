#include "db/salvage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/archive_inside.h"
#include "db/db.h"

/*
 * The tables are walked by their keys in rising order. Where a page cannot be read,
 * the walk leaps ahead, doubling, until reading works, and halves back to the edge.
 * Rows keep their numbers; keys and the full-text index are made anew.
 */
enum { MAX_SUFFIX = 1000, MAX_ERRORS = 100000, BATCH_ROWS = 1000 };

static char *free_suffix(const char *path)
{
	struct str aside = {0};
	for (int n = 1; n < MAX_SUFFIX; n++) {
		str_clear(&aside);
		str_addf(&aside, "%s.damaged-%d", path, n);
		if (access(str_c(&aside), F_OK) != 0) break;
	}
	return str_take(&aside);
}

static bool move(const char *path, const char *aside, const char *suffix)
{
	struct str from = {0}, to = {0};
	str_addf(&from, "%s%s", path, suffix);
	str_addf(&to, "%s%s", aside, suffix);
	bool ok = rename(str_c(&from), str_c(&to)) == 0 || (errno == ENOENT && *suffix);
	str_finish(&from);
	str_finish(&to);
	return ok;
}

char *salvage_set_aside(const char *path, struct err *err)
{
	char *aside = free_suffix(path);
	if (move(path, aside, "-wal") && move(path, aside, "-shm") && move(path, aside, ""))
		return aside;
	err_set(err, ERR_IO, "%s is damaged and cannot be set aside: %s", path, strerror(errno));
	free(aside);
	return NULL;
}

struct salvor {
	struct archive *to;
	sqlite3 *from;
	int64_t posts, source; /* carried over; the source whose rows are walked */
	size_t rows;           /* in this batch */
	int errors;
	struct err err; /* why it stopped */
};

/* Carry one row over; its column 0 is the key by which the walk goes. */
typedef bool carry(struct salvor *salvor, sqlite3_stmt *row);

static bool carried(struct salvor *salvor, sqlite3_stmt *row, carry *carry_row)
{
	if (!salvor->to->in_batch && !archive_begin(salvor->to, &salvor->err)) return false;
	if (!carry_row(salvor, row)) return false;
	if (++salvor->rows % BATCH_ROWS == 0) return archive_commit(salvor->to, &salvor->err);
	return true;
}

static int seek(struct salvor *salvor, sqlite3_stmt *stmt, int64_t key)
{
	sqlite3_reset(stmt);
	sqlite3_bind_int64(stmt, 1, key);
	if (sqlite3_bind_parameter_count(stmt) > 1) sqlite3_bind_int64(stmt, 2, salvor->source);
	int rc = sqlite3_step(stmt);
	salvor->errors += rc != SQLITE_ROW && rc != SQLITE_DONE;
	return rc;
}

/* The first key after `bad` from which reading works again; INT64_MAX when none is found. */
static int64_t after_fault(struct salvor *salvor, sqlite3_stmt *stmt, int64_t bad)
{
	int64_t good = bad;
	for (int64_t leap = 1; good == bad; leap *= 2) {
		if (bad > INT64_MAX / 4 || leap > INT64_MAX / 4) return INT64_MAX;
		int rc = seek(salvor, stmt, bad + leap);
		if (rc == SQLITE_ROW || rc == SQLITE_DONE)
			good = bad + leap;
		else
			bad = good = bad + leap;
	}
	while (good - bad > 1) {
		int64_t middle = bad + (good - bad) / 2;
		int rc = seek(salvor, stmt, middle);
		*(rc == SQLITE_ROW || rc == SQLITE_DONE ? &good : &bad) = middle;
	}
	return good;
}

/* `sql` has the least key as ?1 and may have the source as ?2. False: the new file cannot be
 * written. */
static bool walk(struct salvor *salvor, const char *sql, carry *carry_row)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(salvor->from, sql, -1, &stmt, NULL) != SQLITE_OK) return true;
	bool ok = true;
	for (int64_t next = 0; ok && next < INT64_MAX && salvor->errors < MAX_ERRORS;) {
		int rc = seek(salvor, stmt, next);
		for (; ok && rc == SQLITE_ROW; rc = ok ? sqlite3_step(stmt) : SQLITE_DONE) {
			int64_t key = sqlite3_column_int64(stmt, 0);
			if (key < next - 1 || key == INT64_MAX)
				break; /* pages may lead back to one that was seen */
			next = key + 1;
			ok = carried(salvor, stmt, carry_row);
		}
		salvor->errors += rc == SQLITE_ROW;
		if (rc == SQLITE_DONE) break;
		next = after_fault(salvor, stmt, next);
	}
	sqlite3_finalize(stmt);
	return ok;
}

static const char *text_or_null(sqlite3_stmt *row, int column)
{
	return (const char *)sqlite3_column_text(row, column);
}

static bool carry_source(struct salvor *salvor, sqlite3_stmt *row)
{
	return db_run(salvor->to->db, "cannot carry a source over", &salvor->err,
	        "INSERT OR IGNORE INTO source(id, name, state, title, site) VALUES(?, ?, ?, ?, ?)",
	        "itttt", sqlite3_column_int64(row, 0), db_text(row, 1), text_or_null(row, 2),
	        text_or_null(row, 3), text_or_null(row, 4));
}

static bool carry_profile(struct salvor *salvor, sqlite3_stmt *row)
{
	return db_run(salvor->to->db, "cannot carry a profile over", &salvor->err,
	        "INSERT OR IGNORE INTO profile(id, hash, uri, handle, name, url, bio, followers, "
	        "bot)"
	        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
	        "iitttttii", sqlite3_column_int64(row, 0),
	        archive_hash(salvor->to, 0, db_text(row, 1)), db_text(row, 1), db_text(row, 2),
	        db_text(row, 3), text_or_null(row, 4), text_or_null(row, 5),
	        sqlite3_column_int64(row, 6), sqlite3_column_int64(row, 7));
}

static bool carry_post(struct salvor *salvor, sqlite3_stmt *row)
{
	struct post *post = archive_body_decode(row, 2);
	if (!post) return true;
	bool ok = archive_add_post(salvor->to, sqlite3_column_int64(row, 0), post,
	        sqlite3_column_int64(row, 1), &salvor->err);
	salvor->posts += ok;
	free(post);
	return ok;
}

static bool carry_entry(struct salvor *salvor, sqlite3_stmt *row)
{
	return db_run(salvor->to->db, "cannot carry a row over", &salvor->err,
	        "INSERT OR IGNORE INTO entry(source, sort_ms, post, reason, actor, cursor)"
	        " SELECT ?, ?, ?3, ?, ?, ? WHERE ?3=0 OR EXISTS(SELECT 1 FROM post WHERE id=?3)",
	        "iiiiit", salvor->source, sqlite3_column_int64(row, 0),
	        sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2),
	        sqlite3_column_int64(row, 3), text_or_null(row, 4));
}

static bool carry_gap(struct salvor *salvor, sqlite3_stmt *row)
{
	return db_run(salvor->to->db, "cannot carry a gap over", &salvor->err,
	        "INSERT OR IGNORE INTO gap(source, sort_ms, cursor) VALUES(?, ?, ?)", "iit",
	        salvor->source, sqlite3_column_int64(row, 0), db_text(row, 1));
}

static bool carry_article(struct salvor *salvor, sqlite3_stmt *row)
{
	return db_run(salvor->to->db, "cannot carry an article over", &salvor->err,
	        "INSERT OR IGNORE INTO article(post, text) SELECT ?1, ?2"
	        " WHERE EXISTS(SELECT 1 FROM post WHERE id=?1)",
	        "ib", sqlite3_column_int64(row, 0), sqlite3_column_blob(row, 1),
	        (size_t)sqlite3_column_bytes(row, 1));
}

/* Rows and gaps of each source that came through. */
static bool carry_timelines(struct salvor *salvor)
{
	for (;;) {
		char sql[96];
		snprintf(sql, sizeof sql, "SELECT min(id) FROM source WHERE id>%" PRId64,
		        salvor->source);
		if (!db_number(salvor->to->db, sql, &salvor->source, &salvor->err)) return false;
		if (!salvor->source) return true;
		if (!walk(salvor,
		            "SELECT sort_ms, post, reason, actor, cursor FROM entry"
		            " WHERE sort_ms>=?1 AND source=?2 ORDER BY sort_ms",
		            carry_entry) ||
		        !walk(salvor,
		                "SELECT sort_ms, cursor FROM gap"
		                " WHERE sort_ms>=?1 AND source=?2 ORDER BY sort_ms",
		                carry_gap))
			return false;
	}
}

static bool carry_all(struct salvor *salvor)
{
	bool ok = walk(salvor,
	                  "SELECT id, name, state, title, site FROM source WHERE id>=?1"
	                  " ORDER BY id",
	                  carry_source) &&
	          walk(salvor,
	                  "SELECT id, uri, handle, name, url, bio, followers, bot"
	                  " FROM profile WHERE id>=?1 ORDER BY id",
	                  carry_profile) &&
	          walk(salvor, "SELECT id, author, body FROM post WHERE id>=?1 ORDER BY id",
	                  carry_post) &&
	          walk(salvor, "SELECT post, text FROM article WHERE post>=?1 ORDER BY post",
	                  carry_article) &&
	          carry_timelines(salvor);
	if (ok && salvor->to->in_batch) ok = archive_commit(salvor->to, &salvor->err);
	if (!ok) archive_rollback(salvor->to);
	return ok;
}

char *salvage(struct archive *archive, const char *aside)
{
	struct salvor salvor = {.to = archive};
	struct str said = {0};
	bool ok = true;
	if (sqlite3_open_v2(aside, &salvor.from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
	            NULL) == SQLITE_OK)
		ok = carry_all(&salvor);
	db_close(salvor.from);
	str_addf(&said,
	        "the archive was damaged: %" PRId64 " posts could be read and were kept,"
	        " and the damaged file is %s",
	        salvor.posts, aside);
	if (!ok) str_addf(&said, "; it went no further: %s", salvor.err.text);
	return str_take(&said);
}
