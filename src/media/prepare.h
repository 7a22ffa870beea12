#pragma once
#include "base/str.h"
#include "media/format.h"

/* What the taker allows; 0 and NULL: anything. */
struct wish {
	uint64_t max_bytes, max_pixels;
	const char *types;
	bool refuses; /* a file that must keep what it tells */
};

struct made {
	const char *type; /* a literal */
	uint32_t width, height;
	const char *note; /* a literal, or NULL */
};

/*
 * Append to *out (empty) the file as it may leave: as it is but for what it tells of where and
 * when, when it fits; else decoded, made smaller and encoded until it fits. False with a
 * sentence.
 */
bool prepare(const struct bytes *file, const struct wish *wish, struct str *out, struct made *made,
        struct err *err);

/* Its pixels, upright, within width and height. */
bool pixels(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err);
