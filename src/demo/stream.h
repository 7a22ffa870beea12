#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo/world.h"

/*
 * Server-Sent Events (fact sheet 9): who listens, and what each is told. The hub holds
 * bytes until libmicrohttpd asks for them; a listener with nothing to say is suspended.
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

struct hub *hub_new(struct world *world);
void hub_free(struct hub *hub);

/* An endless answer for this listener. `arg` is a tag, or NULL; copied. */
struct MHD_Response *hub_listen(struct hub *hub, struct MHD_Connection *connection,
        enum channel channel, size_t person, const char *arg, struct stream_cut cut);

/* Tell those whom it concerns. A NULL hub has no listeners. */
void hub_update(struct hub *hub, const struct status *status);
void hub_edit(struct hub *hub, const struct status *status);
void hub_delete(struct hub *hub, uint64_t id);
void hub_notice(struct hub *hub, const struct notice *notice);
void hub_filters_changed(struct hub *hub, size_t person);

/* Send the heartbeat when 15 s have passed. */
void hub_beat(struct hub *hub, int64_t mono_ms);
size_t hub_listeners(const struct hub *hub, enum channel channel);
/* End all streams: their connections must be closed before the daemon may stop. */
void hub_end(struct hub *hub);
