#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/profile.h"
#include "private.h"

const struct profile *store_profile(const struct store *store, profile_id id)
{
	return id > 0 && id <= store->nprofiles ? store->profiles[id - 1] : NULL;
}

static size_t str_bytes(const char *s)
{
	return s ? strlen(s) + 1 : 0;
}

static size_t profile_bytes(const struct profile *profile)
{
	return sizeof *profile + str_bytes(profile->uri) + str_bytes(profile->handle) +
	       str_bytes(profile->name) + str_bytes(profile->url) + str_bytes(profile->bio);
}

static profile_id profile_find(const struct store *store, const char *uri, uint32_t hash)
{
	size_t cursor = 0;
	profile_id id;

	while ((id = table_next(&store->profile_uris, hash, &cursor)) != 0) {
		if (strcmp(store->profiles[id - 1]->uri, uri) == 0) return id;
	}
	return 0;
}

profile_id store_find_profile(const struct store *store, const char *who)
{
	profile_id id = profile_find(store, who, store_hash(store, 0, who));
	const char *handle = *who == '@' ? who + 1 : who;

	for (size_t i = 0; !id && i < store->nprofiles; i++) {
		const struct profile *profile = store->profiles[i];

		if (profile && strcasecmp(profile->handle, handle) == 0) id = (profile_id)i + 1;
	}
	return id;
}

static bool same_str(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Replace what is known, keep what the new one does not tell. */
static void profile_update(struct store *store, profile_id id, const struct profile *now)
{
	struct profile *old = store->profiles[id - 1];
	struct profile next = *now;
	bool seen; /* a query could tell the difference */

	if (!next.url) next.url = old->url;
	if (!next.bio) next.bio = old->bio;
	if (next.followers < 0) next.followers = old->followers;
	seen = strcmp(next.handle, old->handle) != 0 || strcmp(next.name, old->name) != 0 ||
	       !same_str(next.bio, old->bio) || next.bot != old->bot;
	if (!seen && same_str(next.url, old->url)) {
		old->followers = next.followers;
		return;
	}
	store->profile_bytes -= profile_bytes(old);
	store->profiles[id - 1] = profile_copy(&next);
	store->profile_bytes += profile_bytes(store->profiles[id - 1]);
	free(old);
	if (!seen) return;
	filters_look_author(store, id);
	timelines_author_changed(store, id);
}

profile_id store_put_profile(struct store *store, const struct profile *profile, bool stored)
{
	uint32_t hash = store_hash(store, 0, profile->uri);
	profile_id id = profile_find(store, profile->uri, hash);

	if (id) {
		if (!stored) profile_update(store, id, profile);
		return id;
	}
	store->profiles = mem_grow(store->profiles, &store->profiles_cap, store->nprofiles + 1,
	        sizeof *store->profiles);
	store->profiles[store->nprofiles++] = profile_copy(profile);
	id = (profile_id)store->nprofiles;
	store->profile_bytes += profile_bytes(store->profiles[id - 1]);
	table_put(&store->profile_uris, (uint64_t)hash << 32 | id);
	return id;
}

void store_drop_profile(struct store *store, profile_id id)
{
	struct profile *profile = store->profiles[id - 1];
	uint32_t hash = store_hash(store, 0, profile->uri);

	relations_drop(store, id);
	table_drop(&store->profile_uris, (uint64_t)hash << 32 | id);
	store->profile_bytes -= profile_bytes(profile);
	store->profiles[id - 1] = NULL;
	free(profile);
}
