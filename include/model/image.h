#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a terminal takes: characters, or pixels in one of three ways (model/image_send.h). */
enum image_form { IMAGE_CELLS, IMAGE_KITTY, IMAGE_SIXEL, IMAGE_ITERM };

/*
 * A picture made ready to be shown: as characters of a terminal, or as pixels for one that
 * can show those. Made by a process of its own (engine/image_job.h), out of what strangers
 * wrote; here it is a table of numbers, each of which has been checked.
 */
struct image_cell {
	uint32_t code;              /* the character, of width 1 */
	unsigned char fg[3], bg[3]; /* red, green, blue */
};

struct image {
	uint32_t width, height;   /* in cells, or in pixels */
	struct image_cell *cells; /* owned, row by row; NULL: pixels */
	unsigned char *rgba;      /* owned, 4 bytes a pixel; NULL: cells, or made into bytes */
	char *bytes;              /* owned: what the terminal is sent for them, or NULL */
	size_t nbytes;
};

/* How it is wanted. */
struct image_wish {
	uint32_t width, height; /* at most so many cells or pixels, in its own proportions */
	enum image_form form;
	uint32_t cell_width, cell_height; /* pixels, unless it is of cells */
	/* Of cells: */
	bool sextants;   /* the font has them; else half blocks */
	unsigned colors; /* the terminal has: 8, 16, 256, or 0 for all */
	uint32_t ground; /* 0xRRGGBB, where the picture covers nothing */
};

enum { IMAGE_MAX_CELLS = 500, IMAGE_MAX_PIXELS = 4096 }; /* a side */

struct image *image_new_cells(uint32_t cols, uint32_t rows);
struct image *image_new_pixels(uint32_t width, uint32_t height);
void image_free(struct image *image);          /* NULL is fine */
size_t image_bytes(const struct image *image); /* of memory */
/* Its pixels become the bytes that are sent; nothing for one of cells. */
void image_make_bytes(struct image *image, const struct image_wish *wish);

/*
 * The cells that a picture of such proportions (0 and 0: not known, and taken for 16 to 9)
 * takes in at most cols times rows; a cell is twice as high as wide.
 */
void image_fit(uint32_t width, uint32_t height, int *cols, int *rows);

/*
 * What stoa-media prints: `CELLS 20 7` or `RGBA 640 480`, a line feed, the bytes. NULL when it
 * is anything else, or larger than was wished: it was made of what a stranger sent.
 */
struct image *image_parse(const char *bytes, size_t len, const struct image_wish *wish);
