#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/post.h"

/*
 * A regular expression of the user's, whatever the case, on text as it was written. A
 * text that makes it work too hard (quality.md S21) is not matched; that is counted, and after
 * QUERY_MAX_TRIPS of them it matches nothing more. Where PCRE2 has no JIT, only the first 2,000
 * bytes of a text are looked at. One thread.
 */
struct regex;

/* Owned; or NULL with the mistake's place, a byte of `pattern`, in *out_at. */
struct regex *regex_new(const char *pattern, size_t *out_at, struct err *err);
void regex_free(struct regex *regex);

/* In any text of the post (texts.h). */
bool regex_in_post(struct regex *regex, const struct post *post);
/* The first place at byte `from` (a character's) or later; it may be empty. */
bool regex_find(struct regex *regex, const char *utf8, size_t len, size_t from, size_t *out_start,
        size_t *out_end);
/* Letters and digits, folded, that every text holds in which it is found; owned, NULL: none are
 * known. */
char *regex_least(const char *pattern);
unsigned regex_trips(const struct regex *regex);
