#include "networks/bluesky_login.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/url.h"
#include "networks/bluesky_act.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_prefs.h"
#include "networks/bluesky_read.h"

enum { MAX_TOKEN = 8192, MAX_HOST = 253, MAX_DID = 2048 };
#define PLC "https://plc.directory/"

enum stage { STAGE_HANDLE, STAGE_DOCUMENT, STAGE_SESSION, STAGE_PREFERENCES, STAGE_LABELERS };

/* --- who it is --- */

/* "@Ada.Example@host" is the handle "ada.example"; owned. *out_host: what follows, or NULL. */
static char *handle_of(const char *written, const char **out_host)
{
	written += *written == '@';
	size_t len = strcspn(written, "@");
	char *handle = xstrndup(written, len);
	*out_host = written[len] ? written + len + 1 : NULL;
	for (char *p = handle; *p; p++) {
		if (*p >= 'A' && *p <= 'Z') *p = (char)(*p - 'A' + 'a');
	}
	return handle;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789.-"

/* A handle is a name of the DNS with a dot in it; a DID becomes part of an address. */
static bool good_handle(const char *handle)
{
	size_t n = strspn(handle, LETTERS);
	bool name = n > 2 && n <= MAX_HOST && !handle[n] && strchr(handle, '.');
	bool did = strncmp(handle, "did:", 4) == 0;
	return name || (did && !handle[strspn(handle, LETTERS ":_%")] && strlen(handle) <= MAX_DID);
}

static enum call_next get(struct request *req, char *url)
{
	req->method = "GET";
	req->url = url;
	request_header(req, "Accept: application/json");
	return CALL_SEND;
}

static enum call_next ask_did(struct call *call, struct request *req, const char *handle)
{
	struct str url = {0};
	call->stage = STAGE_HANDLE;
	str_addf(
	        &url, "https://%s/xrpc/com.atproto.identity.resolveHandle?handle=", BLUESKY_PUBLIC);
	url_encode(&url, handle, strlen(handle));
	return get(req, str_take(&url));
}

static enum call_next ask_document(struct call *call, struct request *req, const char *did)
{
	struct str url = {0};
	call->stage = STAGE_DOCUMENT;
	if (strncmp(did, "did:web:", 8) == 0) {
		str_addf(&url, "https://%s/.well-known/did.json", did + 8);
	} else if (strncmp(did, "did:plc:", 8) == 0) {
		str_adds(&url, PLC);
		str_adds(&url, did);
	} else {
		err_set(&call->err, ERR_UNSUPPORTED, "%s is of a kind that is not known here", did);
		return CALL_FAIL;
	}
	return get(req, str_take(&url));
}

/* The PDS that a DID document names (fact sheet 1.5); borrowed, or NULL. */
static const char *pds_of(const cJSON *document)
{
	json_each (service, json_arr(document, "service")) {
		const char *id = json_str(service, "id"), *type = json_str(service, "type");
		const char *at = json_str(service, "serviceEndpoint");
		const char *hash = id ? strchr(id, '#') : NULL;
		if (!hash || strcmp(hash, "#atproto_pds") != 0) continue;
		if (type && strcmp(type, "AtprotoPersonalDataServer") == 0 && bluesky_web(at))
			return at;
	}
	return NULL;
}

/* The root of a server: "https://host" is kept as "host", and no path. Owned. */
static char *root_of(const char *url)
{
	const char *rest = strncmp(url, "https://", 8) == 0 ? url + 8 : url;
	size_t skip = strncmp(rest, "http://", 7) == 0 ? 7 : 0;
	return xstrndup(rest, skip + strcspn(rest + skip, "/?#"));
}

/* Is what was written behind the @ a server, and nothing more? */
static bool good_host(const char *host)
{
	size_t skip = strncmp(host, "https://", 8) == 0  ? 8
	              : strncmp(host, "http://", 7) == 0 ? 7
	                                                 : 0;
	const char *name = host + skip;
	size_t n = strspn(name, LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ:[]");
	return n > 0 && n <= MAX_HOST + 8 && (!name[n] || strcmp(name + n, "/") == 0);
}

/* --- the session --- */

static void ask_session_body(struct call *call, const char *handle, struct str *body)
{
	const char *code = call->sign_in ? call->sign_in->code : NULL;
	str_adds(body, "{\"identifier\":");
	json_quote(body, handle);
	str_adds(body, ",\"password\":");
	json_quote(body, call->token);
	if (code && *code) {
		str_adds(body, ",\"authFactorToken\":");
		json_quote(body, code);
	}
	str_addc(body, '}');
}

/* `host` is where the account lives; the answer may name another. */
static enum call_next ask_session(struct call *call, struct request *req, const char *host)
{
	struct account *account = account_copy(call->account);
	const struct account *asked = call->account;
	const char *ignored;
	char *handle = handle_of(asked->host, &ignored), *root = root_of(host);
	struct str body = {0};
	ask_session_body(call, handle, &body);
	account_set(&account->host, root);
	call->signed_in = account;
	call->stage = STAGE_SESSION;
	call->account = account;
	bluesky_post_json(req, call, "com.atproto.server.createSession", "", str_c(&body));
	call->account = asked;
	str_finish(&body);
	free(handle);
	free(root);
	return CALL_SEND;
}

static bool is_token(const char *s)
{
	size_t n = 0;
	for (; s && s[n]; n++) {
		if (n >= MAX_TOKEN || s[n] <= 32 || s[n] >= 127) return false;
	}
	return n > 0;
}

/* Both tokens of an answer as a secret. False when it has none. */
static bool take_tokens(struct call *call, const cJSON *session)
{
	const char *access = json_str(session, "accessJwt");
	const char *renew = json_str(session, "refreshJwt");
	struct str secret = {0};
	if (!call->sign_in || !is_token(access) || !is_token(renew))
		return err_set(&call->err, ERR_FORMAT, "the server gave no session");
	str_addf(&secret, "%s %s", access, renew);
	free(call->sign_in->secret);
	call->sign_in->secret = str_take(&secret);
	return true;
}

static void fill_in(struct account *account, const char *did, const char *handle)
{
	account_set(&account->handle, handle);
	account_set(&account->uri, did);
	account_set(&account->remote_id, did);
	account_set(&account->software, "atproto");
	account->caps = BLUESKY_CAPS;
	account->limits = (struct limits){.text = BLUESKY_TEXT,
	        .media = BLUESKY_IMAGES,
	        .alt_text = BLUESKY_ALT,
	        .image_bytes = BLUESKY_IMAGE_BYTES};
}

static enum call_next take_session(struct call *call, const cJSON *session)
{
	const char *did = bluesky_id(session, "did"), *handle = bluesky_id(session, "handle");
	const char *pds = pds_of(json_obj(session, "didDoc"));
	if (!did || !handle) {
		err_set(&call->err, ERR_FORMAT, "the server does not say whose session this is");
		return CALL_FAIL;
	}
	if (!take_tokens(call, session)) return CALL_FAIL;
	fill_in(call->signed_in, did, handle);
	if (pds) {
		char *root = root_of(pds);
		account_set(&call->signed_in->host, root);
		free(root);
	}
	return CALL_DONE;
}

/* --- steps --- */

static enum call_next begin(struct call *call, struct request *req)
{
	const char *host;
	char *handle = handle_of(call->account->host, &host);
	enum call_next next = CALL_FAIL;
	if (!good_handle(handle))
		err_set(&call->err, ERR_SYNTAX, "'%s' is no handle; they look like ada.bsky.social",
		        handle);
	else if (host && *host && !good_host(host))
		err_set(&call->err, ERR_SYNTAX, "'%s' is no server; write HANDLE@pds.example",
		        host);
	else if (host && *host)
		next = ask_session(call, req, host);
	else if (strncmp(handle, "did:", 4) == 0)
		next = ask_document(call, req, handle);
	else
		next = ask_did(call, req, handle);
	free(handle);
	return next;
}

static enum call_next take_document(struct call *call, const cJSON *document, struct request *req)
{
	const char *pds = pds_of(document);
	if (pds) return ask_session(call, req, pds);
	err_set(&call->err, ERR_FORMAT, "%s does not say where it lives", call->account->host);
	return CALL_FAIL;
}

static enum call_next take_did(struct call *call, const cJSON *answer, struct request *req)
{
	const char *did = bluesky_id(answer, "did");
	if (did) return ask_document(call, req, did);
	err_set(&call->err, ERR_NOT_FOUND, "nobody is called %s", call->account->host);
	return CALL_FAIL;
}

enum call_next bluesky_login(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return begin(call, req);
	struct json *json = bluesky_json(call, answer);
	const cJSON *root = json ? json_root(json) : NULL;
	enum call_next next = CALL_FAIL;
	if (root && call->stage == STAGE_HANDLE)
		next = take_did(call, root, req);
	else if (root && call->stage == STAGE_DOCUMENT)
		next = take_document(call, root, req);
	else if (root)
		next = take_session(call, root);
	if (next == CALL_FAIL) {
		account_free(call->signed_in);
		call->signed_in = NULL;
	}
	json_free(json);
	return next;
}

static enum call_next learn_session(struct call *call, const cJSON *session, struct request *req)
{
	const char *did = bluesky_id(session, "did"), *handle = bluesky_id(session, "handle");
	if (!did || !handle || strcmp(did, call->account->uri) != 0) {
		err_set(&call->err, ERR_FORMAT, "this session is somebody else's");
		return CALL_FAIL;
	}
	call->signed_in = account_copy(call->account);
	fill_in(call->signed_in, did, handle);
	call->stage = STAGE_PREFERENCES;
	bluesky_get(req, call, "app.bsky.actor.getPreferences", "");
	return CALL_SEND;
}

static void set_labels(struct call *call, const cJSON *preferences, const cJSON *services)
{
	struct str labels = {0};
	bluesky_labels_learn(&labels, preferences, services);
	account_set(&call->signed_in->labels, str_c(&labels));
	str_finish(&labels);
}

/* The labelers' own labels have to be asked for; until then the global ones hold. */
static enum call_next learn_preferences(struct call *call, struct json *json, struct request *req)
{
	struct bluesky_errand *errand = call->data;
	const cJSON *preferences = json_arr(json_root(json), "preferences");
	struct str query = {0};
	bool more = bluesky_labelers(preferences, &query);
	set_labels(call, preferences, NULL);
	if (more) {
		str_adds(&query, "&detailed=true");
		call->stage = STAGE_LABELERS;
		bluesky_get(req, call, "app.bsky.labeler.getServices", query.p);
		errand->subject = json;
	} else {
		json_free(json);
	}
	str_finish(&query);
	return more ? CALL_SEND : CALL_DONE;
}

/* What is learned of labels is a help: that the session is ours is enough to go on with. */
enum call_next bluesky_learn(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		call->stage = STAGE_SESSION;
		bluesky_get(req, call, "com.atproto.server.getSession", "");
		return CALL_SEND;
	}
	struct json *json = bluesky_json(call, answer);
	enum call_next next = CALL_DONE;
	if (call->stage == STAGE_SESSION) {
		next = json ? learn_session(call, json_root(json), req) : CALL_FAIL;
	} else if (json && call->stage == STAGE_PREFERENCES) {
		return learn_preferences(call, json, req);
	} else if (json) {
		const struct bluesky_errand *errand = call->data;
		set_labels(call, json_arr(json_root(errand->subject), "preferences"),
		        json_arr(json_root(json), "views"));
	}
	if (next == CALL_DONE) call->err = (struct err){0};
	json_free(json);
	return next;
}

enum call_next bluesky_refresh(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer && !call->client) {
		err_set(&call->err, ERR_AUTH, "sign in again: there is nothing to renew this by");
		return CALL_FAIL;
	}
	if (!answer) {
		bluesky_post_json(
		        req, call, "com.atproto.server.refreshSession", call->client, NULL);
		return CALL_SEND;
	}
	struct json *json = bluesky_json(call, answer);
	bool fine = json && take_tokens(call, json_root(json));
	if (!json && call->err.code != ERR_NETWORK && call->err.code != ERR_SERVER)
		err_set(&call->err, ERR_AUTH, "sign in again: the session has ended for good");
	json_free(json);
	return fine ? CALL_DONE : CALL_FAIL;
}

enum call_next bluesky_sign_out(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer && !call->client) return CALL_DONE;
	if (!answer) {
		bluesky_post_json(
		        req, call, "com.atproto.server.deleteSession", call->client, NULL);
		return CALL_SEND;
	}
	bool fine = answer->status >= 200 && answer->status < 300;
	if (!fine) err_set(&call->err, ERR_SERVER, "the server did not end the session");
	return fine ? CALL_DONE : CALL_FAIL;
}
