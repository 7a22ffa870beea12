#pragma once
#include "block_cache.h"
#include "ui/column_view.h"

/* What column_view.c (where things stand) and column_draw.c (how they look) share. */

/* The block of a row; borrowed until the next frame. */
const struct grid *column_block(struct column_view *view, struct ui *ui, size_t row, int cols);

/* Does the block of a post end with the line that parts it from the next? */
bool column_has_rule(const struct column_view *view, const struct ui *ui, post_id post);

/*
 * The first row that reaches into the posts' area, and the line of the area at which it
 * begins (0 or less). SIZE_MAX when the column is empty. Call after column_view_update.
 */
size_t column_first(struct column_view *view, struct ui *ui, int cols, int *out_line);
