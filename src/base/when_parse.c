#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/when.h"
#include "base/when_inside.h"
#include "base/when_words.h"

enum { DAY_S = 86400, MAX_WORDS = 12 };

/* What a time is read by. */
struct frame {
	int64_t now_ms, now_wall_s;
	const char *name;
	struct zone zone;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool frame_init(struct frame *frame, int64_t now_ms, const char *zone, struct err *err)
{
	struct zone_span span;

	frame->now_ms = now_ms;
	frame->name = zone && *zone ? zone : when_zone();
	if (!zone_load(&frame->zone, frame->name, err)) return false;
	int64_t utc_s = floor_div(now_ms, 1000);
	zone_at(&frame->zone, utc_s, &span);
	frame->now_wall_s = utc_s + span.clock.offset_s;
	return true;
}

static int weekday_of(int64_t days)
{
	return (int)(((days + 4) % 7 + 7) % 7);
}

static bool pick_missing(const struct zone_moments *moments, const struct when_words *words,
        const struct frame *frame, struct err *err)
{
	if (moments->n == 0) {
		return err_set(err, ERR_SYNTAX, "clocks in %s jump from %s to %s over that time",
		        frame->name, moments->before.abbrev, moments->after.abbrev);
	}
	if (words->pick == WHEN_PICK_SECOND) {
		return err_set(err, ERR_SYNTAX,
		        "clocks in %s show that time once: 'second' is for the night they go back",
		        frame->name);
	}
	const char *other = moments->n > 1 ? moments->clock[1].abbrev : "";
	return err_set(err, ERR_SYNTAX,
	        "clocks in %s show %s%s%s then, not %s; a zone's name is written like "
	        "America/New_York",
	        frame->name, moments->clock[0].abbrev, *other ? " or " : "", other, words->abbrev);
}

/* A wall time, by the words about which it is. */
static bool resolve(const struct frame *frame, const struct when_words *words, int64_t wall_s,
        struct when *out, struct err *err)
{
	struct zone_moments moments;
	size_t pick = 0;

	if (words->has_offset) {
		return when_at((wall_s - words->offset_s) * 1000, frame->name, out, err);
	}
	zone_find(&frame->zone, wall_s, &moments);
	if (words->pick == WHEN_PICK_SECOND) pick = 1;
	if (words->pick == WHEN_PICK_ABBREV) {
		while (pick < moments.n && strcmp(moments.clock[pick].abbrev, words->abbrev) != 0)
			pick++;
	}
	if (words->pick != WHEN_PICK_NONE && pick >= moments.n) {
		return pick_missing(&moments, words, frame, err);
	}
	return when_of_moments(&moments, pick, wall_s, frame->name, out, err);
}

/*
 * That time on the first day that makes it later than now; `step` days are between the days.
 * Of a time that stands twice the first may be past and the second not.
 */
static bool resolve_next(const struct frame *frame, const struct when_words *words, int64_t days,
        int step, struct when *out, struct err *err)
{
	struct when_words second = *words;
	struct when made = {0};

	second.pick = WHEN_PICK_SECOND;
	for (int tries = 0; tries < 3; tries++, days += step) {
		int64_t wall_s = days * DAY_S + words->clock_s;
		if (!resolve(frame, words, wall_s, &made, err)) {
			/* "02:30 CET" of tonight, said of a night in which clocks do not change. */
			if (tries < 2 && words->pick != WHEN_PICK_NONE) continue;
			return false;
		}
		if (made.utc_ms <= frame->now_ms && words->pick == WHEN_PICK_NONE &&
		        made.note == WHEN_FOLD) {
			resolve(frame, &second, wall_s, &made, NULL);
		}
		if (made.utc_ms > frame->now_ms) break;
	}
	*out = made;
	return true;
}

static bool weekday_agrees(const struct when_words *words, int64_t days, struct err *err)
{
	static const char *const names[7] = {
	        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
	int weekday = weekday_of(days);

	if (!words->also_weekday || words->also_weekday - 1 == weekday) return true;
	return err_set(err, ERR_SYNTAX, "that day is a %s, not a %s", names[weekday],
	        names[words->also_weekday - 1]);
}

/* The date's next one when no year was said; a day alone may be today's. */
static bool resolve_date(const struct frame *frame, const struct when_words *words,
        struct when *out, struct err *err)
{
	int64_t today = floor_div(frame->now_wall_s, DAY_S), year = words->year;
	int month, day;

	if (!year) date_civil(today, &year, &month, &day);
	/* 29 February comes within 8 years. */
	for (int tries = 0; tries < 9; tries++, year++) {
		if (words->month_day > date_month_days(year, words->month)) continue;
		int64_t days = date_days(year, words->month, words->month_day);
		if (!words->year && days < today) continue;
		if (!resolve(frame, words, days * DAY_S + words->clock_s, out, err)) return false;
		bool past = words->has_clock && out->utc_ms <= frame->now_ms;
		if (words->year || !past) return weekday_agrees(words, days, err);
	}
	return true;
}

static bool resolve_day(const struct frame *frame, const struct when_words *words, struct when *out,
        struct err *err)
{
	int64_t today = floor_div(frame->now_wall_s, DAY_S);
	int ahead = (words->weekday - weekday_of(today) + 7) % 7;

	switch (words->day) {
	case WHEN_DAY_NONE:
		return resolve_next(frame, words, today, 1, out, err);
	case WHEN_DAY_NEAR:
		return resolve(frame, words, (today + words->day_shift) * DAY_S + words->clock_s,
		        out, err);
	case WHEN_DAY_WEEKDAY:
		return resolve_next(frame, words, today + ahead, 7, out, err);
	case WHEN_DAY_WEEKDAY_AFTER:
		ahead = ahead ? ahead : 7;
		return resolve(frame, words, (today + ahead) * DAY_S + words->clock_s, out, err);
	case WHEN_DAY_WEEKDAY_BEFORE:
		return resolve(
		        frame, words, (today + ahead - 7) * DAY_S + words->clock_s, out, err);
	case WHEN_DAY_DATE:
		break;
	}
	return resolve_date(frame, words, out, err);
}

/* The same day of another month, or its last. */
static int64_t add_months(int64_t days, int64_t months)
{
	int64_t year;
	int month, day;

	date_civil(days, &year, &month, &day);
	int64_t all = year * 12 + month - 1 + months;
	year = floor_div(all, 12);
	month = (int)(all - year * 12) + 1;
	int last = date_month_days(year, month);
	return date_days(year, month, day < last ? day : last);
}

/* Days, weeks and months keep the time of day; hours and less are exact. */
static bool resolve_relative(const struct frame *frame, const struct when_words *words,
        struct when *out, struct err *err)
{
	struct when made;
	int64_t utc_ms = frame->now_ms;

	if (words->months || words->days || words->has_clock) {
		int64_t today = floor_div(frame->now_wall_s, DAY_S);
		int64_t in_day = frame->now_wall_s - today * DAY_S;
		int64_t days = add_months(today, words->months) + words->days;
		if (words->has_clock) in_day = words->clock_s;
		if (!resolve(frame, words, days * DAY_S + in_day, &made, err)) return false;
		if (words->has_clock || (!words->seconds && made.note == WHEN_GAP)) {
			*out = made;
			return true;
		}
		utc_ms = made.utc_ms + (frame->now_ms - floor_div(frame->now_ms, 1000) * 1000);
	}
	utc_ms += words->seconds * 1000;
	/* A whole second, and none too early. */
	int64_t up = words->months > 0 || words->days > 0 || words->seconds > 0 ? 999 : 0;
	return when_at(floor_div(utc_ms + up, 1000) * 1000, frame->name, out, err);
}

static bool parse(
        const char *text, size_t len, const struct frame *given, struct when *out, struct err *err)
{
	struct when_words words;
	struct when made = {0};
	struct frame named; /* by a zone that the text itself names */
	const struct frame *frame = given;

	if (!when_words_read(text, len, &words, err)) return false;
	if (words.zone[0]) {
		if (!frame_init(&named, given->now_ms, words.zone, err)) return false;
		frame = &named;
	}
	bool ok = words.is_relative ? resolve_relative(frame, &words, &made, err)
	                            : resolve_day(frame, &words, &made, err);
	if (!ok) return false;
	made.day_only = !words.is_relative && !words.has_clock;
	*out = made;
	return true;
}

bool when_parse(
        const char *text, int64_t now_ms, const char *zone, struct when *out, struct err *err)
{
	struct frame frame;

	if (!frame_init(&frame, now_ms, zone, err)) return false;
	return parse(text ? text : "", text ? strlen(text) : 0, &frame, out, err);
}

bool when_parse_prefix(const char *text, int64_t now_ms, const char *zone, struct when *out,
        size_t *out_used, struct err *err)
{
	struct frame frame;
	size_t ends[MAX_WORDS], n = 0, at = 0;

	if (!frame_init(&frame, now_ms, zone, err)) return false;
	for (;;) {
		while (isspace((unsigned char)text[at]))
			at++;
		if (!text[at] || n == MAX_WORDS) break;
		while (text[at] && !isspace((unsigned char)text[at]))
			at++;
		ends[n++] = at;
	}
	for (size_t i = n; i > 0; i--) {
		if (!parse(text, ends[i - 1], &frame, out, NULL)) continue;
		at = ends[i - 1];
		while (isspace((unsigned char)text[at]))
			at++;
		*out_used = at;
		return true;
	}
	/* What is wrong with the first word says most. */
	return parse(text, n ? ends[0] : 0, &frame, out, err);
}
