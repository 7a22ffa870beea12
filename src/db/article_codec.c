#include "db/article_codec.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/*
 * A version byte, the text's length, the text, the number of facets, and each
 * facet: kind, start, end, length of its target + 1 (0: none), target. Numbers
 * are little-endian base 128.
 */
enum { ARTICLE_VERSION = 1 };

static void put_number(struct str *out, uint64_t number)
{
	while (number >= 0x80) {
		str_addc(out, (char)(number | 0x80));
		number >>= 7;
	}
	str_addc(out, (char)number);
}

void article_encode(struct str *out, const struct text *text)
{
	str_addc(out, ARTICLE_VERSION);
	put_number(out, text->utf8.len);
	str_add(out, str_c(&text->utf8), text->utf8.len);
	put_number(out, text->nfacets);
	for (size_t i = 0; i < text->nfacets; i++) {
		const struct facet *facet = &text->facets[i];
		put_number(out, facet->kind);
		put_number(out, facet->start);
		put_number(out, facet->end);
		put_number(out, facet->target ? strlen(facet->target) + 1 : 0);
		str_adds(out, facet->target);
	}
}

struct reader {
	const unsigned char *p, *end;
	bool bad;
};

static uint64_t get_number(struct reader *reader)
{
	uint64_t number = 0;
	for (int shift = 0; shift < 63 && reader->p < reader->end; shift += 7) {
		unsigned char byte = *reader->p++;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) return number;
	}
	reader->bad = true;
	return 0;
}

static const char *get_bytes(struct reader *reader, uint64_t len)
{
	const char *p = (const char *)reader->p;
	if (len > (uint64_t)(reader->end - reader->p)) {
		reader->bad = true;
		return p;
	}
	reader->p += len;
	return p;
}

static void get_facet(struct reader *reader, struct text *out)
{
	uint64_t kind = get_number(reader), start = get_number(reader);
	uint64_t end = get_number(reader), len = get_number(reader);
	const char *bytes = len > 0 ? get_bytes(reader, len - 1) : NULL;
	if (reader->bad || kind >= FACET_NKINDS || start > out->utf8.len || end > out->utf8.len ||
	        (bytes && (memchr(bytes, 0, len - 1) || !utf8_valid(bytes, len - 1)))) {
		reader->bad = true;
		return;
	}
	struct str target = {0};
	if (bytes) str_add(&target, bytes, len - 1);
	text_facet(out, (enum facet_kind)kind, start, end, bytes ? str_c(&target) : NULL);
	str_finish(&target);
}

bool article_decode(struct text *out, const void *bytes, size_t len)
{
	struct reader reader = {.p = bytes, .end = (const unsigned char *)bytes + len};
	if (len == 0 || *reader.p++ != ARTICLE_VERSION) return false;
	uint64_t text_len = get_number(&reader);
	const char *text = get_bytes(&reader, text_len);
	if (reader.bad || memchr(text, 0, text_len) || !utf8_valid(text, text_len)) return false;
	str_add(&out->utf8, text, text_len);
	uint64_t n = get_number(&reader);
	for (uint64_t i = 0; i < n && !reader.bad; i++)
		get_facet(&reader, out);
	if (reader.bad || reader.p != reader.end) {
		text_finish(out);
		memset(out, 0, sizeof *out);
		return false;
	}
	text_sort(out);
	return true;
}
