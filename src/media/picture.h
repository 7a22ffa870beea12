#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A decoded picture: 4 bytes a pixel, red green blue alpha, alpha not multiplied in. */
struct picture {
	uint32_t width, height;
	bool has_alpha;
	unsigned char *rgba; /* owned */
};

enum { PICTURE_MAX_SIDE = 65500 };
enum { PICTURE_MAX_PIXELS = 50000000 }; /* that are ever held at once */

/* False when it would be larger than the limits; nothing is allocated then. */
bool picture_init(struct picture *picture, uint32_t width, uint32_t height, struct err *err);
void picture_finish(struct picture *picture);

/* How large it may be to stay within width and height, or within so many pixels, in the same
 * proportions; never larger than it is, never less than 1. */
void picture_within(uint32_t *width, uint32_t *height, uint32_t max_width, uint32_t max_height);
void picture_within_pixels(uint32_t *width, uint32_t *height, uint64_t max_pixels);

/* Make it smaller: each pixel is the mean of those that it stands for. Replaces *picture. */
bool picture_shrink(struct picture *picture, uint32_t width, uint32_t height, struct err *err);
/* Put it upright by the orientation of Exif, 1 to 8. Replaces *picture. */
bool picture_turn(struct picture *picture, int orientation, struct err *err);
/* What is not covered becomes white. */
void picture_flatten(struct picture *picture);
