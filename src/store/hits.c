#include "hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void hits_finish(struct hits *hits)
{
	free(hits->room);
	free(hits->spots);
	free(hits->nexts);
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
	uint64_t *nexts = hits->nexts ? xmalloc(cap * sizeof *nexts) : NULL;

	if (hits->n) memcpy(room + front, hits->room + hits->start, hits->n * sizeof *room);
	if (hits->n && spots) {
		memcpy(spots + front, hits->spots + hits->start, hits->n * sizeof *spots);
	}
	if (hits->n && nexts) {
		memcpy(nexts + front, hits->nexts + hits->start, hits->n * sizeof *nexts);
	}
	free(hits->room);
	free(hits->spots);
	free(hits->nexts);
	hits->room = room;
	hits->spots = spots;
	hits->nexts = nexts;
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
	if (hits->nexts) hits->nexts[hits->start] = HITS_ANY;
	hits->n++;
}

static void put(struct hits *hits, size_t at, uint32_t row)
{
	hits->room[hits->start + at] = row;
	if (hits->spots) hits->spots[hits->start + at] = 0;
	if (hits->nexts) hits->nexts[hits->start + at] = HITS_ANY;
}

/* Number i stands at another place now, as row `row`. */
static void put_again(struct hits *hits, size_t at, size_t i, uint32_t row)
{
	hits->room[hits->start + at] = row;
	if (hits->spots) hits->spots[hits->start + at] = hits->spots[hits->start + i];
	if (hits->nexts) hits->nexts[hits->start + at] = hits->nexts[hits->start + i];
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
			put(hits, i, rows[i]);
		}
		return;
	}
	if (hits->start + old + n > hits->cap) make_room(hits, hits->start, n + old / 4 + 32);
	hits->n += n;
	for (size_t to = hits->n; n > 0;) {
		to--;
		if (old > 0 && hits_at(hits, old - 1) > rows[n - 1]) {
			old--;
			put_again(hits, to, old, hits_at(hits, old));
		} else {
			put(hits, to, rows[--n]);
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
		put_again(hits, to++, i, hits_at(hits, i));
	}
	hits->n = to;
}

void hits_set_spot(struct hits *hits, uint32_t row, uint16_t spot)
{
	size_t at = hits->start + hits_below(hits, row);

	if (hits->spots) hits->spots[at] = spot;
	if (hits->nexts) hits->nexts[at] = HITS_ANY;
}

void hits_expect_nexts(struct hits *hits)
{
	hits->nexts = xmalloc((hits->cap + 1) * sizeof *hits->nexts);
	for (size_t i = 0; i < hits->n; i++) {
		hits->nexts[hits->start + i] = HITS_ANY;
	}
}

void hits_forget_nexts(struct hits *hits)
{
	free(hits->nexts);
	hits->nexts = NULL;
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
		put_again(hits, to++, i, hit - (uint32_t)gone);
	}
	hits->n = to;
}
