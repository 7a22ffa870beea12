#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Text as searches see it: case and accents folded (NFKD, marks dropped, case
 * folded), invisible characters gone, every run of white space one blank. The
 * same on both sides, so that a plain memmem answers.
 *
 * Letters with a stroke and ligatures become the letters that they are written with elsewhere
 * (ø o, ł l, æ ae, ß ss), the Turkish i loses its dot's difference; a tatweel goes.
 * Marks that are letters of their own stay: vowel signs and virama of the scripts of
 * India, vowels and tones of Thai, Lao and Tibetan. A Hangul syllable and a kana with its
 * voicing mark stay one character, however they were written.
 */
enum { FOLD_VERSION = 2 }; /* raised when a text folds to another: what was kept is made anew */
void fold_add(struct str *out, const char *utf8, size_t len);

/*
 * As fold_add, and for each folded byte the offset in `utf8` of the character it
 * came from: (*out_map)[i] for folded byte i, one more at the end for the length.
 * The map is owned by the caller (free). For marking matches on visible text.
 */
void fold_map(struct str *out, uint32_t **out_map, const char *utf8, size_t len);

/*
 * What Mastodon's filters, which are regular expressions of Ruby's, take for a part of words: a
 * letter, also in a circle or box or one that is a number, a mark, a decimal digit or a
 * connector ([[:word:]]); beside a word also ¹ ² ³ ¼ ½ ¾ (\b).
 */
bool fold_is_word(int32_t cp);
bool fold_joins_word(int32_t cp);
