#pragma once
#include "base/str.h"
#include "networks/network.h"

struct source;
struct stream;

/* What a stream carries under one name, for the sources of an account that share it. */
struct channel {
	struct stream *stream;
	char *name;
	struct call call;
	struct source *sources; /* a list through stream_next */
	struct page *scratch;   /* takes rows that nobody watches */
	struct channel *prev, *next;
};

struct channel *channel_new(struct stream *stream, const char *name);
void channel_free(struct channel *channel); /* has no sources any more */
struct channel *channel_find(const struct stream *stream, const char *name);

/* Let the network look at an event; what it means reaches sources, archive and deck. */
void channel_event(struct channel *channel, const char *name, const char *data, size_t len);
/* The connection is up, or gone: tell its sources. */
void channel_opened(struct channel *channel);
void channel_lost(struct channel *channel);
