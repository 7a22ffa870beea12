#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growable set of small integers. Bits past the end read as clear. Zeroed is empty. */
struct bitset {
	uint64_t *words;
	size_t nwords;
};

void bitset_finish(struct bitset *set);
void bitset_put(struct bitset *set, uint32_t i, bool on);
bool bitset_has(const struct bitset *set, uint32_t i);
size_t bitset_count(const struct bitset *set);
void bitset_clear(struct bitset *set); /* keeps the room */

void bitset_copy(struct bitset *dst, const struct bitset *src);
void bitset_and(struct bitset *dst, const struct bitset *src);
void bitset_or(struct bitset *dst, const struct bitset *src);
void bitset_and_not(struct bitset *dst, const struct bitset *src);

/* First member >= from, or UINT32_MAX when there is none. */
uint32_t bitset_next(const struct bitset *set, uint32_t from);
