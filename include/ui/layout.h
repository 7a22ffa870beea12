#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "ui/grid.h"

/*
 * Which columns are on the screen, and where. Pure. Columns like `like` cells (or their
 * own width); as many as fit stand side by side around the focused one, parted by one
 * cell, and share what is left; zoom gives the focused one everything.
 */
struct layout_in {
	const int *widths; /* own widths, 0: as liked */
	size_t n, focus;
	size_t first; /* leftmost column shown last time, so that the deck does not jump */
	int cols, rows, like;
	bool zoom;
};
struct layout_out {
	size_t first, count;
	struct rect *rects; /* of count columns; owned by the caller (free) */
};
void layout_columns(const struct layout_in *in, struct layout_out *out);
