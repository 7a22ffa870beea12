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

/* A frame begins. */
void block_cache_frame(struct block_cache *cache);

/* The block of a row; borrowed until the next frame begins. */
const struct grid *block_cache_get(
        struct block_cache *cache, struct ui *ui, const struct block_in *in);
