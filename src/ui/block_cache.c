#include "block_cache.h"

#include <stdlib.h>

#include "base/mem.h"

struct cached {
	uint64_t hash;
	unsigned frame; /* that used it last */
	struct grid grid;
};

struct block_cache {
	struct cached **items; /* each on its own, so that a borrowed grid stays where it is */
	size_t nitems, cap;
	unsigned frame;
	struct arena scratch;
};

struct block_cache *block_cache_new(void)
{
	return xcalloc(1, sizeof(struct block_cache));
}

void block_cache_free(struct block_cache *cache)
{
	if (!cache) return;
	for (size_t i = 0; i < cache->nitems; i++) {
		grid_finish(&cache->items[i]->grid);
		free(cache->items[i]);
	}
	free(cache->items);
	arena_finish(&cache->scratch);
	free(cache);
}

void block_cache_frame(struct block_cache *cache)
{
	cache->frame++;
	for (size_t i = 0; i < cache->nitems;) {
		struct cached *item = cache->items[i];
		if (cache->frame - item->frame <= 2) {
			i++;
			continue;
		}
		grid_finish(&item->grid);
		free(item);
		cache->items[i] = cache->items[--cache->nitems];
	}
}

const struct grid *block_cache_get(
        struct block_cache *cache, struct ui *ui, const struct block_in *in)
{
	uint64_t hash = block_hash(in, ui);
	for (size_t i = 0; i < cache->nitems; i++) {
		if (cache->items[i]->hash == hash) {
			cache->items[i]->frame = cache->frame;
			return &cache->items[i]->grid;
		}
	}
	cache->items =
	        mem_grow(cache->items, &cache->cap, cache->nitems + 1, sizeof(struct cached *));
	struct cached *item = xcalloc(1, sizeof(*item));
	cache->items[cache->nitems++] = item;
	item->hash = hash;
	item->frame = cache->frame;
	block_draw(in, ui, &cache->scratch, &item->grid);
	return &item->grid;
}
