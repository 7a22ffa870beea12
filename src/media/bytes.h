#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A file in memory; borrowed. What lies beyond its end reads as zeros. */
struct bytes {
	const unsigned char *p;
	size_t len;
};

static inline unsigned byte_at(const struct bytes *file, size_t at)
{
	return at < file->len ? file->p[at] : 0;
}

static inline uint32_t big_at(const struct bytes *file, size_t at, int n)
{
	uint32_t value = 0;
	for (int i = 0; i < n; i++)
		value = value << 8 | byte_at(file, at + (size_t)i);
	return value;
}

static inline uint32_t little_at(const struct bytes *file, size_t at, int n)
{
	uint32_t value = 0;
	for (int i = n; i > 0; i--)
		value = value << 8 | byte_at(file, at + (size_t)i - 1);
	return value;
}

static inline bool is_at(const struct bytes *file, size_t at, const char *text, size_t n)
{
	return at <= file->len && file->len - at >= n && memcmp(file->p + at, text, n) == 0;
}
