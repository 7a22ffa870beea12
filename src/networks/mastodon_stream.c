#include "networks/mastodon_stream.h"

#include <stdlib.h>
#include <string.h>

#include "net/url.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

/* Streams are named as Mastodon's WebSocket names them; a tag stands behind `hashtag&tag=`. */
static const char tag_prefix[] = "hashtag&tag=";
enum { MAX_STREAM = 256 };

static const struct stream_row {
	const char *name, *path;
	enum source_kind kind; /* of the statuses that it brings */
} rows[] = {
        {"user", "/api/v1/streaming/user", SOURCE_HOME},
        {"public", "/api/v1/streaming/public", SOURCE_FEDERATED},
        {"public:local", "/api/v1/streaming/public/local", SOURCE_LOCAL},
        {tag_prefix, "/api/v1/streaming/hashtag", SOURCE_TAG},
};

const char *mastodon_stream_name(const struct source_ref *source, char buf[256])
{
	switch (source->kind) {
	case SOURCE_HOME:
	case SOURCE_NOTIFICATIONS:
	case SOURCE_MENTIONS:
		return "user";
	case SOURCE_LOCAL:
		return "public:local";
	case SOURCE_FEDERATED:
		return "public";
	case SOURCE_TAG:
		break;
	default:
		return NULL;
	}
	struct str name = {0};
	const char *tag = source->arg ? source->arg : "";
	tag += *tag == '#';
	str_adds(&name, tag_prefix);
	url_encode(&name, tag, strlen(tag));
	bool fits = *tag && name.len < MAX_STREAM;
	if (fits) memcpy(buf, name.p, name.len + 1);
	str_finish(&name);
	return fits ? buf : NULL;
}

static const struct stream_row *row_of(const char *stream)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool tag = rows[i].kind == SOURCE_TAG;
		if (tag ? strncmp(stream, tag_prefix, sizeof tag_prefix - 1) == 0
		        : strcmp(stream, rows[i].name) == 0)
			return &rows[i];
	}
	return NULL;
}

bool mastodon_stream_open(struct call *call, const char *stream, struct request *req)
{
	const struct stream_row *row = row_of(stream);
	if (!row || !call->token || !*call->token) return false;
	const char *query = strchr(stream, '&');
	req->stream = true;
	mastodon_get(req, call, row->path, query ? query + 1 : "");
	return true;
}

/* --- events --- */

struct event {
	struct call *call;
	const struct stream_row *row;
	const struct stream_sink *sink;
	const cJSON *data;
};

static void init(struct mastodon_reader *reader, const struct event *event, enum source_kind kind)
{
	struct page *page = event->sink->page(event->sink->ctx, kind);
	mastodon_reader_init(reader, page, event->call->account);
}

static void on_update(const struct event *event)
{
	struct mastodon_reader reader;
	init(&reader, event, event->row->kind);
	reader.page->unreadable += !mastodon_row(&reader, event->data);
	mastodon_reader_finish(&reader);
}

/* The post is known, or will come when it is wanted: no row. */
static void on_edit(const struct event *event)
{
	struct mastodon_reader reader;
	init(&reader, event, event->row->kind);
	/* Public streams speak to nobody in particular: they cannot know what we liked. */
	reader.blind = event->row->kind != SOURCE_HOME;
	reader.page->unreadable += mastodon_post(&reader, event->data, 0) == 0;
	mastodon_reader_finish(&reader);
}

static void on_notification(const struct event *event)
{
	static const char mention[] = "mention";
	struct mastodon_reader reader;
	const char *type = json_str(event->data, "type");
	init(&reader, event, SOURCE_NOTIFICATIONS);
	reader.page->unreadable += !mastodon_notice(&reader, event->data, NULL);
	mastodon_reader_finish(&reader);
	if (!type || strcmp(type, mention) != 0) return;
	init(&reader, event, SOURCE_MENTIONS);
	reader.page->unreadable += !mastodon_notice(&reader, event->data, mention);
	mastodon_reader_finish(&reader);
}

static void on_merged(const struct event *event)
{
	event->sink->refresh(event->sink->ctx, SOURCE_NOTIFICATIONS);
	event->sink->refresh(event->sink->ctx, SOURCE_MENTIONS);
}

static const struct {
	const char *name;
	void (*handle)(const struct event *event);
	bool json; /* the data is JSON */
} events[] = {
        {"notification", on_notification, true},
        {"notifications_merged", on_merged, false},
        {"status.update", on_edit, true},
        {"update", on_update, true},
};

/* The data of `delete` is a bare id. */
static void on_delete(const char *data, size_t len, const struct stream_sink *sink)
{
	enum { MAX_ID = 512 };
	bool fine = len > 0 && len <= MAX_ID && clean_is_plain(data, len);
	for (size_t i = 0; i < len && fine; i++)
		fine = (unsigned char)data[i] > 32;
	if (fine) sink->gone(sink->ctx, data);
}

void mastodon_stream_event(struct call *call, const char *stream, const char *name,
        const char *data, size_t len, const struct stream_sink *sink)
{
	struct event event = {.call = call, .row = row_of(stream), .sink = sink};
	if (!event.row) return;
	if (strcmp(name, "delete") == 0) on_delete(data, len, sink);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		if (strcmp(name, events[i].name) != 0) continue;
		struct json *json = events[i].json ? json_parse(data, len, NULL) : NULL;
		event.data = json_root(json);
		if (event.data || !events[i].json) events[i].handle(&event);
		json_free(json);
	}
}
