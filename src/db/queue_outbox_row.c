#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/db.h"
#include "db/queue_outbox_inside.h"

/*
 * A row carries a sum over all that decides what is posted, when and as whom: SQLite sees
 * a torn page, but not a bit that turned over within a text or a time.
 */

#define NUMBER(column, field) #column ", "
#define TEXT(column)          #column ", "
const char outgoing_columns[] = "id, state, via, late, wall, zone, content, media, " OUTGOING_TEXTS(
        TEXT) OUTGOING_NUMBERS(NUMBER) "sum";

enum {
	COLUMN_ID,
	COLUMN_STATE,
	COLUMN_VIA,
	COLUMN_LATE,
	COLUMN_WALL,
	COLUMN_ZONE,
	COLUMN_CONTENT,
	COLUMN_MEDIA,
	COLUMN_FIRST_TEXT
};

static uint64_t hash(uint64_t h, const char *bytes)
{
	for (const char *p = bytes ? bytes : "\1"; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

static int64_t sum_of(const struct outgoing *item, const char *content)
{
	const int64_t numbers[] = {item->draft, item->part, item->after, item->account,
	        item->at.utc_ms, item->undo_until_ms, item->next_ms, item->held, item->keep,
	        item->attempts, item->looks, item->first_ms, item->server_first_ms, item->replaces};
	const char *const texts[] = {content, item->key, item->frozen, item->watermark,
	        item->remote_id, item->uri, draft_vias[item->via].name,
	        draft_lates[item->late].name};
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	char digits[32];
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		snprintf(digits, sizeof digits, "%lld", (long long)numbers[i]);
		h = hash(h, digits);
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		h = hash(h, texts[i]);
	return (int64_t)(h >> 1);
}

static int word(const char *name, const struct draft_word *words, int n)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(words[i].name, name) == 0) return i;
	}
	return n;
}

static char *owned(sqlite3_stmt *stmt, int column)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);
	return text ? xstrdup((const char *)text) : NULL;
}

static bool read_words(struct outgoing *item, sqlite3_stmt *stmt)
{
	enum outgoing_state state = outgoing_state_find(db_text(stmt, COLUMN_STATE));
	int via = word(db_text(stmt, COLUMN_VIA), draft_vias, DRAFT_NVIAS);
	int late = word(db_text(stmt, COLUMN_LATE), draft_lates, DRAFT_NLATES);
	bool good = state < OUTGOING_NSTATES && via < DRAFT_NVIAS && late < DRAFT_NLATES;
	item->state = state < OUTGOING_NSTATES ? state : OUTGOING_NEEDS_YOU;
	item->via = via < DRAFT_NVIAS ? (enum draft_via)via : DRAFT_VIA_AUTO;
	item->late = late < DRAFT_NLATES ? (enum draft_late)late : DRAFT_LATE_ASK;
	snprintf(item->at.wall, sizeof item->at.wall, "%s", db_text(stmt, COLUMN_WALL));
	snprintf(item->at.zone, sizeof item->at.zone, "%s", db_text(stmt, COLUMN_ZONE));
	return good;
}

struct outgoing *outgoing_row_read(sqlite3_stmt *stmt)
{
	struct outgoing *item = xcalloc(1, sizeof *item);
	int column = COLUMN_FIRST_TEXT;
	item->id = sqlite3_column_int64(stmt, COLUMN_ID);
#define READ_TEXT(name) item->name = owned(stmt, column++);
	OUTGOING_TEXTS(READ_TEXT)
#define READ_NUMBER(name, field) item->field = sqlite3_column_int64(stmt, column++);
	OUTGOING_NUMBERS(READ_NUMBER)
	bool good = read_words(item, stmt);
	good = outgoing_decode_content(item, db_text(stmt, COLUMN_CONTENT), NULL) && good;
	good = outgoing_decode_media(item, db_text(stmt, COLUMN_MEDIA), NULL) && good;
	good = good &&
	       sum_of(item, db_text(stmt, COLUMN_CONTENT)) == sqlite3_column_int64(stmt, column);
	if (!item->text) item->text = xstrdup("");
	item->damaged = !good;
	return item;
}

/* "?, ?, …" for all columns, and "name=?, …" for all but the id. */
#define MARK_NUMBER(column, field) ", ?"
#define MARK_TEXT(column)          ", ?"
#define SET_NUMBER(column, field)  #column "=?, "
#define SET_TEXT(column)           #column "=?, "

static const char insert_sql[] =
        "INSERT INTO outgoing(state, via, late, wall, zone, content, media, " OUTGOING_TEXTS(TEXT)
                OUTGOING_NUMBERS(NUMBER) "sum) VALUES(?, ?, ?, ?, ?, ?, ?" OUTGOING_TEXTS(MARK_TEXT)
                        OUTGOING_NUMBERS(MARK_NUMBER) ", ?)";
static const char update_sql[] =
        "UPDATE outgoing SET state=?, via=?, late=?, wall=?, zone=?, content=?, "
        "media=?, " OUTGOING_TEXTS(SET_TEXT) OUTGOING_NUMBERS(SET_NUMBER) "sum=? WHERE id=?";

bool outgoing_row_write(struct queue_db *db, struct outgoing *item, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	struct str content = {0}, media = {0};
	int at = 1;
	if (sqlite3_prepare_v2(db->db, item->id ? update_sql : insert_sql, -1, &stmt, NULL) !=
	        SQLITE_OK)
		return db_fail(db->db, "cannot write the queue", err);
	outgoing_encode_content(&content, item);
	outgoing_encode_media(&media, item);
	const char *const words[] = {outgoing_states[item->state].name, draft_vias[item->via].name,
	        draft_lates[item->late].name, item->at.wall, item->at.zone, content.p, media.p};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		sqlite3_bind_text(stmt, at++, words[i], -1, SQLITE_STATIC);
#define BIND_TEXT(name) sqlite3_bind_text(stmt, at++, item->name, -1, SQLITE_STATIC);
	OUTGOING_TEXTS(BIND_TEXT)
#define BIND_NUMBER(name, field) sqlite3_bind_int64(stmt, at++, (int64_t)item->field);
	OUTGOING_NUMBERS(BIND_NUMBER)
	sqlite3_bind_int64(stmt, at++, sum_of(item, content.p));
	if (item->id) sqlite3_bind_int64(stmt, at, item->id);
	bool ok =
	        sqlite3_step(stmt) == SQLITE_DONE || db_fail(db->db, "cannot write the queue", err);
	sqlite3_finalize(stmt);
	if (ok && !item->id) item->id = sqlite3_last_insert_rowid(db->db);
	str_finish(&content);
	str_finish(&media);
	return ok;
}
