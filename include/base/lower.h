#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Lower case as Unicode has it for whole texts (chapter 3.13, R2, without a language): İ
 * becomes two characters, a Σ at the end of a word ς. What JavaScript calls toLowerCase.
 * For looking things up use base/fold.h; this is for the rules of others.
 */
void lower_add(struct str *out, const char *utf8, size_t len);

/* Full case folding of one character (CaseFolding.txt, C and F): 1 to LOWER_MAX_FOLD of them. */
enum { LOWER_MAX_FOLD = 4 };
size_t lower_fold(int32_t out[LOWER_MAX_FOLD], int32_t cp);
/* Only of these can it be more than one: ß, ﬁ, İ ... (and some of which it is not). */
bool lower_may_unfold(int32_t cp);

/* General category P: what regular expressions write \p{P}. */
bool lower_is_punctuation(int32_t cp);
/* White space of ECMAScript (12.2 and 12.3): what its regular expressions write \s. */
bool lower_is_blank(int32_t cp);
