#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/when.h"

/*
 * The times of a week at which an account likes to post: "mon-fri 09:00 12:30, sat 11:00".
 * Pure; any thread.
 */

enum { SLOTS_MAX = 336 }; /* every half hour */

struct slots {
	uint16_t at[SLOTS_MAX]; /* minutes from Monday 00:00, in order, each once */
	size_t n;
};

/*
 * Days, then times, and again: "mon-fri 09:00 12:30 17:00 sat,sun 11:00"; `daily` is every
 * day. Commas between groups are welcome. The sentence of a mistake names the word.
 */
bool slots_parse(const char *text, struct slots *out, struct err *err);
/* As parse reads it, days with the same times together. Appended. */
void slots_print(struct str *out, const struct slots *slots);

/*
 * The first slot later than after_ms by the clocks of the zone (NULL: the machine's). One
 * that clocks jump over is the first moment after the jump; one that they show twice is the
 * first of both. False when there are none.
 */
bool slots_after(const struct slots *slots, const char *zone, int64_t after_ms, struct when *out);

/*
 * The same, but free: no moment of `taken` (in any order) is less than spacing_ms, and none
 * less than a minute, away from it. False when no slot of the next year is.
 */
bool slots_next(const struct slots *slots, const char *zone, int64_t after_ms, const int64_t *taken,
        size_t ntaken, int64_t spacing_ms, struct when *out);

/* "next slot": what people write in place of a time, in any case and with any blanks. */
bool slots_is_next(const char *text);

/* The slots of each account, by its name. Zeroed is empty. */
struct slots_book {
	struct slots_row {
		char *account;
		struct slots slots;
	} * rows;
	size_t n, cap;
};
/* Replaces what the account had; `off` (no slots) forgets it. */
bool slots_book_put(
        struct slots_book *book, const char *account, const char *text, struct err *err);
const struct slots *slots_book_get(
        const struct slots_book *book, const char *account); /* or NULL */
void slots_book_finish(struct slots_book *book);
