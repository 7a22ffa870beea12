#pragma once
/* Pictures that the tests of stoa-media make for themselves. */
#include <stdlib.h>
#include <string.h>

#include "media/prepare.h"

/* Left red, right blue, the lower half darker: its corners tell how it lies. */
static inline struct picture made_picture(uint32_t width, uint32_t height)
{
	struct picture picture;
	assert_true(picture_init(&picture, width, height, NULL));
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			unsigned char *p = picture.rgba + ((size_t)y * width + x) * 4;
			unsigned char light = y < height / 2 ? 240 : 100;
			p[0] = x < width / 2 ? light : 0;
			p[1] = 0;
			p[2] = x < width / 2 ? 0 : light;
			p[3] = 255;
		}
	}
	return picture;
}

/* One that does not pack well. */
static inline struct picture noise(uint32_t width, uint32_t height)
{
	struct picture picture = made_picture(width, height);
	uint32_t state = 1;
	for (size_t i = 0; i < (size_t)width * height * 4; i++) {
		state = state * 1664525 + 1013904223;
		if (i % 4 != 3) picture.rgba[i] = (unsigned char)(state >> 24);
	}
	return picture;
}

static inline struct bytes bytes_of(const struct str *out)
{
	return (struct bytes){(const unsigned char *)out->p, out->len};
}

static inline struct str jpeg_of(struct picture picture)
{
	struct str out = {0};
	assert_true(jpeg_write(&picture, 90, NULL, &out, NULL));
	picture_finish(&picture);
	return out;
}

static inline struct str png_of(struct picture picture)
{
	struct str out = {0};
	assert_true(png_write(&picture, &out, NULL));
	picture_finish(&picture);
	return out;
}

/* Insert bytes into a file. */
static inline void insert(struct str *file, size_t at, const void *bytes, size_t len)
{
	struct str next = {0};
	str_add(&next, file->p, at);
	str_add(&next, bytes, len);
	str_add(&next, file->p + at, file->len - at);
	str_finish(file);
	*file = next;
}

/* A segment of Exif with that orientation, and the word SECRET, behind the start of a JPEG. */
static inline void add_exif(struct str *jpeg, int orientation)
{
	unsigned char segment[] = {0xff, 0xe1, 0, 42, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', '*', 0, 8,
	        0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (unsigned char)orientation, 0, 0, 0, 0,
	        0, 0, 0, 'S', 'E', 'C', 'R', 'E', 'T', '!', '!'};
	insert(jpeg, 2, segment, sizeof segment);
}

static inline bool holds(const struct str *file, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n <= file->len; i++) {
		if (memcmp(file->p + i, word, n) == 0) return true;
	}
	return false;
}

/* 'r', 'R' (dark), 'b', 'B', or '?': the colour near a corner, seen from left and top. */
static inline char corner(const struct picture *picture, bool right, bool bottom)
{
	uint32_t x = right ? picture->width * 7 / 8 : picture->width / 8;
	uint32_t y = bottom ? picture->height * 7 / 8 : picture->height / 8;
	const unsigned char *p = picture->rgba + ((size_t)y * picture->width + x) * 4;
	unsigned most = p[0] > p[2] ? p[0] : p[2];
	if (most < 60 || p[1] > 60) return '?';
	return p[0] > p[2] ? (most > 170 ? 'r' : 'R') : (most > 170 ? 'b' : 'B');
}

/* All four, row by row. */
static inline void corners(const struct picture *picture, char out[5])
{
	for (int i = 0; i < 4; i++)
		out[i] = corner(picture, i % 2, i / 2);
	out[4] = '\0';
}
