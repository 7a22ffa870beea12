#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/hours.h"

static bool holds(const char *hours, const char *utc)
{
	struct hours it;
	int64_t ms;
	assert_true(hours_parse(hours, &it));
	assert_true(date_parse_rfc3339(utc, &ms));
	return hours_hold(&it, ms);
}

static void as_written(void **state)
{
	(void)state;
	static const char *const texts[][2] = {{"22:00-07:00", "22:00-07:00"},
	        {"7:05-9:10", "07:05-09:10"}, {"22:00-24:00", "22:00-00:00"}, {"off", "off"},
	        {"", "off"}};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct hours hours = {1, 2};
		struct str out = {0};
		assert_true(hours_parse(texts[i][0], &hours));
		hours_print(&out, &hours);
		assert_string_equal(str_c(&out), texts[i][1]);
		str_finish(&out);
	}
}

static void nonsense_changes_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = {"22-07", "22:00", "22:00-", "25:00-07:00",
	        "22:60-07:00", "22:00-07:00x", "24:01-07:00", "22:0-07:00", "022:00-07:00",
	        "7:00-7:00", "on", "-07:00", " 22:00-07:00", "00:00-24:00"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct hours hours = {3, 4};
		assert_false(hours_parse(texts[i], &hours));
		assert_int_equal(hours.from, 3);
		assert_int_equal(hours.to, 4);
	}
}

static void over_midnight(void **state)
{
	(void)state;
	assert_false(holds("22:00-07:00", "2026-11-22T20:59:59Z"));
	assert_true(holds("22:00-07:00", "2026-11-22T21:00:00Z"));
	assert_true(holds("22:00-07:00", "2026-11-22T22:59:59Z"));
	assert_true(holds("22:00-07:00", "2026-11-22T23:00:00Z"));
	assert_true(holds("22:00-07:00", "2026-11-23T05:59:59Z"));
	assert_false(holds("22:00-07:00", "2026-11-23T06:00:00Z"));
	assert_true(holds("12:00-13:00", "2026-11-23T11:30:00Z"));
	assert_false(holds("12:00-13:00", "2026-11-23T12:00:00Z"));
	assert_false(holds("off", "2026-11-22T23:00:00Z"));
}

/* The machine's own zone, an hour ahead in winter; also across a change of its clocks (25 October 2026, 03:00 CEST). */
static void by_the_clocks_on_the_wall(void **state)
{
	(void)state;
	assert_true(holds("22:00-07:00", "2026-10-24T20:00:00Z"));
	assert_false(holds("22:00-07:00", "2026-10-24T19:59:00Z"));
	assert_true(holds("22:00-07:00", "2026-10-25T05:59:00Z"));
	assert_false(holds("22:00-07:00", "2026-10-25T06:00:00Z"));
}

int main(void)
{
	setenv("TZ", "Europe/Amsterdam", 1);
	tzset();
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(as_written),
	        cmocka_unit_test(nonsense_changes_nothing),
	        cmocka_unit_test(over_midnight),
	        cmocka_unit_test(by_the_clocks_on_the_wall),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
