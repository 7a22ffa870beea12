#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo/world.h"

/*
 * Live streams (fact sheet 9): who listens, and what each is told. Of Server-Sent Events
 * the hub holds bytes until libmicrohttpd asks for them; a listener with nothing to say
 * is suspended. A WebSocket has as many listeners as it has joined streams.
 */
struct hub;
struct MHD_Connection;
struct MHD_Response;

enum channel {
	CHANNEL_USER,
	CHANNEL_NOTIFICATION,
	CHANNEL_PUBLIC,
	CHANNEL_LOCAL,
	CHANNEL_REMOTE,
	CHANNEL_TAG,
	CHANNEL_TAG_LOCAL,
	CHANNEL_LIST,
	CHANNEL_DIRECT
};

/* Where a stream breaks off; 0: nowhere. */
struct stream_cut {
	size_t events, bytes;
};

/* Sockets are watched by that epoll, borrowed; -1: there are none. */
struct hub *hub_new(struct world *world, int epoll);
void hub_free(struct hub *hub);

/* "12": after so many events; "900b": after bytes; "~900b": at random, about so many. */
struct stream_cut hub_cut(struct hub *hub, const char *spec);

/* An endless answer for this listener. `arg` is a tag, or NULL; copied. */
struct MHD_Response *hub_listen(struct hub *hub, struct MHD_Connection *connection,
        enum channel channel, size_t person, const char *arg, struct stream_cut cut);

/* By a WebSocket's name for it ("public:local"); false: there is none such. */
bool channel_find(const char *name, enum channel *out);
/* The answer that makes a WebSocket of the connection, with one stream joined. */
struct MHD_Response *hub_upgrade(struct hub *hub, enum channel channel, size_t person,
        const char *arg, struct stream_cut cut);
/* Read and write what can be now. */
void hub_run(struct hub *hub);

/* Tell those whom it concerns. A NULL hub has no listeners. */
void hub_update(struct hub *hub, const struct status *status);
void hub_edit(struct hub *hub, const struct status *status);
void hub_delete(struct hub *hub, uint64_t id);
void hub_notice(struct hub *hub, const struct notice *notice);
void hub_filters_changed(struct hub *hub, size_t person);

/* Send the heartbeat when 15 s have passed. */
void hub_beat(struct hub *hub, int64_t mono_ms);
bool hub_is_heard(const struct hub *hub); /* somebody reads home, or what is public */
/* End all streams: their connections must be closed before the daemon may stop. */
void hub_end(struct hub *hub);
