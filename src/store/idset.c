#include "idset.h"

#include <stdlib.h>

#include "base/mem.h"

enum { WORDS = IDSET_BLOCK / 64 };

void idset_finish(struct idset *set)
{
	for (size_t i = 0; i < set->nblocks; i++) {
		free(set->blocks[i]);
	}
	free(set->blocks);
	*set = (struct idset){0};
}

void idset_make_room(struct idset *set, uint32_t id)
{
	size_t block = id / IDSET_BLOCK;

	set->blocks = mem_grow(set->blocks, &set->cap, block + 1, sizeof *set->blocks);
	while (set->nblocks <= block) {
		set->blocks[set->nblocks++] = NULL;
	}
	if (!set->blocks[block]) set->blocks[block] = xcalloc(WORDS, sizeof(uint64_t));
}

uint32_t idset_next(const struct idset *set, uint32_t from)
{
	for (size_t block = from / IDSET_BLOCK; block < set->nblocks; block++) {
		size_t first = block == from / IDSET_BLOCK ? from % IDSET_BLOCK : 0;

		if (!set->blocks[block]) continue;
		for (size_t at = first / 64; at < WORDS; at++) {
			uint64_t word = set->blocks[block][at];
			unsigned bit = 0;

			if (at == first / 64) word &= UINT64_MAX << first % 64;
			if (!word) continue;
			while (!(word >> bit & 1)) {
				bit++;
			}
			return (uint32_t)(block * IDSET_BLOCK + at * 64 + bit);
		}
	}
	return UINT32_MAX;
}

void idset_drop_block(struct idset *set, size_t block)
{
	if (block >= set->nblocks) return;
	free(set->blocks[block]);
	set->blocks[block] = NULL;
}

size_t idset_memory(const struct idset *set)
{
	size_t bytes = set->cap * sizeof *set->blocks;

	for (size_t i = 0; i < set->nblocks; i++) {
		if (set->blocks[i]) bytes += WORDS * sizeof(uint64_t);
	}
	return bytes;
}
