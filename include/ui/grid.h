#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * A rectangle of cells; all drawing goes here, a terminal shows it later. Row 0 and
 * column 0 are the upper left. A wide character takes its cell and a right half of
 * width 0; a wide one that would cross the clip's right edge becomes a blank. No cell
 * outside the clip is ever touched, but for the other half of a wide character that
 * loses one half to it: that becomes a blank.
 */
struct cell {
	char utf8[15];  /* one normalised cluster (utf8_show), zeroes behind; no NUL when full */
	uint8_t len;    /* 0: a blank */
	uint8_t width;  /* 1 or 2; 0: right half of a wide one */
	uint8_t spare;  /* 0: no padding, so that cells compare as bytes */
	uint16_t style; /* theme_style, or CELL_INKED: its colours stand in utf8, at CELL_INKS */
	uint16_t link;  /* 0 or an index of grid_link: what the cell belongs to */
};

/* The cells of a picture have colours of their own, three bytes each: ink and ground. */
enum { CELL_INKED = UINT16_MAX, CELL_INKS = 9 };

struct grid {
	int rows, cols;
	bool ascii;         /* draw stand-ins for all that is not ASCII; set by the owner */
	struct cell *cells; /* row by row */
	char **links;       /* 1-based addresses of this frame */
	size_t nlinks;
};

struct rect {
	int row, col, rows, cols;
};
struct rect rect_clip(struct rect a, struct rect b); /* what both cover; sizes never negative */

void grid_init(struct grid *grid, int rows, int cols); /* blank; 0 sizes are fine */
void grid_finish(struct grid *grid);
void grid_resize(struct grid *grid, int rows, int cols); /* blanks all */
void grid_copy(struct grid *dst, const struct grid *src);
bool grid_same(const struct grid *a, const struct grid *b);

/* Fill the clip with blanks of a style. */
void grid_fill(struct grid *grid, struct rect clip, uint16_t style);

/*
 * Draw text from (row, col) of the grid, inside `clip`, cut after max_cells; the text
 * passes clean_out(CLEAN_CELL) and utf8_show. Returns the cells used. `link`: 0 or grid_link.
 */
int grid_put(struct grid *grid, struct rect clip, int row, int col, uint16_t style, uint16_t link,
        const char *utf8, size_t len, int max_cells);

/* One cell of a picture: a character of width 1 in a colour on another (red, green, blue). */
void grid_put_inked(struct grid *grid, struct rect clip, int row, int col, uint32_t code,
        const unsigned char fg[3], const unsigned char bg[3]);

/* One cell's text, drawn as it is; NULL outside the grid. For reading a grid. */
const struct cell *grid_at(const struct grid *grid, int row, int col);

/* As grid_put for a NUL-terminated text; cut with "…" ("~" in ASCII) when it does not fit. */
int grid_puts(struct grid *grid, struct rect clip, int row, int col, uint16_t style,
        const char *utf8, int max_cells);

/*
 * Copy a row of another grid to (row, col), cut at the right edge. `styles`: the style
 * to be taken for each of the source's, or NULL for its own. Links are left out.
 */
void grid_copy_row(struct grid *dst, int row, int col, const struct grid *src, int src_row,
        const uint16_t *styles);

/* Give cells of a row another style (a highlight) without changing their text. */
void grid_restyle(struct grid *grid, struct rect clip, int row, int col, int cells, uint16_t style);

/* An address for cells to refer to; deduplicated; copied. */
uint16_t grid_link(struct grid *grid, const char *url);

/* The grid as lines of text, trailing blanks cut. */
void grid_print(const struct grid *grid, struct str *out);
/* Likewise a letter for each cell's style, `.` for style 0; letters are given as styles are met. */
void grid_print_styles(const struct grid *grid, struct str *out);

/*
 * The first wrong cell (half a wide one alone, a control byte, text that is not one
 * cluster of the cell's width) as a sentence in `out`. True when all is well.
 */
bool grid_check(const struct grid *grid, struct str *out);
