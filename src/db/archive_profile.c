#include "db/archive_inside.h"

#include <string.h>

#include "db/db.h"

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What the row says but `profile` does not know stays. */
static bool change(struct archive *archive, sqlite3_stmt *row, const struct profile *profile,
        int64_t id, struct err *err)
{
	const char *url = (const char *)sqlite3_column_text(row, 4);
	const char *bio = (const char *)sqlite3_column_text(row, 5);
	int64_t followers = sqlite3_column_int64(row, 6);
	struct profile is = *profile;
	is.url = is.url ? is.url : url;
	is.bio = is.bio ? is.bio : bio;
	is.followers = is.followers >= 0 ? is.followers : followers;
	if (same(is.handle, db_text(row, 2)) && same(is.name, db_text(row, 3)) &&
	        same(is.url, url) && same(is.bio, bio) && is.followers == followers &&
	        is.bot == (sqlite3_column_int(row, 7) != 0))
		return true;
	return archive_exec(archive, STMT_PROFILE_CHANGE, err, "ittttii", id, is.handle, is.name,
	        is.url, is.bio, is.followers, (int64_t)is.bot);
}

bool archive_put_profile(
        struct archive *archive, const struct profile *profile, int64_t *out_id, struct err *err)
{
	int64_t hash = archive_hash(archive, 0, profile->uri);
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_PROFILE_FIND, err, "i", hash);
	int row;
	while ((row = stmt ? archive_step(archive, stmt, err) : -1) > 0) {
		if (strcmp(db_text(stmt, 1), profile->uri) != 0) continue;
		*out_id = sqlite3_column_int64(stmt, 0);
		bool ok = change(archive, stmt, profile, *out_id, err);
		sqlite3_reset(stmt);
		return ok;
	}
	if (row < 0 || !archive_exec(archive, STMT_PROFILE_ADD, err, "itttttii", hash, profile->uri,
	                       profile->handle, profile->name, profile->url, profile->bio,
	                       profile->followers, (int64_t)profile->bot))
		return false;
	*out_id = sqlite3_last_insert_rowid(archive->db);
	return true;
}
