#pragma once
#include "rows.h"

/*
 * The rows of a timeline over one thread, as a tree in reading order. The way to the post
 * that was opened stands at depth 0; whatever else answers one of its posts stands below
 * that one, before the next, by time; and so on down. Whose parent is missing is an
 * orphan, and stands under the nearest post that is known.
 */
struct tree_row {
	uint32_t hit; /* place among the hits of the top level */
	uint32_t below, folded, folded_unread;
	uint32_t guides;
	uint32_t held; /* so many rows in reading order that mutes fold; 0: it is a row itself */
	uint16_t depth;
	bool orphan, opened;
};

struct tree {
	char *opened;        /* URI or address of the post */
	struct idset folded; /* posts whose answers are folded */
	bool is_built;
	uint64_t built; /* the timeline's version then */
	struct tree_row *rows;
	size_t nrows, rows_cap;
	uint32_t *place; /* row of each hit; of a folded one its fold's */
	size_t place_cap;
	size_t home;
};

struct tree *tree_new(const char *opened);
void tree_free(struct tree *tree);
/* As it is now; borrowed until the timeline changes. */
const struct tree *tree_of(const struct timeline *timeline);
/* Is it made, with nothing in it that depends on what is unread? Then it may be kept. */
bool tree_is_current(const struct timeline *timeline);
/* The timeline has another version, and the tree is right all the same. */
void tree_keep(struct timeline *timeline);
/* Open the fold that a row is or stands in, or close it. */
bool tree_open_fold(struct timeline *timeline, size_t row, bool on);
/* The row of a hit. */
size_t tree_find(const struct timeline *timeline, uint32_t hit);
