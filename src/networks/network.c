#include "networks/network.h"

#include <stdlib.h>
#include <string.h>

#include "networks/bluesky.h"
#include "networks/mastodon.h"

extern const struct network network_feed;

const struct network *const networks[] = {
        &network_bluesky,
        &network_feed,
        &network_mastodon,
        NULL,
};

const struct network *network_find(const char *name)
{
	for (size_t i = 0; networks[i]; i++) {
		if (strcmp(networks[i]->name, name) == 0) return networks[i];
	}
	return NULL;
}

void fetch_state_finish(struct fetch_state *state)
{
	if (!state) return;
	free(state->etag);
	free(state->modified);
	free(state->newest);
	free(state->url);
	free(state->moved_to);
	free(state->remote);
	free(state->error);
	*state = (struct fetch_state){0};
}

void stream_message_finish(struct stream_message *message)
{
	str_finish(&message->stream);
	str_finish(&message->name);
	str_finish(&message->data);
}
