#include "networks/mastodon_thread.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_find.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

/*
 * The server always gives the whole conversation as far as it has it, so there is no
 * paging; what it still looks for elsewhere (Mastodon-Async-Refresh) comes with the
 * next fetch.
 */

enum { MAX_ROWS = 8192 };
enum stage { STAGE_BEGIN, STAGE_FIND, STAGE_POST, STAGE_CONTEXT };

static enum call_next ask(
        struct call *call, struct request *req, const char *what, enum stage stage)
{
	struct str path = {0};
	str_adds(&path, "/api/v1/statuses/");
	mastodon_add_id(&path, mastodon_work(call)->post);
	str_adds(&path, what);
	mastodon_get(req, call, path.p, "");
	str_finish(&path);
	call->stage = stage;
	return CALL_SEND;
}

/* As a row; false when it cannot be read. */
static bool add(struct call *call, const cJSON *status)
{
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, call->out, call->account);
	bool fine = mastodon_row(&reader, status);
	mastodon_reader_finish(&reader);
	return fine;
}

static enum call_next take_post(struct call *call, const cJSON *status, struct request *req)
{
	call->out->unreadable += !add(call, status);
	return ask(call, req, "/context", STAGE_CONTEXT);
}

static enum call_next find(struct call *call, const struct response *answer, struct request *req)
{
	enum mastodon_found found = mastodon_find(call, answer, req, WANT_POST, call->source->arg);
	call->stage = STAGE_FIND;
	if (found == FIND_ASKED) return CALL_SEND;
	if (found == FIND_FAILED) return CALL_FAIL;
	const cJSON *status = mastodon_kept(call, KEPT_STATUS);
	if (!status) return ask(call, req, "", STAGE_POST);
	free(call->state->remote);
	call->state->remote = xstrdup(mastodon_work(call)->post);
	return take_post(call, status, req);
}

static enum call_next begin(struct call *call, struct request *req)
{
	const char *known = call->state->remote;
	if (!known) return find(call, NULL, req);
	mastodon_work(call)->post = xstrdup(known);
	return ask(call, req, "", STAGE_POST);
}

static enum call_next take_known(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_json(call, answer);
	if (json) {
		enum call_next next = take_post(call, json_root(json), req);
		json_free(json);
		return next;
	}
	if (answer->status != 404) return CALL_FAIL;
	if (call->state->remote) {
		/* The server may have it under another id by now. */
		free(call->state->remote);
		free(mastodon_work(call)->post);
		call->state->remote = mastodon_work(call)->post = NULL;
		call->err = (struct err){0};
		return find(call, NULL, req);
	}
	err_set(&call->err, ERR_NOT_FOUND, "%s has no such post, or does not show it to %s",
	        call->account->host, call->account->name);
	return CALL_FAIL;
}

static void add_all(struct call *call, const cJSON *statuses)
{
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, call->out, call->account);
	json_each (status, statuses) {
		call->out->unreadable += !mastodon_row(&reader, status);
		if (call->out->nentries + call->out->unreadable >= MAX_ROWS) break;
	}
	mastodon_reader_finish(&reader);
}

static enum call_next take_context(struct call *call, const struct response *answer)
{
	struct json *json = mastodon_json(call, answer);
	if (!json && !mastodon_lacks(answer)) return CALL_FAIL;
	call->err = (struct err){0};
	add_all(call, json_arr(json_root(json), "ancestors"));
	add_all(call, json_arr(json_root(json), "descendants"));
	json_free(json);
	page_sort(call->out);
	return CALL_DONE;
}

enum call_next mastodon_thread(
        struct call *call, const struct response *answer, struct request *req)
{
	switch ((enum stage)call->stage) {
	case STAGE_FIND:
		return find(call, answer, req);
	case STAGE_POST:
		return take_known(call, answer, req);
	case STAGE_CONTEXT:
		return take_context(call, answer);
	default:
		return begin(call, req);
	}
}
