#include "db/archive_inside.h"

#include <stdlib.h>

#include "db/archive_block.h"

/*
 * Blocks of whose posts most have rolled off: what is left becomes fresh again, in portions, and
 * they go. One post in SAMPLE tells how many are left.
 */
enum { SAMPLE = 32, LEFT_ONE_IN = 4, RETIRE_POSTS = 400 };

static bool is_there(struct archive *archive, int64_t id, bool *out, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_POST_TAKEN, err, "i", id);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row < 0) return false;
	sqlite3_reset(stmt);
	*out = row > 0;
	return true;
}

static bool is_mostly_gone(struct archive *archive, const struct block *block, const int64_t *ids,
        bool *out, struct err *err)
{
	size_t asked = 0, left = 0;
	for (size_t i = 0; i < block->posts; i += SAMPLE, asked++) {
		bool there;
		if (!is_there(archive, ids[i], &there, err)) return false;
		left += there;
	}
	*out = left * LEFT_ONE_IN < asked;
	return true;
}

static bool make_fresh(struct archive *archive, int64_t id, struct err *err)
{
	struct stored_post stored;
	if (!archive_post(archive, id, &stored, err)) return false;
	bool ok = !stored.post || archive_index(archive, id, stored.post, stored.author, err);
	free(stored.post);
	return ok;
}

/* The block after those that were looked at, all of it older than `before`. */
static bool next_block(
        struct archive *archive, int64_t before, struct block *out, bool *out_any, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_BLOCK_OLDER, err, "iii",
	        (int64_t)BLOCK_LIVE, archive->retired, before);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	*out_any = row > 0;
	if (row <= 0) return row == 0;
	block_read(out, stmt);
	sqlite3_reset(stmt);
	return true;
}

static bool retire(
        struct archive *archive, const struct block *block, const int64_t *ids, struct err *err)
{
	bool gone = archive->retire_at > 0;
	if (!gone && !is_mostly_gone(archive, block, ids, &gone, err)) return false;
	size_t at = archive->retire_at, end = at + RETIRE_POSTS;
	if (!gone) at = block->posts;
	for (; at < block->posts && at < end; at++) {
		if (!make_fresh(archive, ids[at], err)) return false;
	}
	archive->retire_at = at;
	if (at < block->posts) return true;
	archive->retire_at = 0;
	archive->retired = block->id;
	return !gone ||
	       archive_exec(archive, STMT_BLOCK_STATE, err, "ii", block->id, (int64_t)BLOCK_DEAD);
}

bool archive_retire(struct archive *archive, int64_t before, bool *out_more, struct err *err)
{
	struct block block;
	int64_t *ids = NULL;
	if (!next_block(archive, before, &block, out_more, err)) return false;
	if (!*out_more) {
		archive->retired = 0;
		return true;
	}
	bool ok = block_ids(archive, &block, &ids, err) && retire(archive, &block, ids, err);
	free(ids);
	return ok;
}
