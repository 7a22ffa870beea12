#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * What the clocks of a place show, by the system's database (TZif files, RFC 9636, under
 * $TZDIR or /usr/share/zoneinfo) or by a rule in POSIX's form ("CET-1CEST,M3.5.0,M10.5.0/3").
 *
 * A zone is read anew at each use: it costs 10 us, needs no cache and no lock, and a daemon
 * that runs for weeks goes by the rules of today.
 */
enum {
	ZONE_MAX_BYTES = 16384, /* the largest file there is has 4,000 */
	ZONE_NAME_MAX = 64,
	ZONE_ABBREV_MAX = 16,
};

/* What clocks show while nothing changes. */
struct zone_clock {
	int32_t offset_s; /* east of UTC is positive */
	char abbrev[ZONE_ABBREV_MAX];
};

/* A day of the year on which clocks change. */
struct zone_day {
	char form; /* 'M': month, week (5: last), weekday; 'J': day 1..365, no 29 February; 'n':
	              0..365 */
	int month, week, day;
	int32_t at_s; /* of that day's wall time, -167 h to 167 h */
};

/* POSIX's TZ string (RFC 9636 section 3.3.2). */
struct zone_rule {
	struct zone_clock standard, saving;
	bool changes; /* else always standard */
	struct zone_day start, end;
};

struct zone {
	unsigned char bytes[ZONE_MAX_BYTES];
	/* Places in bytes: times (8 or 4 bytes each), their types, types, abbreviations. */
	size_t times, indexes, types, abbrevs;
	size_t ntimes, ntypes, nabbrevs; /* the last in bytes */
	unsigned time_size;
	bool has_rule;
	struct zone_rule rule; /* after the last of the times */
};

/* What clocks show until just before `until_s` (UTC); INT64_MAX: for ever. */
struct zone_span {
	int64_t until_s;
	struct zone_clock clock;
};

/* The zone of that name. */
bool zone_load(struct zone *zone, const char *name, struct err *err);
/* The same of a file's bytes, at most ZONE_MAX_BYTES. */
bool zone_read(struct zone *zone, const void *bytes, size_t len, struct err *err);

/* What clocks show at that moment, and until when. */
void zone_at(const struct zone *zone, int64_t utc_s, struct zone_span *out);

/* The moments at which clocks show one wall time. */
enum { ZONE_MAX_MOMENTS = 4 };
struct zone_moments {
	size_t n; /* 0: they jump over it */
	int64_t utc_s[ZONE_MAX_MOMENTS];
	struct zone_clock clock[ZONE_MAX_MOMENTS];
	/* n 0: the first moment after the jump, and clocks before and after it. */
	int64_t jump_s;
	struct zone_clock before, after;
};

/* `wall_s`: seconds from 1970 to it, were the clocks UTC's. */
void zone_find(const struct zone *zone, int64_t wall_s, struct zone_moments *out);

/* The whole of `text` as a rule. */
bool zone_rule_read(struct zone_rule *rule, const char *text);
void zone_rule_at(const struct zone_rule *rule, int64_t utc_s, struct zone_span *out);
