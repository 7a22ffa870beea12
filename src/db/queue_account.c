#include "db/queue_inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "db/db.h"

/* Accounts in queue.db. Their secrets are never here (engine/secret.h). */

/* X(field of struct limits, its type): as they stand in the column `limits`, an object of JSON. */
#define LIMITS(X)                                                                                  \
	X(text, uint32_t)                                                                          \
	X(url, uint32_t)                                                                           \
	X(media, uint32_t)                                                                         \
	X(poll_options, uint32_t)                                                                  \
	X(poll_option_text, uint32_t)                                                              \
	X(poll_min_s, uint32_t)                                                                    \
	X(poll_max_s, uint32_t)                                                                    \
	X(alt_text, uint32_t)                                                                      \
	X(image_bytes, uint64_t)                                                                   \
	X(image_pixels, uint64_t)                                                                  \
	X(video_bytes, uint64_t)

static void print_limit(struct str *out, const char *name, uint64_t value)
{
	if (value) str_addf(out, "%s\"%s\":%" PRIu64, out->len > 1 ? "," : "", name, value);
}

static char *limits_print(const struct limits *limits)
{
	struct str out = {0};
	str_addc(&out, '{');
#define X(field, type) print_limit(&out, #field, limits->field);
	LIMITS(X)
#undef X
	str_addc(&out, '}');
	return str_take(&out);
}

/* What makes no sense is not known. */
static uint64_t limit_of(const cJSON *root, const char *name, uint64_t max)
{
	int64_t n = json_int(root, name, 0);
	return n > 0 && (uint64_t)n <= max ? (uint64_t)n : 0;
}

static struct limits limits_parse(const char *text)
{
	struct limits limits = {0};
	struct json *json = json_parse(text, strlen(text), NULL);
	const cJSON *root = json ? json_root(json) : NULL;
#define X(field, type) limits.field = (type)limit_of(root, #field, (type)-1);
	LIMITS(X)
#undef X
	json_free(json);
	return limits;
}

static const char *text(const char *s)
{
	return s ? s : "";
}

/* A row of its own, so that put has one statement for new and known ones alike. */
static bool make_row(struct queue_db *db, struct account *account, struct err *err)
{
	bool ok = db_run(db->db, "cannot keep the account", err,
	        "INSERT INTO account(name, network, host, handle, uri, caps)"
	        " VALUES(?, '', '', '', '', 0)",
	        "t", text(account->name));
	if (ok) account->id = (account_id)sqlite3_last_insert_rowid(db->db);
	return ok;
}

static bool fill_row(struct queue_db *db, const struct account *account, struct err *err)
{
	char *limits = limits_print(&account->limits);
	bool ok = db_run(db->db, "cannot keep the account", err,
	        "UPDATE account SET name=?, network=?, host=?, handle=?, uri=?, caps=?,"
	        " remote_id=?, software=?, streaming=?, api=?, limits=?, learned_ms=?, labels=?"
	        " WHERE id=?",
	        "tttttitttititi", text(account->name), text(account->network), text(account->host),
	        text(account->handle), text(account->uri), (int64_t)account->caps,
	        text(account->remote_id), text(account->software), text(account->streaming),
	        (int64_t)account->api, limits, account->learned_ms, text(account->labels),
	        (int64_t)account->id);
	free(limits);
	return ok;
}

bool queue_db_put_account(struct queue_db *db, struct account *account, struct err *err)
{
	account_id before = account->id;
	if (!db_exec(db->db, "BEGIN IMMEDIATE", err)) return false;
	bool ok = account->id || make_row(db, account, err);
	ok = ok && fill_row(db, account, err);
	bool twice = !ok && (sqlite3_errcode(db->db) & 0xff) == SQLITE_CONSTRAINT;
	if (ok && db_exec(db->db, "COMMIT", err)) return true;
	sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
	account->id = before;
	if (!twice) return false;
	return err_set(
	        err, ERR_SYNTAX, "there is an account called '%s' already", text(account->name));
}

bool queue_db_drop_account(struct queue_db *db, account_id id, struct err *err)
{
	if (id == ACCOUNT_FEEDS)
		return err_set(err, ERR_UNSUPPORTED, "the account 'feeds' is built in");
	return db_run(db->db, "cannot forget the account", err, "DELETE FROM account WHERE id=?",
	        "i", (int64_t)id);
}

struct receiver {
	void (*account)(void *ctx, struct account *account);
	void *ctx;
};

static char *owned_text(sqlite3_stmt *stmt, int column)
{
	return xstrdup(db_text(stmt, column));
}

static void account_row(sqlite3_stmt *stmt, void *ctx)
{
	const struct receiver *receiver = ctx;
	struct account *account = xcalloc(1, sizeof *account);
	*account = (struct account){
	        .id = (account_id)sqlite3_column_int64(stmt, 0),
	        .name = owned_text(stmt, 1),
	        .network = owned_text(stmt, 2),
	        .host = owned_text(stmt, 3),
	        .handle = owned_text(stmt, 4),
	        .uri = owned_text(stmt, 5),
	        .caps = (unsigned)sqlite3_column_int64(stmt, 6),
	        .remote_id = owned_text(stmt, 7),
	        .software = owned_text(stmt, 8),
	        .streaming = owned_text(stmt, 9),
	        .api = (uint32_t)sqlite3_column_int64(stmt, 10),
	        .limits = limits_parse(db_text(stmt, 11)),
	        .learned_ms = sqlite3_column_int64(stmt, 12),
	        .labels = owned_text(stmt, 13),
	};
	receiver->account(receiver->ctx, account);
}

bool queue_db_accounts(struct queue_db *db, void (*each)(void *ctx, struct account *account),
        void *ctx, struct err *err)
{
	struct receiver receiver = {.account = each, .ctx = ctx};
	return queue_each_row(db,
	        "SELECT id, name, network, host, handle, uri, caps, remote_id, software, streaming,"
	        " api, limits, learned_ms, labels FROM account ORDER BY id",
	        account_row, &receiver, err);
}
