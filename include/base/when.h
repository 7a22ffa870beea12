#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Times as people write them, and what the clocks of a zone show. Zones are names of the
 * system's database ("Europe/Amsterdam"); NULL or "": the machine's own. Any thread.
 */

enum when_note {
	WHEN_PLAIN,
	WHEN_GAP,  /* clocks jump over this wall time: it is the first one after the jump */
	WHEN_FOLD, /* clocks show this wall time twice */
};

enum { WHEN_ZONE_MAX = 64 };

/* A moment, kept as it was meant: when a zone's rules change, wall and zone still hold. */
struct when {
	int64_t utc_ms;
	char wall[20]; /* "2026-10-25 02:30", or with seconds */
	char zone[WHEN_ZONE_MAX];
	int fold; /* 1: the second of two equal wall times */
	enum when_note note;
	bool day_only; /* only a day was written: this is its beginning */
};

/*
 * The whole of `text` as a time: "in 2h", "tomorrow 9:00", "fri 14:30", "2026-12-24 08:00",
 * "14:30", an RFC 3339 time; backwards "2h ago", "yesterday", "last friday". A weekday or
 * time of day alone is the next one; `last` the one before. A wall time that stands twice is
 * the first, "… second" or a zone's abbreviation after it ("02:30 CET") picks. On failure err
 * says what would be right.
 */
bool when_parse(
        const char *text, int64_t now_ms, const char *zone, struct when *out, struct err *err);

/*
 * As when_parse, for a time at the beginning of a longer line (`until mon 9:00 #spam`): takes
 * as many words as are one; *out_used are the bytes of them, with the blanks that follow.
 */
bool when_parse_prefix(const char *text, int64_t now_ms, const char *zone, struct when *out,
        size_t *out_used, struct err *err);

/*
 * The whole of `text` as a time that has passed: "8h" (so long ago), "yesterday", "2026-11-20",
 * and of what stands in every week or day ("fri", "9:00") the last one. False when it is yet to
 * come.
 */
bool when_parse_past(
        const char *text, int64_t now_ms, const char *zone, int64_t *out_ms, struct err *err);

/* What the wall time, zone and fold are now, by the zone's rules of today. */
bool when_resolve(const char *wall, const char *zone, int fold, struct when *out, struct err *err);
/* What the clocks of the zone show at this moment. */
bool when_at(int64_t utc_ms, const char *zone, struct when *out, struct err *err);

/* "Fri 27 Nov 2026 14:30 CET, in 5 d", and a sentence about a gap or fold. Appended. */
void when_print(struct str *out, const struct when *when, int64_t now_ms);

/* The machine's zone by name; "UTC" when it has none. Borrowed, lasting. */
const char *when_zone(void);
