#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/zone.h"

/* What the words of a time say, before anybody knows what day it is. */

enum when_day {
	WHEN_DAY_NONE,
	WHEN_DAY_NEAR,          /* `day_shift` days from today */
	WHEN_DAY_WEEKDAY,       /* `weekday`, the next one */
	WHEN_DAY_WEEKDAY_AFTER, /* not today */
	WHEN_DAY_WEEKDAY_BEFORE,
	WHEN_DAY_DATE, /* `month`, `day`, and `year` unless 0 */
};

enum when_pick { WHEN_PICK_NONE, WHEN_PICK_FIRST, WHEN_PICK_SECOND, WHEN_PICK_ABBREV };

struct when_words {
	/* "in 2 d 3 h", "2 h ago": negative then. */
	bool is_relative;
	int64_t months, days, seconds;

	enum when_day day;
	int day_shift, weekday, month, month_day;
	int64_t year;
	int also_weekday; /* "fri 27 nov": 1 more than the weekday; 0: none was said */

	bool has_clock;
	int clock_s; /* of the day */

	bool has_offset; /* "08:00+01:00" */
	int offset_s;
	enum when_pick pick;
	char abbrev[ZONE_ABBREV_MAX]; /* in capitals */
	char zone[ZONE_NAME_MAX];     /* "": the one given */
};

/* `len` bytes of text: the whole of it has to be a time. */
bool when_words_read(const char *text, size_t len, struct when_words *out, struct err *err);
