#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/db.h"
#include "db/queue_outbox_inside.h"

/* -- transactions -- */

/* After a failed sync the kernel may have dropped what it could not write. */
static void note_failure(struct queue_db *db)
{
	int code = sqlite3_extended_errcode(db->db);
	if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) db->broken = true;
}

bool outbox_begin(struct queue_db *db, bool lazy, struct err *err)
{
	if (db->only_read) return err_set(err, ERR_IO, "%s", db->only_read);
	if (db->broken)
		return err_set(err, ERR_IO,
		        "the disk did not keep what was written to the queue; nothing more is "
		        "sent");
	return db_exec(db->db, lazy ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL",
	               err) &&
	       db_exec(db->db, "BEGIN IMMEDIATE", err);
}

bool outbox_end(struct queue_db *db, bool ok, struct err *err)
{
	if (!ok) note_failure(db);
	if (ok && !db_exec(db->db, "COMMIT", err)) {
		note_failure(db);
		ok = false;
	}
	if (!ok) sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_exec(db->db, "PRAGMA synchronous=FULL", NULL, NULL, NULL);
	return ok;
}

bool queue_db_is_broken(const struct queue_db *db)
{
	return db->broken || db->only_read;
}

bool queue_db_was_written(struct queue_db *db)
{
	int64_t version = 0;
	if (!db_number(db->db, "PRAGMA data_version", &version, NULL)) return false;
	bool changed = version != db->data_version;
	db->data_version = version;
	return changed;
}

bool outgoing_note(
        struct queue_db *db, const struct outgoing *item, int64_t now_ms, struct err *err)
{
	return db_run(db->db, "cannot write the queue", err,
	        "INSERT INTO outgoing_change(outgoing, at_ms, state, cause) VALUES(?, ?, ?, ?)",
	        "iitt", item->id, now_ms, outgoing_states[item->state].name, item->cause);
}

/* -- rows -- */

bool queue_db_send(struct queue_db *db, struct outgoing **items, size_t n, int64_t draft,
        int64_t now_ms, struct err *err)
{
	if (!outbox_begin(db, false, err)) return false;
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		struct outgoing *item = items[i];
		if (item->after < 0) item->after = items[-item->after - 1]->id;
		item->made_ms = item->changed_ms = now_ms;
		item->rev = 1;
		ok = outgoing_row_write(db, item, err) && outgoing_note(db, item, now_ms, err);
	}
	ok = ok && (n == 0 || outgoing_ready_between(db, items[0]->id, items[n - 1]->id, err));
	ok = ok && (!draft || queue_db_drop_draft_inside(db, draft, now_ms, NULL, err));
	ok = outbox_end(db, ok, err);
	for (size_t i = 0; !ok && i < n; i++)
		items[i]->id = 0;
	return ok;
}

/* Is the row of this revision, and not held? */
static enum queue_step may_step(
        struct queue_db *db, const struct outgoing *item, unsigned flags, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db,
	            "SELECT EXISTS(SELECT 1 FROM hold WHERE account IN (0, ?2)) FROM outgoing"
	            " WHERE id=?1 AND rev=?3",
	            -1, &stmt, NULL) != SQLITE_OK) {
		db_fail(db->db, "cannot read the queue", err);
		return QUEUE_STEP_FAILED;
	}
	sqlite3_bind_int64(stmt, 1, item->id);
	sqlite3_bind_int64(stmt, 2, item->account);
	sqlite3_bind_int64(stmt, 3, item->rev);
	enum queue_step may = QUEUE_STEP_LOST;
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		may = flags & QUEUE_STEP_UNLESS_HELD && sqlite3_column_int(stmt, 0)
		              ? QUEUE_STEP_HELD
		              : QUEUE_STEP_DONE;
	else if (rc != SQLITE_DONE && !db_fail(db->db, "cannot read the queue", err))
		may = QUEUE_STEP_FAILED;
	sqlite3_finalize(stmt);
	return may;
}

enum queue_step queue_db_step(
        struct queue_db *db, struct outgoing *item, unsigned flags, int64_t now_ms, struct err *err)
{
	if (!outbox_begin(db, flags & QUEUE_STEP_LAZY, err)) return QUEUE_STEP_FAILED;
	enum queue_step how = may_step(db, item, flags, err);
	const int64_t rev = item->rev, changed = item->changed_ms;
	if (how == QUEUE_STEP_DONE) {
		item->rev++;
		item->changed_ms = now_ms;
		bool ok = outgoing_row_write(db, item, err) &&
		          (flags & QUEUE_STEP_QUIET || outgoing_note(db, item, now_ms, err)) &&
		          outgoing_family_step(db, item, now_ms, err);
		if (!outbox_end(db, ok, err)) how = QUEUE_STEP_FAILED;
	} else {
		outbox_end(db, false, NULL);
	}
	if (how == QUEUE_STEP_DONE) return how;
	item->rev = rev;
	item->changed_ms = changed;
	return how;
}

/* -- asking -- */

struct list {
	struct outgoing **items;
	size_t n, cap;
};

void outgoing_list_free(struct outgoing **items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		outgoing_free(items[i]);
	free(items);
}

/* Rows of `SELECT columns FROM outgoing <rest>`, with number parameters as in db_run. */
static bool list_rows(struct queue_db *db, const char *rest, const int64_t *numbers, size_t n,
        struct list *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	struct str sql = {0};
	str_addf(&sql, "SELECT %s FROM outgoing %s", outgoing_columns, rest);
	int rc = sqlite3_prepare_v2(db->db, sql.p, -1, &stmt, NULL);
	str_finish(&sql);
	if (rc != SQLITE_OK) return db_fail(db->db, "cannot read the queue", err);
	for (size_t i = 0; i < n; i++)
		sqlite3_bind_int64(stmt, (int)i + 1, numbers[i]);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		out->items = mem_grow(out->items, &out->cap, out->n + 1, sizeof(*out->items));
		out->items[out->n++] = outgoing_row_read(stmt);
	}
	bool ok = rc == SQLITE_DONE || db_fail(db->db, "cannot read the queue", err);
	sqlite3_finalize(stmt);
	if (ok) return true;
	outgoing_list_free(out->items, out->n);
	*out = (struct list){0};
	return false;
}

static bool take_list(struct list *list, bool ok, struct outgoing ***out, size_t *out_n)
{
	if (!ok) return false;
	*out = list->items;
	*out_n = list->n;
	return true;
}

struct outgoing *queue_db_outgoing(struct queue_db *db, int64_t id, struct err *err)
{
	struct list list = {0};
	struct outgoing *item = NULL;
	if (!list_rows(db, "WHERE id=?", &id, 1, &list, err)) return NULL;
	if (list.n == 1)
		item = list.items[0];
	else
		err_set(err, ERR_NOT_FOUND, "the queue has no post %lld", (long long)id);
	free(list.items);
	return item;
}

bool queue_db_due(struct queue_db *db, int64_t now_ms, size_t max, struct outgoing ***out,
        size_t *out_n, struct err *err)
{
	struct list list = {0};
	const int64_t numbers[] = {now_ms, (int64_t)max};
	bool ok = list_rows(db,
	        "WHERE ready_ms<=?1 AND (state<>'scheduled' OR NOT EXISTS(SELECT 1 FROM hold"
	        " WHERE hold.account IN (0, outgoing.account)))"
	        " ORDER BY wish=0, state<>'scheduled', at_ms, id LIMIT ?2",
	        numbers, 2, &list, err);
	return take_list(&list, ok, out, out_n);
}

bool queue_db_owned(struct queue_db *db, struct outgoing ***out, size_t *out_n, struct err *err)
{
	struct list list = {0};
	bool ok = list_rows(
	        db, "WHERE state IN ('preparing', 'sending') ORDER BY id", NULL, 0, &list, err);
	return take_list(&list, ok, out, out_n);
}

bool queue_db_in_state(struct queue_db *db, enum outgoing_state state, account_id account,
        struct outgoing ***out, size_t *out_n, struct err *err)
{
	struct list list = {0};
	struct str rest = {0};
	const int64_t numbers[] = {account};
	str_addf(&rest, "WHERE state='%s' AND (?1=0 OR account=?1) ORDER BY at_ms, id",
	        outgoing_states[state].name);
	bool ok = list_rows(db, rest.p, numbers, 1, &list, err);
	str_finish(&rest);
	return take_list(&list, ok, out, out_n);
}

bool queue_db_next(struct queue_db *db, int64_t now_ms, int64_t *out_ms, struct err *err)
{
	char sql[128];
	int64_t next = 0;
	snprintf(sql, sizeof(sql), "SELECT min(ready_ms) FROM outgoing WHERE ready_ms>%lld",
	        (long long)now_ms);
	if (!db_number(db->db, sql, &next, err)) return false;
	*out_ms = next ? next : INT64_MAX;
	return true;
}

bool queue_db_count_due(struct queue_db *db, int64_t now_ms, account_id account,
        struct queue_due *out, struct err *err)
{
	char due[320], sent[160];
	snprintf(due, sizeof(due),
	        "SELECT count(DISTINCT CASE draft WHEN 0 THEN -id ELSE draft END) FROM outgoing"
	        " WHERE state='scheduled' AND ready_ms<=%lld AND sure=0 AND keep=0 AND after=0",
	        (long long)now_ms);
	snprintf(sent, sizeof(sent), "SELECT max(sent_ms) FROM outgoing WHERE account=%u",
	        (unsigned)account);
	return db_number(db->db, due, &out->drafts, err) &&
	       db_number(db->db, sent, &out->sent_ms, err);
}

bool queue_db_is_taken(
        struct queue_db *db, account_id account, int64_t but_not, const char *remote_id)
{
	sqlite3_stmt *stmt = NULL;
	if (!remote_id || sqlite3_prepare_v2(db->db,
	                          "SELECT 1 FROM outgoing WHERE account=?1 AND id<>?2"
	                          " AND remote_id=?3",
	                          -1, &stmt, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int64(stmt, 2, but_not);
	sqlite3_bind_text(stmt, 3, remote_id, -1, SQLITE_STATIC);
	bool taken = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return taken;
}

bool queue_db_wants(struct queue_db *db, account_id account, int64_t from_ms, int64_t to_ms)
{
	char sql[200];
	int64_t found = 0;
	snprintf(sql, sizeof(sql),
	        "SELECT EXISTS(SELECT 1 FROM outgoing WHERE state='scheduled' AND account=%u"
	        " AND at_ms>%lld AND at_ms<=%lld)",
	        (unsigned)account, (long long)from_ms, (long long)to_ms);
	return db_number(db->db, sql, &found, NULL) && found;
}

bool queue_db_names(struct queue_db *db, const char *word, int64_t since_ms)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db,
	            "SELECT 1 FROM outgoing WHERE state<>'sent' AND instr(media, ?1)"
	            " AND (state<>'cancelled' OR changed_ms>=?2)"
	            " UNION ALL SELECT 1 FROM draft WHERE (gone=0 OR changed_ms>=?2)"
	            " AND instr(body, ?1) LIMIT 1",
	            -1, &stmt, NULL) != SQLITE_OK)
		return true;
	sqlite3_bind_text(stmt, 1, word, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, since_ms);
	bool none = sqlite3_step(stmt) == SQLITE_DONE;
	sqlite3_finalize(stmt);
	return !none;
}

bool queue_db_changed(struct queue_db *db, int64_t *seq, size_t max,
        void (*each)(void *ctx, struct outgoing *item), void *ctx, struct err *err)
{
	struct list list = {0};
	int64_t newest = 0;
	const int64_t numbers[] = {*seq, (int64_t)max};
	if (!db_number(db->db, "SELECT max(id) FROM outgoing_change", &newest, err)) return false;
	if (newest <= *seq) return true;
	const char *rest =
	        *seq ? "WHERE id IN (SELECT outgoing FROM outgoing_change WHERE id>?1)"
	               " AND ?2 IS NOT NULL ORDER BY id"
	             : "WHERE state NOT IN ('sent', 'failed', 'cancelled') OR id IN (SELECT id FROM"
	               " outgoing WHERE state IN ('sent', 'failed', 'cancelled') AND ?1=0"
	               " ORDER BY changed_ms DESC LIMIT ?2) ORDER BY id";
	if (!list_rows(db, rest, numbers, 2, &list, err)) return false;
	for (size_t i = 0; i < list.n; i++)
		each(ctx, list.items[i]);
	free(list.items);
	*seq = newest;
	return true;
}

bool queue_db_history(struct queue_db *db, int64_t id,
        void (*each)(void *ctx, int64_t at_ms, const char *state, const char *cause), void *ctx,
        struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db,
	            "SELECT at_ms, state, cause FROM outgoing_change WHERE outgoing=? ORDER BY id",
	            -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db->db, "cannot read the queue", err);
	sqlite3_bind_int64(stmt, 1, id);
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		each(ctx, sqlite3_column_int64(stmt, 0), db_text(stmt, 1), db_text(stmt, 2));
	bool ok = rc == SQLITE_DONE || db_fail(db->db, "cannot read the queue", err);
	sqlite3_finalize(stmt);
	return ok;
}
