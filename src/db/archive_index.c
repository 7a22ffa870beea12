#include "db/archive_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fold.h"
#include "db/archive_block.h"
#include "db/archive_tokens.h"
#include "db/db.h"

/*
 * When the rules by which the index is made are others than they were, it is emptied and filled
 * anew in the background, newest first: posts below `indexed_from` are not in it yet, and
 * searches look at each of them.
 */
enum { INDEX_VERSION = FOLD_VERSION * 1000 + TOKENS_VERSION };

/* Posts, and pages of an old table, of one portion: some 10 ms. */
enum { INDEX_POSTS = 100, OLD_ROWS = 200, OLD_STRUCTURE = 10 };

bool archive_index(struct archive *archive, int64_t id, const struct post *post, int64_t author,
        struct err *err)
{
	if (id < archive->indexed_from) return true;
	struct tokens tokens = {0};
	struct str bytes = {0};
	tokens_of_post(&tokens, post, author);
	tokens_write(&bytes, &tokens);
	bool ok = archive_exec(archive, STMT_FRESH_PUT, err, "iib", id, archive->turn,
	        (const void *)str_c(&bytes), bytes.len);
	tokens_finish(&tokens);
	str_finish(&bytes);
	return ok;
}

bool archive_unindex(struct archive *archive, int64_t id, struct err *err)
{
	return archive_exec(archive, STMT_FRESH_DROP, err, "i", id);
}

bool archive_index_read(struct archive *archive, struct err *err)
{
	sqlite3_stmt *last = archive_stmt(archive, STMT_BLOCK_LAST, err, "");
	if (!last || archive_step(archive, last, err) <= 0) return false;
	archive->turn = sqlite3_column_int64(last, 0);
	sqlite3_reset(last);
	if (archive->indexed_from == INT64_MIN) return true;
	return db_number(archive->db, "SELECT value FROM meta WHERE name='indexed_from'",
	        &archive->indexed_from, err);
}

static bool set_indexed_from(struct archive *archive, int64_t id, struct err *err)
{
	archive->indexed_from = id;
	return archive_exec(archive, STMT_META_SET, err, "ti", "indexed_from", id);
}

static bool start_anew(struct archive *archive, struct err *err)
{
	int64_t last = 0;
	char dead[64];
	snprintf(dead, sizeof dead, "UPDATE block SET state=%d", BLOCK_DEAD);
	return db_exec(archive->db, "DELETE FROM fresh", err) && db_exec(archive->db, dead, err) &&
	       db_number(archive->db, "SELECT id FROM post ORDER BY id DESC LIMIT 1", &last, err) &&
	       set_indexed_from(archive, last ? last + 1 : INT64_MIN, err) &&
	       archive_exec(archive, STMT_META_SET, err, "ti", "index", (int64_t)INDEX_VERSION);
}

bool archive_index_open(struct archive *archive, struct err *err)
{
	int64_t version = 0;
	if (!db_number(archive->db, "SELECT value FROM meta WHERE name='index'", &version, err))
		return false;
	if (version == INDEX_VERSION) return archive_index_read(archive, err);
	if (!archive_begin(archive, err)) return false;
	if (start_anew(archive, err)) return archive_commit(archive, err);
	archive_rollback(archive);
	return false;
}

/* The next posts below; what cannot be read has no tokens. */
static bool fill(struct archive *archive, bool *out_did, struct err *err)
{
	int64_t from = archive->indexed_from;
	*out_did = from != INT64_MIN;
	for (int i = 0; *out_did && i < INDEX_POSTS; i++) {
		sqlite3_stmt *stmt = archive_stmt(archive, STMT_POST_BELOW, err, "i", from);
		int row = stmt ? archive_step(archive, stmt, err) : -1;
		if (row < 0) return false;
		if (row == 0) return set_indexed_from(archive, INT64_MIN, err);
		from = sqlite3_column_int64(stmt, 0);
		int64_t author = sqlite3_column_int64(stmt, 1);
		struct post *post = archive_body_decode(stmt, 2);
		sqlite3_reset(stmt);
		archive->indexed_from = from;
		bool ok = !post || archive_index(archive, from, post, author, err);
		free(post);
		if (!ok) return false;
	}
	return !*out_did || set_indexed_from(archive, from, err);
}

/*
 * Full-text tables of older versions: their rows by and by, for they may be many, then they.
 * Without the record of its structure FTS5 cannot drop one.
 */
static bool drop_old(struct archive *archive, bool *out_did, struct err *err)
{
	static const char *const old[] = {"tokens", "words"};
	for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
		char sql[160];
		int64_t there;
		snprintf(sql, sizeof sql, "SELECT 1 FROM sqlite_schema WHERE name='%s'", old[i]);
		if (!db_number(archive->db, sql, &there, err)) return false;
		if (!there) continue;
		*out_did = true;
		snprintf(sql, sizeof sql,
		        "DELETE FROM %s_data WHERE id IN (SELECT id FROM %s_data WHERE id>%d LIMIT "
		        "%d)",
		        old[i], old[i], OLD_STRUCTURE, OLD_ROWS);
		int before = sqlite3_total_changes(archive->db);
		sqlite3_db_config(archive->db, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)NULL);
		bool ok = db_exec(archive->db, sql, err);
		sqlite3_db_config(archive->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
		snprintf(sql, sizeof sql, "DROP TABLE %s", old[i]);
		return ok && (sqlite3_total_changes(archive->db) > before ||
		                     db_exec(archive->db, sql, err));
	}
	return true;
}

static bool mend(struct archive *archive, bool *out_did, struct err *err)
{
	*out_did = archive->index_broken;
	archive->index_broken = false;
	return !*out_did || start_anew(archive, err);
}

static bool tend(struct archive *archive, bool *out_did, struct err *err)
{
	static bool (*const steps[])(struct archive * archive, bool *out_did, struct err *err) = {
	        mend, block_tend, drop_old, fill};
	*out_did = false;
	for (size_t i = 0; !*out_did && i < sizeof steps / sizeof *steps; i++) {
		if (!steps[i](archive, out_did, err)) return false;
	}
	return true;
}

bool archive_index_tend(struct archive *archive)
{
	bool did = false;
	if (!archive_begin(archive, NULL)) return false;
	if (tend(archive, &did, NULL)) return archive_commit(archive, NULL) && did;
	archive_rollback(archive);
	archive->indexed_from = 0;
	archive_index_read(archive, NULL);
	return false;
}

bool archive_indexed(struct archive *archive, int *out_percent, struct err *err)
{
	int64_t blocks = 0, fresh = 0;
	char sql[96];
	if (!archive_index_read(archive, err)) return false;
	*out_percent = 100;
	if (archive->indexed_from == INT64_MIN) return true;
	snprintf(sql, sizeof sql, "SELECT sum(posts) FROM block WHERE state=%d", BLOCK_LIVE);
	/* It takes a while, and it is not told to the post. */
	bool counted = archive->posts > 0 ||
	               db_number(archive->db, "SELECT count(*) FROM post", &archive->posts, err);
	if (!counted || !db_number(archive->db, sql, &blocks, err) ||
	        !db_number(archive->db, "SELECT count(*) FROM fresh", &fresh, err))
		return false;
	if (archive->posts > 0) *out_percent = (int)((blocks + fresh) * 100 / archive->posts);
	if (*out_percent > 99) *out_percent = 99;
	return true;
}
