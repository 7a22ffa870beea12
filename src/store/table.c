#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MIN_CAP = 64 };

void table_finish(struct table *table)
{
	free(table->keys);
	free(table->values);
	*table = (struct table){0};
}

static size_t home(const struct table *table, uint64_t key)
{
	return (size_t)(key >> 32) & (table->cap - 1);
}

/* Slot of the key, or of the free slot where it would stand. There is always a free one. */
static size_t slot_of(const struct table *table, uint64_t key)
{
	size_t i = home(table, key);

	while (table->keys[i] && table->keys[i] != key) {
		i = (i + 1) & (table->cap - 1);
	}
	return i;
}

static void grow(struct table *table, bool values)
{
	struct table bigger = {.cap = table->cap ? table->cap * 2 : MIN_CAP, .n = table->n};

	bigger.keys = xcalloc(bigger.cap, sizeof *bigger.keys);
	if (values) bigger.values = xcalloc(bigger.cap, sizeof *bigger.values);
	for (size_t i = 0; i < table->cap; i++) {
		if (!table->keys[i]) continue;
		size_t slot = slot_of(&bigger, table->keys[i]);

		bigger.keys[slot] = table->keys[i];
		if (values) bigger.values[slot] = table->values[i];
	}
	table_finish(table);
	*table = bigger;
}

bool table_has(const struct table *table, uint64_t key)
{
	return table->n > 0 && table->keys[slot_of(table, key)] == key;
}

/* Four fifths full at most. */
static size_t take_slot(struct table *table, uint64_t key, bool values, bool *out_new)
{
	size_t slot;

	if ((table->n + 1) * 5 > table->cap * 4) grow(table, values);
	slot = slot_of(table, key);
	*out_new = table->keys[slot] == 0;
	if (*out_new) {
		table->keys[slot] = key;
		table->n++;
	}
	return slot;
}

bool table_put(struct table *table, uint64_t key)
{
	bool is_new;

	take_slot(table, key, false, &is_new);
	return is_new;
}

void table_put_value(struct table *table, uint64_t key, int64_t value)
{
	bool is_new;
	size_t slot = take_slot(table, key, true, &is_new);

	table->values[slot] = value;
}

bool table_value(const struct table *table, uint64_t key, int64_t *out)
{
	size_t slot;

	if (table->n == 0) return false;
	slot = slot_of(table, key);
	if (table->keys[slot] != key) return false;
	*out = table->values[slot];
	return true;
}

/* Close the hole: whoever may stand nearer to its home moves up. */
static void close_hole(struct table *table, size_t hole)
{
	size_t mask = table->cap - 1;

	for (size_t i = (hole + 1) & mask; table->keys[i]; i = (i + 1) & mask) {
		size_t from_home = (i - home(table, table->keys[i])) & mask;

		if (from_home < ((i - hole) & mask)) continue;
		table->keys[hole] = table->keys[i];
		if (table->values) table->values[hole] = table->values[i];
		hole = i;
	}
	table->keys[hole] = 0;
}

bool table_drop(struct table *table, uint64_t key)
{
	size_t slot;

	if (table->n == 0) return false;
	slot = slot_of(table, key);
	if (table->keys[slot] != key) return false;
	close_hole(table, slot);
	table->n--;
	return true;
}

uint32_t table_next(const struct table *table, uint32_t hash, size_t *cursor)
{
	if (table->n == 0) return 0;
	for (;;) {
		size_t i = ((size_t)hash + (*cursor)++) & (table->cap - 1);

		if (table->keys[i] == 0) return 0;
		if (table->keys[i] >> 32 == hash) return (uint32_t)table->keys[i];
	}
}

size_t table_memory(const struct table *table)
{
	return table->cap * (sizeof *table->keys + (table->values ? sizeof *table->values : 0));
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
