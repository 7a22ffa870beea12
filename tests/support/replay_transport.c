#include "replay_transport.h"

#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

enum { MAX = 4096 };

struct scripted {
	char *part, *headers, *body;
	int status;
	int64_t delay_ms;
	bool used, unsent;
};

struct exchange {
	struct request req;
	struct transfer_hooks hooks;
	const struct scripted *script;
	int64_t sent_ms;
	bool open;
	struct str said;
};

struct replay {
	struct transport transport;
	const struct clock *clock;
	struct scripted scripts[MAX];
	size_t nscripts;
	struct exchange exchanges[MAX];
	size_t nexchanges;
	int64_t delay_ms;
	int wake[2];
};

static struct response response_of(
        int status, const char *headers, const char *body, const char *url)
{
	struct response response = {.status = status, .url = xstrdup(url)};
	response.body = xstrdup(body ? body : "");
	response.body_len = strlen(response.body);
	response.bytes_sent = 100;
	response.bytes_received = status ? 100 + response.body_len : 0;
	for (const char *line = headers; line && *line;) {
		size_t len = strcspn(line, "\n");
		response.headers =
		        xrealloc(response.headers, (response.nheaders + 1) * sizeof(char *));
		response.headers[response.nheaders++] = xstrndup(line, len);
		line += len + (line[len] == '\n');
	}
	if (status == 0) err_set(&response.err, ERR_NETWORK, "replay: no network");
	return response;
}

static void end(struct exchange *exchange, struct response *response)
{
	exchange->open = false;
	exchange->hooks.on_done(exchange->hooks.ctx, response);
	response_finish(response);
}

void replay_answer(
        struct replay *replay, size_t i, int status, const char *headers, const char *body)
{
	struct exchange *exchange = &replay->exchanges[i];
	assert(i < replay->nexchanges && exchange->open);
	struct response response = response_of(status, headers, body, exchange->req.url);
	if (exchange->script && exchange->script->unsent) response.bytes_sent = 0;
	end(exchange, &response);
}

void replay_open(struct replay *replay, size_t i)
{
	struct exchange *exchange = &replay->exchanges[i];
	assert(i < replay->nexchanges && exchange->open && exchange->req.stream);
	exchange->hooks.on_open(exchange->hooks.ctx);
}

void replay_chunk(struct replay *replay, size_t i, const char *bytes)
{
	struct exchange *exchange = &replay->exchanges[i];
	assert(i < replay->nexchanges && exchange->open && exchange->req.stream);
	exchange->hooks.on_chunk(exchange->hooks.ctx, bytes, strlen(bytes));
}

static struct scripted *find(struct replay *replay, const char *url)
{
	struct scripted *last = NULL;
	for (size_t i = 0; i < replay->nscripts; i++) {
		struct scripted *script = &replay->scripts[i];
		if (!strstr(url, script->part)) continue;
		last = script;
		if (!script->used) break;
	}
	if (last) last->used = true;
	return last;
}

static unsigned replay_send(
        struct transport *t, struct request *req, const struct transfer_hooks *hooks)
{
	struct replay *replay = (struct replay *)t;
	assert(replay->nexchanges < MAX);
	struct exchange *exchange = &replay->exchanges[replay->nexchanges++];
	exchange->req = *req;
	*req = (struct request){0};
	exchange->hooks = *hooks;
	exchange->sent_ms = clock_mono(replay->clock);
	exchange->open = true;
	exchange->script = find(replay, exchange->req.url);
	return (unsigned)replay->nexchanges;
}

static void replay_cancel(struct transport *t, unsigned number)
{
	struct replay *replay = (struct replay *)t;
	assert(number > 0 && number <= replay->nexchanges);
	struct exchange *exchange = &replay->exchanges[number - 1];
	if (!exchange->open) return;
	struct response response = response_of(0, NULL, NULL, exchange->req.url);
	err_set(&response.err, ERR_CANCELLED, "cancelled");
	end(exchange, &response);
}

static bool replay_say(struct transport *t, unsigned number, const char *text, size_t len)
{
	struct exchange *exchange = &((struct replay *)t)->exchanges[number - 1];
	if (!exchange->open || !exchange->req.websocket) return false;
	str_add(&exchange->said, text, len);
	str_addc(&exchange->said, '\n');
	return true;
}

static int64_t due(const struct exchange *exchange)
{
	return exchange->open && exchange->script ? exchange->sent_ms + exchange->script->delay_ms
	                                          : INT64_MAX;
}

static void replay_perform(struct transport *t)
{
	struct replay *replay = (struct replay *)t;
	size_t n = replay->nexchanges; /* what hooks send is for the next time */
	for (size_t i = 0; i < n; i++) {
		const struct scripted *script = replay->exchanges[i].script;
		if (due(&replay->exchanges[i]) <= clock_mono(replay->clock))
			replay_answer(replay, i, script->status, script->headers, script->body);
	}
}

static void replay_wait(struct transport *t, int timeout_ms)
{
	struct replay *replay = (struct replay *)t;
	struct pollfd fd = {.fd = replay->wake[0], .events = POLLIN};
	char bytes[64];
	poll(&fd, 1, timeout_ms);
	while (read(replay->wake[0], bytes, sizeof(bytes)) > 0) {
	}
}

static void replay_wakeup(struct transport *t)
{
	struct replay *replay = (struct replay *)t;
	ssize_t n = write(replay->wake[1], "", 1);
	(void)n; /* a full pipe wakes too */
}

static void replay_free(struct transport *t)
{
	struct replay *replay = (struct replay *)t;
	for (size_t i = 0; i < replay->nexchanges; i++) {
		replay_cancel(t, (unsigned)i + 1);
		request_finish(&replay->exchanges[i].req);
		str_finish(&replay->exchanges[i].said);
	}
	for (size_t i = 0; i < replay->nscripts; i++) {
		free(replay->scripts[i].part);
		free(replay->scripts[i].headers);
		free(replay->scripts[i].body);
	}
	close(replay->wake[0]);
	close(replay->wake[1]);
	free(replay);
}

static const struct transport_ops replay_ops = {
        .name = "replay",
        .send = replay_send,
        .cancel = replay_cancel,
        .say = replay_say,
        .wait = replay_wait,
        .perform = replay_perform,
        .wakeup = replay_wakeup,
        .free = replay_free,
};

struct replay *replay_new(const struct clock *clock)
{
	struct replay *replay = xcalloc(1, sizeof(*replay));
	replay->transport.ops = &replay_ops;
	replay->clock = clock;
	int code = pipe(replay->wake);
	assert(code == 0);
	(void)code;
	for (int i = 0; i < 2; i++)
		fcntl(replay->wake[i], F_SETFL, O_NONBLOCK);
	return replay;
}

struct transport *replay_transport(struct replay *replay)
{
	return &replay->transport;
}

void replay_script(
        struct replay *replay, const char *part, int status, const char *headers, const char *body)
{
	assert(replay->nscripts < MAX);
	replay->scripts[replay->nscripts++] = (struct scripted){
	        .part = xstrdup(part),
	        .headers = xstrdup(headers),
	        .body = xstrdup(body),
	        .status = status,
	        .delay_ms = replay->delay_ms,
	};
}

void replay_unsent(struct replay *replay, const char *part)
{
	replay_script(replay, part, 0, NULL, NULL);
	replay->scripts[replay->nscripts - 1].unsent = true;
}

void replay_delay(struct replay *replay, int64_t ms)
{
	replay->delay_ms = ms;
}

size_t replay_count(const struct replay *replay)
{
	return replay->nexchanges;
}

const struct request *replay_request(const struct replay *replay, size_t i)
{
	assert(i < replay->nexchanges);
	return &replay->exchanges[i].req;
}

const char *replay_url(const struct replay *replay, size_t i)
{
	return replay_request(replay, i)->url;
}

const char *replay_method(const struct replay *replay, size_t i)
{
	return replay_request(replay, i)->method;
}

const char *replay_header(const struct replay *replay, size_t i, const char *name)
{
	const struct request *req = replay_request(replay, i);
	const struct response as_response = {.headers = req->headers, .nheaders = req->nheaders};
	return response_header(&as_response, name);
}

const char *replay_said(const struct replay *replay, size_t i)
{
	assert(i < replay->nexchanges);
	return str_c(&replay->exchanges[i].said);
}

bool replay_is_open(const struct replay *replay, size_t i)
{
	return i < replay->nexchanges && replay->exchanges[i].open;
}

int64_t replay_sent_ms(const struct replay *replay, size_t i)
{
	assert(i < replay->nexchanges);
	return replay->exchanges[i].sent_ms;
}

size_t replay_in_flight(const struct replay *replay)
{
	size_t n = 0;
	for (size_t i = 0; i < replay->nexchanges; i++)
		n += replay->exchanges[i].open && !replay->exchanges[i].req.stream;
	return n;
}

int64_t replay_next_ms(const struct replay *replay)
{
	int64_t next = INT64_MAX;
	for (size_t i = 0; i < replay->nexchanges; i++) {
		int64_t at = due(&replay->exchanges[i]);
		next = at < next ? at : next;
	}
	return next;
}
