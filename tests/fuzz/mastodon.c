/*
 * The Mastodon network: the first byte says whether the rest is a source's page, the
 * answer to a sign-in, a stream's event, a failure with a header as its first line, or
 * the tag of a stream; the page must hold together.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "networks/mastodon.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const enum source_kind kinds[] = {
        SOURCE_HOME, SOURCE_NOTIFICATIONS, SOURCE_MENTIONS, SOURCE_SEARCH, SOURCE_TAG};
enum { NKINDS = sizeof kinds / sizeof *kinds, LOGIN = NKINDS, EVENTS };
static const char *const events[] = {
        "update", "status.update", "notification", "delete", "notifications_merged"};
enum { FAILURE = EVENTS + sizeof events / sizeof *events, STREAM, NCASES };
static const int failures[] = {200, 206, 301, 401, 403, 422, 429, 500, 503};

static void check(const struct page *page)
{
	for (size_t i = 0; i < page->nentries; i++) {
		const struct entry *entry = &page->entries[i];
		if (entry->post > page->nposts || entry->actor > page->nprofiles) abort();
		if (!entry->post && !entry->actor) abort();
	}
	for (size_t i = 0; i < page->nposts; i++) {
		const struct post *post = page->posts[i];
		if (post->author == 0 || post->author > page->nprofiles) abort();
		if (!*post_str(post, POST_URI)) abort();
		for (size_t s = 0; s < POST_NSTRINGS; s++) {
			for (const char *p = post_str(post, (enum post_string)s); *p; p++) {
				bool fine = (unsigned char)*p >= 32 || *p == '\n' || *p == '\t';
				if (!fine || *p == 127) abort();
			}
		}
	}
}

static struct page *sink_page(void *ctx, enum source_kind kind)
{
	(void)kind;
	return ctx;
}

static void sink_gone(void *ctx, const char *id)
{
	(void)ctx;
	for (; *id; id++) {
		if ((unsigned char)*id <= 32) abort();
	}
}

static void sink_filters(void *ctx)
{
	(void)ctx;
}

static void sink_refresh(void *ctx, enum source_kind kind)
{
	(void)ctx, (void)kind;
}

static void fetch(struct call *call, call_step *step, const char *body, size_t len)
{
	struct request req = {0};
	struct response answer = {.status = 200, .body = (char *)body, .body_len = len};
	char *link = xstrdup("Link: <https://x.example/?max_id=1>; rel=\"next\"");
	step(call, NULL, &req);
	for (int i = 0; i < 3; i++) {
		request_finish(&req);
		req = (struct request){0};
		answer.headers = &link;
		answer.nheaders = i == 0;
		if (i > 0 && step == network_mastodon.login) answer.status = i == 1 ? 404 : 200;
		if (step(call, &answer, &req) != CALL_SEND) break;
	}
	request_finish(&req);
	free(link);
}

/* `body` is a byte for the status, a line that is a header, and the body. */
static void fail(struct call *call, char *body, size_t len)
{
	size_t n = strcspn(body, "\n");
	if (len < 2 || n >= len) return;
	body[n] = '\0';
	char *header = body + 1;
	struct request req = {0};
	struct response answer = {
	        .status = failures[(unsigned char)body[0] % (sizeof failures / sizeof *failures)],
	        .headers = &header,
	        .nheaders = 1,
	        .body = body + n + 1,
	        .body_len = len - n - 1,
	};
	network_mastodon.fetch(call, NULL, &req);
	request_finish(&req);
	req = (struct request){0};
	if (network_mastodon.fetch(call, &answer, &req) == CALL_FAIL && !*call->err.text) abort();
	request_finish(&req);
}

/* A tag's stream by both ways; and the same bytes as a WebSocket's message. */
static void stream(struct call *call, char *tag, size_t len)
{
	char buf[256];
	struct source_ref source = {.kind = SOURCE_TAG, .arg = tag};
	struct str join = {0};
	struct stream_message message = {0};
	const char *name = network_mastodon.stream_name(&source, buf);
	for (int i = 0; name && i < 2; i++) {
		struct request req = {.websocket = i};
		if (!network_mastodon.stream_open(call, name, &req)) abort();
		request_finish(&req);
	}
	if (name) network_mastodon.stream_join(name, true, &join);
	struct json *json = name ? json_parse(join.p, join.len, NULL) : NULL;
	if (name && !json && clean_is_plain(tag, strlen(tag))) abort();
	json_free(json);
	str_finish(&join);
	network_mastodon.stream_message(tag, len, &message);
	stream_message_finish(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 1) return 0;
	unsigned what = bytes[0] % NCASES;
	/* Fixtures begin with a bracket: take them as what they most likely are. */
	bool bare = bytes[0] == '[' || bytes[0] == '{';
	if (bare) what = bytes[0] == '[' ? len % 3 : EVENTS + len % 3;
	len -= !bare;
	char *body = xmalloc(len + 1);
	memcpy(body, bytes + !bare, len);
	body[len] = '\0';
	struct account account = {.id = 1,
	        .name = (char *)"a",
	        .network = (char *)"mastodon",
	        .host = (char *)"h.example",
	        .handle = (char *)"ada@h.example",
	        .uri = (char *)"https://h.example/users/ada"};
	struct source_ref source = {
	        .account = account.name, .kind = kinds[what % NKINDS], .arg = (char *)"x"};
	struct fetch_state state = {.newest = what & 1 ? xstrdup("7") : NULL};
	struct call call = {.account = &account,
	        .token = "t",
	        .source = &source,
	        .state = &state,
	        .data = xcalloc(1, network_mastodon.call_size),
	        .out = page_new()};
	const struct stream_sink sink = {
	        call.out, sink_page, sink_gone, sink_refresh, sink_filters};
	if (what < NKINDS) {
		fetch(&call, network_mastodon.fetch, body, len);
	} else if (what == LOGIN) {
		fetch(&call, network_mastodon.login, body, len);
	} else if (what == FAILURE) {
		fail(&call, body, len);
	} else if (what == STREAM) {
		stream(&call, body, len);
	} else {
		const char *name = events[what - EVENTS];
		network_mastodon.stream_event(&call, "user", name, body, len, &sink);
	}
	check(call.out);
	page_free(call.out);
	account_free(call.signed_in);
	fetch_state_finish(&state);
	free(call.data);
	free(body);
	return 0;
}
