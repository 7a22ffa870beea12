#include "db/archive_inside.h"

#include <stdlib.h>
#include <string.h>

#include "db/db.h"

/*
 * Housekeeping in portions that take about 20 ms at most; counted, not timed, so
 * that it does the same on every machine.
 */
enum { SWEEP_POSTS = 100, CHECKPOINT_PAGES = 1000 };
enum { SWEEP_EVERY_MS = 6 * 3600 * 1000 };

static bool drop_if_old(
        struct archive *archive, struct stored_post *stored, int64_t keep_ms, struct err *err)
{
	bool kept = true;
	if (!stored->post || stored->post->seen_ms >= keep_ms) return true;
	return archive_is_kept(archive, stored->post, &kept, err) &&
	       (kept || archive_drop(archive, stored, err));
}

/* Look at the next posts in the order of their writing. True when there are more. */
static bool sweep(struct archive *archive, int64_t keep_ms, bool *out_more, struct err *err)
{
	*out_more = true;
	for (int i = 0; i < SWEEP_POSTS; i++) {
		sqlite3_stmt *stmt =
		        archive_stmt(archive, STMT_POST_AFTER, err, "i", archive->swept_id);
		int row = stmt ? archive_step(archive, stmt, err) : -1;
		if (row < 0) return false;
		int64_t id = row ? sqlite3_column_int64(stmt, 0) : INT64_MAX;
		if (id > keep_ms / 1000) {
			sqlite3_reset(stmt);
			archive->retiring = true;
			return archive_exec(archive, STMT_GAP_TEND, err, "i", keep_ms) &&
			       archive_exec(archive, STMT_ENTRY_TEND, err, "i", keep_ms);
		}
		struct stored_post stored = {
		        .id = id,
		        .author = sqlite3_column_int64(stmt, 1),
		        .post = archive_body_decode(stmt, 2),
		};
		sqlite3_reset(stmt);
		bool ok = drop_if_old(archive, &stored, keep_ms, err);
		free(stored.post);
		if (!ok) return false;
		archive->swept_id = id;
	}
	return true;
}

/* The blocks when the posts are done. */
static bool roll_off_some(struct archive *archive, int64_t keep_ms, bool *out_more, struct err *err)
{
	if (!archive->retiring) return sweep(archive, keep_ms, out_more, err);
	if (!archive_retire(archive, keep_ms / 1000, out_more, err)) return false;
	if (*out_more) return true;
	archive->retiring = false;
	archive->swept_ms = keep_ms;
	return true;
}

static bool roll_off(struct archive *archive, int64_t keep_ms)
{
	bool more = false;
	if (!archive_begin(archive, NULL)) return false;
	if (roll_off_some(archive, keep_ms, &more, NULL))
		return archive_commit(archive, NULL) && more;
	archive_rollback(archive);
	archive->retire_at = 0;
	return false;
}

bool archive_tend(struct archive *archive, int64_t keep_ms)
{
	if (archive->in_batch) return false;
	if (archive->wal_pages >= CHECKPOINT_PAGES) {
		sqlite3_wal_checkpoint_v2(archive->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		archive->wal_pages = 0;
		return true;
	}
	if (archive_index_tend(archive)) return true;
	return keep_ms > 0 && keep_ms - archive->swept_ms >= SWEEP_EVERY_MS &&
	       roll_off(archive, keep_ms);
}
