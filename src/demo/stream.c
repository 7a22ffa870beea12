#include "demo/stream.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "demo/content.h"
#include "demo/entity.h"
#include "demo/put.h"
#include "demo/software.h"
#include "demo/websocket.h"

enum { BEAT_MS = 15000, MAX_WAITING = 64 << 20 };

static const char *const channel_names[] = {
        [CHANNEL_USER] = "user",
        [CHANNEL_NOTIFICATION] = "user:notification",
        [CHANNEL_PUBLIC] = "public",
        [CHANNEL_LOCAL] = "public:local",
        [CHANNEL_REMOTE] = "public:remote",
        [CHANNEL_TAG] = "hashtag",
        [CHANNEL_TAG_LOCAL] = "hashtag:local",
        [CHANNEL_LIST] = "list",
        [CHANNEL_DIRECT] = "direct",
};

/* A WebSocket, from the answer that promises it on. */
struct line {
	struct hub *hub;
	struct line *next;
	struct websocket *ws; /* NULL: libmicrohttpd has not handed it over yet */
	size_t person;
	struct stream_cut cut;
	size_t events;
	bool over;
};

struct listener {
	struct hub *hub;
	struct listener *next;
	struct MHD_Connection *connection; /* of Server-Sent Events */
	struct line *line;                 /* of a WebSocket; NULL: it is none */
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
	int epoll;
	struct listener *listeners;
	struct line *lines;
	struct random random; /* of cuts: the world's own must not be disturbed */
	int64_t beat_ms;
};

struct hub *hub_new(struct world *world, int epoll)
{
	struct hub *hub = xcalloc(1, sizeof *hub);
	hub->world = world;
	hub->epoll = epoll;
	random_init(&hub->random, 1);
	return hub;
}

struct stream_cut hub_cut(struct hub *hub, const char *spec)
{
	bool any = *spec == '~';
	size_t n = strtoul(spec + any, NULL, 10);
	if (any) n = (size_t)random_below(&hub->random, 2 * n + 1);
	if (n == 0) n = 1;
	if (strchr(spec, 'b')) return (struct stream_cut){.bytes = n};
	return (struct stream_cut){.events = n};
}

bool channel_find(const char *name, enum channel *out)
{
	for (size_t i = 0; i < sizeof channel_names / sizeof *channel_names; i++) {
		if (strcmp(channel_names[i], name) != 0) continue;
		*out = (enum channel)i;
		return true;
	}
	return false;
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

static struct listener *listener_new(
        struct hub *hub, enum channel channel, size_t person, const char *arg)
{
	struct listener *listener = xcalloc(1, sizeof *listener);
	*listener = (struct listener){
	        .hub = hub,
	        .next = hub->listeners,
	        .channel = channel,
	        .person = person,
	        .arg = xstrdup(arg ? arg : ""),
	};
	hub->listeners = listener;
	return listener;
}

struct MHD_Response *hub_listen(struct hub *hub, struct MHD_Connection *connection,
        enum channel channel, size_t person, const char *arg, struct stream_cut cut)
{
	struct listener *listener = listener_new(hub, channel, person, arg);
	listener->connection = connection;
	listener->cut = cut;
	say(listener, ":)\n", 3);
	struct MHD_Response *response = MHD_create_response_from_callback(
	        MHD_SIZE_UNKNOWN, 16384, read_some, listener, forget);
	MHD_add_response_header(response, "Content-Type", "text/event-stream");
	MHD_add_response_header(response, "Cache-Control", "private, no-store");
	return response;
}

/* {"stream":["hashtag","c"],"event":"update","payload":"…"} */
static void tell_line(const struct listener *listener, const char *event, const char *data)
{
	struct line *line = listener->line;
	struct str message = {0};
	if (line->over || !line->ws) return;
	put_open(&message, NULL, '{');
	put_open(&message, "stream", '[');
	put_str(&message, NULL, channel_names[listener->channel]);
	if (*listener->arg) put_str(&message, NULL, listener->arg);
	put_close(&message, ']');
	put_str(&message, "event", event);
	if (strcmp(data, "undefined") != 0) put_str(&message, "payload", data);
	put_close(&message, '}');
	websocket_say(line->ws, message.p, message.len);
	str_finish(&message);
	if (line->cut.events && ++line->events >= line->cut.events) line->over = true;
}

static void tell(struct listener *listener, const char *event, const char *data)
{
	if (listener->line) {
		tell_line(listener, event, data);
		return;
	}
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
	char number[ID_SIZE];
	if (hub) software_print_id(hub->world->software, number, id);
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
	for (struct listener *it = hub->listeners; it; it = it->next) {
		if (!it->line) say(it, ":thump\n", 7);
	}
	for (struct line *line = hub->lines; line; line = line->next) {
		if (line->ws) websocket_ping(line->ws);
	}
}

bool hub_is_heard(const struct hub *hub)
{
	for (const struct listener *it = hub->listeners; it; it = it->next) {
		if (it->over) continue;
		if (it->channel == CHANNEL_USER || it->channel == CHANNEL_PUBLIC) return true;
	}
	return false;
}

/* --- WebSockets --- */

/* {"type":"subscribe","stream":"hashtag","tag":"c"} */
static void on_message(void *ctx, const char *text, size_t len)
{
	struct line *line = ctx;
	struct json *json = json_parse(text, len, NULL);
	const cJSON *root = json_root(json);
	const char *type = root ? json_str(root, "type") : NULL;
	const char *name = root ? json_str(root, "stream") : NULL;
	const char *arg = root ? json_str(root, "tag") : NULL;
	enum channel channel;
	if (root && !arg) arg = json_str(root, "list");
	if (!type || !name || !channel_find(name, &channel)) {
		static const char unknown[] = "{\"error\":\"Unknown stream type\",\"status\":400}";
		websocket_say(line->ws, unknown, sizeof unknown - 1);
	} else if (strcmp(type, "subscribe") == 0) {
		listener_new(line->hub, channel, line->person, arg)->line = line;
	} else {
		struct listener *it = line->hub->listeners;
		while (it && (it->line != line || it->channel != channel ||
		                     strcmp(it->arg, arg ? arg : "") != 0))
			it = it->next;
		if (it) forget(it);
	}
	json_free(json);
}

static void on_upgrade(void *ctx, struct MHD_Connection *connection, void *state, const char *bytes,
        size_t len, MHD_socket fd, struct MHD_UpgradeResponseHandle *handle)
{
	struct line *line = ctx;
	(void)connection, (void)state;
	struct websocket_start start = {
	        .fd = fd,
	        .handle = handle,
	        .epoll = line->hub->epoll,
	        .max_bytes = line->cut.bytes,
	        .bytes = bytes,
	        .len = len,
	        .on_message = on_message,
	        .ctx = line,
	};
	line->ws = websocket_new(&start);
}

struct MHD_Response *hub_upgrade(struct hub *hub, enum channel channel, size_t person,
        const char *arg, struct stream_cut cut)
{
	struct line *line = xcalloc(1, sizeof *line);
	*line = (struct line){.hub = hub, .next = hub->lines, .person = person, .cut = cut};
	hub->lines = line;
	listener_new(hub, channel, person, arg)->line = line;
	return MHD_create_response_for_upgrade(on_upgrade, line);
}

static void line_free(struct line *line)
{
	struct line **at = &line->hub->lines;
	while (*at != line)
		at = &(*at)->next;
	*at = line->next;
	for (struct listener *it = line->hub->listeners, *next; it; it = next) {
		next = it->next;
		if (it->line == line) forget(it);
	}
	websocket_free(line->ws);
	free(line);
}

void hub_run(struct hub *hub)
{
	for (struct line *line = hub->lines, *next; line; line = next) {
		next = line->next;
		if (line->ws && (!websocket_run(line->ws) || line->over)) line_free(line);
	}
}

/* --- the end --- */

void hub_end(struct hub *hub)
{
	while (hub->lines)
		line_free(hub->lines);
	for (struct listener *it = hub->listeners; it; it = it->next) {
		it->over = true;
		wake(it);
	}
}

void hub_free(struct hub *hub)
{
	free(hub);
}
