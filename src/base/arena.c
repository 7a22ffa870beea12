#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ARENA_FIRST = 4096, ARENA_LARGEST = 1 << 20, ARENA_ALIGN = 16 };

struct arena_block {
	struct arena_block *older;
	size_t used, size; /* of bytes */
	alignas(ARENA_ALIGN) unsigned char bytes[];
};

/* Blocks double, so that a big document costs few of them and a small one little. */
static struct arena_block *block_new(struct arena *arena, size_t size)
{
	size_t room = arena->blocks ? arena->blocks->size * 2 : ARENA_FIRST;

	if (room > ARENA_LARGEST) room = ARENA_LARGEST;
	if (room < size) room = size;
	struct arena_block *block = xmalloc(sizeof *block + room);
	block->older = arena->blocks;
	block->used = 0;
	block->size = room;
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;

	/* A size that cannot be rounded up cannot be had either: xmalloc says so. */
	if (size > SIZE_MAX / 2) return xmalloc(SIZE_MAX / 2);
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (!block || block->size - block->used < size) block = block_new(arena, size);
	void *p = block->bytes + block->used;
	block->used += size;
	arena->used += size;
	return p;
}

char *arena_strndup(struct arena *arena, const char *s, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len > 0) memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

static void blocks_free(struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;
		free(block);
		block = older;
	}
}

void arena_reset(struct arena *arena)
{
	arena->used = 0;
	if (!arena->blocks) return;
	blocks_free(arena->blocks->older);
	arena->blocks->older = NULL;
	arena->blocks->used = 0;
}

void arena_finish(struct arena *arena)
{
	if (!arena) return;
	blocks_free(arena->blocks);
	*arena = (struct arena){0};
}
