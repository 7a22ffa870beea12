#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Row numbers in ascending order, with room at both ends: new rows join at the end,
 * older rows that are looked at later join at the front. Zeroed is valid and empty.
 *
 * Each may have a spot: how far into its text a search need not look again. Rows that join
 * by hits_add have 0.
 */
struct hits {
	uint32_t *room;
	uint16_t *spots; /* beside room; NULL unless `spotted` */
	uint64_t *nexts; /* likewise: see foretell.h; NULL: nobody wants to know */
	size_t cap, start, n;
	bool spotted; /* set before there are members */
};

/* Of a hit that nothing is known of: any may be next. */
#define HITS_ANY UINT64_MAX

void hits_finish(struct hits *hits);
/* Have `nexts`, of which nothing is known; or no more. */
void hits_expect_nexts(struct hits *hits);
void hits_forget_nexts(struct hits *hits);
void hits_clear(struct hits *hits);
static inline uint32_t hits_at(const struct hits *hits, size_t i)
{
	return hits->room[hits->start + i];
}

static inline uint16_t hits_spot(const struct hits *hits, size_t i)
{
	return hits->spots ? hits->spots[hits->start + i] : 0;
}

/* How many are below `row`: its index when it is there. */
size_t hits_below(const struct hits *hits, uint32_t row);
bool hits_has(const struct hits *hits, uint32_t row);

/* Add a row below all others. */
void hits_prepend(struct hits *hits, uint32_t row, uint16_t spot);
/* Room for so many more above all others, whose caller counts them in; of hits that have nothing
 * beside them. */
uint32_t *hits_reserve(struct hits *hits, size_t n);
/* Add a row above all others. */
void hits_more_room(struct hits *hits);
static inline void hits_append(struct hits *hits, uint32_t row, uint16_t spot)
{
	size_t at = hits->start + hits->n++;

	if (at == hits->cap) hits_more_room(hits);
	hits->room[at] = row;
	if (hits->spots) hits->spots[at] = spot;
	if (hits->nexts) hits->nexts[at] = HITS_ANY;
}

/* Add rows, ascending, none of them there yet. */
void hits_add(struct hits *hits, const uint32_t *rows, size_t n);
/* Take out rows, ascending, all of them there. */
void hits_drop(struct hits *hits, const uint32_t *rows, size_t n);

/* The spot of a row that is there is another now; what is next to it may be any. */
void hits_set_spot(struct hits *hits, uint32_t row, uint16_t spot);

/* Rows were inserted and stand now at these numbers (ascending): renumber the others. */
void hits_inserted(struct hits *hits, const uint32_t *rows, size_t n);
/* Rows with these numbers (ascending) were removed: drop and renumber. */
void hits_removed(struct hits *hits, const uint32_t *rows, size_t n);
