#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "networks/network.h"

/* Live streams of a Mastodon server (fact sheet 9), by SSE and WebSocket; see struct network. */
const char *mastodon_stream_name(const struct source_ref *source, char buf[256]);
bool mastodon_stream_open(struct call *call, const char *stream, struct request *req);
void mastodon_stream_join(const char *stream, bool joins, struct str *out);
bool mastodon_stream_message(const char *bytes, size_t len, struct stream_message *out);
void mastodon_stream_event(struct call *call, const char *stream, const char *name,
        const char *data, size_t len, const struct stream_sink *sink);
