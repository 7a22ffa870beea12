#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "media/picture.h"

/*
 * A picture as characters of a terminal. A cell is twice as high as it is wide. Ten bytes
 * each, row by row: the character (little-endian, 4 bytes), its colour and the colour
 * behind it (red, green, blue).
 */
enum { CELL_BYTES = 10, CELLS_MAX_SIDE = 500 };

struct cells_wish {
	uint32_t cols, rows; /* at most so many; 1 to CELLS_MAX_SIDE */
	unsigned colors;     /* of the terminal: 8, 16, 256, or 0 for all of them */
	bool sextants;       /* its font has them (Unicode 13); else half blocks */
	uint32_t ground;     /* 0xRRGGBB, where the picture covers nothing */
};

/* The cells that a picture of this size fills. */
void cells_within(const struct picture *picture, uint32_t *cols, uint32_t *rows);

/* Append the cells; *out_cols times *out_rows of them. May make the picture smaller. */
bool cells_write(struct picture *picture, const struct cells_wish *wish, struct str *out,
        uint32_t *out_cols, uint32_t *out_rows, struct err *err);

/* One more cell. */
void cells_add(struct str *out, uint32_t code, uint32_t fg, uint32_t bg);

/*
 * The same by libchafa, which chooses better (cells_chafa.c): cols times rows, whatever the
 * picture's shape. Only there when it was built with it. Call cells_chafa_start before the
 * guard is up: it looks at the machine.
 */
void cells_chafa_start(void);
void cells_chafa(const struct picture *picture, const struct cells_wish *wish, uint32_t cols,
        uint32_t rows, struct str *out);

/* Colour i of an xterm's 256 as 0xRRGGBB. */
uint32_t cells_palette(unsigned i);
/* The nearest that a terminal of so many colours has; 0: itself. */
uint32_t cells_color(uint32_t rgb, unsigned colors);
