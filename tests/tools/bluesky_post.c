/*
 * The steps of posting on Bluesky with the real transport, for tests/e2e/bluesky_post.py:
 *
 *   bluesky_post ROOT DID TOKEN
 *
 * One JSON object a line on standard input: {"step": "prepare", "item": {…}, "before": {…}},
 * of an upload "upload", "file" and "type"; of a marker "cursor" and "at_ms". One line for each on
 * standard output: what the step made, or why it failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/transport.h"
#include "networks/network.h"

enum { MOST_REQUESTS = 40, MOST_MEDIA = 8 };

static const struct {
	const char *name;
	size_t at; /* of struct network */
} steps[] = {
        {"upload", offsetof(struct network, upload)},
        {"prepare", offsetof(struct network, prepare)},
        {"publish", offsetof(struct network, publish)},
        {"reconcile", offsetof(struct network, reconcile)},
        {"marker_read", offsetof(struct network, marker_read)},
        {"marker_write", offsetof(struct network, marker_write)},
};

/* --- what is asked --- */

static char *str_of(const cJSON *obj, const char *name)
{
	return (char *)json_str(obj, name);
}

/* Borrows from the JSON. */
static void read_item(
        struct outgoing *out, struct outgoing_media media[MOST_MEDIA], const cJSON *obj)
{
	*out = (struct outgoing){.text = str_of(obj, "text"),
	        .warning = str_of(obj, "warning"),
	        .lang = str_of(obj, "lang"),
	        .reply_to = str_of(obj, "reply_to"),
	        .quote_of = str_of(obj, "quote_of"),
	        .self_labels = str_of(obj, "self_labels"),
	        .key = str_of(obj, "key"),
	        .frozen = str_of(obj, "frozen"),
	        .uri = str_of(obj, "uri"),
	        .remote_id = str_of(obj, "remote_id"),
	        .gate = (unsigned)json_int(obj, "gate", 0),
	        .media = media};
	json_each (entry, json_arr(obj, "media")) {
		if (out->nmedia == MOST_MEDIA) break;
		media[out->nmedia++] = (struct outgoing_media){.path = str_of(entry, "path"),
		        .alt = str_of(entry, "alt"),
		        .made = str_of(entry, "made"),
		        .width = (uint32_t)json_int(entry, "width", 0),
		        .height = (uint32_t)json_int(entry, "height", 0)};
	}
}

/* --- a step --- */

struct transfer {
	struct call *call;
	call_step *step;
	struct request req;
	enum call_next next;
	bool done;
	size_t bytes_sent;
};

static void on_done(void *ctx, const struct response *response)
{
	struct transfer *transfer = ctx;
	transfer->bytes_sent = response->bytes_sent;
	transfer->next = transfer->step(transfer->call, response, &transfer->req);
	transfer->done = true;
}

static void run(struct transfer *transfer, struct transport *transport, const char *root)
{
	const struct transfer_hooks hooks = {.on_done = on_done, .ctx = transfer};
	transfer->next = transfer->step(transfer->call, NULL, &transfer->req);
	for (int i = 0; i < MOST_REQUESTS && transfer->next == CALL_SEND; i++) {
		struct request req = transfer->req;
		transfer->req = (struct request){0};
		transfer->done = false;
		req.allow_local = strncmp(req.url, root, strlen(root)) == 0;
		transport->ops->send(transport, &req, &hooks);
		while (!transfer->done) {
			transport->ops->wait(transport, 1000);
			transport->ops->perform(transport);
		}
	}
	request_finish(&transfer->req);
}

static void add(struct str *out, const char *name, const char *value)
{
	if (!value) return;
	str_addf(out, ",\"%s\":", name);
	json_quote(out, value);
}

static void say(const struct transfer *transfer)
{
	const struct call *call = transfer->call;
	const struct publish *publish = call->publish;
	struct str out = {0};
	str_addf(&out, "{\"done\":%s,\"code\":%d,\"found\":%s,\"bytes_sent\":%zu",
	        transfer->next == CALL_DONE ? "true" : "false", (int)call->err.code,
	        publish->found ? "true" : "false", transfer->bytes_sent);
	if (transfer->next == CALL_FAIL) add(&out, "why", call->err.text);
	add(&out, "made", publish->made);
	add(&out, "uri", publish->uri);
	add(&out, "remote_id", publish->remote_id);
	add(&out, "url", publish->url);
	add(&out, "cursor", call->marker->cursor);
	str_addc(&out, '}');
	puts(str_c(&out));
	fflush(stdout);
	str_finish(&out);
}

static void finish(struct call *call)
{
	const struct network *network = network_find("bluesky");
	struct publish *publish = call->publish;
	network->call_finish(call);
	free(call->data);
	free(call->marker->cursor);
	free(publish->made);
	free(publish->watermark);
	free(publish->remote_id);
	free(publish->uri);
	free(publish->url);
}

static void take_line(const struct account *account, const char *token, const cJSON *line,
        struct transport *transport)
{
	const struct network *network = network_find("bluesky");
	const char *name = json_str(line, "step");
	struct outgoing item, before;
	struct outgoing_media media[MOST_MEDIA], unused[MOST_MEDIA];
	read_item(&item, media, json_obj(line, "item"));
	read_item(&before, unused, json_obj(line, "before"));
	struct publish publish = {.item = &item,
	        .before = json_obj(line, "before") ? &before : NULL,
	        .upload = (size_t)json_int(line, "upload", 0),
	        .file = json_str(line, "file"),
	        .type = json_str(line, "type")};
	const char *cursor = json_str(line, "cursor");
	struct source_ref notifications = {.account = account->name, .kind = SOURCE_NOTIFICATIONS};
	struct marker marker = {
	        .cursor = cursor ? xstrdup(cursor) : NULL, .at_ms = json_int(line, "at_ms", 0)};
	struct call call = {.account = account,
	        .source = &notifications,
	        .marker = &marker,
	        .token = token,
	        .now_ms = clock_wall(&clock_system),
	        .data = xcalloc(1, network->call_size),
	        .publish = &publish};
	struct transfer transfer = {.call = &call};
	for (size_t i = 0; name && i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(steps[i].name, name) == 0)
			memcpy(&transfer.step, (const char *)network + steps[i].at,
			        sizeof transfer.step);
	}
	if (transfer.step) run(&transfer, transport, account->host);
	say(&transfer);
	finish(&call);
}

int main(int argc, char **argv)
{
	struct err err = {0};
	struct transport *transport = curl_transport_new("stoa-test", &err);
	if (argc != 4 || !transport) {
		fprintf(stderr, "bluesky_post ROOT DID TOKEN %s\n", err.text);
		return 2;
	}
	struct account *account = account_new("sky", "bluesky", argv[1]);
	account_set(&account->uri, argv[2]);
	char *line = NULL;
	size_t cap = 0;
	for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
		struct json *json = json_parse(line, (size_t)n, NULL);
		take_line(account, argv[3], json ? json_root(json) : NULL, transport);
		json_free(json);
	}
	free(line);
	account_free(account);
	transport->ops->free(transport);
	return 0;
}
