#include "model/image_send.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/png.h"

enum { RGB = 3, RGBA = 4, KITTY_CHUNK = 4096, KITTY_ID = 7319 };

void image_base64(struct str *out, const void *bytes, size_t len)
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = bytes;
	for (size_t i = 0; i < len; i += 3) {
		uint32_t group = 0;
		for (size_t j = 0; j < 3; j++)
			group = group << 8 | (i + j < len ? p[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			str_addc(out, i + j <= len ? digits[group >> (18 - 6 * j) & 63] : '=');
	}
}

static size_t pixels(const struct image *image)
{
	return (size_t)image->width * image->height;
}

static bool is_covered(const struct image *image)
{
	for (size_t i = 0; i < pixels(image); i++) {
		if (image->rgba[i * RGBA + 3] != 255) return false;
	}
	return true;
}

/* --- kitty: https://sw.kovidgoyal.net/kitty/graphics-protocol/ --- */

void image_kitty(struct str *out, const struct image *image, int cols, int rows)
{
	bool opaque = is_covered(image);
	size_t each = opaque ? RGB : RGBA, len = pixels(image) * each;
	unsigned char *raw = xmalloc(len + 1);
	for (size_t i = 0; i < pixels(image); i++)
		memcpy(raw + i * each, image->rgba + i * RGBA, each);
	struct str text = {0};
	image_base64(&text, raw, len);
	free(raw);
	for (size_t at = 0; at < text.len; at += KITTY_CHUNK) {
		size_t n = text.len - at < KITTY_CHUNK ? text.len - at : KITTY_CHUNK;
		str_adds(out, "\033_G");
		if (at == 0)
			str_addf(out, "a=T,f=%d,s=%u,v=%u,i=%d,c=%d,r=%d,C=1,q=2,",
			        opaque ? 24 : 32, image->width, image->height, KITTY_ID, cols,
			        rows);
		str_addf(out, "m=%d;", at + n < text.len);
		str_add(out, text.p + at, n);
		str_adds(out, "\033\\");
	}
	str_finish(&text);
}

void image_kitty_drop(struct str *out)
{
	str_addf(out, "\033_Ga=d,d=I,i=%d,q=2\033\\", KITTY_ID);
}

/* --- iTerm2: https://iterm2.com/documentation-images.html --- */

void image_iterm(struct str *out, const struct image *image, int cols, int rows)
{
	struct str png = {0};
	png_store(&png, image->width, image->height, RGBA, image->rgba);
	str_addf(out, "\033]1337;File=inline=1;size=%zu;width=%d;height=%d;preserveAspectRatio=1:",
	        png.len, cols, rows);
	image_base64(out, png.p, png.len);
	str_adds(out, "\033\\");
	str_finish(&png);
}
