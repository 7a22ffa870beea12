#include "db/posting.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void put_number(struct str *out, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		str_addc(out, (char)(number | 0x80));
	str_addc(out, (char)number);
}

/* False: the bytes end within it. */
static bool get_number(const unsigned char **p, const unsigned char *end, uint64_t *out)
{
	uint64_t number = 0;
	for (int shift = 0; shift < 63 && *p < end; shift += 7) {
		unsigned char byte = *(*p)++;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*out = number;
			return true;
		}
	}
	return false;
}

/* --- lists --- */

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PAIR_BITS = POSTING_SHIFT + 30 };

/* By one digit; true when they all have the same and nothing was done. */
static bool sort_by_digit(const uint64_t *from, uint64_t *to, size_t n, int shift)
{
	size_t places[DIGITS] = {0}, sum = 0;
	for (size_t i = 0; i < n; i++)
		places[from[i] >> shift & (DIGITS - 1)]++;
	if (n == 0 || places[from[0] >> shift & (DIGITS - 1)] == n) return true;
	for (size_t i = 0; i < DIGITS; i++) {
		size_t here = places[i];
		places[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++)
		to[places[from[i] >> shift & (DIGITS - 1)]++] = from[i];
	return false;
}

void posting_sort(uint64_t *pairs, size_t n)
{
	uint64_t *other = xcalloc(n + 1, sizeof *other), *from = pairs, *to = other;
	for (int shift = 0; shift < PAIR_BITS; shift += DIGIT_BITS) {
		if (sort_by_digit(from, to, n, shift)) continue;
		uint64_t *swap = from;
		from = to;
		to = swap;
	}
	if (from != pairs) memcpy(pairs, from, n * sizeof *pairs);
	free(other);
}

static size_t number_of(uint64_t pair)
{
	return (size_t)(pair & ((1u << POSTING_SHIFT) - 1));
}

static void add_gaps(struct str *out, const uint64_t *pairs, size_t n)
{
	size_t next = 0;
	for (size_t i = 0; i < n; i++) {
		put_number(out, number_of(pairs[i]) - next);
		next = number_of(pairs[i]) + 1;
	}
}

static void add_bits(struct str *out, const uint64_t *pairs, size_t n, size_t posts)
{
	unsigned char bits[POSTING_MAX_POSTS / 8] = {0};
	for (size_t i = 0; i < n; i++)
		bits[number_of(pairs[i]) / 8] |= (unsigned char)(1u << number_of(pairs[i]) % 8);
	str_add(out, (const char *)bits, (posts + 7) / 8);
}

void posting_write(struct str *out, const uint64_t *pairs, size_t n, uint32_t first, size_t posts)
{
	struct str gaps = {0};
	uint64_t before = first;
	for (size_t i = 0, end; i < n; i = end) {
		uint64_t token = pairs[i] >> POSTING_SHIFT;
		for (end = i; end < n && pairs[end] >> POSTING_SHIFT == token;)
			end++;
		str_clear(&gaps);
		add_gaps(&gaps, pairs + i, end - i);
		bool bits = gaps.len > (posts + 7) / 8;
		put_number(out, token - before);
		put_number(out, (uint64_t)(bits ? (posts + 7) / 8 : gaps.len) << 1 | bits);
		if (bits)
			add_bits(out, pairs + i, end - i, posts);
		else
			str_add(out, str_c(&gaps), gaps.len);
		before = token;
	}
	str_finish(&gaps);
}

void posting_init(
        struct posting *posting, const void *bytes, size_t len, uint32_t first, size_t posts)
{
	*posting = (struct posting){.p = bytes, .posts = posts, .token = first};
	posting->end = len > 0 ? posting->p + len : posting->p;
}

bool posting_next(struct posting *posting)
{
	uint64_t gap, head;
	if (!get_number(&posting->p, posting->end, &gap) ||
	        !get_number(&posting->p, posting->end, &head) ||
	        head >> 1 > (uint64_t)(posting->end - posting->p) ||
	        gap > UINT32_MAX - posting->token)
		return false;
	posting->token += (uint32_t)gap;
	posting->list = posting->p;
	posting->len = (size_t)(head >> 1);
	posting->bits = head & 1;
	posting->p += posting->len;
	return true;
}

static void mark_bits(const struct posting *posting, uint64_t *set)
{
	size_t len = (posting->posts + 7) / 8;
	for (size_t i = 0; i < len && i < posting->len; i++) {
		unsigned byte = posting->list[i];
		if (i * 8 + 8 > posting->posts) byte &= (1u << posting->posts % 8) - 1;
		set[i / 8] |= (uint64_t)byte << i % 8 * 8;
	}
}

void posting_mark(const struct posting *posting, uint64_t *set)
{
	const unsigned char *p = posting->list, *end = p + posting->len;
	if (posting->bits) {
		mark_bits(posting, set);
		return;
	}
	for (uint64_t at = 0, gap; p < end && get_number(&p, end, &gap); at++) {
		if (gap >= posting->posts || (at += gap) >= posting->posts) return;
		set[at / 64] |= UINT64_C(1) << at % 64;
	}
}

/* --- numbers of posts --- */

void posting_write_ids(struct str *out, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_number(out, (uint64_t)(i == 0 ? ids[0] : ids[i - 1] - ids[i]));
}

size_t posting_read_ids(const void *bytes, size_t len, int64_t *out, size_t max)
{
	const unsigned char *p = bytes, *end = len > 0 ? p + len : p;
	uint64_t number;
	size_t n = 0;
	for (int64_t last = 0; n < max && get_number(&p, end, &number); n++) {
		if (number > INT64_MAX || (n > 0 && (int64_t)number > last)) return n;
		last = n == 0 ? (int64_t)number : last - (int64_t)number;
		out[n] = last;
	}
	return n;
}
