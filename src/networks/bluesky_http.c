#include "networks/bluesky_http.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "net/url.h"
#include "networks/bluesky_prefs.h"

#define SECOND_MS ((int64_t)1000)

static char *endpoint(const struct call *call, const char *nsid)
{
	struct str url = {0};
	account_add_root(&url, call->account);
	str_addf(&url, "/xrpc/%s", nsid);
	return str_take(&url);
}

static void authorize(struct request *req, const char *token)
{
	request_header(req, "Accept: application/json");
	if (token && *token) request_header(req, "Authorization: Bearer %s", token);
}

/* Labels are in the views that a GET brings. */
static void accept_labels(struct request *req, const struct account *account)
{
	struct str labelers = {0};
	bluesky_labels_from(&labelers, account->labels);
	if (labelers.len) request_header(req, "atproto-accept-labelers: %s", labelers.p);
	str_finish(&labelers);
}

void bluesky_get(struct request *req, const struct call *call, const char *nsid, const char *query)
{
	struct str url = {0};
	char *base = endpoint(call, nsid);
	str_adds(&url, base);
	if (*query) str_addf(&url, "?%s", query);
	free(base);
	req->method = "GET";
	req->url = str_take(&url);
	authorize(req, call->token);
	accept_labels(req, call->account);
}

void bluesky_post_json(struct request *req, const struct call *call, const char *nsid,
        const char *token, const char *json)
{
	req->method = "POST";
	req->url = endpoint(call, nsid);
	authorize(req, token ? token : call->token);
	if (!json) return;
	request_header(req, "Content-Type: application/json");
	req->body = xstrdup(json);
	req->body_len = strlen(json);
}

void bluesky_param(struct str *query, const char *name, const char *value)
{
	if (query->len) str_addc(query, '&');
	str_addf(query, "%s=", name);
	url_encode(query, value, strlen(value));
}

void bluesky_ask_record(
        struct request *req, const struct call *call, const char *repo, const char *rkey)
{
	struct str query = {0};
	bluesky_param(&query, "repo", repo);
	bluesky_param(&query, "collection", "app.bsky.feed.post");
	bluesky_param(&query, "rkey", rkey);
	bluesky_get(req, call, "com.atproto.repo.getRecord", str_c(&query));
	str_finish(&query);
}

/* --- failures --- */

/* RateLimit-Reset is in seconds since 1970; Retry-After counts from now. */
static int64_t wait_of(const struct response *answer, int64_t now_ms)
{
	const char *after = response_header(answer, "Retry-After");
	const char *reset = response_header(answer, "RateLimit-Reset");
	const char *date = response_header(answer, "Date");
	int64_t theirs, seconds = after ? strtoll(after, NULL, 10) : 0;
	if (seconds > 0) return seconds * SECOND_MS;
	if (date && date_parse_http(date, &theirs)) now_ms = theirs;
	int64_t at = reset ? strtoll(reset, NULL, 10) * SECOND_MS : 0;
	return at > now_ms ? at - now_ms : 0;
}

static void fail_limited(struct call *call, const struct response *answer)
{
	int64_t wait = wait_of(answer, call->now_ms);
	err_set(&call->err, ERR_RATE_LIMITED, "the server asks to wait %lld s",
	        (long long)((wait + SECOND_MS - 1) / SECOND_MS));
	call->err.retry_ms = wait;
}

/* Names of errors that mean one thing everywhere; what else comes is told in the server's words. */
static const struct {
	const char *name;
	enum err_code code;
	const char *why;
} names[] = {
        {"ExpiredToken", ERR_AUTH, "the session has ended"},
        {"InvalidToken", ERR_AUTH, "sign in again: the server does not know this session"},
        {"AuthenticationRequired", ERR_AUTH, "the name or the app password is wrong"},
        {"AuthMissing", ERR_AUTH, "this wants an account"},
        {"AccountTakedown", ERR_AUTH, "this account was taken down"},
        {"AuthFactorTokenRequired", ERR_CODE, "the server has sent a code by e-mail"},
        {"RateLimitExceeded", ERR_RATE_LIMITED, "too many requests for the server"},
        {"UnknownFeed", ERR_NOT_FOUND, "there is no such feed"},
        {"NotFound", ERR_NOT_FOUND, "there is no such thing"},
        {"RecordNotFound", ERR_NOT_FOUND, "there is no such record"},
        {"InvalidSwap", ERR_REFUSED, "something else stands there already"},
        {"BlobNotFound", ERR_NOT_FOUND, "the server has forgotten a picture"},
        {"AccountDeactivated", ERR_AUTH, "this account is deactivated"},
        {"BlockedActor", ERR_REFUSED, "you have blocked them"},
        {"BlockedByActor", ERR_REFUSED, "they have blocked you"},
        {"MethodNotImplemented", ERR_UNSUPPORTED, "the server cannot do that"},
        {"InvalidRequest", ERR_REFUSED, "the server refuses the request"},
};

static void fail_named(struct call *call, int status, const char *name, const char *words)
{
	enum err_code code = status >= 500 ? ERR_SERVER : status == 401 ? ERR_AUTH : ERR_REFUSED;
	const char *why =
	        status >= 500 ? "the server has a problem" : "the server refuses the request";
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i].name, name) != 0) continue;
		code = names[i].code;
		why = names[i].why;
	}
	err_set(&call->err, code, "%s (%d)%s%s", why, status, words && *words ? ": " : "",
	        words && *words ? words : "");
}

static void fail(struct call *call, const struct response *answer)
{
	if (answer->status == 0) {
		call->err = answer->err;
		if (call->err.code == ERR_NONE) err_set(&call->err, ERR_NETWORK, "no answer");
		return;
	}
	if (answer->status == 429) {
		fail_limited(call, answer);
		return;
	}
	struct json *json =
	        answer->body_len ? json_parse(answer->body, answer->body_len, NULL) : NULL;
	const cJSON *root = json ? json_root(json) : NULL;
	fail_named(call, answer->status, json_str(root, "error"), json_str(root, "message"));
	json_free(json);
}

struct json *bluesky_json(struct call *call, const struct response *answer)
{
	if (answer->status < 200 || answer->status >= 300) {
		fail(call, answer);
		return NULL;
	}
	struct err why = {0};
	struct json *json = json_parse(answer->body ? answer->body : "", answer->body_len, &why);
	if (!json)
		err_set(&call->err, why.code == ERR_TOO_LARGE ? ERR_TOO_LARGE : ERR_FORMAT,
		        "%s does not speak the AT Protocol here: %s", call->account->host,
		        why.text);
	return json;
}

bool bluesky_good(struct call *call, const struct response *answer)
{
	bool good = answer->status >= 200 && answer->status < 300;
	if (!good) fail(call, answer);
	return good;
}
