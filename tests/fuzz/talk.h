#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "networks/network.h"

/*
 * A network's steps talked to by whoever the fuzzer is: its answers stand one after the other,
 * parted by 0x1e; each may begin with a digit for its status. What must hold is checked here.
 */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct talk {
	const int *statuses; /* of the ten digits */
	int most;            /* requests; more is asking for ever */
	void (*check)(const struct request *req);
	char **headers; /* of each answer but a 206; may be NULL */
	size_t nheaders;
	bool last_stays; /* the last answer is given again as long as the call asks */
	char *answers;   /* what is left of them */
};

static inline void must(bool fine)
{
	if (!fine) abort();
}

/* No control bytes but line ends. */
static inline void must_be_clean(const char *s)
{
	for (; s && *s; s++)
		must(((unsigned char)*s >= 32 && *s != 127) || *s == '\n');
}

static inline void must_be_visible(const char *s, const char *more)
{
	for (; s && *s; s++)
		must((*s > 32 && *s < 127) || strchr(more, *s));
}

static inline void must_be_json(const char *body, size_t len)
{
	struct json *json = json_parse(body, len, NULL);
	must(json != NULL);
	json_free(json);
}

/* The next answer, filled into `out`; its body, for the caller to free. */
static inline char *talk_answer(struct talk *talk, struct response *out)
{
	char *body = talk->answers, *end = strchr(body, 0x1e);
	size_t len = end ? (size_t)(end - body) : strlen(body);
	if (end || !talk->last_stays) talk->answers = end ? end + 1 : body + len;
	*out = (struct response){.status = 200};
	if (len > 0 && *body >= '0' && *body <= '9') {
		out->status = talk->statuses[*body - '0'];
		body++;
		len--;
	}
	if (out->status != 206) {
		out->headers = talk->headers;
		out->nheaders = talk->nheaders;
	}
	out->body = xstrndup(body, len);
	out->body_len = len;
	return out->body;
}

/* Step until it has ended, within the requests it may take; a failure has a reason. */
static inline enum call_next talk_through(struct talk *talk, struct call *call, call_step *step)
{
	struct request req = {0};
	enum call_next next = step(call, NULL, &req);
	for (int i = 0; i < talk->most && (next == CALL_SEND || next == CALL_WAIT); i++) {
		if (next == CALL_WAIT) {
			must(call->wait_ms > 0);
			next = step(call, NULL, &req);
			continue;
		}
		talk->check(&req);
		request_finish(&req);
		req = (struct request){0};
		struct response answer;
		char *body = talk_answer(talk, &answer);
		next = step(call, &answer, &req);
		free(body);
	}
	must(next == CALL_DONE || next == CALL_FAIL);
	must(next != CALL_FAIL || (call->err.code != ERR_NONE && *call->err.text));
	request_finish(&req);
	return next;
}

/* What a call that is no post gathered. */
static inline void talk_finish(const struct network *network, struct call *call)
{
	network->call_finish(call);
	for (size_t i = 0; i < call->nfilters; i++)
		server_filter_finish(&call->filters[i]);
	free(call->filters);
	items_free(call->items);
	person_free(call->person);
	page_free(call->out);
	account_free(call->signed_in);
	free(call->said);
	free(call->gone);
	free(call->marker->cursor);
	free(call->sign_in->url);
	free(call->sign_in->client);
	free(call->sign_in->secret);
	free(call->data);
}

/* What posting made. */
static inline void talk_finish_publish(struct publish *publish)
{
	free(publish->made);
	free(publish->watermark);
	free(publish->remote_id);
	free(publish->uri);
	free(publish->url);
}
