/* A picture or film of a stranger's: looked at, decoded, stripped, made anew. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "media/prepare.h"

enum { MAX_SHOWN = 64 };

/* What is stripped is still what it was, and is not stripped further. */
static void strip_twice(const struct format *format, const struct bytes *file)
{
	struct str once = {0}, twice = {0};
	const char *note = NULL;
	if (format->strip && format->strip(file, &once, &note, NULL)) {
		struct bytes again = {(const unsigned char *)once.p, once.len};
		assert(once.len <= file->len + 64);
		assert(format_of(&again) == format);
		assert(format->strip(&again, &twice, &note, NULL));
		assert(twice.len == once.len && memcmp(twice.p, once.p, once.len) == 0);
	}
	str_finish(&once);
	str_finish(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bytes file = {data, size};
	const struct format *format = format_of(&file);
	const struct wish wish = {.max_bytes = 2000, .max_pixels = 4000};
	struct picture picture;
	struct shape shape = {0};
	struct made made;
	struct str out = {0};
	if (!format) return 0;
	strip_twice(format, &file);
	/* Many pixels take long, and are the same again and again. */
	bool small = format->look && format->look(&file, &shape, NULL) &&
	             (uint64_t)shape.width * shape.height <= 1 << 18;
	if (!small) return 0;
	if (pixels(&file, MAX_SHOWN, MAX_SHOWN, &picture, NULL)) {
		assert(picture.width <= MAX_SHOWN && picture.height <= MAX_SHOWN);
		picture_finish(&picture);
	}
	if (prepare(&file, &wish, &out, &made, NULL)) assert(out.len <= wish.max_bytes);
	str_finish(&out);
	return 0;
}
