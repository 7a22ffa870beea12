#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "net/url.h"
#include "networks/feed.h"
#include "networks/feed_http.h"
#include "networks/network.h"

/*
 * Feeds as a network: one conditional GET a fetch (feeds.md 6). Everything that is
 * remembered for the next one is kept only after the body proved to be a feed, so
 * that a captive portal cannot make us believe that nothing is new.
 */

#define HOUR_MS ((int64_t)3600 * 1000)
static const int64_t full_every_ms = 7 * 24 * HOUR_MS; /* some say 304 for ever */
static const int64_t max_wish_ms = 24 * HOUR_MS;

static const char accept[] =
        "Accept: application/atom+xml, application/rss+xml, application/feed+json, "
        "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";

static void set(char **to, const char *value)
{
	char *copy = xstrdup(value);
	free(*to);
	*to = copy;
}

static uint64_t hash_of(const char *p, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
	return h ? h : 1;
}

static bool is_newest(const struct call *call)
{
	return call->want == FETCH_NEWER || !call->cursor;
}

/* --- asking --- */

static enum call_next ask(struct call *call, struct request *req)
{
	const struct fetch_state *state = call->state;
	const char *url = state->url ? state->url : call->url;
	if (!is_newest(call)) url = call->cursor;
	if (!url_is_web(url) && strncasecmp(url, "file:", 5) != 0) {
		err_set(&call->err, ERR_SYNTAX,
		        "a feed's address starts with http, https or file, "
		        "not '%s'",
		        url);
		return CALL_FAIL;
	}
	req->method = "GET";
	req->url = xstrdup(url);
	req->follow = true;
	req->allow_http = true;
	req->allow_local = url_is_local(call->url);
	request_header(req, "%s", accept);
	bool full = call->now_ms - state->full_ms >= full_every_ms || state->fetched_ms == 0;
	if (!is_newest(call) || full) return CALL_SEND;
	if (state->etag) request_header(req, "If-None-Match: %s", state->etag);
	if (state->modified) request_header(req, "If-Modified-Since: %s", state->modified);
	return CALL_SEND;
}

/* --- failing --- */

static enum call_next rate_limited(struct call *call, const struct response *answer)
{
	int64_t wait = feed_http_retry(answer, call->now_ms);
	if (wait == 0) {
		wait = HOUR_MS;
		for (int i = 0; i < call->state->failures && wait < max_wish_ms; i++)
			wait *= 2;
		if (wait > max_wish_ms) wait = max_wish_ms;
	}
	err_set(&call->err, ERR_RATE_LIMITED, "the server asks to wait %lld minutes (%d)",
	        (long long)((wait + 59999) / 60000), answer->status);
	call->err.retry_ms = wait;
	return CALL_FAIL;
}

static const struct {
	int status;
	enum err_code code;
	const char *why;
} statuses[] = {
        {401, ERR_AUTH, "the feed wants a password (401)"},
        {403, ERR_AUTH, "the server refuses to give the feed (403)"},
        {404, ERR_NOT_FOUND, "there is no feed at this address now (404)"},
        {410, ERR_GONE, "the feed is gone for good (410)"},
        {451, ERR_AUTH, "the server may not give the feed for legal reasons (451)"},
};

static enum call_next fail(struct call *call, const struct response *answer)
{
	int status = answer->status;
	if (status == 0) {
		call->err = answer->err;
		if (call->err.code == ERR_NONE) err_set(&call->err, ERR_NETWORK, "no answer");
		return CALL_FAIL;
	}
	bool wait = response_header(answer, "Retry-After") != NULL;
	if (status == 429 || (status == 503 && wait)) return rate_limited(call, answer);
	call->state->gone = status == 410;
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (statuses[i].status != status) continue;
		err_set(&call->err, statuses[i].code, "%s", statuses[i].why);
		return CALL_FAIL;
	}
	if (status >= 300 && status < 400)
		err_set(&call->err, ERR_SERVER, "the address leads on and on (%d)", status);
	else
		err_set(&call->err, ERR_SERVER, "the server answered %d", status);
	return CALL_FAIL;
}

/* A page where the feed should be: say which feed it names, if any. */
static enum call_next not_a_feed(
        struct call *call, const struct feed_input *in, const struct response *answer)
{
	const char *headers[16];
	size_t n = 0;
	for (size_t i = 0; i < answer->nheaders && n < 16; i++) {
		if (strncasecmp(answer->headers[i], "Link:", 5) == 0)
			headers[n++] = answer->headers[i] + 5;
	}
	struct feed_links links = {0};
	feed_find(&links, in, headers, n);
	if (links.n > 0)
		err_set(&call->err, ERR_FORMAT,
		        "this is a web page; it names the feed %s: follow that", links.list[0].url);
	feed_links_finish(&links);
	return CALL_FAIL;
}

/* --- succeeding --- */

static void keep_validators(struct call *call, const struct response *answer)
{
	struct fetch_state *state = call->state;
	const char *etag = response_header(answer, "ETag");
	const char *modified = response_header(answer, "Last-Modified");
	/* A 304 may leave out what has not changed. */
	if (etag || answer->status != 304) set(&state->etag, etag);
	if (modified || answer->status != 304) set(&state->modified, modified);
}

/* A permanent redirect counts when it says the same twice, and never takes TLS away. */
static void keep_move(struct call *call, const struct response *answer)
{
	struct fetch_state *state = call->state;
	const char *to = answer->moved_to, *from = state->url ? state->url : call->url;
	bool weaker =
	        to && strncasecmp(from, "https:", 6) == 0 && strncasecmp(to, "https:", 6) != 0;
	if (!to || weaker || !url_is_web(to) || strcmp(to, from) == 0) {
		set(&state->moved_to, NULL);
	} else if (state->moved_to && strcmp(state->moved_to, to) == 0) {
		set(&state->url, to);
		set(&state->moved_to, NULL);
	} else {
		set(&state->moved_to, to);
	}
}

static void keep_wishes(
        struct call *call, const struct response *answer, const struct feed_wishes *wishes)
{
	struct fetch_state *state = call->state;
	int64_t wait = feed_http_fresh(answer, call->now_ms);
	if (wishes->ttl_ms > wait) wait = wishes->ttl_ms;
	if (wishes->expired || wait > max_wish_ms) wait = max_wish_ms;
	state->next_ms = feed_http_next(wishes, wait, call->now_ms);
}

/* Nothing new: what the feed wished last time still holds. */
static enum call_next unchanged(struct call *call, const struct response *answer)
{
	struct fetch_state *state = call->state;
	int64_t before = state->next_ms - state->fetched_ms;
	struct feed_wishes wishes = {0};
	if (state->next_ms > 0 && state->fetched_ms > 0 && before > 0) wishes.ttl_ms = before;
	keep_wishes(call, answer, &wishes);
	keep_validators(call, answer);
	keep_move(call, answer);
	call->unchanged = true;
	return CALL_DONE;
}

static enum call_next take(struct call *call, const struct response *answer)
{
	struct fetch_state *state = call->state;
	uint64_t hash = hash_of(answer->body ? answer->body : "", answer->body_len);
	if (is_newest(call) && hash == state->body_hash && state->fetched_ms > 0) {
		state->full_ms = call->now_ms;
		return unchanged(call, answer);
	}
	const struct feed_input in = {
	        .bytes = answer->body ? answer->body : "",
	        .len = answer->body_len,
	        .url = answer->url ? answer->url : call->url,
	        .followed = call->url,
	        .content_type = response_header(answer, "Content-Type"),
	        .content_location = response_header(answer, "Content-Location"),
	        .now_ms = call->now_ms,
	};
	struct feed_wishes wishes = {0};
	if (!feed_read(&in, call->out, &wishes, &call->err)) return not_a_feed(call, &in, answer);
	/* An older page that leads back to itself or to the start is the last. */
	if (call->out->older &&
	        (strcmp(call->out->older, call->url) == 0 ||
	                (call->cursor && strcmp(call->out->older, call->cursor) == 0)))
		call->out->older = NULL;
	if (!is_newest(call)) return CALL_DONE;
	state->body_hash = hash;
	state->full_ms = call->now_ms;
	state->gone = false;
	keep_validators(call, answer);
	keep_move(call, answer);
	keep_wishes(call, answer, &wishes);
	return CALL_DONE;
}

static enum call_next feed_fetch(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask(call, req);
	if (answer->status == 304) return unchanged(call, answer);
	if (answer->status >= 200 && answer->status < 300) return take(call, answer);
	return fail(call, answer);
}

static bool has_source(enum source_kind kind)
{
	return kind == SOURCE_FEED || kind == SOURCE_GROUP || kind == SOURCE_ALL;
}

extern const struct network network_feed;
const struct network network_feed = {
        .name = "feed",
        .summary = "RSS, Atom and JSON feeds, by address or as a file",
        .has_source = has_source,
        .fetch = feed_fetch,
};
