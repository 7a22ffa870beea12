#include "networks/bluesky_publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "networks/bluesky_act.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_login.h"
#include "networks/bluesky_read.h"

static void set(char **field, char *value)
{
	free(*field);
	*field = value;
}

static void take_time(struct call *call, const struct response *answer)
{
	const char *date = response_header(answer, "Date");
	int64_t at_ms;
	if (date && date_parse_http(date, &at_ms)) call->publish->server_ms = at_ms;
}

/* --- pictures --- */

static enum call_next ask_upload(struct call *call, struct request *req)
{
	const struct publish *publish = call->publish;
	if (strncmp(publish->type, "image/", 6) != 0) {
		err_set(&call->err, ERR_UNSUPPORTED,
		        "%s is no picture (%s): only pictures can be posted on Bluesky",
		        publish->item->media[publish->upload].path, publish->type);
		return CALL_FAIL;
	}
	bluesky_post_json(req, call, "com.atproto.repo.uploadBlob", NULL, NULL);
	request_header(req, "Content-Type: %s", publish->type);
	req->body_file = xstrdup(publish->file);
	return CALL_SEND;
}

/* A blob may be larger than a picture in a post. */
static bool check_blob(struct call *call, const cJSON *blob)
{
	const char *type = json_str(blob, "mimeType");
	const char *path = call->publish->item->media[call->publish->upload].path;
	uint64_t most = call->account->limits.image_bytes;
	int64_t size = json_int(blob, "size", 0);
	if (most == 0) most = BLUESKY_IMAGE_BYTES;
	if (!json_obj(blob, "ref") || !type)
		return err_set(&call->err, ERR_FORMAT, "the server does not say what it kept");
	if (strncmp(type, "image/", 6) != 0)
		return err_set(&call->err, ERR_SYNTAX, "%s is no picture to the server, but %s",
		        path, type);
	if (size < 0 || (uint64_t)size > most)
		return err_set(&call->err, ERR_TOO_LARGE,
		        "%s has %lld bytes: Bluesky takes pictures of %llu", path, (long long)size,
		        (unsigned long long)most);
	return true;
}

enum call_next bluesky_upload(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_upload(call, req);
	take_time(call, answer);
	struct json *json = bluesky_json(call, answer);
	const cJSON *blob = json ? json_obj(json_root(json), "blob") : NULL;
	bool fine = json && check_blob(call, blob);
	if (fine) {
		struct str made = {0};
		json_print(&made, blob);
		set(&call->publish->made, str_take(&made));
	}
	json_free(json);
	return fine ? CALL_DONE : CALL_FAIL;
}

/* --- the post --- */

/* "at://DID/...": its address in a browser. Owned. */
static char *web_of(const struct account *account, const char *uri)
{
	struct str url = {0};
	str_addf(&url, "https://bsky.app/profile/%s/post/%s", account->uri, bluesky_rkey(uri));
	return str_take(&url);
}

/* It is there: what it is called. */
static bool take_made(struct call *call, const cJSON *made)
{
	struct publish *publish = call->publish;
	const char *uri = bluesky_id(made, "uri"), *cid = bluesky_id(made, "cid");
	if (!uri || !cid)
		return err_set(&call->err, ERR_FORMAT, "the server does not say what it posted");
	set(&publish->uri, xstrdup(uri));
	set(&publish->remote_id, xstrdup(cid));
	set(&publish->url, web_of(call->account, uri));
	return true;
}

static enum call_next ask_put(struct call *call, struct request *req)
{
	const char *frozen = call->publish->item->frozen;
	struct json *json = frozen ? json_parse(frozen, strlen(frozen), &call->err) : NULL;
	if (!json) {
		err_set(&call->err, ERR_SYNTAX, "nothing was made ready to be posted");
		return CALL_FAIL;
	}
	bool gates = json_arr(json_root(json), "writes") != NULL;
	bluesky_post_json(req, call,
	        gates ? "com.atproto.repo.applyWrites" : "com.atproto.repo.putRecord", NULL,
	        frozen);
	req->fresh = true;
	json_free(json);
	return CALL_SEND;
}

enum call_next bluesky_send(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask_put(call, req);
	take_time(call, answer);
	struct json *json = bluesky_json(call, answer);
	const cJSON *root = json ? json_root(json) : NULL, *results = json_arr(root, "results");
	bool fine = root && take_made(call, results ? results->child : root);
	/* Refused for good, unless it is the session that ended, or a limit. */
	if (!json && call->err.code == ERR_REFUSED) call->err.code = ERR_SYNTAX;
	json_free(json);
	return fine ? CALL_DONE : CALL_FAIL;
}

enum call_next bluesky_reconcile(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		bluesky_ask_record(req, call, call->account->uri, call->publish->item->key);
		return CALL_SEND;
	}
	take_time(call, answer);
	struct json *json = bluesky_json(call, answer);
	bool none = !json && (call->err.code == ERR_NOT_FOUND || call->err.code == ERR_REFUSED);
	bool found = json && take_made(call, json_root(json));
	if (none) call->err = (struct err){0};
	call->publish->found = found;
	json_free(json);
	return found || none ? CALL_DONE : CALL_FAIL;
}

/* --- what never changes --- */

/*
 * A TID (fact sheet 5.3): 53 bits of microseconds, 10 bits of a clock's number. Some servers
 * refuse a key that looks like a slur; in those stand two of g and q, so such a key is none.
 */
char *bluesky_make_key(int64_t now_ms, uint64_t random)
{
	static const char digits[] = "234567abcdefghijklmnopqrstuvwxyz";
	enum { LENGTH = 13, WITHIN_US = 1000 * 1000, CLOCKS = 1024, MOST_TRIES = 8 };
	char key[LENGTH + 1] = "";
	bool bad = true;
	for (int tries = 0; bad && tries < MOST_TRIES; tries++) {
		uint64_t at_us = (uint64_t)now_ms * 1000 + random / CLOCKS % WITHIN_US;
		uint64_t value = at_us << 10 | random % CLOCKS;
		bad = false;
		for (int i = LENGTH - 1; i >= 0; i--, value >>= 5) {
			key[i] = digits[value & 31];
			bad |= strchr("gq", key[i]) && key[i + 1] && strchr("gq", key[i + 1]);
		}
		random = random * 6364136223846793005u + 1442695040888963407u;
	}
	return xstrdup(key);
}

int64_t bluesky_repeat_ms(const struct account *account)
{
	(void)account;
	return INT64_MAX; /* the key is in the request */
}

/* --- life --- */

void bluesky_sending_finish(struct bluesky_sending *sending)
{
	bluesky_facts_finish(&sending->facts);
	free(sending->answered.who);
	free(sending->answered.key);
	free(sending->quoted.who);
	free(sending->quoted.key);
	*sending = (struct bluesky_sending){0};
}
