#include "networks/mastodon_sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/url.h"
#include "networks/mastodon_body.h"
#include "networks/mastodon_code.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_learn.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_work.h"

enum { DISCOVER, REGISTER, REGISTER_AGAIN };
enum { TOKEN, LEARN };
enum { MAX_WORD = 2048, MAX_WORDS = 4 };

static const char out_of_band[] = "urn:ietf:wg:oauth:2.0:oob";
/* What is asked for; `follow` is for servers from before 2.4.3 and Pleroma. */
static const char *const scopes[] = {"read", "write", "follow"};

static const char *redirect_of(const struct sign_in *sign_in)
{
	return sign_in->redirect ? sign_in->redirect : out_of_band;
}

/* What the server says of its ways to sign in, or NULL. */
static const cJSON *metadata(struct call *call)
{
	return mastodon_kept(call, KEPT_SERVER);
}

/* `list` (an array) holds the word, or does not exist. */
static bool lists(const cJSON *list, const char *word)
{
	json_each (item, list) {
		const char *is = cJSON_GetStringValue(item);
		if (is && strcmp(is, word) == 0) return true;
	}
	return !list;
}

/* Those of our scopes that the server knows; a server that names none of them gets all. */
static char *scopes_for(struct call *call)
{
	const cJSON *known = json_arr(metadata(call), "scopes_supported");
	struct str out = {0};
	if (!lists(known, scopes[0])) known = NULL;
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
		if (!lists(known, scopes[i])) continue;
		str_addf(&out, "%s%s", out.len ? " " : "", scopes[i]);
	}
	return str_take(&out);
}

/* A word that can be kept and sent again: visible ASCII; else NULL. */
static const char *word_of(const cJSON *json, const char *name)
{
	const char *word = json_str(json, name);
	size_t n = 0;
	for (; word && word[n]; n++) {
		if (word[n] <= 32 || word[n] >= 127 || n == MAX_WORD) return NULL;
	}
	return n ? word : NULL;
}

static void add_word(struct str *out, const char *word)
{
	if (out->len) str_addc(out, ' ');
	url_encode(out, word, strlen(word));
}

/* Word number `at` of a client or secret, decoded, owned; NULL when there are not so many. */
static char *word_at(const char *words, int at)
{
	for (const char *p = words; p && *p; at--) {
		size_t n = strcspn(p, " ");
		if (at == 0) return n ? mastodon_decode(p, n) : NULL;
		p += n + (p[n] == ' ');
	}
	return NULL;
}

/* A POST that is not made in the name of anybody. */
static void begin_post(
        struct call *call, struct request *req, const char *path, struct mastodon_body *body)
{
	const char *token = call->token;
	call->token = NULL;
	mastodon_request(req, call, "POST", path, "");
	call->token = token;
	mastodon_body_init(body, call->account);
}

/* --- begin --- */

static enum call_next ask_register(struct call *call, struct request *req, bool array)
{
	struct mastodon_body body;
	char *wanted = scopes_for(call);
	begin_post(call, req, "/api/v1/apps", &body);
	mastodon_body_str(&body, "client_name", "stoa");
	if (array) {
		mastodon_body_open(&body, "redirect_uris", '[');
		mastodon_body_str(&body, NULL, redirect_of(call->sign_in));
		mastodon_body_close(&body, '[');
	} else {
		mastodon_body_str(&body, "redirect_uris", redirect_of(call->sign_in));
	}
	mastodon_body_str(&body, "scopes", wanted);
	mastodon_body_end(&body, req);
	free(wanted);
	return CALL_SEND;
}

/* Servers that tell where to register (Mastodon 4.3) take a list; older ones only a string. */
static bool takes_list(struct call *call)
{
	return json_str(metadata(call), "app_registration_endpoint") != NULL;
}

static enum call_next take_metadata(
        struct call *call, const struct response *answer, struct request *req)
{
	if (answer->status == 0) { /* nobody is there */
		mastodon_good(call, answer);
		return CALL_FAIL;
	}
	struct json *json = mastodon_json(call, answer);
	call->err = (struct err){0};
	if (json) mastodon_keep(call, KEPT_SERVER, json, json_root(json));
	call->stage = REGISTER;
	return ask_register(call, req, takes_list(call));
}

static bool has_pkce(struct call *call)
{
	const cJSON *methods = json_arr(metadata(call), "code_challenge_methods_supported");
	return methods && lists(methods, "S256") && call->sign_in->challenge;
}

static void add_param(struct str *url, const char *name, const char *value)
{
	if (!value) return;
	str_addf(url, "&%s=", name);
	url_encode(url, value, strlen(value));
}

/* Where to ask for access: only at the server itself, whatever it says. */
static char *authorize_url(struct call *call, const char *id)
{
	const struct sign_in *sign_in = call->sign_in;
	const char *told = mastodon_web(word_of(metadata(call), "authorization_endpoint"));
	char *wanted = scopes_for(call);
	struct str url = {0};
	account_add_root(&url, call->account);
	const char *path = told && url_same_origin(told, url.p) && !strpbrk(told, "?#")
	                           ? strchr(strstr(told, "://") + 3, '/')
	                           : NULL;
	str_adds(&url, path ? path : "/oauth/authorize");
	str_adds(&url, "?response_type=code");
	add_param(&url, "client_id", id);
	add_param(&url, "redirect_uri", redirect_of(sign_in));
	add_param(&url, "scope", wanted);
	add_param(&url, "state", sign_in->state);
	add_param(&url, "code_challenge", has_pkce(call) ? sign_in->challenge : NULL);
	add_param(&url, "code_challenge_method", has_pkce(call) ? "S256" : NULL);
	add_param(&url, "force_login", sign_in->again ? "true" : NULL);
	free(wanted);
	return str_take(&url);
}

static enum call_next take_client(struct call *call, const cJSON *json)
{
	const char *id = word_of(json, "client_id"), *secret = word_of(json, "client_secret");
	struct str client = {0};
	if (!id || !secret) {
		err_set(&call->err, ERR_FORMAT, "%s does not tell how it knows this program",
		        call->account->host);
		return CALL_FAIL;
	}
	add_word(&client, id);
	add_word(&client, secret);
	if (has_pkce(call)) add_word(&client, "S256");
	free(call->sign_in->client);
	free(call->sign_in->url);
	call->sign_in->client = str_take(&client);
	call->sign_in->url = authorize_url(call, id);
	return CALL_DONE;
}

enum call_next mastodon_sign_in_begin(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		call->stage = DISCOVER;
		mastodon_get(req, call, "/.well-known/oauth-authorization-server", "");
		return CALL_SEND;
	}
	if (call->stage == DISCOVER) return take_metadata(call, answer, req);
	bool unfit = answer->status == 400 || answer->status == 422 || answer->status == 500;
	if (unfit && call->stage == REGISTER) {
		call->stage = REGISTER_AGAIN;
		return ask_register(call, req, !takes_list(call));
	}
	struct json *json = mastodon_json(call, answer);
	enum call_next next = json ? take_client(call, json_root(json)) : CALL_FAIL;
	json_free(json);
	return next;
}

/* --- tokens --- */

/* What OAuth calls the failures that a person can do something about (RFC 6749, 5.2). */
static const struct {
	const char *error, *why;
} oauth_errors[] = {
        {"invalid_grant", "the code is wrong, used or too old: sign in again"},
        {"invalid_client", "the server has forgotten this sign-in: begin again"},
        {"unauthorized_client", "the server does not let this program sign in"},
        {"invalid_scope", "the server does not give the access that is needed"},
        {"access_denied", "access was not given at the server"},
};

static enum call_next explain(struct call *call, const struct response *answer)
{
	struct json *json = answer->body_len && answer->body_len < 65536
	                            ? json_parse(answer->body, answer->body_len, NULL)
	                            : NULL;
	const char *error = json_str(json_root(json), "error");
	if (answer->status == 400 || answer->status == 401)
		err_set(&call->err, ERR_AUTH,
		        "the server does not accept this sign-in: begin again");
	for (size_t i = 0; error && i < sizeof oauth_errors / sizeof *oauth_errors; i++) {
		if (strcmp(error, oauth_errors[i].error) == 0)
			err_set(&call->err, ERR_AUTH, "%s", oauth_errors[i].why);
	}
	json_free(json);
	return CALL_FAIL;
}

/*
 * The secret that an answer of /oauth/token makes, with the client's words `client`;
 * `refresh` goes on to hold when the answer brings no other. Owned, or NULL.
 */
static char *secret_of(const cJSON *json, const char *client, const char *refresh)
{
	const char *token = word_of(json, "access_token");
	const char *newer = word_of(json, "refresh_token");
	char *id = word_at(client, 0), *secret = word_at(client, 1);
	struct str out = {0};
	if (token && id && secret) {
		str_adds(&out, token);
		add_word(&out, id);
		add_word(&out, secret);
		if (newer ? newer : refresh) add_word(&out, newer ? newer : refresh);
	}
	free(id);
	free(secret);
	return out.len ? str_take(&out) : NULL;
}

static void fill_client(struct mastodon_body *body, const char *client)
{
	char *id = word_at(client, 0), *secret = word_at(client, 1);
	mastodon_body_str(body, "client_id", id);
	mastodon_body_str(body, "client_secret", secret);
	free(id);
	free(secret);
}

/* --- finish --- */

static enum call_next ask_token(struct call *call, struct request *req)
{
	const struct sign_in *sign_in = call->sign_in;
	char *code = mastodon_code(sign_in->code ? sign_in->code : "", sign_in->state, &call->err);
	char *method = word_at(sign_in->client, 2);
	struct mastodon_body body;
	call->stage = TOKEN;
	if (code) {
		begin_post(call, req, "/oauth/token", &body);
		mastodon_body_str(&body, "grant_type", "authorization_code");
		fill_client(&body, sign_in->client);
		mastodon_body_str(&body, "redirect_uri", redirect_of(sign_in));
		mastodon_body_str(&body, "code", code);
		mastodon_body_str(&body, "code_verifier", method ? sign_in->verifier : NULL);
		mastodon_body_end(&body, req);
	}
	free(method);
	bool fine = code != NULL;
	free(code);
	return fine ? CALL_SEND : CALL_FAIL;
}

/* The rest is done in the name of who has just signed in. */
static enum call_next learn(struct call *call, const struct response *answer, struct request *req)
{
	const char *token = call->token;
	call->token = mastodon_work(call)->token;
	enum call_next next = mastodon_learn(call, answer, req);
	call->token = token;
	return next;
}

static enum call_next take_token(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_json(call, answer);
	if (!json) return explain(call, answer);
	char *secret = secret_of(json_root(json), call->sign_in->client, NULL);
	json_free(json);
	if (!secret) {
		err_set(&call->err, ERR_FORMAT, "%s gave no token", call->account->host);
		return CALL_FAIL;
	}
	free(call->sign_in->secret);
	call->sign_in->secret = secret;
	mastodon_work(call)->token = xstrndup(secret, strcspn(secret, " "));
	call->stage = LEARN;
	return learn(call, NULL, req);
}

enum call_next mastodon_sign_in_finish(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_token(call, req);
	return call->stage == TOKEN ? take_token(call, answer, req) : learn(call, answer, req);
}

/* --- refresh --- */

enum call_next mastodon_refresh(
        struct call *call, const struct response *answer, struct request *req)
{
	char *refresh = word_at(call->client, 2);
	struct mastodon_body body;
	enum call_next next = CALL_FAIL;
	if (!refresh) {
		err_set(&call->err, ERR_AUTH, "sign in again: the token cannot be renewed");
	} else if (!answer) {
		begin_post(call, req, "/oauth/token", &body);
		mastodon_body_str(&body, "grant_type", "refresh_token");
		fill_client(&body, call->client);
		mastodon_body_str(&body, "refresh_token", refresh);
		mastodon_body_end(&body, req);
		next = CALL_SEND;
	} else {
		struct json *json = mastodon_json(call, answer);
		char *secret = json ? secret_of(json_root(json), call->client, refresh) : NULL;
		if (secret) {
			free(call->sign_in->secret);
			call->sign_in->secret = secret;
			next = CALL_DONE;
		} else if (json) {
			err_set(&call->err, ERR_FORMAT, "%s gave no token", call->account->host);
		} else {
			explain(call, answer);
		}
		json_free(json);
	}
	free(refresh);
	return next;
}

/* --- out --- */

enum call_next mastodon_sign_out(
        struct call *call, const struct response *answer, struct request *req)
{
	struct mastodon_body body;
	char *secret = word_at(call->client, 1);
	bool ours = secret && call->token;
	free(secret);
	if (answer) return mastodon_good(call, answer) ? CALL_DONE : explain(call, answer);
	if (!ours) {
		err_set(&call->err, ERR_UNSUPPORTED,
		        "this token was not made by stoa: revoke it in the settings of %s",
		        call->account->host);
		return CALL_FAIL;
	}
	begin_post(call, req, "/oauth/revoke", &body);
	fill_client(&body, call->client);
	mastodon_body_str(&body, "token", call->token);
	mastodon_body_end(&body, req);
	return CALL_SEND;
}
