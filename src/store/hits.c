#include "hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void hits_finish(struct hits *hits)
{
	free(hits->room);
	free(hits->spots);
	*hits = (struct hits){0};
}

void hits_clear(struct hits *hits)
{
	hits->n = 0;
	hits->start = hits->cap;
}

size_t hits_below(const struct hits *hits, uint32_t row)
{
	size_t low = 0, high = hits->n;

	if (high == 0 || hits_at(hits, high - 1) < row) return high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (hits_at(hits, mid) < row) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

bool hits_has(const struct hits *hits, uint32_t row)
{
	size_t i = hits_below(hits, row);

	return i < hits->n && hits_at(hits, i) == row;
}

/* Move all into new room with `front` and `back` places free around them. */
static void make_room(struct hits *hits, size_t front, size_t back)
{
	size_t cap = front + hits->n + back;
	uint32_t *room = xmalloc(cap * sizeof *room);
	uint16_t *spots = hits->spotted ? xcalloc(cap, sizeof *spots) : NULL;

	if (hits->n) memcpy(room + front, hits->room + hits->start, hits->n * sizeof *room);
	if (hits->n && spots) {
		memcpy(spots + front, hits->spots + hits->start, hits->n * sizeof *spots);
	}
	free(hits->room);
	free(hits->spots);
	hits->room = room;
	hits->spots = spots;
	hits->start = front;
	hits->cap = cap;
}

void hits_prepend(struct hits *hits, uint32_t row, uint16_t spot)
{
	if (hits->start == 0) {
		size_t back = hits->cap - hits->start - hits->n;

		make_room(hits, hits->n / 2 + 32, back);
	}
	hits->room[--hits->start] = row;
	if (hits->spots) hits->spots[hits->start] = spot;
	hits->n++;
}

static void put(struct hits *hits, size_t at, uint32_t row, uint16_t spot)
{
	hits->room[hits->start + at] = row;
	if (hits->spots) hits->spots[hits->start + at] = spot;
}

uint32_t *hits_reserve(struct hits *hits, size_t n)
{
	size_t end = hits->start + hits->n;

	if (end + n > hits->cap) make_room(hits, hits->start, n + hits->n / 4 + 32);
	return hits->room + hits->start + hits->n;
}

/* One is counted already, but not there. */
void hits_more_room(struct hits *hits)
{
	hits->n--;
	make_room(hits, hits->start, hits->n / 4 + 32);
	hits->n++;
}

void hits_add(struct hits *hits, const uint32_t *rows, size_t n)
{
	size_t old = hits->n;

	if (n == 0) return;
	if (old > 0 && rows[n - 1] < hits_at(hits, 0)) {
		if (n > hits->start) {
			make_room(hits, n + old / 2, hits->cap - hits->start - old);
		}
		hits->start -= n;
		hits->n += n;
		for (size_t i = 0; i < n; i++) {
			put(hits, i, rows[i], 0);
		}
		return;
	}
	if (hits->start + old + n > hits->cap) make_room(hits, hits->start, n + old / 4 + 32);
	hits->n += n;
	for (size_t to = hits->n; n > 0;) {
		to--;
		if (old > 0 && hits_at(hits, old - 1) > rows[n - 1]) {
			old--;
			put(hits, to, hits_at(hits, old), hits_spot(hits, old));
		} else {
			put(hits, to, rows[--n], 0);
		}
	}
}

void hits_drop(struct hits *hits, const uint32_t *rows, size_t n)
{
	size_t to, i;

	if (n == 0) return;
	to = hits_below(hits, rows[0]);
	for (i = to; i < hits->n; i++) {
		if (n > 0 && hits_at(hits, i) == *rows) {
			rows++;
			n--;
			continue;
		}
		put(hits, to++, hits_at(hits, i), hits_spot(hits, i));
	}
	hits->n = to;
}

void hits_set_spot(struct hits *hits, uint32_t row, uint16_t spot)
{
	if (hits->spots) hits->spots[hits->start + hits_below(hits, row)] = spot;
}

void hits_inserted(struct hits *hits, const uint32_t *rows, size_t n)
{
	for (size_t i = hits->n; i-- > 0;) {
		uint32_t *row = &hits->room[hits->start + i];

		/* Row j of those inserted stood before what was number rows[j] - j. */
		while (n > 0 && rows[n - 1] - (uint32_t)(n - 1) > *row) {
			n--;
		}
		if (n == 0) return;
		*row += (uint32_t)n;
	}
}

void hits_removed(struct hits *hits, const uint32_t *rows, size_t n)
{
	size_t gone = 0, to;

	if (n == 0) return;
	to = hits_below(hits, rows[0]);
	for (size_t i = to; i < hits->n; i++) {
		uint32_t hit = hits_at(hits, i);

		while (gone < n && rows[gone] < hit) {
			gone++;
		}
		if (gone < n && rows[gone] == hit) continue;
		put(hits, to++, hit - (uint32_t)gone, hits_spot(hits, i));
	}
	hits->n = to;
}
