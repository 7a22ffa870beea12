#pragma once
#include "engine/channel.h"
#include "engine/source.h"
#include "net/sse.h"

/*
 * One connection that brings what is new: by Server-Sent Events for one channel, or a
 * WebSocket for all of an account's. Which of them a server has is in the account's
 * caps, or is found out here and noted there.
 */
struct stream {
	struct core *core;
	struct signin *signin;
	const struct network *net;
	bool socket;
	bool fell_back; /* the other way was refused before */
	struct sse sse;
	struct channel *channels; /* a list; the first is named by a WebSocket's address */
	unsigned transfer;        /* 0: not connected */
	bool open, pinged, proven;
	int failures;
	int64_t began_ms; /* when it was last connected; INT64_MIN: never; all monotonic */
	int64_t heard_ms; /* last byte, or the start of the connection */
	int64_t opened_ms;
	int64_t lost_ms;  /* since then it is not open */
	int64_t retry_ms; /* connect again then; INT64_MAX: never by itself */
	struct stream *prev, *next;
};

/* Attach a source to its stream, if its network has one; true when a connection may come. */
bool stream_attach(struct source *source, struct signin *signin);
void stream_detach(struct source *source); /* closes the stream with its last source */
int64_t streams_tick(struct core *core, int64_t now_ms); /* connects, watches for silence */
void streams_retry(struct core *core);                   /* after sleep: all anew */
