#include "engine/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/url.h"

enum {
	MAX_STREAMS = 64,
	SILENCE_MS = 45000,      /* three missed heartbeats */
	HEALTHY_MS = 60000,      /* a stream that lived so long had no fault of its own */
	REFUSED_MS = 60 * 60000, /* no such stream there: look again, rarely */
};

/* -- what the network finds in an event -- */

static struct source *source_of(struct stream *stream, enum source_kind kind)
{
	for (struct source *source = stream->sources; source; source = source->stream_next) {
		if (source->ref.kind == kind) return source;
	}
	return NULL;
}

static struct page *sink_page(void *ctx, enum source_kind kind)
{
	struct stream *stream = ctx;
	struct source *source = source_of(stream, kind);
	if (source) return source_incoming(source);
	page_free(stream->scratch);
	stream->scratch = page_new();
	return stream->scratch;
}

static void sink_gone(void *ctx, const char *remote_id)
{
	struct stream *stream = ctx;
	struct core *core = stream->core;
	account_id account = stream->signin->account->id;
	archiver_gone(core->archive, account, remote_id);
	struct event *event = event_new(EVENT_GONE);
	event->account = account;
	event->text = xstrdup(remote_id);
	core->emit(core->emit_ctx, event);
}

static void sink_refresh(void *ctx, enum source_kind kind)
{
	struct stream *stream = ctx;
	struct source *source = source_of(stream, kind);
	if (source && !source->fetch) source_set_due(source, core_now(stream->core));
}

static void on_message(void *ctx, const char *name, const char *data, size_t len)
{
	struct stream *stream = ctx;
	const struct stream_sink sink = {
	        .ctx = stream,
	        .page = sink_page,
	        .gone = sink_gone,
	        .refresh = sink_refresh,
	};
	stream->call.now_ms = core_wall(stream->core);
	stream->net->stream_event(&stream->call, stream->name, name, data, len, &sink);
}

/* -- the connection -- */

static void on_open(void *ctx)
{
	struct stream *stream = ctx;
	stream->open = true;
	stream->heard_ms = stream->opened_ms = core_now(stream->core);
	sse_reset(&stream->sse);
	for (struct source *source = stream->sources; source; source = source->stream_next)
		source_catch_up(source);
}

static void on_chunk(void *ctx, const char *bytes, size_t len)
{
	struct stream *stream = ctx;
	stream->heard_ms = core_now(stream->core);
	sse_feed(&stream->sse, bytes, len);
}

/* When to connect again, by how it ended. */
static int64_t next_try(struct stream *stream, const struct response *response)
{
	struct core *core = stream->core;
	int64_t now = core_now(core);
	int64_t backoff = schedule_backoff(&core->random, &patience_stream, stream->failures);
	int64_t wish = schedule_retry_after(response, core_wall(core));
	if (wish > patience_stream.believe_ms) wish = patience_stream.believe_ms;
	int status = response->status;
	if (status == 401 || status == 403) return INT64_MAX; /* until somebody signs in */
	if (status == 429 && wish == 0) wish = patience_stream.limited_ms;
	if (status >= 400 && status < 500 && status != 408 && status != 429)
		return now + REFUSED_MS;
	return now + (wish > backoff ? wish : backoff);
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
	stream->failures++;
	stream->open = false;
	stream->retry_ms = next_try(stream, response);
	for (struct source *source = stream->sources; source; source = source->stream_next)
		source_stream_lost(source);
}

static void connect_stream(struct stream *stream)
{
	struct core *core = stream->core;
	struct request req = {0};
	stream->call.now_ms = core_wall(core);
	stream->heard_ms = core_now(core);
	stream->retry_ms = INT64_MAX;
	if (!stream->net->stream_open(&stream->call, stream->name, &req)) {
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

static void disconnect(struct stream *stream)
{
	if (stream->transfer) stream->core->http->ops->cancel(stream->core->http, stream->transfer);
}

/* -- who shares it -- */

static struct stream *stream_find(struct core *core, const struct signin *signin, const char *name)
{
	struct stream *stream;
	DL_FOREACH(core->streams, stream)
	{
		if (stream->signin == signin && strcmp(stream->name, name) == 0) return stream;
	}
	return NULL;
}

static struct stream *stream_new(struct core *core, struct signin *signin, const char *name)
{
	struct stream *stream = xcalloc(1, sizeof(*stream));
	stream->core = core;
	stream->signin = signin;
	stream->net = signin->net;
	stream->name = xstrdup(name);
	stream->call.account = signin->account;
	stream->call.token = signin->token;
	stream->call.data = xcalloc(1, signin->net->call_size ? signin->net->call_size : 1);
	stream->sse.on_event = on_message;
	stream->sse.ctx = stream;
	stream->retry_ms = core_now(core);
	DL_APPEND(core->streams, stream);
	return stream;
}

static void stream_free(struct stream *stream)
{
	disconnect(stream);
	DL_DELETE(stream->core->streams, stream);
	if (stream->net->call_finish) stream->net->call_finish(&stream->call);
	free(stream->call.data);
	sse_finish(&stream->sse);
	page_free(stream->scratch);
	free(stream->name);
	free(stream);
}

bool stream_attach(struct source *source, struct signin *signin)
{
	struct core *core = source->core;
	const struct network *net = signin->net;
	char buf[256];
	if (!net->stream_name || !net->stream_open || !signin->token) return false;
	const char *name = net->stream_name(&source->ref, buf);
	if (!name) return false;
	struct stream *stream = stream_find(core, signin, name), *any;
	int count;
	DL_COUNT(core->streams, any, count);
	if (!stream && count >= MAX_STREAMS) return false;
	if (!stream) stream = stream_new(core, signin, name);
	source->stream = stream;
	DL_APPEND2(stream->sources, source, stream_prev, stream_next);
	return stream->open || stream->transfer || stream->retry_ms <= core_now(core);
}

void stream_detach(struct source *source)
{
	struct stream *stream = source->stream;
	if (!stream) return;
	source->stream = NULL;
	DL_DELETE2(stream->sources, source, stream_prev, stream_next);
	if (!stream->sources) stream_free(stream);
}

int64_t streams_tick(struct core *core, int64_t now_ms)
{
	int64_t next = INT64_MAX;
	struct stream *stream;
	DL_FOREACH(core->streams, stream)
	{
		if (stream->transfer && now_ms - stream->heard_ms >= SILENCE_MS) disconnect(stream);
		if (!stream->transfer && stream->retry_ms <= now_ms) connect_stream(stream);
		int64_t at = stream->transfer ? stream->heard_ms + SILENCE_MS : stream->retry_ms;
		if (at < next) next = at;
	}
	return next;
}

void streams_retry(struct core *core)
{
	struct stream *stream;
	DL_FOREACH(core->streams, stream)
	{
		disconnect(stream);
		stream->failures = 0;
		stream->retry_ms = core_now(core);
	}
}
