#define PCRE2_CODE_UNIT_WIDTH 8
#include "query/keyword.h"

#include <stdlib.h>
#include <string.h>

#include <pcre2.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "texts.h"

/*
 * All keywords are one pattern of alternatives, so that a text is read once; a pattern
 * that grows past CHUNK bytes is closed and the next one begun, far below what PCRE2 takes.
 */
enum { CHUNK = 8192 };

struct keywords {
	pcre2_code **codes;
	size_t ncodes, cap;
	pcre2_match_data *match;
	struct str pattern; /* of the chunk that is being gathered */
};

#define WORD_CHARS "\\p{L}\\p{M}\\p{Nd}\\p{Pc}"
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
	for (size_t i = 0; i < keywords->ncodes; i++) {
		pcre2_code_free(keywords->codes[i]);
	}
	free(keywords->codes);
	pcre2_match_data_free(keywords->match);
	str_finish(&keywords->pattern);
	free(keywords);
}

static pcre2_code *compile(const char *pattern, size_t len)
{
	int error;
	PCRE2_SIZE at;

	return pcre2_compile((PCRE2_SPTR)pattern, len, PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS,
	        &error, &at, NULL);
}

void keywords_ready(struct keywords *keywords)
{
	struct str *pattern = &keywords->pattern;
	pcre2_code *code = pattern->len > 0 ? compile(pattern->p, pattern->len) : NULL;

	str_clear(pattern);
	if (!code) return;
	/* Where there is no JIT the interpreter does. */
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	keywords->codes = mem_grow(
	        keywords->codes, &keywords->cap, keywords->ncodes + 1, sizeof(pcre2_code *));
	keywords->codes[keywords->ncodes++] = code;
}

/* Is the character at the beginning, or the last one, of a keyword part of a word? */
static bool is_word(const char *utf8, size_t len, bool last)
{
	static const char at_start[] = "^[" WORD_CHARS "]", at_end[] = "[" WORD_CHARS "]\\z";
	const char *pattern = last ? at_end : at_start;
	pcre2_code *code = compile(pattern, strlen(pattern));
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	bool is = code && match && pcre2_match(code, (PCRE2_SPTR)utf8, len, 0, 0, match, NULL) >= 0;

	pcre2_match_data_free(match);
	pcre2_code_free(code);
	return is;
}

static void add_one(struct str *out, const struct filter_keyword *word, size_t len)
{
	if (out->len > 0) str_addc(out, '|');
	if (word->whole && is_word(word->text, len, false)) str_adds(out, not_after);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)word->text[i];
		bool plain = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		             (c >= 'A' && c <= 'Z');

		/* In hexadecimal nothing has a meaning of its own. */
		if (plain) {
			str_addc(out, (char)c);
		} else {
			str_addf(out, "\\x%02x", c);
		}
	}
	if (word->whole && is_word(word->text, len, true)) str_adds(out, not_before);
}

void keywords_add(struct keywords *keywords, const struct filter_keyword *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = words[i].text ? strlen(words[i].text) : 0;

		if (len == 0 || len > KEYWORD_MAX_LEN || !utf8_valid(words[i].text, len)) continue;
		add_one(&keywords->pattern, &words[i], len);
		if (keywords->pattern.len > CHUNK) keywords_ready(keywords);
	}
}

bool keywords_in(const struct keywords *keywords, const char *utf8, size_t len)
{
	for (size_t i = 0; i < keywords->ncodes; i++) {
		if (pcre2_match(keywords->codes[i], (PCRE2_SPTR)utf8, len, 0, 0, keywords->match,
		            NULL) >= 0) {
			return true;
		}
	}
	return false;
}

static bool found(void *ctx, const char *utf8, size_t len)
{
	return keywords_in(ctx, utf8, len);
}

bool keywords_in_post(const struct keywords *keywords, const struct post *post)
{
	return keywords->ncodes > 0 && texts_any(post, found, (void *)keywords);
}
