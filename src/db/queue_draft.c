#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/db.h"
#include "db/queue_outbox_inside.h"

#define NEXT_REV "(SELECT coalesce(max(rev), 0) + 1 FROM draft)"

static bool put(struct queue_db *db, struct draft *draft, const char *body, struct err *err)
{
	if (draft->id)
		return db_run(db->db, "cannot keep the draft", err,
		        "INSERT INTO draft(id, body, changed_ms, rev, gone)"
		        " VALUES(?, ?, ?, " NEXT_REV ", 0) ON CONFLICT(id) DO UPDATE SET"
		        " body=excluded.body, changed_ms=excluded.changed_ms, rev=excluded.rev, "
		        "gone=0",
		        "iti", draft->id, body, draft->changed_ms);
	bool ok = db_run(db->db, "cannot keep the draft", err,
	        "INSERT INTO draft(body, changed_ms, rev, gone) VALUES(?, ?, " NEXT_REV ", 0)",
	        "ti", body, draft->changed_ms);
	if (ok) draft->id = sqlite3_last_insert_rowid(db->db);
	return ok;
}

bool queue_db_put_draft(struct queue_db *db, struct draft *draft, int64_t now_ms, struct err *err)
{
	struct str body = {0};
	int64_t id = draft->id, changed = draft->changed_ms;
	if (!outbox_begin(db, false, err)) return false;
	draft->changed_ms = now_ms;
	draft_encode(&body, draft);
	bool ok = outbox_end(db, put(db, draft, body.p, err), err);
	str_finish(&body);
	if (ok) return true;
	draft->id = id;
	draft->changed_ms = changed;
	return false;
}

bool queue_db_drop_draft_inside(
        struct queue_db *db, int64_t id, int64_t now_ms, bool *out_was_there, struct err *err)
{
	bool ok = db_run(db->db, "cannot drop the draft", err,
	        "UPDATE draft SET gone=1, changed_ms=?2, rev=" NEXT_REV " WHERE id=?1 AND gone=0",
	        "ii", id, now_ms);
	if (ok && out_was_there) *out_was_there = sqlite3_changes(db->db) > 0;
	return ok;
}

bool queue_db_drop_draft(
        struct queue_db *db, int64_t id, int64_t now_ms, bool *out_was_there, struct err *err)
{
	if (!outbox_begin(db, false, err)) return false;
	bool ok = queue_db_drop_draft_inside(db, id, now_ms, out_was_there, err);
	return outbox_end(db, ok, err);
}

bool queue_db_drafts(struct queue_db *db, int64_t *rev,
        void (*each)(void *ctx, struct draft *draft, bool gone), void *ctx, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db,
	            "SELECT id, body, rev, gone, changed_ms FROM draft WHERE rev>?1"
	            " AND (?1>0 OR gone=0) ORDER BY rev",
	            -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db->db, "cannot read the drafts", err);
	sqlite3_bind_int64(stmt, 1, *rev);
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *body = db_text(stmt, 1);
		struct draft *draft = draft_decode(body, strlen(body), NULL);
		if (!draft) { /* what can still be read of it is its text */
			draft = draft_new();
			free(draft->parts[0].text);
			draft->parts[0].text = xstrdup(body);
		}
		draft->id = sqlite3_column_int64(stmt, 0);
		draft->changed_ms = sqlite3_column_int64(stmt, 4);
		*rev = sqlite3_column_int64(stmt, 2);
		each(ctx, draft, sqlite3_column_int(stmt, 3));
	}
	bool ok = rc == SQLITE_DONE || db_fail(db->db, "cannot read the drafts", err);
	sqlite3_finalize(stmt);
	return ok;
}
