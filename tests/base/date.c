#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/random.h"

static void nothing_is_no_date(void **state)
{
	int64_t ms = 42;

	(void)state;
	assert_false(date_parse_rfc3339(NULL, &ms));
	assert_false(date_parse_rfc3339("", &ms));
	assert_false(date_parse_http(NULL, &ms));
	assert_false(date_parse_http("", &ms));
	assert_int_equal(ms, 42);
}

struct sample {
	const char *text, *utc; /* NULL: refused */
};

static void check(bool (*parse)(const char *, int64_t *), const struct sample *sample)
{
	char out[32];
	int64_t ms = 0;

	bool ok = parse(sample->text, &ms);
	if (ok != !!sample->utc) fail_msg("%s: %s", sample->text, ok ? "taken" : "refused");
	if (!ok) return;
	size_t len = date_format_rfc3339(out, ms);
	assert_string_equal(out, sample->utc);
	assert_int_equal(out[len], 0);
}

static void rfc3339_as_servers_write_it(void **state)
{
	static const struct sample samples[] = {
	        {"2026-11-22T01:35:00.000Z", "2026-11-22T01:35:00Z"},
	        {"2026-11-22T01:35:00Z", "2026-11-22T01:35:00Z"},
	        {"2026-11-22t01:35:00z", "2026-11-22T01:35:00Z"},
	        {"2026-11-22 01:35:00+00:00", "2026-11-22T01:35:00Z"},
	        {"2026-11-22 01:35:00 +0100", "2026-11-22T00:35:00Z"},
	        {"2026-11-22T01:35:00.1234567+05:45", "2026-11-21T19:50:00.123Z"},
	        {"2026-11-22T01:35:00,5-10:30", "2026-11-22T12:05:00.500Z"},
	        {"2026-11-22T01:35-03", "2026-11-22T04:35:00Z"},
	        {"2026-11-22T01:35:00", "2026-11-22T01:35:00Z"},
	        {"2026-11-22", "2026-11-22T00:00:00Z"},
	        {"2024-02-29", "2024-02-29T00:00:00Z"},
	        {"2023-12-31T24:00:00Z", "2024-01-01T00:00:00Z"},
	        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
	        {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
	        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
	        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
	        {"2023-02-29", NULL},
	        {"1900-02-29", NULL},
	        {"2026-13-01", NULL},
	        {"2026-00-01", NULL},
	        {"2026-11-00", NULL},
	        {"2026-11-31", NULL},
	        {"2026-11-22T25:00:00Z", NULL},
	        {"2026-11-22T24:00:01Z", NULL},
	        {"2026-11-22T01:60:00Z", NULL},
	        {"2026-11-22T01:35:61Z", NULL},
	        {"2026-11-22T01:35:00.Z", NULL},
	        {"2026-11-22T01:35:00+24:00", NULL},
	        {"2026-11-22T01:35:00+1:00", NULL},
	        {"2026-11-22T01:35:00Zx", NULL},
	        {"2026-11-22T", NULL},
	        {"2026-11-2", NULL},
	        {"26-11-22", NULL},
	        {" 2026-11-22", NULL},
	        {"２０２６-11-22", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		check(date_parse_rfc3339, &samples[i]);
	}
}

static void http_dates_in_all_three_forms(void **state)
{
	static const struct sample samples[] = {
	        {"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"},
	        {"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
	        {"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"},
	        {"Sun Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"},
	        {"Sunday, 06-Nov-26 08:49:37 GMT", "2026-11-06T08:49:37Z"},
	        {"Sun, 06 Nov 1994 08:49:37 CET", NULL},
	        {"Sun, 06 Nov 1994 08:49:37", NULL},
	        {"Sun, 31 Nov 1994 08:49:37 GMT", NULL},
	        {"Sun, 06 Nov 1994 28:49:37 GMT", NULL},
	        {"Sun, 06 Nox 1994 08:49:37 GMT", NULL},
	        {"06 Nov 1994 08:49:37 GMT", NULL},
	        {"1994-11-06T08:49:37Z", NULL},
	        {"120", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		check(date_parse_http, &samples[i]);
	}
}

static void what_is_formatted_is_read_back(void **state)
{
	struct random random;
	char out[32];

	(void)state;
	random_init(&random, 11);
	for (int i = 0; i < 20000; i++) {
		int64_t ms = (int64_t)random_below(&random, UINT64_C(315537897600000)) -
		             INT64_C(62167219200000),
		        back;
		struct tm tm;
		time_t seconds = (time_t)((ms - ((ms % 1000) + 1000) % 1000) / 1000);
		date_format_rfc3339(out, ms);
		assert_true(date_parse_rfc3339(out, &back));
		assert_int_equal(back, ms);
		gmtime_r(&seconds, &tm);
		assert_int_equal(tm.tm_year + 1900, atoi(out));
		assert_int_equal(tm.tm_mon + 1, atoi(out + 5));
		assert_int_equal(tm.tm_mday, atoi(out + 8));
	}
}

static void times_past_four_digits_are_clamped(void **state)
{
	char out[32];

	(void)state;
	date_format_rfc3339(out, INT64_MAX);
	assert_string_equal(out, "9999-12-31T23:59:59.999Z");
	date_format_rfc3339(out, INT64_MIN);
	assert_string_equal(out, "0000-01-01T00:00:00Z");
}

static void days_carry(void **state)
{
	(void)state;
	assert_int_equal(date_days(1970, 1, 1), 0);
	assert_int_equal(date_days(1969, 12, 31), -1);
	assert_int_equal(date_days(2000, 3, 1), 11017);
	assert_int_equal(date_days(2026, 11, 31), date_days(2026, 12, 1));
	assert_int_equal(date_days(2026, 1, 0), date_days(2025, 12, 31));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_no_date),
	        cmocka_unit_test(rfc3339_as_servers_write_it),
	        cmocka_unit_test(http_dates_in_all_three_forms),
	        cmocka_unit_test(what_is_formatted_is_read_back),
	        cmocka_unit_test(times_past_four_digits_are_clamped),
	        cmocka_unit_test(days_carry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
