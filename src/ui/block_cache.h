#pragma once
#include <stddef.h>

#include "post_block.h"

/*
 * The blocks a column shows, so that moving the selection copies cells instead of
 * wrapping text. Those that two frames did not use make room for others.
 */
struct block_cache;

struct block_cache *block_cache_new(void);
void block_cache_free(struct block_cache *cache);

/* Where a row stands; within a frame the same place shows the same. */
struct block_place {
	size_t row;
	uint64_t version; /* of the timeline */
	int cols;
	bool opened;
};
/* The block found there in this frame, or NULL; and to remember one. */
const struct grid *block_cache_find(const struct block_cache *cache, const struct block_place *at);
void block_cache_note(
        struct block_cache *cache, const struct block_place *at, const struct grid *grid);

/* A frame begins. */
void block_cache_frame(struct block_cache *cache);

/* The block of a row; borrowed until the next frame begins. */
const struct grid *block_cache_get(
        struct block_cache *cache, struct ui *ui, const struct block_in *in);
