#pragma once
/* What the tests of the Mastodon network share: an account, a call, and answers to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/paths.h"
#include "networks/network.h"

static const int64_t now_ms = 1795222800000; /* 2026-11-21 01:00 */

struct world {
	struct account account;
	struct source_ref source;
	struct fetch_state state;
	struct call call;
	struct request req;
	enum call_next next;
};

static inline const struct network *mastodon(void)
{
	return network_find("mastodon");
}

/* A file of tests/fixtures/mastodon; owned. */
static inline char *fixture(const char *name)
{
	char path[1024], *bytes = NULL;
	unsigned long len = 0;
	snprintf(path, sizeof path, "%s/tests/fixtures/mastodon/%s", getenv("STOA_SOURCE"), name);
	if (!paths_read(path, 1 << 20, &bytes, &len, NULL)) fail_msg("cannot read %s", path);
	return bytes;
}

static inline void world_init(struct world *w)
{
	*w = (struct world){
	        .account = {.id = 7,
	                .name = (char *)"work",
	                .network = (char *)"mastodon",
	                .host = (char *)"social.example",
	                .handle = (char *)"ada@social.example",
	                .uri = (char *)"https://social.example/users/ada"},
	        .source = {.account = (char *)"work", .kind = SOURCE_HOME},
	};
	w->call = (struct call){.account = &w->account,
	        .token = "t0ken",
	        .source = &w->source,
	        .state = &w->state,
	        .now_ms = now_ms,
	        .data = xcalloc(1, mastodon()->call_size),
	        .out = page_new()};
}

static inline void world_finish(struct world *w)
{
	page_free(w->call.out);
	account_free(w->call.signed_in);
	request_finish(&w->req);
	fetch_state_finish(&w->state);
	mastodon()->call_finish(&w->call);
	free(w->call.data);
}

/* Forget the last call and begin another: the first request. */
static inline void ask(struct world *w, enum source_kind kind, const char *arg)
{
	page_free(w->call.out);
	request_finish(&w->req);
	w->req = (struct request){0};
	mastodon()->call_finish(&w->call);
	w->call.stage = 0;
	w->source.kind = kind;
	w->source.arg = (char *)arg;
	w->call.out = page_new();
	w->call.err = (struct err){0};
	w->next = mastodon()->fetch(&w->call, NULL, &w->req);
}

/* An answer; `headers` are lines with LF between, or NULL. */
static inline void answer_by(
        struct world *w, call_step *step, int status, const char *headers, const char *body)
{
	struct response response = {.status = status};
	char *lines = xstrdup(headers ? headers : ""), *list[16];
	for (char *line = lines; *line && response.nheaders < 16;) {
		size_t n = strcspn(line, "\n");
		bool more = line[n] != '\0';
		line[n] = '\0';
		list[response.nheaders++] = line;
		line += n + more;
	}
	response.headers = list;
	response.body = (char *)body;
	response.body_len = body ? strlen(body) : 0;
	request_finish(&w->req);
	w->req = (struct request){0};
	w->next = step(&w->call, &response, &w->req);
	free(lines);
}

static inline void answer(struct world *w, int status, const char *headers, const char *body)
{
	answer_by(w, mastodon()->fetch, status, headers, body);
}

/* Ask for a source and answer with a fixture. */
static inline struct page *page_of(struct world *w, enum source_kind kind, const char *name)
{
	char *body = fixture(name);
	ask(w, kind, kind == SOURCE_SEARCH ? "tea" : NULL);
	answer(w, 200, "Link: <https://x.example/y?max_id=1>; rel=\"prev\"", body);
	free(body);
	return w->call.out;
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

/* `n` statuses with descending ids from `first`, as a JSON array; owned. */
static inline char *statuses(int first, int n)
{
	struct str out = {0};
	str_addc(&out, '[');
	for (int i = 0; i < n; i++) {
		int id = first - i;
		str_addf(&out,
		        "%s{\"id\":\"%d\",\"uri\":\"https://far.example/s/%d\",\"created_at\":"
		        "\"2026-11-20T%02d:%02d:%02d.000Z\",\"content\":\"<p>%d</p>\",\"account\":"
		        "{\"id\":\"1\",\"uri\":\"https://far.example/"
		        "u\",\"acct\":\"u@far.example\"}}",
		        i ? "," : "", id, id, id / 3600 % 24, id / 60 % 60, id % 60, id);
	}
	str_addc(&out, ']');
	return str_take(&out);
}
