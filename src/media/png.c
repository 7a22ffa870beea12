#include <stdlib.h>

#include <png.h>

#include "base/mem.h"
#include "media/format.h"

/* PNG (third edition): chunks of length, name, data and checksum after 8 bytes. */
enum { HEAD = 8, FRAME = 12 };

/* Chunks that pixels, their colours and their movement are made of; all others are talk. */
static bool is_kept(const struct bytes *file, size_t name)
{
	static const char *const kept[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM",
	        "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT", "cICP", "mDCV",
	        "cLLI"};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		if (is_at(file, name, kept[i], 4)) return true;
	}
	return false;
}

/* Bytes of the chunk at `at`, all of it; 0: it is broken. */
static size_t chunk_len(const struct bytes *file, size_t at)
{
	if (at >= file->len || file->len - at < FRAME) return 0;
	size_t len = big_at(file, at, 4);
	return len <= file->len - at - FRAME ? len + FRAME : 0;
}

bool png_look(const struct bytes *file, struct shape *out, struct err *err)
{
	*out = (struct shape){
	        .width = big_at(file, HEAD + 8, 4), .height = big_at(file, HEAD + 12, 4)};
	if (!is_at(file, HEAD + 4, "IHDR", 4) || !out->width || !out->height)
		return err_set(err, ERR_FORMAT, "it is no whole PNG");
	out->has_alpha = byte_at(file, HEAD + 17) & 4;
	for (size_t at = HEAD, len; (len = chunk_len(file, at)); at += len) {
		if (is_at(file, at + 4, "acTL", 4)) out->moves = true;
		if (is_at(file, at + 4, "tRNS", 4)) out->has_alpha = true;
		if (is_at(file, at + 4, "eXIf", 4))
			out->orientation = exif_orientation(file->p + at + 8, len - FRAME);
	}
	return true;
}

bool png_strip(const struct bytes *file, struct str *out, const char **note, struct err *err)
{
	(void)note;
	str_add(out, (const char *)file->p, HEAD);
	for (size_t at = HEAD, len; (len = chunk_len(file, at)); at += len) {
		if (is_kept(file, at + 4)) str_add(out, (const char *)file->p + at, len);
		if (is_at(file, at + 4, "IEND", 4)) return true;
	}
	return err_set(err, ERR_FORMAT, "it is no whole PNG");
}

bool png_read(const struct bytes *file, uint32_t width, uint32_t height, struct picture *out,
        struct err *err)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	(void)width, (void)height; /* all or nothing */
	*out = (struct picture){0};
	if (!png_image_begin_read_from_memory(&image, file->p, file->len))
		return err_set(err, ERR_FORMAT, "it cannot be read as PNG: %s", image.message);
	bool has_alpha = image.format & PNG_FORMAT_FLAG_ALPHA;
	image.format = PNG_FORMAT_RGBA;
	image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
	if (!picture_init(out, image.width, image.height, err)) {
		png_image_free(&image);
		return false;
	}
	out->has_alpha = has_alpha;
	if (png_image_finish_read(&image, NULL, out->rgba, 0, NULL)) return true;
	picture_finish(out);
	return err_set(err, ERR_FORMAT, "it cannot be read as PNG: %s", image.message);
}

bool png_write(const struct picture *picture, struct str *out, struct err *err)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
	        .width = picture->width,
	        .height = picture->height,
	        .format = PNG_FORMAT_RGBA};
	png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(image);
	str_clear(out);
	str_reserve(out, len);
	if (!png_image_write_to_memory(&image, out->p, &len, 0, picture->rgba, 0, NULL))
		return err_set(err, ERR_IO, "it cannot be written as PNG: %s", image.message);
	out->len = len;
	out->p[len] = '\0';
	return true;
}
