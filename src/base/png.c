#include "base/png.h"

#include <stddef.h>

static void put_big(struct str *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		str_addc(out, (char)(value >> shift & 255));
}

/* CRC-32 of the standard's annex D. */
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

void png_store(struct str *out, uint32_t width, uint32_t height, unsigned channels,
        const unsigned char *pixels)
{
	enum { RGB = 2, RGB_AND_ALPHA = 6 };
	struct str head = {0}, lines = {0}, data = {0}, none = {0};
	size_t across = (size_t)width * channels;
	const char kind[] = {8, channels == 4 ? RGB_AND_ALPHA : RGB, 0, 0, 0};
	put_big(&head, width);
	put_big(&head, height);
	str_add(&head, kind, sizeof(kind));
	for (uint32_t y = 0; y < height; y++) {
		str_addc(&lines, 0); /* no filter */
		str_add(&lines, (const char *)pixels + y * across, across);
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
