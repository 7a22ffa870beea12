#pragma once
#include <stddef.h>
#include <stdint.h>

/*
 * Slots that hold for a post or a row: as bits, for queries to read, and as a list, to go
 * through. There is room for all slots; the one who makes it sees to that.
 */
struct slots {
	uint64_t *bits;
	uint32_t *list;
	size_t n, room;
};

static inline void slots_put(struct slots *slots, uint32_t slot)
{
	uint64_t bit = UINT64_C(1) << slot % 64;

	if (slots->bits[slot / 64] & bit) return;
	slots->bits[slot / 64] |= bit;
	slots->list[slots->n++] = slot;
}

/* None holds. Room for slots below `room`. */
void slots_clear(struct slots *slots, size_t room);
void slots_finish(struct slots *slots);
