#pragma once
/* What the tests of the Bluesky network share: an account, a call, and answers to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/paths.h"
#include "networks/network.h"

struct world {
	struct account account;
	struct source_ref source;
	struct fetch_state state;
	struct sign_in sign_in;
	struct call call;
	struct request req;
	call_step *step;
	enum call_next next;
};

static inline const struct network *bluesky(void)
{
	return network_find("bluesky");
}

/* A file of tests/fixtures/bluesky; owned. */
static inline char *fixture(const char *name)
{
	char path[1024], *bytes = NULL;
	unsigned long len = 0;
	snprintf(path, sizeof path, "%s/tests/fixtures/bluesky/%s", getenv("STOA_SOURCE"), name);
	if (!paths_read(path, 1 << 20, &bytes, &len, NULL)) fail_msg("cannot read %s", path);
	return bytes;
}

static inline void world_init(struct world *w)
{
	*w = (struct world){
	        .account = {.id = 7,
	                .name = (char *)"sky",
	                .network = (char *)"bluesky",
	                .host = (char *)"pds.example",
	                .handle = (char *)"ada.example",
	                .uri = (char *)"did:plc:ada"},
	        .source = {.account = (char *)"sky"},
	};
	w->call = (struct call){.account = &w->account,
	        .token = "access",
	        .client = "refresh",
	        .state = &w->state,
	        .sign_in = &w->sign_in,
	        .now_ms = 1795222800000, /* 2026-11-21 01:00 */
	        .data = xcalloc(1, bluesky()->call_size),
	        .out = page_new()};
}

static inline void world_finish(struct world *w)
{
	page_free(w->call.out);
	account_free(w->call.signed_in);
	items_free(w->call.items);
	person_free(w->call.person);
	request_finish(&w->req);
	fetch_state_finish(&w->state);
	bluesky()->call_finish(&w->call);
	free(w->sign_in.secret);
	free(w->call.said);
	free(w->call.gone);
	free(w->call.data);
}

/* Begin a step anew: its first request. */
static inline void begin(struct world *w, call_step *step)
{
	page_free(w->call.out);
	w->call.out = page_new();
	items_free(w->call.items);
	w->call.items = NULL;
	request_finish(&w->req);
	w->req = (struct request){0};
	bluesky()->call_finish(&w->call);
	memset(w->call.data, 0, bluesky()->call_size);
	w->call.stage = 0;
	w->call.err = (struct err){0};
	w->step = step;
	w->next = step(&w->call, NULL, &w->req);
}

static inline void ask(struct world *w, enum source_kind kind, const char *arg)
{
	bluesky()->call_finish(&w->call);
	memset(w->call.data, 0, bluesky()->call_size);
	w->source.kind = kind;
	w->source.arg = (char *)arg;
	w->call.source = &w->source;
	begin(w, bluesky()->fetch);
}

static inline void answer(struct world *w, int status, const char *body)
{
	struct response response = {
	        .status = status, .body = (char *)body, .body_len = body ? strlen(body) : 0};
	request_finish(&w->req);
	w->req = (struct request){0};
	w->next = w->step(&w->call, &response, &w->req);
}

static inline void answer_file(struct world *w, const char *name)
{
	char *body = fixture(name);
	answer(w, 200, body);
	free(body);
}

static inline const char *header_of(const struct request *req, const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 0; i < req->nheaders; i++) {
		if (strncmp(req->headers[i], name, n) == 0 && req->headers[i][n] == ':')
			return req->headers[i] + n + 2;
	}
	return NULL;
}
