#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/db.h"
#include "db/queue_inside.h"

/* What no server gives back: how much came, what we owe, what became of our posts. */

bool queue_db_tally(struct queue_db *db, const char *source, int64_t hour_ms, int posts,
        int authors, struct err *err)
{
	return db_run(db->db, "cannot keep a tally", err,
	        "INSERT INTO tally(source, hour_ms, posts, authors) VALUES(?, ?, ?, ?)"
	        " ON CONFLICT(source, hour_ms) DO UPDATE SET posts=posts+excluded.posts,"
	        " authors=max(authors, excluded.authors)",
	        "tiii", source, hour_ms, (int64_t)posts, (int64_t)authors);
}

/*
 * A server may name what was answered by its own id alone, before the post itself was seen:
 * then a row says so whose URI is ID_PREFIX and that id.
 */
#define ID_PREFIX "id:"

static bool number_of(struct queue_db *db, int64_t *out, struct err *err, const char *sql,
        const char *text, account_id account)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db->db, "cannot read what wants an answer", err);
	sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, account);
	int rc = sqlite3_step(stmt);
	bool ok = rc == SQLITE_ROW || rc == SQLITE_DONE ||
	          db_fail(db->db, "cannot read what wants an answer", err);
	if (ok) *out = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return ok;
}

static bool put_row(struct queue_db *db, const struct attention_row *row, struct err *err)
{
	return db_run(db->db, "cannot keep what wants an answer", err,
	        "INSERT INTO attention(uri, account, state, at_ms, remote_id)"
	        " VALUES(?, ?, ?, ?, ?)"
	        " ON CONFLICT(uri, account) DO UPDATE SET state=excluded.state,"
	        " at_ms=excluded.at_ms WHERE excluded.state<>0 AND excluded.state<>state",
	        "tiiit", row->uri, (int64_t)row->account, (int64_t)row->state, row->at_ms,
	        row->remote_id ? row->remote_id : "");
}

/* Of the accounts that the post was to besides row->account. */
static bool put_others(struct queue_db *db, const struct attention_row *row, struct err *err)
{
	int64_t state = row->state;
	return db_run(db->db, "cannot keep what wants an answer", err,
	        "UPDATE attention SET state=?, at_ms=? WHERE uri=? AND state<>?", "iiti", state,
	        row->at_ms, row->uri, state);
}

bool queue_db_attention(struct queue_db *db, const struct attention_row *row,
        enum attention *out_state, bool *out_changed, struct err *err)
{
	struct attention_row now = *row;
	int before = sqlite3_total_changes(db->db);
	int64_t answered = 0;
	if (now.state == ATTENTION_NEW && now.remote_id && *now.remote_id &&
	        !number_of(db, &answered, err,
	                "SELECT 1 FROM attention WHERE uri='" ID_PREFIX "'||?1 AND account=?2",
	                now.remote_id, now.account))
		return false;
	if (answered) now.state = ATTENTION_ANSWERED;
	if (!put_row(db, &now, err)) return false;
	if (now.state != ATTENTION_NEW && !put_others(db, &now, err)) return false;
	*out_state = now.state;
	*out_changed = sqlite3_total_changes(db->db) != before;
	return true;
}

/* The URI under which a parent is known; owned, NULL: it is not. */
static bool parent_uri(
        struct queue_db *db, account_id account, const char *parent, char **out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	const char *sql = "SELECT uri FROM attention WHERE account=?2 AND remote_id=?1 LIMIT 1";
	if (sqlite3_prepare_v2(db->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_fail(db->db, "cannot read what wants an answer", err);
	sqlite3_bind_text(stmt, 1, parent, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, account);
	int rc = sqlite3_step(stmt);
	bool ok = rc == SQLITE_ROW || rc == SQLITE_DONE ||
	          db_fail(db->db, "cannot read what wants an answer", err);
	if (ok) *out = rc == SQLITE_ROW ? xstrdup(db_text(stmt, 0)) : NULL;
	sqlite3_finalize(stmt);
	return ok;
}

bool queue_db_answered(struct queue_db *db, account_id account, const char *parent, int64_t at_ms,
        char **out_uri, struct err *err)
{
	char *known = NULL;
	struct str uri = {0};
	enum attention state;
	bool changed = false, by_id = !strchr(parent, ':');
	if (by_id && !parent_uri(db, account, parent, &known, err)) return false;
	if (by_id && !known) str_adds(&uri, ID_PREFIX);
	str_adds(&uri, known ? known : parent);
	const struct attention_row row = {
	        .uri = uri.p, .account = account, .state = ATTENTION_ANSWERED, .at_ms = at_ms};
	bool ok = queue_db_attention(db, &row, &state, &changed, err);
	if (ok) *out_uri = changed && (known || !by_id) ? str_take(&uri) : NULL;
	free(known);
	str_finish(&uri);
	return ok;
}

struct receiver {
	void (*each)(void *ctx, const struct attention_row *row);
	void *ctx;
};

static void on_row(sqlite3_stmt *stmt, void *ctx)
{
	const struct receiver *receiver = ctx;
	int state = sqlite3_column_int(stmt, 2);
	if (state < 0 || state >= ATTENTION_COUNT) return; /* of a later version */
	const struct attention_row row = {.uri = db_text(stmt, 0),
	        .account = (account_id)sqlite3_column_int64(stmt, 1),
	        .state = (enum attention)state,
	        .at_ms = sqlite3_column_int64(stmt, 3),
	        .remote_id = db_text(stmt, 4)};
	receiver->each(receiver->ctx, &row);
}

bool queue_db_attentions(struct queue_db *db, size_t max,
        void (*each)(void *ctx, const struct attention_row *row), void *ctx, struct err *err)
{
	struct receiver receiver = {each, ctx};
	struct str sql = {0};
	str_addf(&sql,
	        "SELECT uri, account, state, at_ms, remote_id FROM attention WHERE state<=%d"
	        " UNION SELECT * FROM (SELECT uri, account, state, at_ms, remote_id"
	        " FROM attention WHERE state>%d"
	        " AND uri NOT LIKE '" ID_PREFIX "%%' ORDER BY at_ms DESC LIMIT %zu)"
	        " ORDER BY at_ms",
	        ATTENTION_LATER, ATTENTION_LATER, max);
	bool ok = queue_each_row(db, sql.p, on_row, &receiver, err);
	str_finish(&sql);
	return ok;
}

bool queue_db_visit(
        struct queue_db *db, const char *column, int64_t start_ms, int64_t seconds, struct err *err)
{
	return db_run(db->db, "cannot keep a visit", err,
	        "INSERT OR REPLACE INTO visit(column_title, start_ms, seconds) VALUES(?, ?, ?)",
	        "tii", column, start_ms, seconds);
}
