#include "networks/mastodon_stream.h"

#include <stdlib.h>
#include <string.h>

#include "net/url.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

/*
 * Streams (fact sheet 9) are named as a WebSocket's query names them: `user`,
 * `public:local`, `hashtag&tag=c`, `list&list=12`, with the value percent-encoded.
 */
enum { MAX_STREAM = 256 };

static const struct stream_row {
	const char *name, *path;
	const char *parameter; /* that it has besides its name, or NULL */
	enum source_kind kind; /* of the statuses that it brings */
} rows[] = {
        {"user", "/user", NULL, SOURCE_HOME},
        {"public", "/public", NULL, SOURCE_FEDERATED},
        {"public:local", "/public/local", NULL, SOURCE_LOCAL},
        {"hashtag", "/hashtag", "tag", SOURCE_TAG},
        {"list", "/list", "list", SOURCE_LIST},
        {"direct", "/direct", NULL, SOURCE_DIRECT},
};

static const struct stream_row *row_of_kind(enum source_kind kind)
{
	if (kind == SOURCE_NOTIFICATIONS || kind == SOURCE_MENTIONS) kind = SOURCE_HOME;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].kind == kind) return &rows[i];
	}
	return NULL;
}

/* A tag's stream is of that tag alone: not of several, nor without some. */
static bool is_one_word(const char *arg)
{
	return *arg && !strpbrk(arg, " \t");
}

/* "hashtag&tag=c" */
static void add_name(struct str *out, const struct stream_row *row, const char *arg)
{
	str_adds(out, row->name);
	if (!row->parameter) return;
	str_addf(out, "&%s=", row->parameter);
	url_encode(out, arg, strlen(arg));
}

const char *mastodon_stream_name(const struct source_ref *source, char buf[256])
{
	const struct stream_row *row = row_of_kind(source->kind);
	const char *arg = source->arg ? source->arg : "";
	struct str name = {0};
	if (!row) return NULL;
	if (source->kind == SOURCE_TAG) arg += *arg == '#';
	if (row->parameter && !is_one_word(arg)) return NULL;
	add_name(&name, row, arg);
	bool fits = name.len < MAX_STREAM;
	if (fits) memcpy(buf, name.p, name.len + 1);
	str_finish(&name);
	return fits ? buf : NULL;
}

static const struct stream_row *row_of(const char *stream)
{
	size_t len = strcspn(stream, "&");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strlen(rows[i].name) == len && strncmp(stream, rows[i].name, len) == 0)
			return &rows[i];
	}
	return NULL;
}

/* --- asking --- */

/*
 * The root that streams have: what the server named, when it is as safe as the server
 * itself, else the server.
 */
static void add_root(struct str *out, const struct account *account)
{
	const char *named = account->streaming ? account->streaming : "";
	struct str root = {0}, url = {0};
	account_add_root(&root, account);
	bool secure = strncmp(named, "https://", 8) == 0 || strncmp(named, "wss://", 6) == 0;
	bool plain = strncmp(named, "http://", 7) == 0 || strncmp(named, "ws://", 5) == 0;
	const char *host = strstr(named, "://");
	if (host)
		str_addf(&url, "%s://%.*s", secure ? "https" : "http",
		        (int)strcspn(host + 3, "/?#"), host + 3);
	bool near = plain && url.len && url_is_loopback(url.p) && strncmp(root.p, "http:", 5) == 0;
	str_adds(out, (secure && url_is_web(str_c(&url))) || near ? url.p : root.p);
	str_finish(&root);
	str_finish(&url);
}

/* Fit to stand in Sec-WebSocket-Protocol, from where servers without more take it. */
static bool is_word(const char *token)
{
	for (const char *p = token; *p; p++) {
		if (*p <= 32 || *p >= 127 || strchr("()<>@,;:\\\"/[]?={}", *p)) return false;
	}
	return *token != '\0';
}

bool mastodon_stream_open(struct call *call, const char *stream, struct request *req)
{
	static const char base[] = "/api/v1/streaming";
	const struct stream_row *row = row_of(stream);
	if (!row || !call->token || !*call->token) return false;
	const char *query = strchr(stream, '&');
	struct str url = {0};
	add_root(&url, call->account);
	if (req->websocket)
		str_addf(&url, "%s?stream=%s", base, stream);
	else
		str_addf(&url, "%s%s%s%s", base, row->path, query ? "?" : "",
		        query ? query + 1 : "");
	req->method = "GET";
	req->url = str_take(&url);
	req->stream = true;
	request_header(req, "Authorization: Bearer %s", call->token);
	if (!req->websocket)
		request_header(req, "Accept: text/event-stream");
	else if (is_word(call->token))
		request_header(req, "Sec-WebSocket-Protocol: %s", call->token);
	return true;
}

/* {"type":"subscribe","stream":"hashtag","tag":"c"} */
void mastodon_stream_join(const char *stream, bool joins, struct str *out)
{
	const struct stream_row *row = row_of(stream);
	const char *value = row && row->parameter ? strchr(stream, '=') : NULL;
	if (!row) return;
	str_addf(out, "{\"type\":\"%s\",\"stream\":\"%s\"", joins ? "subscribe" : "unsubscribe",
	        row->name);
	if (value) {
		char *plain = url_decode(value + 1);
		str_addf(out, ",\"%s\":", row->parameter);
		json_quote(out, plain);
		free(plain);
	}
	str_addc(out, '}');
}

/* {"stream":["hashtag","c"],"event":"update","payload":"…"} */
bool mastodon_stream_message(const char *bytes, size_t len, struct stream_message *out)
{
	struct json *json = json_parse(bytes, len, NULL);
	const cJSON *root = json_root(json);
	const char *name = root ? json_str(root, "event") : NULL;
	const cJSON *stream = root ? json_arr(root, "stream") : NULL;
	const char *part[2] = {NULL, NULL};
	int n = 0;
	if (name) {
		str_adds(&out->name, name);
		const char *payload = json_str(root, "payload");
		str_adds(&out->data, payload);
	}
	json_each (item, stream) {
		if (n < 2 && cJSON_IsString(item)) part[n++] = item->valuestring;
	}
	const struct stream_row *row = part[0] ? row_of(part[0]) : NULL;
	if (row && strlen(part[0]) < MAX_STREAM)
		add_name(&out->stream, row, part[1] ? part[1] : "");
	json_free(json);
	return name != NULL;
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

static void on_filters(const struct event *event)
{
	event->sink->filters(event->sink->ctx);
}

static void on_conversation(const struct event *event)
{
	event->sink->refresh(event->sink->ctx, SOURCE_DIRECT);
}

static const struct {
	const char *name;
	void (*handle)(const struct event *event);
	bool json; /* the data is JSON */
} events[] = {
        {"conversation", on_conversation, false},
        {"filters_changed", on_filters, false},
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
