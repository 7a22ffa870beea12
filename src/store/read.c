#include <string.h>

#include "private.h"

/* Read and unread: a bit of each post, and the keys of those that were read ever. */

uint64_t store_key(const char *uri)
{
	uint64_t key = table_mix(table_hash(TABLE_FNV_START, uri, strlen(uri)));

	return key ? key : 1;
}

bool store_is_read(const struct store *store, post_id id)
{
	return idset_has(&store->read, id);
}

static void set_read_bit(struct store *store, post_id id, bool read)
{
	if (idset_has(&store->read, id) == read) return;
	lineups_catch_up(store); /* what is unread was counted of rows as they stand */
	idset_put(&store->read, id, read);
	store_now(store);
	timelines_read_changed(store, id, read);
}

void store_set_read(struct store *store, post_id id, bool read)
{
	const struct post *post = store_post(store, id);
	uint64_t key;

	if (!post) return;
	key = store_key(post_str(post, POST_URI));
	if (read) {
		table_put(&store->read_keys, key);
	} else {
		table_drop(&store->read_keys, key);
	}
	set_read_bit(store, id, read);
}

/* Their reposts bring what was read in another session. */
static void seen_before(struct store *store, const struct idset *posts)
{
	for (size_t s = 0; s < store->nsources; s++) {
		struct source *source = &store->sources[s];

		for (size_t i = 0; i < source->nentries; i++) {
			struct source_entry *entry = &source->entries[i];

			if (entry->reason != REASON_REPOSTED || !entry->post) continue;
			if (idset_has(posts, entry->post)) entry->seen = true;
		}
	}
	timelines_seen_before(store, posts);
}

void store_put_read_keys(struct store *store, const uint64_t *keys, size_t nkeys)
{
	struct idset posts = {0};

	for (size_t i = 0; i < nkeys; i++) {
		if (keys[i]) table_put(&store->read_keys, keys[i]);
	}
	for (post_id id = 1; store->nposts > 0 && id <= store->last_post; id++) {
		const struct post *post = store_post(store, id);

		if (!post || idset_has(&store->read, id)) continue;
		if (table_has(&store->read_keys, store_key(post_str(post, POST_URI)))) {
			set_read_bit(store, id, true);
			idset_put(&posts, id, true);
		}
	}
	if (posts.nblocks > 0) seen_before(store, &posts);
	idset_finish(&posts);
}
