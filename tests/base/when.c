#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/when.h"

static const char amsterdam[] = "Europe/Amsterdam", new_york[] = "America/New_York",
                  lord_howe[] = "Australia/Lord_Howe", kathmandu[] = "Asia/Kathmandu",
                  casablanca[] = "Africa/Casablanca";

static int64_t utc(const char *text)
{
	int64_t ms = 0;

	if (!date_parse_rfc3339(text, &ms)) fail_msg("%s", text);
	return ms;
}

static void is_utc(int64_t ms, const char *expected, const char *what)
{
	char text[32];

	date_format_rfc3339(text, ms);
	if (strcmp(text, expected) != 0) fail_msg("%s: %s, not %s", what, text, expected);
}

static void is_when(const struct when *when, const char *expected, const char *what)
{
	char text[48];
	size_t n = date_format_rfc3339(text, when->utc_ms);

	if (when->note == WHEN_GAP) snprintf(text + n, sizeof(text) - n, " gap");
	if (when->note == WHEN_FOLD)
		snprintf(text + n, sizeof(text) - n, when->fold ? " second" : " first");
	if (strcmp(text, expected) != 0) fail_msg("%s: %s, not %s", what, text, expected);
}

struct sample {
	const char *text, *now, *zone;
	const char *utc; /* with " gap", or which of two; NULL: refused */
};

static void check(const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct sample *s = &samples[i];
		struct when when = {0};
		struct err err = {0};
		bool ok = when_parse(s->text, utc(s->now), s->zone, &when, &err);
		if (ok != !!s->utc)
			fail_msg("'%s': %s %s", s->text, ok ? "taken as" : err.text, when.wall);
		if (!ok) {
			assert_true(err.text[0]);
			continue;
		}
		is_when(&when, s->utc, s->text);
		/* What is kept means the same moment when it is read again. */
		struct when again;
		assert_true(when_resolve(when.wall, when.zone, when.fold, &again, NULL));
		assert_int_equal(again.utc_ms / 1000, when.utc_ms / 1000);
	}
}
#define CHECK(samples) check(samples, sizeof(samples) / sizeof(*(samples)))

/* A Sunday, 11:00 in Amsterdam. */
#define NOW "2026-11-22T10:00:00Z"
#define AMS NOW, amsterdam

static void times_as_people_write_them(void **state)
{
	static const struct sample samples[] = {
	        {"now", AMS, "2026-11-22T10:00:00Z"},
	        {"in 2h", AMS, "2026-11-22T12:00:00Z"},
	        {"IN 2H", AMS, "2026-11-22T12:00:00Z"},
	        {"in 2h30m", AMS, "2026-11-22T12:30:00Z"},
	        {"in 90 minutes", AMS, "2026-11-22T11:30:00Z"},
	        {"in 2 hours 5 min", AMS, "2026-11-22T12:05:00Z"},
	        {"in an hour", AMS, "2026-11-22T11:00:00Z"},
	        {"in 10s", AMS, "2026-11-22T10:00:10Z"},
	        {"in 3d", AMS, "2026-11-25T10:00:00Z"},
	        {"in a week", AMS, "2026-11-29T10:00:00Z"},
	        {"in 3 months", AMS, "2027-02-22T10:00:00Z"},
	        {"in 3 days at 9:00", AMS, "2026-11-25T08:00:00Z"},
	        {"in 2 weeks 14:30", AMS, "2026-12-06T13:30:00Z"},
	        {"2h ago", AMS, "2026-11-22T08:00:00Z"},
	        {"3 days ago", AMS, "2026-11-19T10:00:00Z"},
	        {"a year ago", AMS, "2025-11-22T10:00:00Z"},
	        {"today 14:30", AMS, "2026-11-22T13:30:00Z"},
	        {"today", AMS, "2026-11-21T23:00:00Z"},
	        {"tomorrow 9:00", AMS, "2026-11-23T08:00:00Z"},
	        {"tomorrow at 9am", AMS, "2026-11-23T08:00:00Z"},
	        {"9:00 tomorrow", AMS, "2026-11-23T08:00:00Z"},
	        {"tomorrow noon", AMS, "2026-11-23T11:00:00Z"},
	        {"tomorrow midnight", AMS, "2026-11-22T23:00:00Z"},
	        {"yesterday", AMS, "2026-11-20T23:00:00Z"},
	        {"yesterday 18:00", AMS, "2026-11-21T17:00:00Z"},
	        {"fri 14:30", AMS, "2026-11-27T13:30:00Z"},
	        {"friday 14:30:15", AMS, "2026-11-27T13:30:15Z"},
	        {"14:30 on fri", AMS, "2026-11-27T13:30:00Z"},
	        {"next thurs 2:30pm", AMS, "2026-11-26T13:30:00Z"},
	        {"fri 2:30 PM", AMS, "2026-11-27T13:30:00Z"},
	        {"12am tomorrow", AMS, "2026-11-22T23:00:00Z"},
	        {"12pm", AMS, "2026-11-22T11:00:00Z"},
	        {"last friday", AMS, "2026-11-19T23:00:00Z"},
	        {"last fri 9:00", AMS, "2026-11-20T08:00:00Z"},
	        {"2026-12-24 08:00", AMS, "2026-12-24T07:00:00Z"},
	        {"2026-12-24T08:00", AMS, "2026-12-24T07:00:00Z"},
	        {"2026-12-24", AMS, "2026-12-23T23:00:00Z"},
	        {"2020-02-29 12:00", AMS, "2020-02-29T11:00:00Z"},
	        {"24 dec 8:00", AMS, "2026-12-24T07:00:00Z"},
	        {"Dec 24th", AMS, "2026-12-23T23:00:00Z"},
	        {"24 december 2027 8:00", AMS, "2027-12-24T07:00:00Z"},
	        {"fri 27 nov 2026 14:30", AMS, "2026-11-27T13:30:00Z"},
	        {"14:30", AMS, "2026-11-22T13:30:00Z"},
	        {"09:00", AMS, "2026-11-23T08:00:00Z"},
	        {"2026-12-24T08:00:00Z", AMS, "2026-12-24T08:00:00Z"},
	        {"2026-12-24T08:00:00.000+05:45", AMS, "2026-12-24T02:15:00Z"},
	        {"2026-12-24 08:00 -0500", AMS, "2026-12-24T13:00:00Z"},
	        {"tomorrow 9:00 UTC", AMS, "2026-11-23T09:00:00Z"},
	        {"tomorrow 9:00 America/New_York", AMS, "2026-11-23T14:00:00Z"},
	        {"tomorrow 9:00 CET", AMS, "2026-11-23T08:00:00Z"},
	        {"  fri   14:30 ", AMS, "2026-11-27T13:30:00Z"},
	};

	(void)state;
	CHECK(samples);
}

static void the_next_one_is_later_than_now(void **state)
{
	static const struct sample samples[] = {
	        /* It is Sunday 11:00. */
	        {"sun 11:01", AMS, "2026-11-22T10:01:00Z"},
	        {"sun 11:00", AMS, "2026-11-29T10:00:00Z"},
	        {"sun", AMS, "2026-11-28T23:00:00Z"},
	        {"next sun 11:01", AMS, "2026-11-29T10:01:00Z"},
	        {"last sun 11:01", AMS, "2026-11-15T10:01:00Z"},
	        {"11:00", AMS, "2026-11-23T10:00:00Z"},
	        {"22 nov 11:00", AMS, "2027-11-22T10:00:00Z"},
	        {"22 nov", AMS, "2026-11-21T23:00:00Z"},
	        {"21 nov", AMS, "2027-11-20T23:00:00Z"},
	        {"29 feb", AMS, "2028-02-28T23:00:00Z"},
	        {"mon 00:30", "2026-11-22T23:15:00Z", amsterdam, "2026-11-22T23:30:00Z"},
	        /* The day is the zone's, not UTC's: it is Monday already. */
	        {"today", "2026-11-22T23:15:00Z", amsterdam, "2026-11-22T23:00:00Z"},
	        {"today", "2026-11-23T03:15:00Z", new_york, "2026-11-22T05:00:00Z"},
	        {"in 1s", "2026-11-22T10:00:00.700Z", amsterdam, "2026-11-22T10:00:02Z"},
	};

	(void)state;
	CHECK(samples);
}

static void a_mistake_is_refused(void **state)
{
	static const struct sample samples[] = {
	        {"", AMS, NULL},
	        {"   ", AMS, NULL},
	        {"soon", AMS, NULL},
	        {"tomorow", AMS, NULL},
	        {"25:00", AMS, NULL},
	        {"12:60", AMS, NULL},
	        {"13pm", AMS, NULL},
	        {"0am", AMS, NULL},
	        {"9", AMS, NULL},
	        {"1430", AMS, NULL},
	        {"14.30", AMS, NULL},
	        {"24/12", AMS, NULL},
	        {"2026-02-29", AMS, NULL},
	        {"2026-13-01", AMS, NULL},
	        {"30 feb", AMS, NULL},
	        {"31 apr 2027 9:00", AMS, NULL},
	        {"2h", AMS, NULL},
	        {"in", AMS, NULL},
	        {"in 2 parsecs", AMS, NULL},
	        {"in two", AMS, NULL},
	        {"next week", AMS, NULL},
	        {"last", AMS, NULL},
	        {"fri sat 9:00", AMS, NULL},
	        {"fri 9:00 10:00", AMS, NULL},
	        {"mon 27 nov 2026", AMS, NULL},
	        {"9:00 second", AMS, NULL},
	        {"9:00 CEST", AMS, NULL},
	        {"9:00 EST", AMS, NULL},
	        {"9:00 Europe/Amstrdam", AMS, NULL},
	        {"in 2h 9:00", AMS, NULL},
	        {"in 99999999d", AMS, NULL},
	        {"in 1000000y", AMS, NULL},
	        {"1000000 years ago", AMS, NULL},
	        {"at", AMS, NULL},
	        {"tomorrow at", AMS, NULL},
	        {"second", AMS, NULL},
	        {"0000-01-01", AMS, NULL},
	        {"a b c d e f g h i j k l m n o p q r s t", AMS, NULL},
	        {"tomorrow", NOW, "Mars/Base", NULL},
	        {"tomorrow", NOW, "../../etc/passwd", NULL},
	        {"tomorrow", NOW, "/etc/localtime", NULL},
	        {"tomorrow", NOW, "Europe", NULL},
	};

	(void)state;
	CHECK(samples);
}

static void a_sentence_says_what_would_be_right(void **state)
{
	static const struct {
		const char *text, *says;
	} samples[] = {
	        {"tomorow 9:00", "did you mean 'tomorrow'"},
	        {"1430", "14:30"},
	        {"9", "9:00"},
	        {"24/12", "2026-12-24"},
	        {"2h", "in 2h"},
	        {"2026-02-29", "28 days"},
	        {"2026-14-01", "months are 1 to 12"},
	        {"25:00", "hours are 0 to 23"},
	        {"next week", "friday"},
	        {"mon 27 nov 2026", "a Friday, not a Monday"},
	        {"tomorrow 9:00 EST", "CET then, not EST"},
	        {"tomorrow 9:00 second", "show that time once"},
	        {"2026-03-29 02:30 CET", "jump from CET to CEST"},
	        {"9:00 Europe/Amstrdam", "Europe/Amstrdam"},
	        {"", "tomorrow 9:00"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct when when = {.utc_ms = 42};
		struct err err = {0};
		assert_false(when_parse(samples[i].text, utc(NOW), amsterdam, &when, &err));
		if (!strstr(err.text, samples[i].says))
			fail_msg("'%s': %s", samples[i].text, err.text);
		assert_int_equal(when.utc_ms, 42);
	}
}

static void clocks_jump_over_a_gap(void **state)
{
	static const struct sample samples[] = {
	        {"2026-03-29 02:30", AMS, "2026-03-29T01:00:00Z gap"},
	        {"2026-03-29 02:00", AMS, "2026-03-29T01:00:00Z gap"},
	        {"2026-03-29 01:59", AMS, "2026-03-29T00:59:00Z"},
	        {"2026-03-29 03:00", AMS, "2026-03-29T01:00:00Z"},
	        {"2027-03-14 02:30", NOW, new_york, "2027-03-14T07:00:00Z gap"},
	        /* Half an hour only. */
	        {"2026-10-04 02:15", NOW, lord_howe, "2026-10-03T15:30:00Z gap"},
	        {"2026-10-04 02:30", NOW, lord_howe, "2026-10-03T15:30:00Z"},
	        /* Ramadan ends. */
	        {"2026-03-22 02:30", NOW, casablanca, "2026-03-22T02:00:00Z gap"},
	        /* Far beyond what the file lists. */
	        {"2099-03-29 02:30", AMS, "2099-03-29T01:00:00Z gap"},
	        /* A day that was not: Samoa went over the date line. */
	        {"2011-12-30 12:00", NOW, "Pacific/Apia", "2011-12-30T10:00:00Z gap"},
	        {"in 1d", "2026-03-28T01:30:00Z", amsterdam, "2026-03-29T01:00:00Z gap"},
	        {"02:30", "2026-03-29T00:30:00Z", amsterdam, "2026-03-29T01:00:00Z gap"},
	};

	(void)state;
	CHECK(samples);
}

static void clocks_show_a_fold_twice(void **state)
{
	static const struct sample samples[] = {
	        {"2026-10-25 02:30", AMS, "2026-10-25T00:30:00Z first"},
	        {"2026-10-25 02:30 first", AMS, "2026-10-25T00:30:00Z first"},
	        {"2026-10-25 02:30 second", AMS, "2026-10-25T01:30:00Z second"},
	        {"2026-10-25 02:30 CEST", AMS, "2026-10-25T00:30:00Z first"},
	        {"2026-10-25 02:30 CET", AMS, "2026-10-25T01:30:00Z second"},
	        {"2026-10-25 02:30+01:00", AMS, "2026-10-25T01:30:00Z second"},
	        {"2026-10-25 01:59:59", AMS, "2026-10-24T23:59:59Z"},
	        {"2026-10-25 03:00", AMS, "2026-10-25T02:00:00Z"},
	        {"2026-11-01 01:30 EST", NOW, new_york, "2026-11-01T06:30:00Z second"},
	        {"2026-04-05 01:45", NOW, lord_howe, "2026-04-04T14:45:00Z first"},
	        {"2026-04-05 01:45 second", NOW, lord_howe, "2026-04-04T15:15:00Z second"},
	        {"2026-02-15 02:30", NOW, casablanca, "2026-02-15T01:30:00Z first"},
	        /* In the night itself the first may be past. */
	        {"02:30", "2026-10-25T00:45:00Z", amsterdam, "2026-10-25T01:30:00Z second"},
	        {"02:30", "2026-10-25T01:45:00Z", amsterdam, "2026-10-26T01:30:00Z"},
	        {"in 1h", "2026-10-25T00:30:00Z", amsterdam, "2026-10-25T01:30:00Z second"},
	        {"in 1d", "2026-10-24T10:00:00Z", amsterdam, "2026-10-25T11:00:00Z"},
	        {"in 24h", "2026-10-24T10:00:00Z", amsterdam, "2026-10-25T10:00:00Z"},
	};

	(void)state;
	CHECK(samples);
}

static void zones_without_whole_hours(void **state)
{
	static const struct sample samples[] = {
	        {"tomorrow 9:00", NOW, kathmandu, "2026-11-23T03:15:00Z"},
	        {"tomorrow 9:00", NOW, "UTC", "2026-11-23T09:00:00Z"},
	        {"tomorrow 9:00", NOW, lord_howe, "2026-11-22T22:00:00Z"},
	        {"tomorrow 9:00", NOW, "EST5EDT,M3.2.0,M11.1.0", "2026-11-23T14:00:00Z"},
	        {"2027-07-01 9:00", NOW, "EST5EDT,M3.2.0,M11.1.0", "2027-07-01T13:00:00Z"},
	        {"2027-07-01 9:00", NOW, "<+0330>-3:30", "2027-07-01T05:30:00Z"},
	        {"2045-01-01 12:00", NOW, "Europe/Dublin", "2045-01-01T12:00:00Z"},
	        {"2045-07-01 12:00", NOW, "Europe/Dublin", "2045-07-01T11:00:00Z"},
	};

	(void)state;
	CHECK(samples);
}

static void a_day_alone_says_so(void **state)
{
	struct when when;

	(void)state;
	assert_true(when_parse("tomorrow", utc(NOW), amsterdam, &when, NULL));
	assert_true(when.day_only);
	assert_true(when_parse("tomorrow 0:00", utc(NOW), amsterdam, &when, NULL));
	assert_false(when.day_only);
	assert_true(when_parse("in 1d", utc(NOW), amsterdam, &when, NULL));
	assert_false(when.day_only);
}

static void a_time_may_begin_a_line(void **state)
{
	static const struct {
		const char *text, *rest, *utc; /* NULL: refused */
	} samples[] = {
	        {"mon 9:00 #spam", "#spam", "2026-11-23T08:00:00Z"},
	        {"2026-12-01 from:loud@example.org", "from:loud@example.org",
	                "2026-11-30T23:00:00Z"},
	        {"tomorrow", "", "2026-11-22T23:00:00Z"},
	        {"in 2 weeks cat", "cat", "2026-12-06T10:00:00Z"},
	        {"9:00 may flower", "may flower", "2026-11-23T08:00:00Z"},
	        {"fri second opinion", "second opinion", "2026-11-26T23:00:00Z"},
	        {"fri sat night", "sat night", "2026-11-26T23:00:00Z"},
	        {"1 may  day off", "day off", "2027-04-30T22:00:00Z"},
	        {"tomorrow 9:00 America/New_York x", "x", "2026-11-23T14:00:00Z"},
	        {"tomorrow 9:00 Nowhere/York", "Nowhere/York", "2026-11-23T08:00:00Z"},
	        {"#spam mon 9:00", NULL, NULL},
	        {"", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct when when;
		struct err err = {0};
		size_t used = 42;
		bool ok =
		        when_parse_prefix(samples[i].text, utc(NOW), amsterdam, &when, &used, &err);
		if (ok != !!samples[i].utc) fail_msg("'%s': %s", samples[i].text, err.text);
		if (!ok) {
			assert_int_equal(used, 42);
			assert_true(err.text[0]);
			continue;
		}
		assert_string_equal(samples[i].text + used, samples[i].rest);
		is_utc(when.utc_ms, samples[i].utc, samples[i].text);
	}
}

static void what_is_kept_survives_other_rules(void **state)
{
	struct when when;
	struct err err = {0};

	(void)state;
	assert_true(when_resolve("2026-11-27 14:30", amsterdam, 0, &when, NULL));
	is_utc(when.utc_ms, "2026-11-27T13:30:00Z", "wall");
	assert_string_equal(when.wall, "2026-11-27 14:30");
	assert_string_equal(when.zone, amsterdam);
	assert_true(when_resolve("2026-10-25 02:30", amsterdam, 1, &when, NULL));
	is_utc(when.utc_ms, "2026-10-25T01:30:00Z", "second");
	/* A second that does not stand any more. */
	assert_true(when_resolve("2026-10-24 02:30", amsterdam, 1, &when, NULL));
	is_utc(when.utc_ms, "2026-10-24T00:30:00Z", "no second");
	assert_int_equal(when.fold, 0);
	assert_false(when_resolve(NULL, amsterdam, 0, &when, &err));
	assert_false(when_resolve("2026-11-27", amsterdam, 0, &when, &err));
	assert_false(when_resolve("tomorrow", amsterdam, 0, &when, &err));
	assert_false(when_resolve("2026-11-27 14:30", "Mars/Base", 0, &when, &err));
	assert_non_null(strstr(err.text, "Mars/Base"));
}

static void a_moment_has_a_wall_time(void **state)
{
	struct when when;

	(void)state;
	assert_true(when_at(utc("2026-10-25T01:30:00Z"), amsterdam, &when, NULL));
	assert_string_equal(when.wall, "2026-10-25 02:30");
	assert_int_equal(when.fold, 1);
	assert_true(when_at(utc("2026-10-25T00:30:07.250Z"), amsterdam, &when, NULL));
	assert_string_equal(when.wall, "2026-10-25 02:30:07");
	assert_int_equal(when.fold, 0);
	assert_int_equal(when.utc_ms, utc("2026-10-25T00:30:07.250Z"));
	assert_true(when_at(-1, "UTC", &when, NULL));
	assert_string_equal(when.wall, "1969-12-31 23:59:59");
	assert_false(when_at(INT64_MAX, "UTC", &when, NULL));
	assert_false(when_at(INT64_MIN, amsterdam, &when, NULL));
}

static void a_time_is_shown_in_full(void **state)
{
	static const struct {
		int fold;
		const char *wall, *zone, *shown;
	} samples[] = {
	        {0, "2026-11-27 14:30", amsterdam, "Fri 27 Nov 2026 14:30 CET, in 5 d"},
	        {0, "2026-11-22 14:20", amsterdam, "Sun 22 Nov 2026 14:20 CET, in 3 h 20 min"},
	        {0, "2026-11-22 11:12", amsterdam, "Sun 22 Nov 2026 11:12 CET, in 12 min"},
	        {0, "2026-11-22 11:00:08", amsterdam, "Sun 22 Nov 2026 11:00:08 CET, in 8 s"},
	        {0, "2026-11-22 11:00", amsterdam, "Sun 22 Nov 2026 11:00 CET, now"},
	        {0, "2026-11-22 09:00", amsterdam, "Sun 22 Nov 2026 09:00 CET, 2 h ago"},
	        {0, "2026-11-22 17:45", kathmandu, "Sun 22 Nov 2026 17:45 +0545, in 2 h"},
	        {0, "2027-03-28 02:30", amsterdam,
	                "Sun 28 Mar 2027 03:00 CEST, in 125 d; clocks jump from 02:00 to 03:00 "
	                "that day, so there is no 02:30"},
	        {0, "2027-10-31 02:30", amsterdam,
	                "Sun 31 Oct 2027 02:30 CEST, in 342 d; clocks show 02:30 twice that "
	                "day, this is the first, CEST (the second: CET)"},
	        {1, "2027-10-31 02:30", amsterdam,
	                "Sun 31 Oct 2027 02:30 CET, in 342 d; clocks show 02:30 twice that "
	                "day, this is the second, CET (the first: CEST)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct str out = {0};
		struct when when;
		assert_true(when_resolve(
		        samples[i].wall, samples[i].zone, samples[i].fold, &when, NULL));
		when_print(&out, &when, utc(NOW));
		assert_string_equal(str_c(&out), samples[i].shown);
		str_finish(&out);
	}
}

static void the_machines_zone_is_known(void **state)
{
	struct when when;

	(void)state;
	/* Set before the first call of this program: it is looked up once. */
	assert_string_equal(when_zone(), kathmandu);
	assert_ptr_equal(when_zone(), when_zone());
	assert_true(when_parse("tomorrow 9:00", utc(NOW), NULL, &when, NULL));
	assert_string_equal(when.zone, kathmandu);
	is_utc(when.utc_ms, "2026-11-23T03:15:00Z", "own zone");
	assert_true(when_at(utc(NOW), "", &when, NULL));
	assert_string_equal(when.wall, "2026-11-22 15:45");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_machines_zone_is_known),
	        cmocka_unit_test(times_as_people_write_them),
	        cmocka_unit_test(the_next_one_is_later_than_now),
	        cmocka_unit_test(a_mistake_is_refused),
	        cmocka_unit_test(a_sentence_says_what_would_be_right),
	        cmocka_unit_test(clocks_jump_over_a_gap),
	        cmocka_unit_test(clocks_show_a_fold_twice),
	        cmocka_unit_test(zones_without_whole_hours),
	        cmocka_unit_test(a_day_alone_says_so),
	        cmocka_unit_test(a_time_may_begin_a_line),
	        cmocka_unit_test(what_is_kept_survives_other_rules),
	        cmocka_unit_test(a_moment_has_a_wall_time),
	        cmocka_unit_test(a_time_is_shown_in_full),
	};

	setenv("TZ", ":Asia/Kathmandu", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
