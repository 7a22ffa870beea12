#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "lineup.h"

struct store *store_new(const struct clock *clock)
{
	struct store *store = xcalloc(1, sizeof *store);

	store->clock = clock;
	random_secret(&store->seed, sizeof store->seed);
	return store;
}

static void free_accounts(struct store *store)
{
	for (size_t i = 0; i < store->naccounts; i++) {
		account_free((struct account *)store->accounts[i]);
	}
	free(store->accounts);
}

static void free_post(struct block *block, post_id id)
{
	struct post *post = block->posts[id % BLOCK];

	block->posts[id % BLOCK] = NULL;
	if (!shelf_has(&block->shelf, post)) free(post);
}

static void free_block(struct block *block)
{
	if (!block) return;
	shelf_finish(&block->shelf);
	free(block);
}

void store_free(struct store *store)
{
	if (!store) return;
	mutes_finish(store);
	speakers_finish(store);
	quotas_finish(store);
	watches_finish(store);
	recent_finish(&store->recent);
	saved_finish(store);
	for (post_id id = 1; id <= store->last_post; id++) {
		struct block *block = store_block(store, id);

		if (block && block->posts[id % BLOCK]) free_post(block, id);
	}
	for (size_t i = 0; i < store->nblocks; i++) {
		free_block(store->blocks[i]);
	}
	for (size_t i = 0; i < store->nprofiles; i++) {
		free(store->profiles[i]);
	}
	for (size_t i = 0; i < store->nsources; i++) {
		source_finish(&store->sources[i]);
	}
	free_accounts(store);
	table_finish(&store->uris);
	table_finish(&store->profile_uris);
	table_finish(&store->remote_ids);
	table_finish(&store->source_names);
	table_finish(&store->entry_keys);
	table_finish(&store->read_keys);
	table_finish(&store->parents);
	table_finish(&store->answers);
	table_finish(&store->attentions);
	table_finish(&store->addressed);
	relations_finish(store);
	rules_finish(store);
	idset_finish(&store->read);
	idset_finish(&store->quoting);
	free(store->blocks);
	free(store->profiles);
	free(store->sources);
	free(store->filters);
	free(store->timelines);
	free(store->lineups);
	free(store->arrivals);
	free(store);
}

void store_now(struct store *store)
{
	store->now_ms = clock_wall(store->clock);
}

/* --- accounts --- */

void store_put_account(struct store *store, struct account *account)
{
	for (size_t i = 0; i < store->naccounts; i++) {
		if (store->accounts[i]->id != account->id) continue;
		account_free((struct account *)store->accounts[i]);
		store->accounts[i] = account;
		return;
	}
	store->accounts = mem_grow(store->accounts, &store->accounts_cap, store->naccounts + 1,
	        sizeof *store->accounts);
	store->accounts[store->naccounts++] = account;
}

void store_drop_account(struct store *store, account_id id)
{
	for (size_t i = 0; i < store->naccounts; i++) {
		if (store->accounts[i]->id != id) continue;
		account_free((struct account *)store->accounts[i]);
		memmove(store->accounts + i, store->accounts + i + 1,
		        (--store->naccounts - i) * sizeof *store->accounts);
		return;
	}
}

const struct account *store_account(const struct store *store, account_id id)
{
	for (size_t i = 0; i < store->naccounts; i++) {
		if (store->accounts[i]->id == id) return store->accounts[i];
	}
	return NULL;
}

const struct account *store_account_named(const struct store *store, const char *name)
{
	for (size_t i = 0; name && i < store->naccounts; i++) {
		if (strcmp(store->accounts[i]->name, name) == 0) return store->accounts[i];
	}
	return NULL;
}

size_t store_accounts(const struct store *store, const struct account *const **out)
{
	*out = store->accounts;
	return store->naccounts;
}

/* --- posts --- */

uint32_t store_hash(const struct store *store, account_id account, const char *s)
{
	uint64_t start = store->seed ^ table_mix(account);

	return (uint32_t)(table_mix(table_hash(start, s, strlen(s))) >> 32);
}

struct block *store_block(const struct store *store, post_id id)
{
	return id / BLOCK < store->nblocks ? store->blocks[id / BLOCK] : NULL;
}

const struct post *store_post(const struct store *store, post_id id)
{
	struct block *block = store_block(store, id);

	return block ? block->posts[id % BLOCK] : NULL;
}

profile_id store_author(const struct store *store, post_id id)
{
	struct block *block = store_block(store, id);

	return block ? block->authors[id % BLOCK] : 0;
}

size_t store_count(const struct store *store)
{
	return store->nposts;
}

post_id store_find(const struct store *store, const char *uri)
{
	uint32_t hash = store_hash(store, 0, uri);
	size_t cursor = 0;
	post_id id;

	while ((id = table_next(&store->uris, hash, &cursor)) != 0) {
		if (strcmp(post_str(store_post(store, id), POST_URI), uri) == 0) return id;
	}
	return 0;
}

static uint64_t id_key(uint32_t hash, uint32_t id)
{
	return (uint64_t)hash << 32 | id;
}

static void index_viewers(struct store *store, const struct post *post, bool on)
{
	for (size_t i = 0; i < post->nviewers; i++) {
		struct viewer viewer = post_viewer(post, i);
		uint64_t key;

		if (!viewer.remote_id) continue;
		key = id_key(store_hash(store, viewer.account, viewer.remote_id), post->id);
		if (on) {
			table_put(&store->remote_ids, key);
		} else {
			table_drop(&store->remote_ids, key);
		}
	}
}

static void note_folded(struct block *block, post_id id)
{
	const struct post *post = block->posts[id % BLOCK];
	const char *folded = post_str(post, POST_FOLDED);
	size_t len = post_len(post, POST_FOLDED),
	       at = len ? (size_t)(folded - (const char *)post) : 0;
	bool fits = at <= UINT16_MAX && len <= UINT16_MAX;

	block->folded_at[id % BLOCK] = fits ? (uint16_t)at : 0;
	block->folded_len[id % BLOCK] = fits ? (uint16_t)len : 0;
}

post_id store_put_post(struct store *store, struct post *post)
{
	post_id id = ++store->last_post;
	const char *uri;
	struct block *block;

	while (store->nblocks <= id / BLOCK) {
		store->blocks = mem_grow(store->blocks, &store->blocks_cap, store->nblocks + 1,
		        sizeof *store->blocks);
		store->blocks[store->nblocks++] = xcalloc(1, sizeof *block);
	}
	block = store->blocks[id / BLOCK];
	post->id = id;
	block->posts[id % BLOCK] = shelf_add(&block->shelf, post, post->size);
	free(post);
	post = block->posts[id % BLOCK];
	uri = post_str(post, POST_URI);
	block->authors[id % BLOCK] = post->author;
	note_folded(block, id);
	block->live++;
	store->nposts++;
	store->post_bytes += post->size;
	if (post_len(post, POST_QUOTE_OF) > 0) idset_put(&store->quoting, id, true);
	table_put(&store->uris, id_key(store_hash(store, 0, uri), id));
	index_viewers(store, post, true);
	if (store->read_keys.n > 0 && table_has(&store->read_keys, store_key(uri))) {
		idset_put(&store->read, id, true);
	}
	attention_note(store, id);
	return id;
}

void store_swap_post(struct store *store, post_id id, struct post *post)
{
	struct block *block = store_block(store, id);
	struct post *old = block->posts[id % BLOCK];

	post->id = id;
	index_viewers(store, old, false);
	index_viewers(store, post, true);
	store->post_bytes += post->size - (size_t)old->size;
	free_post(block, id);
	block->posts[id % BLOCK] = post;
	block->authors[id % BLOCK] = post->author;
	note_folded(block, id);
	idset_put(&store->quoting, id, post_len(post, POST_QUOTE_OF) > 0);
}

static void drop_block(struct store *store, size_t i)
{
	free_block(store->blocks[i]);
	store->blocks[i] = NULL;
	idset_drop_block(&store->read, i);
	idset_drop_block(&store->quoting, i);
	filters_drop_block(store, i);
	mutes_drop_block(store, i);
	rules_drop_block(store, i);
	for (size_t k = 0; k < store->nlineups; k++) {
		idset_drop_block(&store->lineups[k]->has, i);
	}
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_drop_block(store->timelines[t], i);
	}
}

void store_drop_post(struct store *store, post_id id)
{
	struct block *block = store_block(store, id);
	struct post *post = block->posts[id % BLOCK];

	table_drop(&store->uris, id_key(store_hash(store, 0, post_str(post, POST_URI)), id));
	index_viewers(store, post, false);
	attention_forget(store, id);
	idset_put(&store->read, id, false);
	rules_forget_post(store, id);
	table_drop(&store->parents, table_mix(id));
	store->nposts--;
	store->post_bytes -= post->size;
	free_post(block, id);
	idset_put(&store->quoting, id, false);
	block->authors[id % BLOCK] = 0;
	block->uses[id % BLOCK] = 0;
	block->live--;
	if (block->live == 0 && id / BLOCK < store->last_post / BLOCK)
		drop_block(store, id / BLOCK);
}

/* The few posts left of a block move out, so that its shelf can go. */
void store_tidy(struct store *store)
{
	for (size_t i = 0; i < store->nblocks; i++) {
		struct block *block = store->blocks[i];

		if (!block || block->live > BLOCK / 4 || i == store->last_post / BLOCK) continue;
		for (size_t k = 0; k < BLOCK; k++) {
			struct post *post = block->posts[k];

			if (!post || !shelf_has(&block->shelf, post)) continue;
			block->posts[k] = xmalloc(post->size);
			memcpy(block->posts[k], post, post->size);
		}
		shelf_finish(&block->shelf);
	}
}

/* Take the entries of a post out of a source. */
static void source_drop_post(struct store *store, source_id id, post_id post)
{
	struct source *source = store_source_row(store, id);
	size_t to = 0;

	while (to < source->nentries && source->entries[to].post != post) {
		to++;
	}
	for (size_t i = to; i < source->nentries; i++) {
		struct source_entry *entry = &source->entries[i];

		if (entry->post == post) {
			entry_forget(store, id, entry);
		} else {
			source->entries[to++] = *entry;
		}
	}
	source->nentries = to;
	cursors_sweep(source);
}

void store_remove(struct store *store, post_id id)
{
	struct block *block = store_block(store, id);

	if (!block || !block->posts[id % BLOCK]) return;
	for (size_t i = 0; i < store->nlineups; i++) {
		lineup_drop_post(store->lineups[i], id);
	}
	for (size_t s = 1; block->uses[id % BLOCK] > 0 && s <= store->nsources; s++) {
		source_drop_post(store, (source_id)s, id);
	}
	store_drop_post(store, id);
}

post_id store_find_remote(const struct store *store, account_id account, const char *remote_id)
{
	uint32_t hash = store_hash(store, account, remote_id);
	size_t cursor = 0;
	post_id id;

	while ((id = table_next(&store->remote_ids, hash, &cursor)) != 0) {
		struct viewer room;
		const struct viewer *viewer = post_viewer_of(store_post(store, id), account, &room);

		if (viewer && viewer->remote_id && strcmp(viewer->remote_id, remote_id) == 0) {
			return id;
		}
	}
	return 0;
}

void store_gone(struct store *store, account_id account, const char *remote_id)
{
	post_id id = store_find_remote(store, account, remote_id);

	if (id) store_remove(store, id);
}

/* --- as time goes by --- */

void store_fold_seen_reposts(struct store *store, bool on)
{
	if (store->fold_seen == on) return;
	store->fold_seen = on;
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_refilter(store->timelines[t]);
	}
}

bool store_tick(struct store *store)
{
	bool changed;

	store_now(store);
	changed = mutes_tick(store);
	changed |= filters_tick(store);
	return rules_tick(store, store->now_ms) || changed;
}

size_t store_memory(const struct store *store)
{
	size_t bytes = sizeof *store + store->post_bytes + store->profile_bytes;

	bytes += store->blocks_cap * sizeof *store->blocks;
	for (size_t i = 0; i < store->nblocks; i++) {
		if (store->blocks[i]) bytes += sizeof *store->blocks[i];
	}
	bytes += store->profiles_cap * sizeof *store->profiles;
	bytes += table_memory(&store->uris) + table_memory(&store->profile_uris);
	bytes += table_memory(&store->remote_ids) + table_memory(&store->entry_keys);
	bytes += table_memory(&store->read_keys) + table_memory(&store->parents) +
	         idset_memory(&store->read);
	bytes += idset_memory(&store->quoting);
	for (size_t i = 0; i < store->nsources; i++) {
		bytes += store->sources[i].cap * sizeof(struct source_entry);
	}
	for (size_t i = 0; i < store->nlineups; i++) {
		bytes += lineup_memory(store->lineups[i]);
	}
	for (size_t i = 0; i < store->ntimelines; i++) {
		bytes += timeline_memory(store->timelines[i]);
	}
	bytes += store->arrivals_cap * sizeof *store->arrivals;
	bytes += store->recent.cap * sizeof *store->recent.holds;
	bytes += table_memory(&store->attentions) + table_memory(&store->addressed);
	return bytes + filters_memory(store) + mutes_memory(store);
}
