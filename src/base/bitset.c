#include "base/bitset.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void bitset_finish(struct bitset *set)
{
	if (!set) return;
	free(set->words);
	*set = (struct bitset){0};
}

static void grow(struct bitset *set, size_t need)
{
	if (need <= set->nwords) return;

	size_t room = set->nwords;
	set->words = mem_grow(set->words, &room, need, sizeof *set->words);
	memset(set->words + set->nwords, 0, (room - set->nwords) * sizeof *set->words);
	set->nwords = room;
}

void bitset_put(struct bitset *set, uint32_t i, bool on)
{
	uint64_t bit = UINT64_C(1) << (i % 64);

	if (on) {
		grow(set, (size_t)i / 64 + 1);
		set->words[i / 64] |= bit;
	} else if (i / 64 < set->nwords) {
		set->words[i / 64] &= ~bit;
	}
}

bool bitset_has(const struct bitset *set, uint32_t i)
{
	return i / 64 < set->nwords && (set->words[i / 64] >> (i % 64) & 1);
}

size_t bitset_count(const struct bitset *set)
{
	size_t n = 0;

	for (size_t w = 0; w < set->nwords; w++)
		n += (size_t)__builtin_popcountll(set->words[w]);
	return n;
}

void bitset_clear(struct bitset *set)
{
	if (set->nwords > 0) memset(set->words, 0, set->nwords * sizeof *set->words);
}

void bitset_copy(struct bitset *dst, const struct bitset *src)
{
	if (dst == src) return;
	bitset_clear(dst);
	bitset_or(dst, src);
}

void bitset_and(struct bitset *dst, const struct bitset *src)
{
	for (size_t w = 0; w < dst->nwords; w++) {
		dst->words[w] &= w < src->nwords ? src->words[w] : 0;
	}
}

void bitset_or(struct bitset *dst, const struct bitset *src)
{
	grow(dst, src->nwords);
	for (size_t w = 0; w < src->nwords; w++)
		dst->words[w] |= src->words[w];
}

void bitset_and_not(struct bitset *dst, const struct bitset *src)
{
	size_t n = dst->nwords < src->nwords ? dst->nwords : src->nwords;

	for (size_t w = 0; w < n; w++)
		dst->words[w] &= ~src->words[w];
}

uint32_t bitset_next(const struct bitset *set, uint32_t from)
{
	size_t w = from / 64;

	if (w >= set->nwords) return UINT32_MAX;
	uint64_t word = set->words[w] & (~UINT64_C(0) << (from % 64));
	while (!word) {
		if (++w == set->nwords) return UINT32_MAX;
		word = set->words[w];
	}
	return (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(word);
}
