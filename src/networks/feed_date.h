#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What feed_date.c (ISO 8601) and feed_date_words.c (all the rest) share. */

struct feed_when {
	long year, month, day;
	long hour, minute, second, milli;
	long offset; /* minutes east of UTC */
	int half;    /* 0 none, 1 am, 2 pm */
	bool timed, zoned;
};

bool feed_date_finish(const struct feed_when *d, int64_t *out_ms);
long feed_date_full_year(long year, size_t digits); /* of two digits: 1950 … 2049 */
size_t feed_date_digits(const char *p);
long feed_date_number(const char *p, size_t n);

/* These move past what they read; NULL when it is none. `hh:mm[:ss[.fff]]`; `+hh:mm`, `-hhmm`,
 * `+hh`, `-700`. */
const char *feed_date_time(const char *p, struct feed_when *d);
const char *feed_date_offset(const char *p, struct feed_when *d);

bool feed_date_zone(const char *p, size_t len, struct feed_when *d); /* by its name */

/* A date in words, of RFC 822 and worse. */
bool feed_date_words(const char *s, int64_t *out_ms);
