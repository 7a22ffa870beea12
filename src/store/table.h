#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Open addressing with linear probing; a key is 64 bits, its home is given by the
 * upper half. 8 bytes a slot (16 with values), no node per member. Keys must be well
 * mixed in their upper half (table_mix) and never 0. It is made of segments that grow
 * each at their own time, so that no call has to move all members. Zeroed is valid
 * and empty.
 *
 * A multimap from a 32-bit hash to ids is a set of keys `hash << 32 | id`, walked
 * with table_next.
 */
struct segment {
	uint64_t *keys;
	int64_t *values; /* NULL unless table_put_value was used first */
	uint32_t cap, n; /* cap: a power of two, or 0 */
};

enum { TABLE_SEGMENTS = 64 };

struct table {
	struct segment segments[TABLE_SEGMENTS];
	size_t n;
};

void table_finish(struct table *table);
bool table_has(const struct table *table, uint64_t key);
bool table_put(struct table *table, uint64_t key);  /* false: was there already */
bool table_drop(struct table *table, uint64_t key); /* false: was not there */

/* For a table whose keys all have values. */
void table_put_value(struct table *table, uint64_t key, int64_t value);
bool table_value(const struct table *table, uint64_t key, int64_t *out);

/* Ids under `hash`: start with *cursor 0, until 0 is returned. */
uint32_t table_next(const struct table *table, uint32_t hash, size_t *cursor);

size_t table_memory(const struct table *table);

/* A bijection that spreads every bit over the whole; only 0 gives 0. */
uint64_t table_mix(uint64_t key);
/* FNV-1a, 64 bits, from a start value. */
uint64_t table_hash(uint64_t start, const void *bytes, size_t len);
#define TABLE_FNV_START UINT64_C(0xcbf29ce484222325)
