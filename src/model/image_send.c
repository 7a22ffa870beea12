#include "model/image_send.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

/* --- iTerm2: a PNG (third edition) whose data is stored, not packed --- */

static void put_big(struct str *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		str_addc(out, (char)(value >> shift & 255));
}

static uint32_t crc_of(const char *bytes, size_t len)
{
	uint32_t crc = 0xffffffff, table[256];
	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] & 1 ? table[i] >> 1 ^ 0xedb88320 : table[i] >> 1;
	}
	for (size_t i = 0; i < len; i++)
		crc = table[(crc ^ (unsigned char)bytes[i]) & 255] ^ crc >> 8;
	return ~crc;
}

static void put_chunk(struct str *out, const char *name, const struct str *data)
{
	put_big(out, (uint32_t)data->len);
	size_t begin = out->len;
	str_adds(out, name);
	str_add(out, str_c(data), data->len);
	put_big(out, crc_of(out->p + begin, out->len - begin));
}

/* RFC 1950 around RFC 1951's stored blocks. */
static void put_stored(struct str *out, const char *bytes, size_t len)
{
	enum { BLOCK = 65535, MODULUS = 65521 };
	uint32_t a = 1, b = 0;
	str_add(out, "\x78\x01", 2);
	for (size_t at = 0; at < len; at += BLOCK) {
		size_t n = len - at < BLOCK ? len - at : BLOCK;
		const char head[] = {at + n == len, (char)(n & 255), (char)(n >> 8 & 255),
		        (char)(~n & 255), (char)(~n >> 8 & 255)};
		str_add(out, head, sizeof(head));
		str_add(out, bytes + at, n);
	}
	for (size_t i = 0; i < len; i++) {
		a = (a + (unsigned char)bytes[i]) % MODULUS;
		b = (b + a) % MODULUS;
	}
	put_big(out, b << 16 | a);
}

static void put_png(struct str *out, const struct image *image)
{
	struct str head = {0}, lines = {0}, data = {0}, none = {0};
	size_t across = (size_t)image->width * RGBA;
	put_big(&head, image->width);
	put_big(&head, image->height);
	str_add(&head, "\x08\x06\0\0\0", 5); /* 8 bits each of red, green, blue, alpha */
	for (uint32_t y = 0; y < image->height; y++) {
		str_addc(&lines, 0); /* no filter */
		str_add(&lines, (const char *)image->rgba + y * across, across);
	}
	put_stored(&data, str_c(&lines), lines.len);
	str_add(out, "\x89PNG\r\n\x1a\n", 8);
	put_chunk(out, "IHDR", &head);
	put_chunk(out, "IDAT", &data);
	put_chunk(out, "IEND", &none);
	str_finish(&head);
	str_finish(&lines);
	str_finish(&data);
}

void image_iterm(struct str *out, const struct image *image, int cols, int rows)
{
	struct str png = {0};
	put_png(&png, image);
	str_addf(out, "\033]1337;File=inline=1;size=%zu;width=%d;height=%d;preserveAspectRatio=1:",
	        png.len, cols, rows);
	image_base64(out, png.p, png.len);
	str_adds(out, "\033\\");
	str_finish(&png);
}
