#include "db/archive_inside.h"

#include <stdlib.h>

#include "base/fold.h"
#include "db/archive_tokens.h"
#include "db/db.h"

/*
 * `tokens` keeps no text of its own (content=''): what is needed to take a post out of it
 * is made again from `post`. When the rules by which it is made are others than they were, it is
 * emptied and filled anew in the background, newest first: posts below `indexed_from` are not in
 * it yet, and searches look at each of them.
 */
enum { INDEX_VERSION = FOLD_VERSION * 1000 + TOKENS_VERSION };

/* Posts of one portion: some 20 ms. */
enum { INDEX_POSTS = 200 };

static bool change(struct archive *archive, enum statement which, int64_t id,
        const struct post *post, int64_t author, struct err *err)
{
	if (id < archive->indexed_from) return true;
	struct str tokens = {0};
	tokens_of_post(&tokens, post, author);
	bool ok = tokens.len == 0 || archive_exec(archive, which, err, "it", id, str_c(&tokens));
	str_finish(&tokens);
	return ok;
}

bool archive_index(struct archive *archive, int64_t id, const struct post *post, int64_t author,
        struct err *err)
{
	return change(archive, STMT_TOKENS_ADD, id, post, author, err);
}

bool archive_unindex(struct archive *archive, int64_t id, const struct post *post, int64_t author,
        struct err *err)
{
	return change(archive, STMT_TOKENS_DROP, id, post, author, err);
}

bool archive_index_read(struct archive *archive, struct err *err)
{
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
	return db_exec(archive->db, "INSERT INTO tokens(tokens) VALUES('delete-all')", err) &&
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
static bool fill(struct archive *archive, struct err *err)
{
	int64_t from = archive->indexed_from;
	for (int i = 0; i < INDEX_POSTS; i++) {
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
	return set_indexed_from(archive, from, err);
}

bool archive_index_more(struct archive *archive)
{
	if (archive->indexed_from == INT64_MIN || !archive_begin(archive, NULL)) return false;
	if (fill(archive, NULL)) {
		archive_commit(archive, NULL);
		return archive->indexed_from != INT64_MIN;
	}
	archive_rollback(archive);
	archive_index_read(archive, NULL);
	return false;
}

bool archive_indexed(struct archive *archive, int64_t *out_posts, struct err *err)
{
	sqlite3_stmt *stmt =
	        archive_stmt(archive, STMT_POSTS_FROM, err, "i", archive->indexed_from);
	if (!stmt || archive_step(archive, stmt, err) <= 0) return false;
	*out_posts = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return true;
}
