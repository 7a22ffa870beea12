#include "networks/mastodon_http.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "net/url.h"

#define SECOND_MS ((int64_t)1000)

void mastodon_request(struct request *req, const struct call *call, const char *method,
        const char *path, const char *query)
{
	struct str url = {0};
	account_add_root(&url, call->account);
	str_adds(&url, path);
	if (*query) str_addf(&url, "?%s", query);
	req->method = method;
	req->url = str_take(&url);
	request_header(req, "Accept: %s", req->stream ? "text/event-stream" : "application/json");
	if (call->token && *call->token)
		request_header(req, "Authorization: Bearer %s", call->token);
}

void mastodon_get(struct request *req, const struct call *call, const char *path, const char *query)
{
	mastodon_request(req, call, "GET", path, query);
}

void mastodon_add_id(struct str *out, const char *id)
{
	url_encode(out, id, strlen(id));
}

/* --- failures --- */

/* Digits only; huge ones stay huge. */
static bool seconds(const char *s, int64_t *out_ms)
{
	size_t digits = strspn(s, "0123456789");
	if (digits == 0 || s[digits + strspn(s + digits, " \t")] != '\0') return false;
	*out_ms = digits > 12 ? INT64_MAX / 2 : strtoll(s, NULL, 10) * SECOND_MS;
	return true;
}

/* How long the server wants us to wait; 0 when it does not say. By its own clock where it shows. */
static int64_t wait_of(const struct response *answer, int64_t now_ms)
{
	const char *after = response_header(answer, "Retry-After");
	const char *reset = response_header(answer, "X-RateLimit-Reset");
	const char *date = response_header(answer, "Date");
	int64_t ms, theirs;
	if (date && date_parse_http(date, &theirs)) now_ms = theirs;
	if (after && seconds(after, &ms)) return ms;
	if (after && date_parse_http(after, &ms)) return ms > now_ms ? ms - now_ms : 0;
	if (reset && date_parse_rfc3339(reset, &ms)) return ms > now_ms ? ms - now_ms : 0;
	return 0;
}

static void fail_limited(struct call *call, const struct response *answer)
{
	int64_t wait = wait_of(answer, call->now_ms);
	if (wait > 0)
		err_set(&call->err, ERR_RATE_LIMITED, "the server asks to wait %lld s (%d)",
		        (long long)((wait + SECOND_MS - 1) / SECOND_MS), answer->status);
	else
		err_set(&call->err, ERR_RATE_LIMITED, "too many requests for the server (%d)",
		        answer->status);
	call->err.retry_ms = wait;
}

/* What the server has to say about it: the `error` of a JSON body. Owned, or NULL. */
static char *words_of(const struct response *answer)
{
	struct json *json = answer->body_len && answer->body_len < 65536
	                            ? json_parse(answer->body, answer->body_len, NULL)
	                            : NULL;
	const char *words = json ? json_str(json_root(json), "error") : NULL;
	char *copy = words && *words ? xstrdup(words) : NULL;
	json_free(json);
	return copy;
}

bool mastodon_lacks(const struct response *answer)
{
	if (answer->status == 405 || answer->status == 501) return true;
	if (answer->status != 404) return false;
	char *words = words_of(answer);
	/* Pleroma answers so to every path that it does not know. */
	bool lacks = !words || strcmp(words, "Not implemented") == 0;
	free(words);
	return lacks;
}

/* The token was made for less than was asked of it: RFC 6750, or Doorkeeper's words. */
static bool lacks_scope(const struct response *answer, const char *words)
{
	const char *why = response_header(answer, "WWW-Authenticate");
	return (why && strstr(why, "insufficient_scope")) ||
	       (words && (strstr(words, "scope") || strstr(words, "permissions")));
}

bool mastodon_is_scope(const struct response *answer)
{
	char *words = words_of(answer);
	bool lacks = answer->status == 403 && lacks_scope(answer, words);
	free(words);
	return lacks;
}

static const struct {
	int status;
	enum err_code code;
	const char *why;
} statuses[] = {
        {400, ERR_UNSUPPORTED, "the server does not understand the request"},
        {401, ERR_AUTH, "sign in again: the server no longer knows this account's token"},
        {403, ERR_AUTH, "the server does not permit this"},
        {404, ERR_NOT_FOUND, "the server has no such thing"},
        {405, ERR_UNSUPPORTED, "the server cannot do that"},
        {410, ERR_GONE, "it is gone from the server for good"},
        {422, ERR_UNSUPPORTED, "the server refuses the request"},
        {501, ERR_UNSUPPORTED, "the server cannot do that"},
};

static void fail(struct call *call, const struct response *answer)
{
	int status = answer->status;
	if (status == 0) {
		call->err = answer->err;
		if (call->err.code == ERR_NONE) err_set(&call->err, ERR_NETWORK, "no answer");
		return;
	}
	if (status == 429 || (status == 503 && response_header(answer, "Retry-After"))) {
		fail_limited(call, answer);
		return;
	}
	enum err_code code = ERR_SERVER;
	const char *why = status >= 300 && status < 400 ? "the server has moved elsewhere"
	                                                : "the server has a problem";
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (statuses[i].status != status) continue;
		code = statuses[i].code;
		why = statuses[i].why;
	}
	/* snac says so to a token that it does not know. */
	if (status == 422 && answer->body_len == 0 && call->token) {
		code = ERR_AUTH;
		why = "sign in again: the server refuses this account's token";
	}
	char *words = words_of(answer);
	if (status == 403 && lacks_scope(answer, words))
		why = "this account's token may not do that; sign in again to allow it";
	err_set(&call->err, code, "%s (%d)%s%s", why, status, words ? ": " : "",
	        words ? words : "");
	free(words);
}

/* Proxies and captive portals answer 200 with a web page. */
static bool is_web_page(const struct response *answer)
{
	const char *p = answer->body ? answer->body : "";
	return p[strspn(p, " \t\r\n")] == '<';
}

bool mastodon_good(struct call *call, const struct response *answer)
{
	if (answer->status < 200 || answer->status >= 300) {
		fail(call, answer);
		return false;
	}
	if (!is_web_page(answer)) return true;
	return err_set(&call->err, ERR_FORMAT,
	        "a web page came instead of the API's answer: is %s a Mastodon server, and is this "
	        "network open?",
	        call->account->host);
}

struct json *mastodon_json(struct call *call, const struct response *answer)
{
	if (!mastodon_good(call, answer)) return NULL;
	struct err why = {0};
	struct json *json = json_parse(answer->body ? answer->body : "", answer->body_len, &why);
	if (!json)
		err_set(&call->err, why.code == ERR_TOO_LARGE ? ERR_TOO_LARGE : ERR_FORMAT,
		        "the server's answer cannot be read: %s", why.text);
	return json;
}
