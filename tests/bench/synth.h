#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/account.h"
#include "model/page.h"

/*
 * Posts that nobody wrote, for benchmarks: number n is always the same post, and no
 * two are alike. Latin, Cyrillic, Chinese and Arabic script and emoji; words as
 * often as words are (Zipf); 300 bytes of text on average; authors, links, tags,
 * media, warnings and counts as in a timeline. 3.6 s apart, the first in 2026.
 */
enum { SYNTH_ACCOUNT = 2 };

/* Append the text of post n. */
void synth_text(struct str *out, uint64_t n);

/* Append word number `rank` (0: the most frequent) of script 0 … SYNTH_SCRIPTS - 1. */
enum { SYNTH_SCRIPTS = 4 };
void synth_word(struct str *out, int script, uint64_t rank);

/* When post n was written. */
int64_t synth_time(uint64_t n);

/* Posts first … first + n - 1 with their authors and rows, newest first. Owned. */
struct page *synth_page(uint64_t first, size_t n);

/* The account that they came by: a store that does not know it keeps more of them. */
struct account *synth_account(void);
