#include "model/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/image_send.h"

enum { CELL_BYTES = 10, PIXEL_BYTES = 4, USUAL_WIDTH = 16, USUAL_HEIGHT = 9 };

struct image *image_new_cells(uint32_t cols, uint32_t rows)
{
	struct image *image = xcalloc(1, sizeof(*image));
	*image = (struct image){.width = cols, .height = rows};
	image->cells = xcalloc((size_t)cols * rows + 1, sizeof(*image->cells));
	return image;
}

struct image *image_new_pixels(uint32_t width, uint32_t height)
{
	struct image *image = xcalloc(1, sizeof(*image));
	*image = (struct image){.width = width, .height = height};
	image->rgba = xmalloc((size_t)width * height * PIXEL_BYTES + 1);
	return image;
}

void image_free(struct image *image)
{
	if (!image) return;
	free(image->cells);
	free(image->rgba);
	free(image->bytes);
	free(image);
}

size_t image_bytes(const struct image *image)
{
	size_t n = (size_t)image->width * image->height;
	size_t each = image->cells ? sizeof(*image->cells) : image->rgba ? PIXEL_BYTES : 0;
	return sizeof(*image) + n * each + image->nbytes;
}

void image_make_bytes(struct image *image, const struct image_wish *wish)
{
	struct str out = {0};
	if (!image->rgba) return;
	uint32_t width = wish->cell_width ? wish->cell_width : 1;
	uint32_t height = wish->cell_height ? wish->cell_height : 1;
	int cols = (int)((image->width + width - 1) / width);
	int rows = (int)((image->height + height - 1) / height);
	if (wish->form == IMAGE_KITTY) image_kitty(&out, image, cols, rows);
	if (wish->form == IMAGE_SIXEL) image_sixel(&out, image);
	if (wish->form == IMAGE_ITERM) image_iterm(&out, image, cols, rows);
	image->nbytes = out.len;
	image->bytes = str_take(&out);
	free(image->rgba);
	image->rgba = NULL;
}

void image_fit(uint32_t width, uint32_t height, int *cols, int *rows)
{
	uint64_t w = width, h = height;
	if (*cols < 1) *cols = 1;
	if (*rows < 1) *rows = 1;
	if (w == 0 || h == 0) {
		w = USUAL_WIDTH;
		h = USUAL_HEIGHT;
	}
	uint64_t down = (h * (uint64_t)*cols + w) / (2 * w);
	if (down > (uint64_t)*rows) {
		uint64_t across = (2 * w * (uint64_t)*rows + h / 2) / h;
		if (across < (uint64_t)*cols) *cols = across ? (int)across : 1;
	} else {
		*rows = down ? (int)down : 1;
	}
}

/* Characters that stoa-media may choose: a blank, block elements, sextants. */
static bool is_good_code(uint32_t code)
{
	return code == ' ' || (code >= 0x2580 && code <= 0x259f) ||
	       (code >= 0x1fb00 && code <= 0x1fb3b);
}

static bool read_cells(struct image *image, const unsigned char *p)
{
	for (size_t i = 0; i < (size_t)image->width * image->height; i++, p += CELL_BYTES) {
		struct image_cell *cell = &image->cells[i];
		cell->code =
		        p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
		if (!is_good_code(cell->code)) return false;
		memcpy(cell->fg, p + 4, 3);
		memcpy(cell->bg, p + 7, 3);
	}
	return true;
}

struct image *image_parse(const char *bytes, size_t len, const struct image_wish *wish)
{
	const char *word = wish->form ? "RGBA" : "CELLS";
	size_t each = wish->form ? PIXEL_BYTES : CELL_BYTES;
	char head[32], kind[8];
	unsigned width = 0, height = 0;
	int at = 0;
	const char *lf = len ? memchr(bytes, '\n', len < sizeof(head) ? len : sizeof(head)) : NULL;
	if (!lf || (size_t)(lf - bytes) >= sizeof(head)) return NULL;
	snprintf(head, sizeof(head), "%.*s", (int)(lf - bytes), bytes);
	if (sscanf(head, "%7s %5u %5u%n", kind, &width, &height, &at) != 3 || head[at] ||
	        strcmp(kind, word) != 0)
		return NULL;
	if (width == 0 || height == 0 || width > wish->width || height > wish->height) return NULL;
	size_t begin = (size_t)(lf - bytes) + 1;
	if (len - begin != (size_t)width * height * each) return NULL;
	struct image *image =
	        wish->form ? image_new_pixels(width, height) : image_new_cells(width, height);
	const unsigned char *p = (const unsigned char *)bytes + begin;
	if (wish->form)
		memcpy(image->rgba, p, len - begin);
	else if (!read_cells(image, p)) {
		image_free(image);
		return NULL;
	}
	return image;
}
