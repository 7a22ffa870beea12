#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "demo/world.h"

/*
 * Files that people have uploaded (fact sheet 5.6): kept as they came, and shown again
 * to whoever asks for their address. They live as long as the world.
 */
struct upload {
	struct picture picture; /* its strings are owned */
	size_t owner;
	int64_t ready_ms; /* a film is at work until then */
	char *type;       /* MIME type, by its first bytes */
	struct str bytes;
	bool used; /* by a post, or by one that waits for its time */
};

enum { MEDIA_MAX_ALT = 1500, MEDIA_MAX_UPLOADS = 512 };

/* Their own, not used by a post yet; NULL when there is none. */
struct upload *media_unused(const struct world *world, size_t owner, const char *id);
/* The post that used it is no more. */
void media_release(struct world *world, const struct picture *picture);
bool media_is_ready(const struct world *world, const struct upload *upload);
/* What the demo takes, as a list in JSON. */
void media_put_types(struct str *out);
void media_put(struct str *out, const char *key, const struct world *world,
        const struct picture *picture, bool ready);
void media_free(struct world *world);
