#include "db/archive_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/archive_tokens.h"
#include "db/article_codec.h"
#include "db/db.h"
#include "db/pack.h"
#include "model/post_merge.h"

/* One row of `post`, one of `profile`, and how they are found. */

int64_t archive_hash(const struct archive *archive, account_id account, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325u ^ archive->salt ^ ((uint64_t)account << 32);
	for (const char *p = name; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 0x100000001b3u;
	hash ^= hash >> 32;
	hash *= 0x9e3779b97f4a7c15u;
	return (int64_t)(hash >> 16);
}

struct post *archive_body_decode(sqlite3_stmt *row, int column)
{
	struct str bytes = {0};
	const void *blob = sqlite3_column_blob(row, column);
	bool ok = unpack(&bytes, blob, (size_t)sqlite3_column_bytes(row, column));
	struct post *post = ok ? post_decode(str_c(&bytes), bytes.len) : NULL;
	str_finish(&bytes);
	return post;
}

static void body_encode(struct str *out, const struct post *post)
{
	struct str bytes = {0};
	post_encode(&bytes, post);
	pack(out, str_c(&bytes), bytes.len);
	str_finish(&bytes);
}

static bool is_named(const struct post *post, account_id account, const char *name)
{
	struct viewer viewer;
	if (!account) return strcmp(post_str(post, POST_URI), name) == 0;
	return post_viewer_of(post, account, &viewer) && viewer.remote_id &&
	       strcmp(viewer.remote_id, name) == 0;
}

bool archive_post(struct archive *archive, int64_t id, struct stored_post *out, struct err *err)
{
	memset(out, 0, sizeof *out);
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_POST_GET, err, "i", id);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row <= 0) return row == 0;
	out->post = archive_body_decode(stmt, 1);
	out->id = out->post ? id : 0;
	out->author = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return true;
}

bool archive_find(struct archive *archive, account_id account, const char *name,
        struct stored_post *out, struct err *err)
{
	memset(out, 0, sizeof *out);
	sqlite3_stmt *stmt = archive_stmt(
	        archive, STMT_KEY_FIND, err, "i", archive_hash(archive, account, name));
	int row;
	while ((row = stmt ? archive_step(archive, stmt, err) : -1) > 0) {
		if (!archive_post(archive, sqlite3_column_int64(stmt, 0), out, err)) {
			row = -1;
			break;
		}
		if (out->post && is_named(out->post, account, name)) break;
		free(out->post);
		memset(out, 0, sizeof *out);
	}
	if (stmt) sqlite3_reset(stmt);
	return row >= 0;
}

static bool add_keys(struct archive *archive, const struct post *post, int64_t id, struct err *err)
{
	bool ok = archive_exec(archive, STMT_KEY_ADD, err, "ii",
	        archive_hash(archive, 0, post_str(post, POST_URI)), id);
	for (size_t i = 0; ok && i < post->nviewers; i++) {
		struct viewer viewer = post_viewer(post, i);
		if (viewer.remote_id)
			ok = archive_exec(archive, STMT_KEY_ADD, err, "ii",
			        archive_hash(archive, viewer.account, viewer.remote_id), id);
	}
	return ok;
}

static bool drop_keys(struct archive *archive, const struct post *post, int64_t id, struct err *err)
{
	bool ok = archive_exec(archive, STMT_KEY_DROP, err, "ii",
	        archive_hash(archive, 0, post_str(post, POST_URI)), id);
	for (size_t i = 0; ok && i < post->nviewers; i++) {
		struct viewer viewer = post_viewer(post, i);
		if (viewer.remote_id)
			ok = archive_exec(archive, STMT_KEY_DROP, err, "ii",
			        archive_hash(archive, viewer.account, viewer.remote_id), id);
	}
	return ok;
}

static bool is_taken(struct archive *archive, int64_t id, bool *out, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_POST_TAKEN, err, "i", id);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row < 0) return false;
	sqlite3_reset(stmt);
	*out = row > 0;
	return true;
}

/*
 * A free row number at or after the post's second. Many posts may share a second
 * (feeds whose dates are days): so leap ahead, then halve back to an edge.
 */
static bool free_id(struct archive *archive, const struct post *post, int64_t *out, struct err *err)
{
	int64_t low = post->created_ms >= 1000 ? post->created_ms / 1000 : 1, leap = 1;
	bool taken;
	if (!is_taken(archive, low, &taken, err)) return false;
	if (!taken) {
		*out = low;
		return true;
	}
	while (taken) {
		if (!is_taken(archive, low + leap, &taken, err)) return false;
		if (taken) {
			low += leap;
			leap *= 2;
		}
	}
	for (int64_t high = low + leap;;) {
		if (high - low == 1) {
			*out = high;
			return true;
		}
		int64_t middle = low + (high - low) / 2;
		if (!is_taken(archive, middle, &taken, err)) return false;
		*(taken ? &low : &high) = middle;
	}
}

bool archive_add_post(struct archive *archive, int64_t id, const struct post *post, int64_t author,
        struct err *err)
{
	struct str bytes = {0};
	body_encode(&bytes, post);
	bool ok = archive_exec(archive, STMT_POST_ADD, err, "iib", id, author,
	                  (const void *)str_c(&bytes), bytes.len) &&
	          add_keys(archive, post, id, err) && archive_index(archive, id, post, author, err);
	str_finish(&bytes);
	return ok;
}

/* `was`: the post as it is packed in the file, before the change. */
static bool change_index(struct archive *archive, const struct stored_post *old,
        const struct str *was, const struct post *post, int64_t author, struct err *err)
{
	struct str bytes = {0};
	struct tokens before = {0}, now = {0};
	struct post *copy =
	        unpack(&bytes, str_c(was), was->len) ? post_decode(str_c(&bytes), bytes.len) : NULL;
	if (copy) tokens_of_post(&before, copy, old->author);
	tokens_of_post(&now, post, author);
	bool same = before.n == now.n &&
	            (now.n == 0 || memcmp(before.all, now.all, now.n * sizeof *now.all) == 0);
	bool ok = same || archive_index(archive, old->id, post, author, err);
	free(copy);
	str_finish(&bytes);
	tokens_finish(&before);
	tokens_finish(&now);
	return ok;
}

/* `old` is brought up to date on the way. */
static bool change_post(struct archive *archive, const struct stored_post *old,
        const struct post *post, int64_t author, struct err *err)
{
	struct str was = {0}, is = {0};
	struct post *copy = NULL;
	body_encode(&was, old->post);
	bool known = post_merge(old->post, post, false, &copy) != MERGED_COPY;
	struct post *merged = known ? old->post : copy;
	body_encode(&is, merged);
	author = author ? author : old->author;
	bool ok = true;
	if (author != old->author || was.len != is.len ||
	        memcmp(str_c(&was), str_c(&is), is.len) != 0)
		ok = archive_exec(archive, STMT_POST_CHANGE, err, "iib", old->id, author,
		             (const void *)str_c(&is), is.len) &&
		     add_keys(archive, merged, old->id, err) &&
		     change_index(archive, old, &was, merged, author, err);
	str_finish(&was);
	str_finish(&is);
	free(copy);
	return ok;
}

bool archive_put_post(struct archive *archive, const struct post *post, int64_t author,
        int64_t *out_id, struct err *err)
{
	struct stored_post old;
	if (!archive_find(archive, 0, post_str(post, POST_URI), &old, err)) return false;
	if (!old.id)
		return free_id(archive, post, out_id, err) &&
		       archive_add_post(archive, *out_id, post, author, err);
	bool ok = change_post(archive, &old, post, author, err);
	*out_id = old.id;
	free(old.post);
	return ok;
}

bool archive_drop(struct archive *archive, const struct stored_post *stored, struct err *err)
{
	return archive_unindex(archive, stored->id, err) &&
	       drop_keys(archive, stored->post, stored->id, err) &&
	       archive_exec(archive, STMT_ENTRY_DROP, err, "i", stored->id) &&
	       archive_exec(archive, STMT_ARTICLE_DROP, err, "i", stored->id) &&
	       archive_exec(archive, STMT_POST_DROP, err, "i", stored->id);
}

bool archive_gone(
        struct archive *archive, account_id account, const char *remote_id, struct err *err)
{
	bool own = !archive->in_batch;
	if (own && !archive_begin(archive, err)) return false;
	struct stored_post stored;
	bool ok = archive_find(archive, account, remote_id, &stored, err) &&
	          (!stored.id || archive_drop(archive, &stored, err));
	free(stored.post);
	if (!ok) archive_rollback(archive);
	return ok && (!own || archive_commit(archive, err));
}

bool archive_article(struct archive *archive, const char *uri, struct text **out, struct err *err)
{
	struct stored_post stored;
	if (!archive_find(archive, 0, uri, &stored, err)) return false;
	free(stored.post);
	*out = NULL;
	if (!stored.id) return true;
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_ARTICLE_GET, err, "i", stored.id);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row <= 0) return row == 0;
	struct text *text = xcalloc(1, sizeof *text);
	struct str bytes = {0};
	bool ok = unpack(&bytes, sqlite3_column_blob(stmt, 0),
	                  (size_t)sqlite3_column_bytes(stmt, 0)) &&
	          article_decode(text, str_c(&bytes), bytes.len);
	str_finish(&bytes);
	sqlite3_reset(stmt);
	if (!ok) {
		free(text);
		return err_set(err, ERR_FORMAT, "the article of %s cannot be read", uri);
	}
	*out = text;
	return true;
}
