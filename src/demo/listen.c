#include "demo/handlers.h"
#include "demo/software.h"
#include "demo/stream.h"

static void listen_to(struct exchange *x, enum channel channel)
{
	if (!(x->world->software->streams & STREAMS_SSE)) {
		exchange_error(x, 400, "Bad Request");
		return;
	}
	x->listens = true;
	x->channel = channel;
}

void listen_user(struct exchange *x)
{
	listen_to(x, CHANNEL_USER);
}

void listen_notification(struct exchange *x)
{
	listen_to(x, CHANNEL_NOTIFICATION);
}

void listen_public(struct exchange *x)
{
	listen_to(x, CHANNEL_PUBLIC);
}

void listen_local(struct exchange *x)
{
	listen_to(x, CHANNEL_LOCAL);
}

void listen_remote(struct exchange *x)
{
	listen_to(x, CHANNEL_REMOTE);
}

static void listen_to_tag(struct exchange *x, enum channel channel)
{
	x->channel_arg = params_str(&x->params, "tag");
	if (*x->channel_arg)
		listen_to(x, channel);
	else
		exchange_error(x, 400, "Missing tag parameter");
}

void listen_tag(struct exchange *x)
{
	listen_to_tag(x, CHANNEL_TAG);
}

void listen_tag_local(struct exchange *x)
{
	listen_to_tag(x, CHANNEL_TAG_LOCAL);
}

/* A WebSocket, which may join other streams later. */
void listen_socket(struct exchange *x)
{
	enum channel channel;
	const char *arg = params_str(&x->params, "tag");
	if (!(x->world->software->streams & STREAMS_WEBSOCKET)) {
		exchange_error(x, 404, "The page you are looking for isn't here.");
	} else if (!x->upgrade_key) {
		exchange_error(x, 400, "Bad Request");
	} else if (!channel_find(params_str(&x->params, "stream"), &channel)) {
		exchange_error(x, 400, "Unknown stream type");
	} else {
		x->listens = x->is_socket = true;
		x->channel = channel;
		x->channel_arg = *arg ? arg : params_str(&x->params, "list");
	}
}

void listen_health(struct exchange *x)
{
	x->type = "text/plain";
	str_adds(&x->body, "OK");
}
