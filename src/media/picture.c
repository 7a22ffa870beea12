#include "media/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool picture_init(struct picture *picture, uint32_t width, uint32_t height, struct err *err)
{
	if (width == 0 || height == 0) return err_set(err, ERR_FORMAT, "the picture is empty");
	if (width > PICTURE_MAX_SIDE || height > PICTURE_MAX_SIDE ||
	        (uint64_t)width * height > PICTURE_MAX_PIXELS)
		return err_set(err, ERR_TOO_LARGE,
		        "the picture has %u times %u pixels, at most %d are read", width, height,
		        PICTURE_MAX_PIXELS);
	*picture = (struct picture){.width = width, .height = height};
	picture->rgba = xmalloc((size_t)width * height * 4);
	return true;
}

void picture_finish(struct picture *picture)
{
	free(picture->rgba);
	*picture = (struct picture){0};
}

void picture_within(uint32_t *width, uint32_t *height, uint32_t max_width, uint32_t max_height)
{
	uint64_t w = *width, h = *height;
	if (w > max_width) {
		h = h * max_width / w;
		w = max_width;
	}
	if (h > max_height) {
		w = w * max_height / h;
		h = max_height;
	}
	*width = w ? (uint32_t)w : 1;
	*height = h ? (uint32_t)h : 1;
}

void picture_within_pixels(uint32_t *width, uint32_t *height, uint64_t max_pixels)
{
	uint64_t pixels = (uint64_t)*width * *height;
	if (pixels <= max_pixels || max_pixels == 0) return;
	double by = sqrt((double)max_pixels / (double)pixels);
	uint32_t w = (uint32_t)(*width * by), h = (uint32_t)(*height * by);
	/* One so thin that it cannot shrink one way has to in the other. */
	if (w == 0) w = 1;
	if (h == 0) h = 1;
	if ((uint64_t)w * h > max_pixels) *(w > h ? &w : &h) = (uint32_t)max_pixels;
	*width = w;
	*height = h;
}

/* --- smaller --- */

/* Along one line: which pixels of `from` each of `to` stands for, and how much of the first
 * and the last of them. */
struct span {
	uint32_t first, last;
	float head, tail;
};

static struct span *spans_of(uint32_t from, uint32_t to)
{
	struct span *spans = xcalloc(to, sizeof *spans);
	double step = (double)from / to;
	for (uint32_t i = 0; i < to; i++) {
		double start = i * step, end = start + step;
		struct span *span = &spans[i];
		span->first = (uint32_t)start;
		span->last = (uint32_t)ceil(end) - 1;
		if (span->last >= from) span->last = from - 1;
		span->head = (float)(span->first + 1 - start);
		span->tail = (float)(end - span->last);
		if (span->first == span->last) span->head = (float)step;
	}
	return spans;
}

static float weight(const struct span *span, uint32_t i)
{
	if (i == span->first) return span->head;
	return i == span->last ? span->tail : 1;
}

static void mean(
        const struct picture *from, const struct span *x, const struct span *y, unsigned char *out)
{
	float sum[4] = {0}, area = 0;
	for (uint32_t row = y->first; row <= y->last; row++) {
		const unsigned char *p = from->rgba + ((size_t)row * from->width + x->first) * 4;
		float wy = weight(y, row);
		for (uint32_t col = x->first; col <= x->last; col++, p += 4) {
			float w = wy * weight(x, col), alpha = w * p[3];
			sum[0] += alpha * p[0];
			sum[1] += alpha * p[1];
			sum[2] += alpha * p[2];
			sum[3] += alpha;
			area += w;
		}
	}
	for (int i = 0; i < 3; i++)
		out[i] = sum[3] > 0 ? (unsigned char)(sum[i] / sum[3] + 0.5f) : 0;
	out[3] = area > 0 ? (unsigned char)(sum[3] / area + 0.5f) : 0;
}

bool picture_shrink(struct picture *picture, uint32_t width, uint32_t height, struct err *err)
{
	struct picture out;
	if (width >= picture->width && height >= picture->height) return true;
	if (!picture_init(&out, width, height, err)) return false;
	struct span *across = spans_of(picture->width, width);
	struct span *down = spans_of(picture->height, height);
	out.has_alpha = picture->has_alpha;
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++)
			mean(picture, &across[x], &down[y], out.rgba + ((size_t)y * width + x) * 4);
	}
	free(across);
	free(down);
	picture_finish(picture);
	*picture = out;
	return true;
}

/* --- upright --- */

bool picture_turn(struct picture *picture, int orientation, struct err *err)
{
	/* Bits: left and right change places, top and bottom do, rows become columns. */
	static const unsigned how[9] = {0, 0, 1, 3, 2, 4, 6, 7, 5};
	enum { FLIP_X = 1, FLIP_Y = 2, SWAP = 4 };
	unsigned bits = orientation > 0 && orientation < 9 ? how[orientation] : 0;
	struct picture out;
	if (!bits) return true;
	uint32_t w = picture->width, h = picture->height;
	if (!picture_init(&out, bits & SWAP ? h : w, bits & SWAP ? w : h, err)) return false;
	out.has_alpha = picture->has_alpha;
	for (uint32_t y = 0; y < out.height; y++) {
		for (uint32_t x = 0; x < out.width; x++) {
			uint32_t from_x = bits & SWAP ? y : x, from_y = bits & SWAP ? x : y;
			if (bits & FLIP_X) from_x = w - 1 - from_x;
			if (bits & FLIP_Y) from_y = h - 1 - from_y;
			memcpy(out.rgba + ((size_t)y * out.width + x) * 4,
			        picture->rgba + ((size_t)from_y * w + from_x) * 4, 4);
		}
	}
	picture_finish(picture);
	*picture = out;
	return true;
}

void picture_flatten(struct picture *picture)
{
	unsigned char *p = picture->rgba;
	for (size_t n = (size_t)picture->width * picture->height; n > 0; n--, p += 4) {
		for (int i = 0; i < 3; i++)
			p[i] = (unsigned char)((p[i] * p[3] + 255 * (255 - p[3])) / 255);
		p[3] = 255;
	}
	picture->has_alpha = false;
}
