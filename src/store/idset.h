#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A set of ids in blocks of 4,096 that are there only where a member is or was, so
 * that the ids of days gone by cost nothing. Zeroed is valid and empty.
 */
enum { IDSET_BLOCK = 4096 };

struct idset {
	uint64_t **blocks;
	size_t nblocks, cap;
};

void idset_finish(struct idset *set);
/* For idset_put: have the block of an id. */
void idset_make_room(struct idset *set, uint32_t id);
static inline void idset_put(struct idset *set, uint32_t id, bool on)
{
	size_t block = id / IDSET_BLOCK;
	uint64_t bit = UINT64_C(1) << id % 64;
	uint64_t *word;

	if (block >= set->nblocks || !set->blocks[block]) {
		if (!on) return;
		idset_make_room(set, id);
	}
	word = &set->blocks[block][id % IDSET_BLOCK / 64];
	*word = on ? *word | bit : *word & ~bit;
}

/* Members from `first` on, which is a multiple of 64, by the bits of a word. */
static inline void idset_put_word(struct idset *set, uint32_t first, uint64_t bits)
{
	size_t block = first / IDSET_BLOCK;

	if (!bits) return;
	if (block >= set->nblocks || !set->blocks[block]) idset_make_room(set, first);
	set->blocks[block][first % IDSET_BLOCK / 64] |= bits;
}

static inline bool idset_has(const struct idset *set, uint32_t id)
{
	size_t block = id / IDSET_BLOCK;

	if (block >= set->nblocks || !set->blocks[block]) return false;
	return set->blocks[block][id % IDSET_BLOCK / 64] >> id % 64 & 1;
}
/* The first member from `from` on; UINT32_MAX: none. */
uint32_t idset_next(const struct idset *set, uint32_t from);
/* Forget all members from block * IDSET_BLOCK on for one block. */
void idset_drop_block(struct idset *set, size_t block);
size_t idset_memory(const struct idset *set);
