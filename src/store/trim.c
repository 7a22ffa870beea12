#include <stdlib.h>

#include "lineup.h"

/*
 * Forgetting goes by time: all entries before one moment leave all sources at once,
 * so that no source keeps what another has forgotten. The moment is found by halving.
 */

static size_t entries_before(const struct store *store, int64_t sort_ms)
{
	size_t n = 0;

	for (size_t i = 0; i < store->nsources; i++) {
		n += source_lower(&store->sources[i], sort_ms);
	}
	return n;
}

/* The earliest moment with at least `n` entries before it; INT64_MAX when there are fewer. */
static int64_t moment_of(const struct store *store, size_t n)
{
	int64_t low = INT64_MAX, high = INT64_MIN;

	for (size_t i = 0; i < store->nsources; i++) {
		const struct source *source = &store->sources[i];

		if (source->nentries == 0) continue;
		if (source->entries[0].sort_ms < low) low = source->entries[0].sort_ms;
		if (source->entries[source->nentries - 1].sort_ms > high) {
			high = source->entries[source->nentries - 1].sort_ms;
		}
	}
	if (low > high || high == INT64_MAX || entries_before(store, high + 1) < n) {
		return INT64_MAX;
	}
	while (low < high) {
		int64_t mid = low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);

		if (entries_before(store, mid + 1) < n) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low + 1;
}

/* Returns how many entries it forgot. */
static size_t forget_entries(
        struct store *store, source_id id, int64_t sort_ms, const struct idset *keep)
{
	struct source *source = store_source_row(store, id);
	size_t to = 0, before = source->nentries;

	for (size_t i = 0; i < before; i++) {
		const struct source_entry *entry = &source->entries[i];

		if (entry->sort_ms >= sort_ms || (entry->post && idset_has(keep, entry->post))) {
			source->entries[to++] = *entry;
			continue;
		}
		entry_forget(store, id, entry);
		if (entry->post) store_block(store, entry->post)->uses[entry->post % BLOCK]--;
	}
	source->nentries = to;
	cursors_sweep(source);
	for (size_t i = source->ngaps; i-- > 0;) {
		if (source->gaps[i].sort_ms >= sort_ms) continue;
		free(source->gaps[i].cursor);
		source->gaps[i] = source->gaps[--source->ngaps];
	}
	return before - to;
}

/* Posts that a resident post quotes are shown with it. */
static void keep_quoted(const struct store *store, struct idset *keep)
{
	for (post_id id = 1; id <= store->last_post; id++) {
		if (!idset_has(&store->quoting, id)) continue;
		const struct block *block = store_block(store, id);
		const struct post *post = block ? block->posts[id % BLOCK] : NULL;
		post_id quoted;

		if (!post || block->uses[id % BLOCK] == 0) continue;
		quoted = store_find(store, post_str(post, POST_QUOTE_OF));
		if (quoted) idset_put(keep, quoted, true);
	}
}

/* Posts without a row: those that lost theirs now, and those that never got one. */
static void forget_posts(
        struct store *store, const struct idset *pinned, const struct idset *had_row)
{
	struct idset quoted = {0};

	keep_quoted(store, &quoted);
	for (post_id id = 1; id <= store->last_post; id++) {
		struct block *block = store_block(store, id);

		if (!block || !block->posts[id % BLOCK] || block->uses[id % BLOCK] > 0) continue;
		if (idset_has(pinned, id) || idset_has(&quoted, id)) continue;
		if (id > store->loose_floor && !idset_has(had_row, id)) continue;
		store_drop_post(store, id);
	}
	idset_finish(&quoted);
}

static void note_rows(const struct store *store, struct idset *had_row)
{
	for (post_id id = 1; id <= store->last_post; id++) {
		const struct block *block = store_block(store, id);

		if (block && block->uses[id % BLOCK] > 0) idset_put(had_row, id, true);
	}
}

/* Profiles that no post and no entry names any more. */
static void forget_profiles(struct store *store)
{
	struct idset named = {0};

	for (post_id id = 1; id <= store->last_post; id++) {
		profile_id author = store_author(store, id);

		if (author) idset_put(&named, author, true);
	}
	for (size_t s = 0; s < store->nsources; s++) {
		for (size_t i = 0; i < store->sources[s].nentries; i++) {
			profile_id actor = store->sources[s].entries[i].actor;

			if (actor) idset_put(&named, actor, true);
		}
	}
	for (profile_id id = 1; id <= store->nprofiles; id++) {
		if (store->profiles[id - 1] && !idset_has(&named, id)) {
			store_drop_profile(store, id);
		}
	}
	idset_finish(&named);
}

static size_t trim_once(struct store *store, int64_t sort_ms, const struct idset *pinned)
{
	struct idset had_row = {0};
	size_t gone = 0;

	note_rows(store, &had_row);
	for (source_id id = 1; id <= store->nsources; id++) {
		gone += forget_entries(store, id, sort_ms, pinned);
	}
	for (size_t i = 0; i < store->nlineups; i++) {
		lineup_trim(store->lineups[i], sort_ms, pinned);
	}
	forget_posts(store, pinned, &had_row);
	idset_finish(&had_row);
	return gone;
}

void store_trim(struct store *store, size_t max)
{
	size_t slack = max / 16 < BLOCK ? max / 16 : BLOCK, target = max - slack;
	struct idset pinned = {0};

	if (store->nposts <= max) return;
	timelines_catch_up(store);
	for (size_t t = 0; t < store->ntimelines; t++) {
		post_id kept = timeline_kept(store->timelines[t]);

		if (kept) idset_put(&pinned, kept, true);
	}
	while (store->nposts > target) {
		int64_t sort_ms = moment_of(store, store->nposts - target);

		if (trim_once(store, sort_ms, &pinned) == 0) break;
	}
	store->loose_floor = store->last_post;
	forget_profiles(store);
	store_tidy(store);
	idset_finish(&pinned);
}
