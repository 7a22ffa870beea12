#include "demo/stream.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/content.h"
#include "demo/entity.h"

enum { BEAT_MS = 15000, MAX_WAITING = 64 << 20 };

struct listener {
	struct hub *hub;
	struct listener *next;
	struct MHD_Connection *connection;
	enum channel channel;
	size_t person;
	char *arg;
	struct stream_cut cut;
	struct str waiting;
	size_t sent; /* bytes of `waiting` that are gone */
	size_t events, bytes;
	bool suspended, over;
};

struct hub {
	struct world *world;
	struct listener *listeners;
	int64_t beat_ms;
};

struct hub *hub_new(struct world *world)
{
	struct hub *hub = xcalloc(1, sizeof *hub);
	hub->world = world;
	return hub;
}

void hub_free(struct hub *hub)
{
	free(hub);
}

static void wake(struct listener *listener)
{
	if (!listener->suspended) return;
	listener->suspended = false;
	MHD_resume_connection(listener->connection);
}

static ssize_t read_some(void *ctx, uint64_t at, char *out, size_t max)
{
	struct listener *listener = ctx;
	(void)at;
	size_t left = listener->waiting.len - listener->sent;
	if (left == 0 && listener->over) return MHD_CONTENT_READER_END_WITH_ERROR;
	if (left == 0) {
		listener->suspended = true;
		MHD_suspend_connection(listener->connection);
		return 0;
	}
	size_t n = left < max ? left : max;
	memcpy(out, listener->waiting.p + listener->sent, n);
	listener->sent += n;
	if (listener->sent == listener->waiting.len) {
		str_clear(&listener->waiting);
		listener->sent = 0;
	}
	return (ssize_t)n;
}

/* The connection is gone, whoever ended it. */
static void forget(void *ctx)
{
	struct listener *listener = ctx, **at = &listener->hub->listeners;
	while (*at != listener)
		at = &(*at)->next;
	*at = listener->next;
	str_finish(&listener->waiting);
	free(listener->arg);
	free(listener);
}

static void say(struct listener *listener, const char *bytes, size_t len)
{
	if (listener->over) return;
	size_t limit = listener->cut.bytes;
	if (limit && listener->bytes + len >= limit) {
		len = limit - listener->bytes;
		listener->over = true;
	}
	if (listener->waiting.len - listener->sent > MAX_WAITING) listener->over = true;
	str_add(&listener->waiting, bytes, len);
	listener->bytes += len;
	wake(listener);
}

struct MHD_Response *hub_listen(struct hub *hub, struct MHD_Connection *connection,
        enum channel channel, size_t person, const char *arg, struct stream_cut cut)
{
	struct listener *listener = xcalloc(1, sizeof *listener);
	*listener = (struct listener){
	        .hub = hub,
	        .next = hub->listeners,
	        .connection = connection,
	        .channel = channel,
	        .person = person,
	        .arg = xstrdup(arg),
	        .cut = cut,
	};
	hub->listeners = listener;
	say(listener, ":)\n", 3);
	struct MHD_Response *response = MHD_create_response_from_callback(
	        MHD_SIZE_UNKNOWN, 16384, read_some, listener, forget);
	MHD_add_response_header(response, "Content-Type", "text/event-stream");
	MHD_add_response_header(response, "Cache-Control", "private, no-store");
	return response;
}

static void tell(struct listener *listener, const char *event, const char *data)
{
	struct str message = {0};
	str_addf(&message, "event: %s\ndata: %s\n\n", event, data);
	say(listener, message.p, message.len);
	str_finish(&message);
	if (listener->cut.events && ++listener->events >= listener->cut.events) {
		listener->over = true;
		wake(listener);
	}
}

/* --- who is told --- */

static bool is_public(enum channel channel)
{
	return channel == CHANNEL_PUBLIC || channel == CHANNEL_LOCAL || channel == CHANNEL_REMOTE ||
	       channel == CHANNEL_TAG || channel == CHANNEL_TAG_LOCAL;
}

static bool concerns(const struct listener *listener, const struct status *status)
{
	enum channel channel = listener->channel;
	if (channel == CHANNEL_USER)
		return status_at_home(listener->hub->world, status, listener->person);
	if (!is_public(channel) || status->visibility != SEEN_BY_ALL || status->reblog)
		return false;
	bool local = !people[status->author].host;
	if ((channel == CHANNEL_LOCAL || channel == CHANNEL_TAG_LOCAL) && !local) return false;
	if (channel == CHANNEL_REMOTE && local) return false;
	if (channel != CHANNEL_TAG && channel != CHANNEL_TAG_LOCAL) return true;
	return listener->arg && content_has_tag(status->text, listener->arg);
}

static void tell_status(struct hub *hub, const char *event, const struct status *status)
{
	struct str common = {0}, own = {0};
	for (struct listener *it = hub ? hub->listeners : NULL; it; it = it->next) {
		if (!concerns(it, status)) continue;
		if (it->channel == CHANNEL_USER) {
			str_clear(&own);
			entity_status(&own, NULL, hub->world, status, (int)it->person);
			tell(it, event, own.p);
			continue;
		}
		if (common.len == 0) entity_status(&common, NULL, hub->world, status, -1);
		tell(it, event, common.p);
	}
	str_finish(&common);
	str_finish(&own);
}

void hub_update(struct hub *hub, const struct status *status)
{
	tell_status(hub, "update", status);
}

void hub_edit(struct hub *hub, const struct status *status)
{
	tell_status(hub, "status.update", status);
}

void hub_delete(struct hub *hub, uint64_t id)
{
	char number[24];
	snprintf(number, sizeof number, "%" PRIu64, id);
	for (struct listener *it = hub ? hub->listeners : NULL; it; it = it->next) {
		if (it->channel == CHANNEL_USER || is_public(it->channel))
			tell(it, "delete", number);
	}
}

void hub_notice(struct hub *hub, const struct notice *notice)
{
	for (struct listener *it = hub ? hub->listeners : NULL; it; it = it->next) {
		bool wants = it->channel == CHANNEL_USER || it->channel == CHANNEL_NOTIFICATION;
		if (!wants || it->person != notice->to) continue;
		struct str own = {0};
		entity_notice(&own, hub->world, notice);
		tell(it, "notification", own.p);
		str_finish(&own);
	}
}

void hub_filters_changed(struct hub *hub, size_t person)
{
	for (struct listener *it = hub ? hub->listeners : NULL; it; it = it->next) {
		if (it->channel == CHANNEL_USER && it->person == person)
			tell(it, "filters_changed", "undefined");
	}
}

void hub_beat(struct hub *hub, int64_t mono_ms)
{
	if (mono_ms - hub->beat_ms < BEAT_MS) return;
	hub->beat_ms = mono_ms;
	for (struct listener *it = hub->listeners; it; it = it->next)
		say(it, ":thump\n", 7);
}

size_t hub_listeners(const struct hub *hub, enum channel channel)
{
	size_t n = 0;
	for (const struct listener *it = hub->listeners; it; it = it->next)
		n += it->channel == channel && !it->over;
	return n;
}

void hub_end(struct hub *hub)
{
	for (struct listener *it = hub->listeners; it; it = it->next) {
		it->over = true;
		wake(it);
	}
}
