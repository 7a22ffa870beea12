#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MIN_CAP = 4 };

void table_finish(struct table *table)
{
	for (size_t i = 0; i < TABLE_SEGMENTS; i++) {
		free(table->segments[i].keys);
		free(table->segments[i].values);
	}
	*table = (struct table){0};
}

static size_t segment_of(uint64_t key)
{
	return key >> 58;
}

static size_t home(const struct segment *segment, uint64_t key)
{
	return (size_t)(key >> 32) & (segment->cap - 1);
}

/* Slot of the key, or of the free slot where it would stand. There is always a free one. */
static size_t slot_of(const struct segment *segment, uint64_t key)
{
	size_t i = home(segment, key);

	while (segment->keys[i] && segment->keys[i] != key) {
		i = (i + 1) & (segment->cap - 1);
	}
	return i;
}

static void grow(struct segment *segment, bool values)
{
	struct segment bigger = {.cap = segment->cap ? segment->cap * 2 : MIN_CAP, .n = segment->n};

	bigger.keys = xcalloc(bigger.cap, sizeof *bigger.keys);
	if (values) bigger.values = xcalloc(bigger.cap, sizeof *bigger.values);
	for (size_t i = 0; i < segment->cap; i++) {
		if (!segment->keys[i]) continue;
		size_t slot = slot_of(&bigger, segment->keys[i]);

		bigger.keys[slot] = segment->keys[i];
		if (values) bigger.values[slot] = segment->values[i];
	}
	free(segment->keys);
	free(segment->values);
	*segment = bigger;
}

/* The segment that holds the key, and its slot there; NULL when it is not there. */
static struct segment *find(const struct table *table, uint64_t key, size_t *out_slot)
{
	const struct segment *segment = &table->segments[segment_of(key)];

	if (segment->n == 0) return NULL;
	*out_slot = slot_of(segment, key);
	return segment->keys[*out_slot] == key ? (struct segment *)segment : NULL;
}

bool table_has(const struct table *table, uint64_t key)
{
	size_t slot;

	return find(table, key, &slot) != NULL;
}

/* Four fifths full at most. */
static struct segment *take(
        struct table *table, uint64_t key, bool values, size_t *out_slot, bool *out_new)
{
	struct segment *segment = &table->segments[segment_of(key)];

	if ((segment->n + 1) * 5 > segment->cap * 4) grow(segment, values);
	*out_slot = slot_of(segment, key);
	*out_new = segment->keys[*out_slot] == 0;
	if (*out_new) {
		segment->keys[*out_slot] = key;
		segment->n++;
		table->n++;
	}
	return segment;
}

bool table_put(struct table *table, uint64_t key)
{
	size_t slot;
	bool is_new;

	take(table, key, false, &slot, &is_new);
	return is_new;
}

void table_put_value(struct table *table, uint64_t key, int64_t value)
{
	size_t slot;
	bool is_new;
	struct segment *segment = take(table, key, true, &slot, &is_new);

	segment->values[slot] = value;
}

bool table_value(const struct table *table, uint64_t key, int64_t *out)
{
	size_t slot;
	const struct segment *segment = find(table, key, &slot);

	if (!segment) return false;
	*out = segment->values[slot];
	return true;
}

/* Close the hole: whoever may stand nearer to its home moves up. */
static void close_hole(struct segment *segment, size_t hole)
{
	size_t mask = segment->cap - 1;

	for (size_t i = (hole + 1) & mask; segment->keys[i]; i = (i + 1) & mask) {
		size_t from_home = (i - home(segment, segment->keys[i])) & mask;

		if (from_home < ((i - hole) & mask)) continue;
		segment->keys[hole] = segment->keys[i];
		if (segment->values) segment->values[hole] = segment->values[i];
		hole = i;
	}
	segment->keys[hole] = 0;
}

bool table_drop(struct table *table, uint64_t key)
{
	size_t slot;
	struct segment *segment = find(table, key, &slot);

	if (!segment) return false;
	close_hole(segment, slot);
	segment->n--;
	table->n--;
	return true;
}

uint32_t table_next(const struct table *table, uint32_t hash, size_t *cursor)
{
	const struct segment *segment = &table->segments[segment_of((uint64_t)hash << 32)];

	if (segment->n == 0) return 0;
	for (;;) {
		size_t i = ((size_t)hash + (*cursor)++) & (segment->cap - 1);

		if (segment->keys[i] == 0) return 0;
		if (segment->keys[i] >> 32 == hash) return (uint32_t)segment->keys[i];
	}
}

size_t table_memory(const struct table *table)
{
	size_t bytes = 0;

	for (size_t i = 0; i < TABLE_SEGMENTS; i++) {
		const struct segment *segment = &table->segments[i];

		bytes += segment->cap * sizeof *segment->keys;
		if (segment->values) bytes += segment->cap * sizeof *segment->values;
	}
	return bytes;
}

uint64_t table_mix(uint64_t key)
{
	key ^= key >> 30;
	key *= UINT64_C(0xbf58476d1ce4e5b9);
	key ^= key >> 27;
	key *= UINT64_C(0x94d049bb133111eb);
	return key ^ key >> 31;
}

uint64_t table_hash(uint64_t start, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t hash = start;

	for (size_t i = 0; i < len; i++) {
		hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
	}
	return hash;
}
