#include "query/muted_word.h"

#include <stdlib.h>
#include <string.h>

#include "base/lower.h"
#include "base/mem.h"
#include "base/utf8.h"

struct muted_word {
	char *lower;          /* NULL: matches nothing */
	size_t len, units;    /* bytes; UTF-16 code units */
	bool in_text, parted; /* parted: it has a blank or punctuation */
};

struct muted_text {
	struct str lower;
	bool anywhere; /* a language in which blanks part no words */
};

struct muted_post {
	struct muted_text texts[POST_MAX_MEDIA + 2];
	size_t ntexts;
	struct str *tags; /* in lower case */
	size_t ntags;
};

static size_t utf16_units(const char *p, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)p[i];

		n += (c & 0xc0) != 0x80;
		n += c >= 0xf0;
	}
	return n;
}

/* Does any character satisfy it? */
static bool has(const char *p, size_t len, bool (*is)(int32_t cp))
{
	int32_t cp;

	for (size_t at = 0; at < len;) {
		at += utf8_decode(p + at, len - at, &cp);
		if (is(cp)) return true;
	}
	return false;
}

static bool parts_words(int32_t cp)
{
	return lower_is_blank(cp) || lower_is_punctuation(cp);
}

struct muted_word *muted_word_new(const char *value, unsigned targets)
{
	struct muted_word *word = xcalloc(1, sizeof *word);
	size_t len = value ? strlen(value) : 0;
	struct str lower = {0};

	if (len == 0 || len > MUTED_WORD_MAX_LEN || !utf8_valid(value, len)) return word;
	lower_add(&lower, value, len);
	word->len = lower.len;
	word->units = utf16_units(lower.p, lower.len);
	word->in_text = targets & FILTER_IN_TEXT;
	word->parted = has(lower.p, lower.len, parts_words);
	word->lower = str_take(&lower);
	return word;
}

void muted_word_free(struct muted_word *word)
{
	if (!word) return;
	free(word->lower);
	free(word);
}

/* --- posts --- */

static bool is_anywhere(const char *lang)
{
	static const char *const langs[] = {"ja", "zh", "ko", "th", "vi"};

	for (size_t i = 0; i < sizeof langs / sizeof *langs; i++) {
		if (strcmp(lang, langs[i]) == 0) return true;
	}
	return false;
}

static struct muted_text *add_text(struct muted_post *out, const char *utf8, size_t len)
{
	struct muted_text *text = &out->texts[out->ntexts++];

	lower_add(&text->lower, utf8, len);
	return text;
}

struct muted_post *muted_post_new(const struct post *post)
{
	struct muted_post *out = xcalloc(1, sizeof *out);
	bool anywhere = is_anywhere(post_str(post, POST_LANG));

	add_text(out, post_str(post, POST_BODY), post_len(post, POST_BODY))->anywhere = anywhere;
	for (size_t i = 0; i < post->nmedia; i++) {
		const char *alt = post_media(post, i).alt;

		if (alt) add_text(out, alt, strlen(alt))->anywhere = anywhere;
	}
	/* A card has no language. */
	if (post_len(post, POST_CARD_TITLE) > 0) {
		add_text(out, post_str(post, POST_CARD_TITLE), post_len(post, POST_CARD_TITLE));
	}
	out->tags = xcalloc(post->nfacets, sizeof *out->tags);
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);

		if (facet.kind != FACET_TAG || !facet.target) continue;
		lower_add(&out->tags[out->ntags++], facet.target, strlen(facet.target));
	}
	return out;
}

void muted_post_free(struct muted_post *post)
{
	if (!post) return;
	for (size_t i = 0; i < post->ntexts; i++) {
		str_finish(&post->texts[i].lower);
	}
	for (size_t i = 0; i < post->ntags; i++) {
		str_finish(&post->tags[i]);
	}
	free(post->tags);
	free(post);
}

/* --- the rule --- */

static bool same(const struct muted_word *word, const char *p, size_t len)
{
	return len == word->len && memcmp(p, word->lower, len) == 0;
}

/* A word's runs of punctuation as one blank each, or as nothing. */
static bool same_joined(const struct muted_word *word, const char *p, size_t len, const char *blank)
{
	struct str joined = {0};
	bool within = false, found;
	int32_t cp;

	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_decode(p + at, len - at, &cp);
		if (!lower_is_punctuation(cp)) {
			str_add(&joined, p + at, n);
		} else if (!within) {
			str_adds(&joined, blank);
		}
		within = lower_is_punctuation(cp);
	}
	found = same(word, str_c(&joined), joined.len);
	str_finish(&joined);
	return found;
}

static bool same_part(const struct muted_word *word, const char *p, size_t len)
{
	int32_t cp;

	for (size_t at = 0, start = 0; at < len;) {
		size_t n = utf8_decode(p + at, len - at, &cp);
		bool ends = lower_is_punctuation(cp);

		if (ends && same(word, p + start, at - start)) return true;
		at += n;
		if (ends) start = at;
		if (at == len && same(word, p + start, at - start)) return true;
	}
	return false;
}

/* Leave the punctuation around it out. */
static void trim(const char **p, size_t *len)
{
	size_t end = 0;
	int32_t cp;

	while (*len > 0) {
		size_t n = utf8_decode(*p, *len, &cp);

		if (!lower_is_punctuation(cp)) break;
		*p += n;
		*len -= n;
	}
	for (size_t at = 0; at < *len;) {
		at += utf8_decode(*p + at, *len - at, &cp);
		if (!lower_is_punctuation(cp)) end = at;
	}
	*len = end;
}

enum verdict { NO, YES, NO_MORE };

static enum verdict in_token(const struct muted_word *word, const char *p, size_t len)
{
	if (same(word, p, len)) return YES;
	trim(&p, &len);
	if (same(word, p, len)) return YES;
	if (word->units > utf16_units(p, len) || !has(p, len, lower_is_punctuation)) return NO;
	if (memchr(p, '/', len)) return NO_MORE; /* "and/or" is not "andor" */
	return same_joined(word, p, len, " ") || same_joined(word, p, len, "") ||
	                       same_part(word, p, len)
	               ? YES
	               : NO;
}

static bool in_tokens(const struct muted_word *word, const char *p, size_t len)
{
	int32_t cp = 0;

	for (size_t at = 0, start = 0; at <= len;) {
		size_t n = at < len ? utf8_decode(p + at, len - at, &cp) : 1;

		if (at == len || lower_is_blank(cp)) {
			enum verdict verdict = in_token(word, p + start, at - start);

			if (verdict != NO) return verdict == YES;
			start = at + n;
		}
		at += n;
	}
	return false;
}

static bool in_text(const struct muted_word *word, const struct muted_text *text)
{
	const char *p = str_c(&text->lower);

	if (!strstr(p, word->lower)) {
		/* Only a word with punctuation in the text can be it without holding it. */
		return has(p, text->lower.len, lower_is_punctuation) &&
		       in_tokens(word, p, text->lower.len);
	}
	return word->units == 1 || text->anywhere || word->parted ||
	       in_tokens(word, p, text->lower.len);
}

bool muted_word_in(const struct muted_word *word, const struct muted_post *post)
{
	if (!word->lower) return false;
	for (size_t i = 0; i < post->ntags; i++) {
		if (same(word, str_c(&post->tags[i]), post->tags[i].len)) return true;
	}
	for (size_t i = 0; word->in_text && i < post->ntexts; i++) {
		if (in_text(word, &post->texts[i])) return true;
	}
	return false;
}
