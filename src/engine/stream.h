#pragma once
#include "base/str.h"
#include "engine/source.h"
#include "net/sse.h"

/* One connection that brings what is new for all sources of an account that share its name. */
struct stream {
	struct core *core;
	struct signin *signin;
	const struct network *net;
	char *name;
	struct call call;
	struct sse sse;
	struct source *sources; /* a list through stream_next */
	unsigned transfer;      /* 0: not connected */
	bool open;
	int failures;
	int64_t heard_ms; /* last byte, or the start of the connection; monotonic */
	int64_t opened_ms;
	int64_t retry_ms;     /* connect again then; INT64_MAX: never by itself */
	struct page *scratch; /* takes rows that nobody watches */
	struct stream *prev, *next;
};

/* Attach a source to its stream, if its network has one; true when a connection may come. */
bool stream_attach(struct source *source, struct signin *signin);
void stream_detach(struct source *source); /* closes the stream with its last source */
int64_t streams_tick(struct core *core, int64_t now_ms); /* connects, watches for silence */
void streams_retry(struct core *core);                   /* after sleep: all anew */
