#include "model/profile.h"

#include <string.h>

#include "base/mem.h"

/* Copy `s` to *room and move it on; NULL stays NULL. */
static const char *put(char **room, const char *s)
{
	if (!s) return NULL;
	size_t size = strlen(s) + 1;
	char *at = *room;
	memcpy(at, s, size);
	*room += size;
	return at;
}

struct profile *profile_copy(const struct profile *profile)
{
	const char *uri = profile->uri ? profile->uri : "";
	const char *handle = profile->handle ? profile->handle : "";
	const char *name = profile->name ? profile->name : "";
	size_t size = sizeof *profile + strlen(uri) + strlen(handle) + strlen(name) + 3;

	if (profile->url) size += strlen(profile->url) + 1;
	if (profile->bio) size += strlen(profile->bio) + 1;
	struct profile *copy = xmalloc(size);
	char *room = (char *)(copy + 1);
	*copy = *profile;
	copy->uri = put(&room, uri);
	copy->handle = put(&room, handle);
	copy->name = put(&room, name);
	copy->url = put(&room, profile->url);
	copy->bio = put(&room, profile->bio);
	return copy;
}
