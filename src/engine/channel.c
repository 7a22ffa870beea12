#include "engine/channel.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/source.h"
#include "engine/stream.h"

/* -- what the network finds in an event -- */

static struct source *source_of(struct channel *channel, enum source_kind kind)
{
	for (struct source *source = channel->sources; source; source = source->stream_next) {
		if (source->ref.kind == kind) return source;
	}
	return NULL;
}

static struct page *sink_page(void *ctx, enum source_kind kind)
{
	struct channel *channel = ctx;
	struct source *source = source_of(channel, kind);
	if (source) return source_incoming(source);
	page_free(channel->scratch);
	channel->scratch = page_new();
	return channel->scratch;
}

static void sink_gone(void *ctx, const char *remote_id)
{
	struct channel *channel = ctx;
	struct core *core = channel->stream->core;
	account_id account = channel->stream->signin->account->id;
	archiver_gone(core->archive, account, remote_id);
	struct event *event = event_new(EVENT_GONE);
	event->account = account;
	event->text = xstrdup(remote_id);
	core->emit(core->emit_ctx, event);
}

static void sink_refresh(void *ctx, enum source_kind kind)
{
	struct channel *channel = ctx;
	struct source *source = source_of(channel, kind);
	if (source && !source->fetch) source_set_due(source, core_now(channel->stream->core));
}

static void sink_filters(void *ctx)
{
	struct channel *channel = ctx;
	filters_refetch(channel->stream->core, channel->stream->signin->account->id);
}

void channel_event(struct channel *channel, const char *name, const char *data, size_t len)
{
	struct stream *stream = channel->stream;
	const struct stream_sink sink = {
	        .ctx = channel,
	        .page = sink_page,
	        .gone = sink_gone,
	        .refresh = sink_refresh,
	        .filters = sink_filters,
	};
	channel->call.account = stream->signin->account;
	channel->call.now_ms = core_wall(stream->core);
	stream->net->stream_event(&channel->call, channel->name, name, data, len, &sink);
}

/* -- the connection -- */

void channel_opened(struct channel *channel)
{
	for (struct source *source = channel->sources; source; source = source->stream_next)
		source_catch_up(source);
}

void channel_lost(struct channel *channel)
{
	for (struct source *source = channel->sources; source; source = source->stream_next)
		source_stream_lost(source);
}

/* -- life -- */

struct channel *channel_find(const struct stream *stream, const char *name)
{
	for (struct channel *channel = stream->channels; channel; channel = channel->next) {
		if (strcmp(channel->name, name) == 0) return channel;
	}
	return NULL;
}

struct channel *channel_new(struct stream *stream, const char *name)
{
	struct channel *channel = xcalloc(1, sizeof(*channel));
	channel->stream = stream;
	channel->name = xstrdup(name);
	channel->call.account = stream->signin->account;
	channel->call.token = stream->signin->token;
	channel->call.data = xcalloc(1, stream->net->call_size ? stream->net->call_size : 1);
	DL_APPEND(stream->channels, channel);
	return channel;
}

void channel_free(struct channel *channel)
{
	const struct network *net = channel->stream->net;
	DL_DELETE(channel->stream->channels, channel);
	if (net->call_finish) net->call_finish(&channel->call);
	free(channel->call.data);
	page_free(channel->scratch);
	free(channel->name);
	free(channel);
}
