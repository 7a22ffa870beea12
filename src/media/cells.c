#include "media/cells.h"

enum { UPPER_HALF = 0x2580, CUBE = 16, GREYS = 232, PALETTE = 256 };

uint32_t cells_palette(unsigned i)
{
	static const uint32_t names[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee,
	        0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff,
	        0xff00ff, 0x00ffff, 0xffffff};
	static const uint32_t levels[6] = {0, 95, 135, 175, 215, 255};
	if (i < CUBE) return names[i];
	if (i >= GREYS) return (8 + 10 * (i - GREYS)) * 0x010101u;
	i -= CUBE;
	return levels[i / 36] << 16 | levels[i / 6 % 6] << 8 | levels[i % 6];
}

static unsigned distance(uint32_t a, uint32_t b)
{
	int red = (int)(a >> 16 & 255) - (int)(b >> 16 & 255);
	int green = (int)(a >> 8 & 255) - (int)(b >> 8 & 255);
	int blue = (int)(a & 255) - (int)(b & 255);
	return (unsigned)(3 * red * red + 4 * green * green + 2 * blue * blue);
}

uint32_t cells_color(uint32_t rgb, unsigned colors)
{
	if (colors == 0) return rgb;
	/* The first 16 of 256 are what the user made of them. */
	unsigned first = colors >= PALETTE ? CUBE : 0;
	uint32_t best = cells_palette(first);
	for (unsigned i = first; i < colors && i < PALETTE; i++) {
		uint32_t here = cells_palette(i);
		if (distance(rgb, here) < distance(rgb, best)) best = here;
	}
	return best;
}

void cells_add(struct str *out, uint32_t code, uint32_t fg, uint32_t bg)
{
	for (int i = 0; i < 4; i++)
		str_addc(out, (char)(code >> 8 * i & 255));
	for (int shift = 16; shift >= 0; shift -= 8)
		str_addc(out, (char)(fg >> shift & 255));
	for (int shift = 16; shift >= 0; shift -= 8)
		str_addc(out, (char)(bg >> shift & 255));
}

void cells_within(const struct picture *picture, uint32_t *cols, uint32_t *rows)
{
	uint64_t width = picture->width, height = picture->height;
	uint64_t down = (height * *cols + width) / (2 * width);
	if (down > *rows) {
		uint64_t across = (2 * width * *rows + height / 2) / height;
		if (across < *cols) *cols = across ? (uint32_t)across : 1;
	} else {
		*rows = down ? (uint32_t)down : 1;
	}
}

/* What is not covered shows the ground. */
static void lay_on(struct picture *picture, uint32_t ground)
{
	unsigned char *p = picture->rgba;
	for (size_t n = (size_t)picture->width * picture->height; n > 0; n--, p += 4) {
		for (int i = 0; i < 3; i++) {
			unsigned below = ground >> (16 - 8 * i) & 255;
			p[i] = (unsigned char)((p[i] * p[3] + below * (255u - p[3])) / 255);
		}
		p[3] = 255;
	}
	picture->has_alpha = false;
}

/* One that is smaller than its cells is stretched. */
static uint32_t pixel(
        const struct picture *picture, uint32_t x, uint32_t y, uint32_t cols, uint32_t lines)
{
	uint32_t at_x = (uint32_t)((uint64_t)x * picture->width / cols);
	uint32_t at_y = (uint32_t)((uint64_t)y * picture->height / lines);
	const unsigned char *p = picture->rgba + ((size_t)at_y * picture->width + at_x) * 4;
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

/* Two pixels a cell: the upper one is the character, the lower one its background. */
static bool half_blocks(struct picture *picture, const struct cells_wish *wish, uint32_t cols,
        uint32_t rows, struct str *out, struct err *err)
{
	uint32_t width = picture->width < cols ? picture->width : cols;
	uint32_t height = picture->height < 2 * rows ? picture->height : 2 * rows;
	if (!picture_shrink(picture, width, height, err)) return false;
	for (uint32_t y = 0; y < rows; y++) {
		for (uint32_t x = 0; x < cols; x++) {
			uint32_t upper = pixel(picture, x, 2 * y, cols, 2 * rows);
			uint32_t lower = pixel(picture, x, 2 * y + 1, cols, 2 * rows);
			cells_add(out, UPPER_HALF, cells_color(upper, wish->colors),
			        cells_color(lower, wish->colors));
		}
	}
	return true;
}

bool cells_write(struct picture *picture, const struct cells_wish *wish, struct str *out,
        uint32_t *out_cols, uint32_t *out_rows, struct err *err)
{
	uint32_t cols = wish->cols, rows = wish->rows;
	cells_within(picture, &cols, &rows);
	lay_on(picture, wish->ground);
	*out_cols = cols;
	*out_rows = rows;
#ifdef STOA_CHAFA
	(void)half_blocks, (void)err;
	cells_chafa(picture, wish, cols, rows, out);
	return true;
#else
	return half_blocks(picture, wish, cols, rows, out, err);
#endif
}
