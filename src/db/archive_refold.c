#include <stdio.h>
#include <stdlib.h>

#include "base/fold.h"
#include "db/archive_inside.h"
#include "db/db.h"

/* Every post's words once more, by the rules of now. What cannot be read has none. */
static bool add_all(struct archive *archive, struct err *err)
{
	for (int64_t id = INT64_MIN;;) {
		sqlite3_stmt *stmt = archive_stmt(archive, STMT_POST_AFTER, err, "i", id);
		int row = stmt ? archive_step(archive, stmt, err) : -1;
		if (row <= 0) return row == 0;
		id = sqlite3_column_int64(stmt, 0);
		struct post *post = archive_body_decode(stmt, 2);
		sqlite3_reset(stmt);
		bool ok = !post || archive_add_words(archive, id, post_str(post, POST_FOLDED), err);
		free(post);
		if (!ok) return false;
	}
}

bool archive_refold(struct archive *archive, struct err *err)
{
	char done[96];
	int64_t version = 0;
	if (!db_number(archive->db, "SELECT value FROM meta WHERE name='fold'", &version, err))
		return false;
	if (version == FOLD_VERSION) return true;
	snprintf(
	        done, sizeof(done), "INSERT OR REPLACE INTO meta VALUES('fold', %d)", FOLD_VERSION);
	if (!archive_begin(archive, err)) return false;
	if (db_exec(archive->db, "INSERT INTO words(words) VALUES('delete-all')", err) &&
	        add_all(archive, err) && db_exec(archive->db, done, err))
		return archive_commit(archive, err);
	archive_rollback(archive);
	return false;
}
