#pragma once
#include "block_pen.h"
#include "post_block.h"
#include "ui/images.h"

/* The pictures of a post in its block. */

enum { PICTURES_SHOWN = 4 };

/* The address of the picture that shows a medium, a film's too; NULL: there is none. */
const char *media_picture(const struct media *media);
/* Which account was told of a post: it decides where its pictures may lie. */
account_id media_account(const struct post *post);

/* Draw them, in the room that their proportions give them, whether they are here or not: nothing
 * moves when they come. */
void part_pictures(struct block_pen *pen, const struct block_in *in);
/* A number that changes when they would look otherwise; `width`: of the text. */
uint64_t pictures_stamp(const struct block_in *in, const struct ui *ui, int width);

/* The cells of a picture at a place of a grid. */
void image_draw(struct grid *grid, struct rect clip, int row, int col, const struct image *image);
