#define PCRE2_CODE_UNIT_WIDTH 8
#include "query/keyword.h"

#include <stdlib.h>
#include <string.h>

#include <pcre2.h>

#include "base/fold.h"
#include "base/lower.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "texts.h"

/*
 * All keywords are one pattern of alternatives, so that a text is read once; a pattern
 * that grows past CHUNK bytes is closed and the next one begun, far below what PCRE2 takes.
 *
 * PCRE2 folds one character to one. A few are folded to several, such as "ß" to "ss": a text
 * that has one of them is written out, with a seam where a character was taken apart, and is
 * looked through by a second set of patterns that step over seams but never begin or end at one.
 */
enum { CHUNK = 8192 };

/* A noncharacter: no text has it. */
#define SEAM "\xef\xb7\x90"
enum { SEAM_CP = 0xfdd0, REPLACEMENT = 0xfffd };

/* Of texts as they are, and of those that are written out. */
enum { AS_IT_IS, WRITTEN_OUT, WAYS };

struct way {
	pcre2_code **codes;
	size_t ncodes, cap;
	struct str pattern; /* of the chunk that is being gathered */
};

struct keywords {
	struct way ways[WAYS];
	pcre2_match_data *match;
};

/* fold_joins_word as a class. */
#define WORD_CHARS                                                                                 \
	"\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}\\xb2\\xb3\\xb9\\xbc-\\xbe\\x{24b6}-\\x{24e9}\\x{1f130}" \
	"-\\x{1f149}"                                                                              \
	"\\x{1f150}-\\x{1f169}\\x{1f170}-\\x{1f189}"
static const char not_after[] = "(?<![" WORD_CHARS "])", not_before[] = "(?![" WORD_CHARS "])";

struct keywords *keywords_new(void)
{
	struct keywords *keywords = xcalloc(1, sizeof *keywords);

	keywords->match = pcre2_match_data_create(1, NULL);
	if (!keywords->match) abort();
	return keywords;
}

void keywords_free(struct keywords *keywords)
{
	if (!keywords) return;
	for (int way = 0; way < WAYS; way++) {
		struct way *one = &keywords->ways[way];

		for (size_t i = 0; i < one->ncodes; i++) {
			pcre2_code_free(one->codes[i]);
		}
		free(one->codes);
		str_finish(&one->pattern);
	}
	pcre2_match_data_free(keywords->match);
	free(keywords);
}

static pcre2_code *compile(const char *pattern, size_t len)
{
	int error;
	PCRE2_SIZE at;

	return pcre2_compile((PCRE2_SPTR)pattern, len, PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS,
	        &error, &at, NULL);
}

static void way_close(struct way *way)
{
	pcre2_code *code = way->pattern.len > 0 ? compile(way->pattern.p, way->pattern.len) : NULL;

	str_clear(&way->pattern);
	if (!code) return;
	/* Where there is no JIT the interpreter does. */
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	way->codes = mem_grow(way->codes, &way->cap, way->ncodes + 1, sizeof(pcre2_code *));
	way->codes[way->ncodes++] = code;
}

void keywords_ready(struct keywords *keywords)
{
	for (int way = 0; way < WAYS; way++) {
		way_close(&keywords->ways[way]);
	}
}

/* Is the first character a part of words, or the last one? */
static bool begins_word(const char *utf8, size_t len)
{
	int32_t cp;

	utf8_decode(utf8, len, &cp);
	return fold_is_word(cp);
}

static bool ends_word(const char *utf8, size_t len)
{
	size_t start = len - 1;

	while (start > 0 && ((unsigned char)utf8[start] & 0xc0) == 0x80) {
		start--;
	}
	return begins_word(utf8 + start, len - start);
}

/* One character of a pattern; in hexadecimal nothing has a meaning of its own. */
static void add_char(struct str *out, int32_t cp)
{
	str_addf(out, "\\x{%x}", (unsigned)cp);
}

static void add_one(struct way *way, bool seams, const struct filter_keyword *word, size_t len)
{
	struct str *out = &way->pattern;
	int32_t cp, parts[LOWER_MAX_FOLD];
	bool first = true;

	if (out->len > 0) str_addc(out, '|');
	if (seams) str_adds(out, "(?<!" SEAM ")");
	if (word->whole && begins_word(word->text, len)) str_adds(out, not_after);
	for (size_t at = 0; at < len;) {
		at += utf8_decode(word->text + at, len - at, &cp);
		for (size_t i = 0, n = lower_fold(parts, cp); i < n; i++) {
			if (seams && !first) str_adds(out, SEAM "?");
			add_char(out, parts[i]);
			first = false;
		}
	}
	if (word->whole && ends_word(word->text, len)) str_adds(out, not_before);
	if (seams) str_adds(out, "(?!" SEAM ")");
	if (out->len > CHUNK) way_close(way);
}

void keywords_add(struct keywords *keywords, const struct filter_keyword *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = words[i].text ? strlen(words[i].text) : 0;

		if (len == 0 || len > KEYWORD_MAX_LEN || !utf8_valid(words[i].text, len)) continue;
		for (int way = 0; way < WAYS; way++) {
			add_one(&keywords->ways[way], way == WRITTEN_OUT, &words[i], len);
		}
	}
}

static bool way_finds(const struct keywords *keywords, int which, const char *utf8, size_t len)
{
	const struct way *way = &keywords->ways[which];

	for (size_t i = 0; i < way->ncodes; i++) {
		if (pcre2_match(way->codes[i], (PCRE2_SPTR)utf8, len, 0, 0, keywords->match,
		            NULL) >= 0) {
			return true;
		}
	}
	return false;
}

/* The first character that may be several when it is folded; `len` when there is none. */
static size_t find_unfolding(const char *utf8, size_t len)
{
	int32_t cp;

	for (size_t at = 0, n; at < len; at += n) {
		n = 1;
		if ((unsigned char)utf8[at] < 0xc3) continue; /* ASCII, or within a character */
		n = utf8_decode(utf8 + at, len - at, &cp);
		if (lower_may_unfold(cp)) return at;
	}
	return len;
}

static void write_out(struct str *out, const char *utf8, size_t len)
{
	int32_t cp, parts[LOWER_MAX_FOLD];
	char bytes[4];

	for (size_t at = 0; at < len;) {
		size_t n = utf8_decode(utf8 + at, len - at, &cp), nparts = 1;

		if (lower_may_unfold(cp)) nparts = lower_fold(parts, cp);
		if (nparts == 1)
			str_add(out, bytes, utf8_encode(bytes, cp == SEAM_CP ? REPLACEMENT : cp));
		for (size_t i = 0; nparts > 1 && i < nparts; i++) {
			if (i > 0) str_adds(out, SEAM);
			str_add(out, bytes, utf8_encode(bytes, parts[i]));
		}
		at += n;
	}
}

bool keywords_in(const struct keywords *keywords, const char *utf8, size_t len)
{
	struct str written = {0};
	bool finds;

	if (keywords->ways[AS_IT_IS].ncodes == 0) return false;
	if (find_unfolding(utf8, len) == len) {
		return way_finds(keywords, AS_IT_IS, utf8, len);
	}
	if (!utf8_valid(utf8, len)) return false;
	write_out(&written, utf8, len);
	finds = way_finds(keywords, WRITTEN_OUT, written.p, written.len);
	str_finish(&written);
	return finds;
}

static bool found(void *ctx, const char *utf8, size_t len)
{
	return keywords_in(ctx, utf8, len);
}

bool keywords_in_post(const struct keywords *keywords, const struct post *post)
{
	return keywords->ways[AS_IT_IS].ncodes > 0 && texts_any(post, found, (void *)keywords);
}
