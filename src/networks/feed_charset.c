#include "networks/feed_charset.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/*
 * Western text has single bytes beyond ASCII between letters; everybody else writes runs of
 * them. Which run it is shows in the ranges of its bytes: alphabets stand together in
 * one, and of the pairs of East Asia each script has lead bytes of its own.
 */

enum { SAMPLE = 256 * 1024, FEW = 6 };

static bool within(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

/* Is `part` at least so many per cent of `whole`? */
static bool is_share(size_t part, size_t whole, size_t percent)
{
	return whole > 0 && part * 100 >= whole * percent;
}

static size_t count(const unsigned char *p, size_t len, unsigned char low, unsigned char high)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += within(p[i], low, high);
	return n;
}

/* Some bytes of a long text may be broken; what is not UTF-8 has hardly any that fit. */
static bool is_mostly_utf8(const unsigned char *p, size_t len)
{
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < len;) {
		int32_t cp = p[i];
		size_t n = p[i] < 0x80 ? 1 : utf8_decode((const char *)p + i, len - i, &cp);
		if (p[i] >= 0x80) *(n > 1 && cp != 0xfffd ? &good : &bad) += 1;
		i += n;
	}
	return is_share(good, good + bad, 80);
}

/* Bytes beyond ASCII that have another one beside them. */
static size_t count_in_runs(const unsigned char *p, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		bool before = i > 0 && p[i - 1] >= 0x80, after = i + 1 < len && p[i + 1] >= 0x80;
		n += p[i] >= 0x80 && (before || after);
	}
	return n;
}

/* --- alphabets, one byte for each letter --- */

static const char *by_alphabet(const unsigned char *p, size_t len, size_t high)
{
	size_t small = count(p, len, 0xe0, 0xff), large = count(p, len, 0xc0, 0xdf);
	if (is_share(count(p, len, 0xe0, 0xfa), high, 95)) return "WINDOWS-1255";
	if (!is_share(small + large, high, 93)) return NULL;
	if (large > small) return "KOI8-R"; /* whose small letters come first */
	/* Greek has its accented vowels there, and no first and last letter of Russian's. */
	size_t accented = count(p, len, 0xdc, 0xdf) + count(p, len, 0xfc, 0xfe);
	size_t russian = count(p, len, 0xe0, 0xe0) + count(p, len, 0xff, 0xff);
	return is_share(accented, high, 4) && !is_share(russian, high, 1) ? "WINDOWS-1253"
	                                                                  : "WINDOWS-1251";
}

static bool is_thai(const unsigned char *p, size_t len, size_t high)
{
	return is_share(count(p, len, 0xa1, 0xda) + count(p, len, 0xdf, 0xfb), high, 97);
}

/* --- pairs --- */

/* How one family of encodings makes pairs; the range 1 to 0 is none. */
struct family {
	unsigned char lead[4]; /* two ranges */
	unsigned char low[2];  /* trail bytes below 0x80, if any */
	unsigned char high[2];
	unsigned char alone[2]; /* a character by itself */
};
static const struct family euc = {{0xa1, 0xfe, 0x8e, 0x8e}, {1, 0}, {0xa1, 0xfe}, {1, 0}};
static const struct family shift_jis = {
        {0x81, 0x9f, 0xe0, 0xfc}, {0x40, 0x7e}, {0x80, 0xfc}, {0xa1, 0xdf}};
static const struct family big5 = {{0x81, 0xfe, 1, 0}, {0x40, 0x7e}, {0xa1, 0xfe}, {1, 0}};

struct pairs {
	size_t n, wrong, alone;
	size_t by_lead[256];
};

static bool is_trail(const struct family *family, unsigned char c)
{
	return within(c, family->low[0], family->low[1]) ||
	       within(c, family->high[0], family->high[1]);
}

/* False when too much of it fits no pair. */
static bool read_pairs(
        const struct family *f, const unsigned char *p, size_t len, struct pairs *out)
{
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < len; i++) {
		if (p[i] < 0x80) continue;
		bool lead = within(p[i], f->lead[0], f->lead[1]) ||
		            within(p[i], f->lead[2], f->lead[3]);
		if (lead && i + 1 < len && is_trail(f, p[i + 1])) {
			out->n++;
			out->by_lead[p[i++]]++;
		} else if (within(p[i], f->alone[0], f->alone[1])) {
			out->alone++;
		} else {
			out->wrong++;
		}
	}
	return out->n > 0 && !is_share(out->wrong, out->n + out->wrong, 3);
}

static bool has_leads(
        const struct pairs *pairs, unsigned char low, unsigned char high, size_t percent)
{
	size_t n = 0;
	for (int lead = low; lead <= high; lead++)
		n += pairs->by_lead[lead];
	return is_share(n, pairs->n, percent);
}

static const char *by_pairs(const unsigned char *p, size_t len)
{
	struct pairs pairs;
	if (read_pairs(&euc, p, len, &pairs)) {
		if (has_leads(&pairs, 0xa4, 0xa5, 15)) return "EUC-JP";  /* kana */
		if (has_leads(&pairs, 0xb0, 0xc8, 85)) return "CP949";   /* Hangul */
		if (has_leads(&pairs, 0xb0, 0xd7, 60)) return "GB18030"; /* the common half */
	}
	if (read_pairs(&shift_jis, p, len, &pairs) && has_leads(&pairs, 0x82, 0x83, 15) &&
	        !is_share(pairs.alone, pairs.n, 30))
		return "CP932"; /* kana */
	if (read_pairs(&big5, p, len, &pairs) && has_leads(&pairs, 0xa4, 0xc6, 60))
		return "BIG5-HKSCS"; /* the common half */
	return NULL;
}

const char *feed_charset_guess(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	if (len > SAMPLE) len = SAMPLE;
	if (is_mostly_utf8(p, len)) return "UTF-8";
	size_t high = count(p, len, 0x80, 0xff);
	if (high < FEW || !is_share(count_in_runs(p, len), high, 60)) return "WINDOWS-1252";
	const char *name = by_alphabet(p, len, high);
	if (!name) name = by_pairs(p, len);
	if (!name && is_thai(p, len, high)) name = "CP874";
	return name ? name : "WINDOWS-1252";
}
