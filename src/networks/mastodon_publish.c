#include "networks/mastodon_publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/mastodon_posting.h"

enum { KEY_MS = 50 * 60000 }; /* servers remember a key for an hour */

char *mastodon_make_key(int64_t now_ms, uint64_t random)
{
	struct str key = {0};
	uint64_t ms = (uint64_t)now_ms & 0xffffffffffff;
	str_addf(&key, "%08llx-%04llx-7%03llx-%04llx-%012llx", (unsigned long long)(ms >> 16),
	        (unsigned long long)(ms & 0xffff), (unsigned long long)(random >> 52),
	        (unsigned long long)(0x8000 | (random >> 48 & 0xf)),
	        (unsigned long long)(random & 0xffffffffffff));
	return str_take(&key);
}

/*
 * Mastodon and its relatives, who tell their API's version, remember the key of what they
 * posted; so do Pleroma and Akkoma. GoToSocial, snac and Pixelfed do not, and of the rest
 * nothing is known (fact sheet 5.2, 14).
 */
int64_t mastodon_repeat_ms(const struct account *account)
{
	bool honours = account->api > 0 || mastodon_is(account, "mastodon") ||
	               mastodon_is(account, "pleroma") || mastodon_is(account, "akkoma");
	return honours ? KEY_MS : 0;
}

/* A program's name without its version was only guessed (mastodon_learn.c). */
bool mastodon_can_keep(const struct account *account)
{
	static const char *const keepers[] = {"mastodon", "pleroma", "akkoma"};
	if (!(account->caps & CAP_SCHEDULE) || !strchr(account->software, ' ')) return false;
	for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++) {
		if (mastodon_is(account, keepers[i])) return true;
	}
	return false;
}

/* --- publish --- */

/* The members of a JSON object or array once more, as this server reads them. */
static void fill(struct mastodon_body *body, const cJSON *from)
{
	json_each (item, from) {
		if (cJSON_IsString(item)) {
			mastodon_body_str(body, item->string, item->valuestring);
		} else if (cJSON_IsNumber(item)) {
			mastodon_body_int(body, item->string, (int64_t)item->valuedouble);
		} else if (cJSON_IsBool(item)) {
			mastodon_body_bool(body, item->string, cJSON_IsTrue(item));
		} else if (cJSON_IsArray(item) || cJSON_IsObject(item)) {
			char kind = cJSON_IsArray(item) ? '[' : '{';
			mastodon_body_open(body, item->string, kind);
			fill(body, item);
			mastodon_body_close(body, kind);
		}
	}
}

static bool fill_body(struct call *call, struct request *req)
{
	const struct outgoing *item = call->publish->item;
	const char *frozen = item->frozen ? item->frozen : "";
	struct json *json = json_parse(frozen, strlen(frozen), NULL);
	if (!cJSON_IsObject(json_root(json))) {
		json_free(json);
		return err_set(&call->err, ERR_SYNTAX, "what was to be sent cannot be read");
	}
	struct mastodon_body body;
	mastodon_body_init(&body, call->account);
	fill(&body, json_root(json));
	if (call->publish->keep) {
		char at[32];
		date_format_rfc3339(at, item->at.utc_ms);
		mastodon_body_str(&body, "scheduled_at", at);
	}
	mastodon_body_end(&body, req);
	json_free(json);
	return true;
}

static enum call_next ask(struct call *call, struct request *req)
{
	const struct outgoing *item = call->publish->item;
	mastodon_request(req, call, "POST", "/api/v1/statuses", "");
	if (item->key) request_header(req, "Idempotency-Key: %s", item->key);
	req->fresh = true;
	return fill_body(call, req) ? CALL_SEND : CALL_FAIL;
}

/* What it answers or quotes was there a moment ago. */
static void explain_lack(struct call *call)
{
	const struct outgoing *item = call->publish->item;
	bool answers = call->publish->before || item->reply_to;
	if (answers || item->quote_of)
		err_set(&call->err, ERR_NOT_FOUND,
		        "the post that it %s is no longer there, or not for %s",
		        answers ? "answers" : "quotes", call->account->name);
	else
		call->err.code = ERR_SYNTAX;
}

enum call_next mastodon_publish(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask(call, req);
	if (!mastodon_posting_good(call, answer)) {
		if (call->err.code == ERR_NOT_FOUND) explain_lack(call);
		return CALL_FAIL;
	}
	struct json *json = mastodon_json(call, answer);
	if (!json) return CALL_FAIL;
	bool known = mastodon_posting_take(call, json_root(json)) ||
	             mastodon_posting_take_kept(call, json_root(json));
	json_free(json);
	if (known) return CALL_DONE;
	err_set(&call->err, ERR_FORMAT, "%s does not tell what it made of the post",
	        call->account->host);
	return CALL_FAIL;
}

/* --- withdraw --- */

enum call_next mastodon_withdraw(
        struct call *call, const struct response *answer, struct request *req)
{
	if (answer) {
		call->publish->found = answer->status != 404;
		if (answer->status == 404) return CALL_DONE;
		return mastodon_posting_good(call, answer) ? CALL_DONE : CALL_FAIL;
	}
	struct str path = {0};
	str_adds(&path, "/api/v1/scheduled_statuses/");
	mastodon_add_id(&path, call->publish->item->remote_id);
	mastodon_request(req, call, "DELETE", str_c(&path), "");
	str_finish(&path);
	return CALL_SEND;
}
