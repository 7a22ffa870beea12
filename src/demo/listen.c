#include "demo/handlers.h"
#include "demo/stream.h"

static void listen_to(struct exchange *x, enum channel channel)
{
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

void listen_health(struct exchange *x)
{
	x->type = "text/plain";
	str_adds(&x->body, "OK");
}
