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

enum stage { STAGE_LOOK, STAGE_PUT };

static struct bluesky_sending *sending_of(const struct call *call)
{
	return &((struct bluesky_errand *)call->data)->sending;
}

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

/* --- the frozen requests, one a line --- */

/* The line at hand, owned; NULL behind the last. */
static char *line_of(const struct call *call)
{
	const char *p = call->publish->item->frozen;
	for (size_t i = 0; p && i < sending_of(call)->line; i++) {
		p = strchr(p, '\n');
		p += p != NULL;
	}
	return p && *p ? xstrndup(p, strcspn(p, "\n")) : NULL;
}

static enum call_next put(struct call *call, struct request *req)
{
	char *line = line_of(call);
	if (!line) return CALL_DONE;
	call->stage = STAGE_PUT;
	bluesky_post_json(req, call, "com.atproto.repo.putRecord", NULL, line);
	req->fresh = true;
	free(line);
	return CALL_SEND;
}

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

/* The post was refused: for good, unless it is the session that ended or a limit. */
static enum call_next refuse(struct call *call)
{
	if (call->err.code == ERR_REFUSED || call->err.code == ERR_UNSUPPORTED)
		call->err.code = ERR_SYNTAX;
	return CALL_FAIL;
}

/*
 * A gate failed, and the post is there. A refusal ends it: the post stands without. All else
 * must not look as if nothing was posted; the same lines can be sent again.
 */
static bool pass_gate(struct call *call, const struct response *answer)
{
	struct err why = call->err;
	call->err = (struct err){0};
	if (bluesky_error_is(answer, "InvalidSwap")) return true; /* changed since */
	switch (why.code) {
	case ERR_REFUSED:
	case ERR_NOT_FOUND:
	case ERR_UNSUPPORTED: {
		struct str said = {0};
		str_addf(
		        &said, "it is posted, but everybody may answer and quote it: %s", why.text);
		set(&call->said, str_take(&said));
		return true;
	}
	case ERR_AUTH:
		call->err = why;
		return false;
	default:
		err_set(&call->err, ERR_SERVER,
		        "it is posted, but who may answer or quote it is not set yet: %s",
		        why.text);
		call->err.retry_ms = why.retry_ms;
		return false;
	}
}

static enum call_next take_put(
        struct call *call, const struct response *answer, struct request *req)
{
	struct bluesky_sending *sending = sending_of(call);
	struct json *json = bluesky_json(call, answer);
	bool post = sending->line == 0, fine;
	if (post)
		fine = json && take_made(call, json_root(json));
	else
		fine = json || pass_gate(call, answer);
	json_free(json);
	if (!fine) return post && !json ? refuse(call) : CALL_FAIL;
	sending->line++;
	return put(call, req);
}

enum call_next bluesky_send(struct call *call, const struct response *answer, struct request *req)
{
	if (answer) {
		take_time(call, answer);
		return take_put(call, answer, req);
	}
	const char *frozen = call->publish->item->frozen;
	if (frozen && *frozen) return put(call, req);
	err_set(&call->err, ERR_SYNTAX, "nothing was made ready to be posted");
	return CALL_FAIL;
}

/* --- looking whether it is there --- */

static enum call_next take_look(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = bluesky_json(call, answer);
	if (!json && (call->err.code == ERR_NOT_FOUND || call->err.code == ERR_REFUSED)) {
		call->err = (struct err){0};
		return CALL_DONE;
	}
	bool fine = json && take_made(call, json_root(json));
	json_free(json);
	if (!fine) return CALL_FAIL;
	call->publish->found = true;
	sending_of(call)->line = 1; /* what belongs to it, which may be lacking */
	return put(call, req);
}

enum call_next bluesky_reconcile(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		call->stage = STAGE_LOOK;
		call->publish->found = false;
		bluesky_ask_record(req, call, call->account->uri, call->publish->item->key);
		return CALL_SEND;
	}
	take_time(call, answer);
	return call->stage == STAGE_LOOK ? take_look(call, answer, req)
	                                 : take_put(call, answer, req);
}

/* --- what never changes --- */

/*
 * A TID (fact sheet 5.3): 53 bits of microseconds, 10 bits of a clock's number. Some servers
 * refuse a key that looks like a slur; in those stand two of g and q, so such a key is none.
 */
char *bluesky_make_key(int64_t now_ms, uint64_t random)
{
	static const char digits[] = "234567abcdefghijklmnopqrstuvwxyz";
	enum { LENGTH = 13, WITHIN_US = 1000 * 1000, CLOCKS = 1024 };
	char key[LENGTH + 1] = "";
	bool bad = true;
	for (int tries = 0; bad && tries < 8; tries++, random++) {
		uint64_t at_us = (uint64_t)now_ms * 1000 + random / CLOCKS % WITHIN_US;
		uint64_t value = at_us << 10 | random % CLOCKS;
		value += (uint64_t)tries * WITHIN_US * CLOCKS;
		bad = false;
		for (int i = LENGTH - 1; i >= 0; i--, value >>= 5) {
			key[i] = digits[value & 31];
			bad |= strchr("gq", key[i]) && key[i + 1] && strchr("gq", key[i + 1]);
		}
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
