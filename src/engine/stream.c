#include "engine/stream.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "net/url.h"

enum {
	MAX_STREAMS = 64,
	MAX_CHANNELS = 128,      /* of one WebSocket */
	SILENCE_MS = 45000,      /* three missed heartbeats */
	PING_MS = 25000,         /* of silence: ask whether a WebSocket is alive */
	HEALTHY_MS = 60000,      /* a stream that lived so long had no fault of its own */
	REFUSED_MS = 60 * 60000, /* no such stream there: look again, rarely */
	APART_MS = 250,          /* between two connections of one account */
	GATHER_MS = 100,         /* a start brings several columns: one connection for them */
};

static bool prefers_socket(const struct stream *stream)
{
	unsigned both = CAP_STREAM_SSE | CAP_STREAM_WS;
	return stream->net->stream_join && (stream->signin->account->caps & both) == both;
}

/* -- what comes -- */

static void on_event(void *ctx, const char *name, const char *data, size_t len)
{
	struct stream *stream = ctx;
	channel_event(stream->channels, name, data, len);
}

/* Whose message it is; a server that does not say has only the first channel. */
static struct channel *channel_of(struct stream *stream, const struct stream_message *message)
{
	if (message->stream.len == 0 || !stream->channels->next) return stream->channels;
	return channel_find(stream, message->stream.p);
}

static void on_message(struct stream *stream, const char *bytes, size_t len)
{
	struct stream_message message = {0};
	if (stream->net->stream_message(bytes, len, &message)) {
		struct channel *channel = channel_of(stream, &message);
		if (channel)
			channel_event(channel, str_c(&message.name), str_c(&message.data),
			        message.data.len);
	}
	stream_message_finish(&message);
}

/* A connection that works proves what its server can do. */
static void note_way(struct stream *stream)
{
	unsigned way = stream->socket ? CAP_STREAM_WS : CAP_STREAM_SSE;
	stream->proven = true;
	stream->fell_back = false;
	signin_learned(stream->core, stream->signin->account->id, CAP_STREAM | way, 0);
}

static void on_chunk(void *ctx, const char *bytes, size_t len)
{
	struct stream *stream = ctx;
	stream->heard_ms = core_now(stream->core);
	stream->pinged = false;
	/* A web page may be served in the place of events. */
	if (!stream->proven && len > 0 && *bytes != '<') note_way(stream);
	if (!stream->socket)
		sse_feed(&stream->sse, bytes, len);
	else if (len > 0)
		on_message(stream, bytes, len);
}

/* Let a channel onto the WebSocket, or take it off. */
static void join(struct channel *channel, bool joins)
{
	struct stream *stream = channel->stream;
	struct str text = {0};
	stream->net->stream_join(channel->name, joins, &text);
	stream->core->http->ops->say(stream->core->http, stream->transfer, str_c(&text), text.len);
	str_finish(&text);
}

static void on_open(void *ctx)
{
	struct stream *stream = ctx;
	stream->open = true;
	stream->heard_ms = stream->opened_ms = core_now(stream->core);
	if (stream->socket) note_way(stream);
	sse_reset(&stream->sse);
	struct channel *channel;
	DL_FOREACH(stream->channels, channel)
	{
		if (stream->socket && channel != stream->channels) join(channel, true);
		channel_opened(channel);
	}
}

/* -- the end of a connection, and the next -- */

/* The server has no such way to stream. */
static bool is_refused(const struct stream *stream, const struct response *response)
{
	int status = response->status;
	const char *type = response_header(response, "Content-Type");
	if (status == 401 || status == 403 || status == 408 || status == 429) return false;
	if (status == 0) return response->err.code == ERR_SERVER; /* an odd handshake */
	if (stream->socket) return status < 500 && status != 101;
	bool page = status < 300 && type && strncasecmp(type, "text/html", 9) == 0;
	return (status >= 300 && status < 500) || status == 501 || page;
}

/* Nearer than a minute while nothing at all is heard: it may be the cable here. */
static int64_t silent_backoff(struct stream *stream)
{
	struct random *random = &stream->core->random;
	int64_t most = (core_now(stream->core) - stream->lost_ms) / 4;
	const struct patience *patience = &patience_stream;
	int64_t backoff = schedule_backoff(random, patience, stream->failures);
	if (most < 4 * patience->floor_ms) most = 4 * patience->floor_ms;
	return backoff < most ? backoff : schedule_jitter(random, most * 9 / 10);
}

/* When to connect again, by how it ended. */
static int64_t next_try(struct stream *stream, const struct response *response)
{
	struct core *core = stream->core;
	int64_t now = core_now(core), wish = schedule_retry_after(response, core_wall(core));
	char *root = account_root(stream->signin->account);
	const struct patience *patience =
	        url_is_loopback(root) ? &patience_stream_here : &patience_stream;
	free(root);
	int64_t backoff = schedule_backoff(&core->random, patience, stream->failures);
	int status = response->status;
	if (wish > patience->believe_ms) wish = patience->believe_ms;
	if (status == 401 || status == 403) return INT64_MAX; /* until somebody signs in */
	if (status == 429 && wish == 0) wish = patience->limited_ms;
	if (status == 0 && patience == &patience_stream) backoff = silent_backoff(stream);
	return now + (wish > backoff ? wish : backoff);
}

static void merge(struct stream *stream, struct stream *into);
static void split(struct stream *stream);

/* An account's WebSocket besides this one, or NULL. */
static struct stream *socket_of(const struct signin *signin, const struct stream *but)
{
	struct stream *stream;
	DL_FOREACH(but->core->streams, stream)
	{
		if (stream != but && stream->signin == signin && stream->socket) return stream;
	}
	return NULL;
}

/* Try the other way; when there is none, look again rarely. May end the stream. */
static void fall_back(struct stream *stream)
{
	struct core *core = stream->core;
	account_id id = stream->signin->account->id;
	unsigned ways = CAP_STREAM | CAP_STREAM_SSE | CAP_STREAM_WS;
	bool socket = !stream->socket && stream->net->stream_join;
	bool other = !stream->fell_back && (socket || stream->socket);
	signin_learned(
	        core, id, 0, other ? (stream->socket ? CAP_STREAM_WS : CAP_STREAM_SSE) : ways);
	stream->retry_ms = core_now(core) + (other ? 0 : REFUSED_MS);
	stream->fell_back = other;
	stream->socket = other ? socket : false;
	struct stream *known = stream->socket ? socket_of(stream->signin, stream) : NULL;
	if (known)
		merge(stream, known);
	else if (!stream->socket)
		split(stream);
}

static void on_done(void *ctx, const struct response *response)
{
	struct stream *stream = ctx;
	struct core *core = stream->core;
	int64_t now = core_now(core);
	stream->transfer = 0;
	atomic_fetch_add(&core->stats->bytes_in, response->bytes_received);
	atomic_fetch_add(&core->stats->bytes_out, response->bytes_sent);
	if (stream->open && now - stream->opened_ms >= HEALTHY_MS) stream->failures = 0;
	if (stream->open) stream->lost_ms = now;
	stream->failures++;
	stream->open = false;
	stream->retry_ms = next_try(stream, response);
	struct channel *channel;
	DL_FOREACH(stream->channels, channel)
	{
		channel_lost(channel);
	}
	if (is_refused(stream, response)) fall_back(stream);
}

static void disconnect(struct stream *stream)
{
	if (stream->transfer) stream->core->http->ops->cancel(stream->core->http, stream->transfer);
}

static void connect_stream(struct stream *stream)
{
	struct core *core = stream->core;
	struct call *call = &stream->channels->call;
	struct request req = {.stream = true, .websocket = stream->socket};
	call->account = stream->signin->account;
	call->now_ms = core_wall(core);
	stream->began_ms = stream->heard_ms = core_now(core);
	stream->pinged = stream->proven = false;
	stream->retry_ms = INT64_MAX;
	if (!stream->net->stream_open(call, stream->channels->name, &req)) {
		request_finish(&req);
		return;
	}
	char *root = account_root(stream->signin->account);
	req.stream = true;
	req.allow_local = url_is_local(root);
	free(root);
	struct transfer_hooks hooks = {
	        .on_done = on_done,
	        .on_open = on_open,
	        .on_chunk = on_chunk,
	        .ctx = stream,
	};
	stream->transfer = core->http->ops->send(core->http, &req, &hooks);
}

/* -- who shares it -- */

static struct stream *stream_new(struct core *core, struct signin *signin)
{
	struct stream *stream = xcalloc(1, sizeof(*stream));
	unsigned caps = signin->account->caps;
	stream->core = core;
	stream->signin = signin;
	stream->net = signin->net;
	stream->socket =
	        signin->net->stream_join && (caps & CAP_STREAM_WS) && !(caps & CAP_STREAM_SSE);
	stream->sse.on_event = on_event;
	stream->sse.ctx = stream;
	stream->began_ms = INT64_MIN;
	stream->lost_ms = core_now(core);
	stream->retry_ms = core_now(core) + (prefers_socket(stream) ? GATHER_MS : 0);
	DL_APPEND(core->streams, stream);
	return stream;
}

static void stream_free(struct stream *stream)
{
	disconnect(stream);
	DL_DELETE(stream->core->streams, stream);
	sse_finish(&stream->sse);
	free(stream);
}

static void move(struct channel *channel, struct stream *into)
{
	DL_DELETE(channel->stream->channels, channel);
	DL_APPEND(into->channels, channel);
	channel->stream = into;
	for (struct source *source = channel->sources; source; source = source->stream_next)
		source->stream = into;
}

/* Server-Sent Events carry one channel each: the others get connections of their own. */
static void split(struct stream *stream)
{
	while (stream->channels->next) {
		struct stream *other = stream_new(stream->core, stream->signin);
		other->socket = false;
		other->fell_back = stream->fell_back;
		other->retry_ms = stream->retry_ms;
		move(stream->channels->next, other);
	}
}

/* Let the channels of one stream go over to another, and end the first. */
static void merge(struct stream *stream, struct stream *into)
{
	disconnect(stream);
	while (stream->channels) {
		struct channel *channel = stream->channels;
		move(channel, into);
		if (!into->open) continue;
		join(channel, true);
		channel_opened(channel);
	}
	stream_free(stream);
}

/* The stream that a new channel of the account belongs on; NULL when there are too many. */
static struct stream *stream_for(struct core *core, struct signin *signin)
{
	int count = 0, channels;
	struct stream *stream, *ours = NULL;
	DL_FOREACH(core->streams, stream)
	{
		count++;
		if (stream->signin == signin && (!ours || stream->socket)) ours = stream;
	}
	if (ours && !ours->socket && prefers_socket(ours)) {
		disconnect(ours); /* two channels: one WebSocket instead of two connections */
		ours->socket = true;
		ours->retry_ms = core_now(core) + GATHER_MS;
	}
	if (!ours || !ours->socket) return count < MAX_STREAMS ? stream_new(core, signin) : NULL;
	struct channel *channel;
	DL_COUNT(ours->channels, channel, channels);
	return channels < MAX_CHANNELS ? ours : NULL;
}

/* An account's channel of that name, or NULL. */
static struct channel *find(struct core *core, const struct signin *signin, const char *name)
{
	struct stream *stream;
	DL_FOREACH(core->streams, stream)
	{
		struct channel *channel =
		        stream->signin == signin ? channel_find(stream, name) : NULL;
		if (channel) return channel;
	}
	return NULL;
}

/* A server that was asked and told that it has no streams need not be asked again. */
static bool may_stream(const struct signin *signin)
{
	const struct network *net = signin->net;
	const struct account *account = signin->account;
	unsigned ways = CAP_STREAM | CAP_STREAM_SSE | CAP_STREAM_WS;
	if (!net->stream_name || !net->stream_open || !signin->token) return false;
	return account->learned_ms == 0 || (account->caps & ways);
}

bool stream_attach(struct source *source, struct signin *signin)
{
	struct core *core = source->core;
	char buf[256];
	const char *name = may_stream(signin) ? signin->net->stream_name(&source->ref, buf) : NULL;
	if (!name) return false;
	struct channel *channel = find(core, signin, name);
	struct stream *stream = channel ? channel->stream : stream_for(core, signin);
	if (!stream) return false;
	if (!channel) {
		channel = channel_new(stream, name);
		if (stream->open) join(channel, true);
	}
	source->stream = stream;
	source->channel = channel;
	DL_APPEND2(channel->sources, source, stream_prev, stream_next);
	return stream->open || stream->transfer || stream->retry_ms <= core_now(core) + GATHER_MS;
}

void stream_detach(struct source *source)
{
	struct stream *stream = source->stream;
	struct channel *channel = source->channel;
	if (!stream) return;
	source->stream = NULL;
	source->channel = NULL;
	DL_DELETE2(channel->sources, source, stream_prev, stream_next);
	if (channel->sources) return;
	if (stream->open && stream->socket) join(channel, false);
	channel_free(channel);
	if (!stream->channels) stream_free(stream);
}

/* -- time -- */

/* When it may be connected: not all connections of an account at one moment. */
static int64_t connect_at(const struct stream *stream)
{
	int64_t at = stream->retry_ms;
	struct stream *other;
	DL_FOREACH(stream->core->streams, other)
	{
		if (other == stream || other->signin != stream->signin ||
		        other->began_ms == INT64_MIN)
			continue;
		if (other->began_ms + APART_MS > at) at = other->began_ms + APART_MS;
	}
	return at;
}

/* The next time to look at it: to connect, to ask whether it lives, to give it up. */
static int64_t tick(struct stream *stream, int64_t now_ms)
{
	struct transport *http = stream->core->http;
	if (stream->transfer && now_ms - stream->heard_ms >= SILENCE_MS) disconnect(stream);
	if (!stream->transfer) {
		int64_t at = connect_at(stream);
		if (at > now_ms) return at;
		connect_stream(stream);
		if (!stream->transfer) return INT64_MAX;
	}
	int64_t ping = stream->heard_ms + PING_MS;
	if (!stream->open || !stream->socket || stream->pinged)
		return stream->heard_ms + SILENCE_MS;
	if (ping > now_ms) return ping;
	stream->pinged = true;
	http->ops->say(http, stream->transfer, "", 0);
	return stream->heard_ms + SILENCE_MS;
}

int64_t streams_tick(struct core *core, int64_t now_ms)
{
	int64_t next = INT64_MAX;
	struct stream *stream, *after;
	DL_FOREACH_SAFE(core->streams, stream, after)
	{
		int64_t at = tick(stream, now_ms);
		if (at < next) next = at;
	}
	return next;
}

void streams_retry(struct core *core)
{
	struct stream *stream, *after;
	DL_FOREACH_SAFE(core->streams, stream, after)
	{
		disconnect(stream);
		stream->failures = 0;
		stream->lost_ms = stream->retry_ms = core_now(core);
	}
}
