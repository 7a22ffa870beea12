#include "block_cache.h"

#include <stdlib.h>

#include "base/mem.h"

struct cached {
	uint64_t hash;
	unsigned frame; /* that used it last */
	struct grid grid;
};

/* A row that was asked for before: looked up without gathering what it shows. */
enum { PLACES = 64 };

struct place {
	struct block_place at;
	unsigned frame; /* 0: none */
	const struct grid *grid;
};

struct block_cache {
	struct cached **items; /* each on its own, so that a borrowed grid stays where it is */
	size_t nitems, cap;
	unsigned frame;
	struct place places[PLACES]; /* by row */
	struct arena scratch;
};

struct block_cache *block_cache_new(void)
{
	struct block_cache *cache = xcalloc(1, sizeof(*cache));
	cache->frame = 1;
	return cache;
}

static bool same_place(const struct block_place *a, const struct block_place *b)
{
	return a->row == b->row && a->version == b->version && a->cols == b->cols &&
	       a->opened == b->opened;
}

const struct grid *block_cache_find(const struct block_cache *cache, const struct block_place *at)
{
	const struct place *place = &cache->places[at->row % PLACES];
	return place->frame == cache->frame && same_place(&place->at, at) ? place->grid : NULL;
}

void block_cache_note(
        struct block_cache *cache, const struct block_place *at, const struct grid *grid)
{
	cache->places[at->row % PLACES] = (struct place){*at, cache->frame, grid};
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
