#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/when_words.h"

/* Walking through the words of a time; what the files that read them have between them. */

enum { WHEN_MAX_WORDS = 16 };

struct when_word {
	const char *p;
	size_t len;
};

struct when_reader {
	struct when_word words[WHEN_MAX_WORDS];
	size_t n, at;
	struct when_words *out;
	struct err *err;
};

bool when_is_word(const struct when_word *word, const char *name); /* in any case */
const struct when_word *when_peek(const struct when_reader *r);    /* NULL at the end */
/* Digits at p, at most `max` of them. Returns how many. */
size_t when_number_at(const char *p, size_t len, size_t max, int *out);
/* "2h30m", "2 hours", "an hour", "1 d 2 h": as many words as are of it, into r->out. */
bool when_read_span(struct when_reader *r);
