#include "cmd/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 1; option_rows[i].name; i++)
		assert_true(strcmp(option_rows[i - 1].name, option_rows[i].name) < 0);
}

static void test_defaults(void **state)
{
	(void)state;
	struct options options;
	options_init(&options);
	assert_int_equal(options.refresh, 90000);
	assert_int_equal(options.column_width, 39);
	assert_true(options.mouse);
	assert_string_equal(options.browser, "xdg-open");
	for (size_t i = 0; option_rows[i].name; i++) {
		/* Each default is within the row's own limits, and prints as it is written. */
		struct err err = {0};
		assert_true(
		        option_set(&options, option_rows[i].name, option_rows[i].otherwise, &err));
		struct str out = {0};
		assert_true(option_print(&options, option_rows[i].name, &out));
		const char *written = option_rows[i].otherwise;
		if (option_rows[i].type != OPTION_DURATION)
			assert_string_equal(str_c(&out), *written ? written : "\"\"");
		str_finish(&out);
	}
	options_finish(&options);
	options_finish(NULL);
}

static const char *refused(struct options *options, const char *name, const char *value)
{
	static struct err err;
	err = (struct err){0};
	assert_false(option_set(options, name, value, &err));
	return err.text;
}

static void test_set(void **state)
{
	(void)state;
	struct options options;
	options_init(&options);
	assert_true(option_set(&options, "refresh", "2m", NULL));
	assert_int_equal(options.refresh, 120000);
	assert_true(option_set(&options, "browser", "w3m -o", NULL));
	assert_string_equal(options.browser, "w3m -o");
	assert_string_equal(refused(&options, "refresh", "1s"),
	        "refresh wants a duration such as 90s or 1h30m of 15s..7d, not '1s'");
	assert_string_equal(refused(&options, "column-width", "9"),
	        "column-width wants a number of 10..500, not '9'");
	assert_string_equal(refused(&options, "column-width", "99999999999999999999"),
	        "column-width wants a number of 10..500, not '99999999999999999999'");
	assert_string_equal(refused(&options, "mouse", "yes"), "mouse is on or off, not 'yes'");
	assert_string_equal(refused(&options, "colors", "17"),
	        "colors is one of: auto none 16 256 truecolor; not '17'");
	assert_string_equal(refused(&options, "refesh", "1m"),
	        "there is no option 'refesh'; did you mean 'refresh'?");
	assert_int_equal(options.refresh, 120000);
	options_finish(&options);
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
		const char *printed;
	} rows[] = {
	        {"0", 0, "0s"},
	        {"90s", 90000, "1m30s"},
	        {"1h30m", 5400000, "1h30m"},
	        {"2w", 1209600000, "2w"},
	        {"8d", 691200000, "8d"},
	        {"500ms", 500, "500ms"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t ms = -1;
		struct str out = {0};
		assert_true(duration_parse(rows[i].text, &ms));
		assert_int_equal(ms, rows[i].ms);
		duration_print(&out, ms);
		assert_string_equal(str_c(&out), rows[i].printed);
		str_finish(&out);
	}
	static const char *const wrong[] = {
	        "", "5", "s", "5x", "-5s", "5 s", "5s!", "99999999999999999999s", "999999999999w"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		int64_t ms = -1;
		assert_false(duration_parse(wrong[i], &ms));
		assert_int_equal(ms, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_rows),
	        cmocka_unit_test(test_defaults),
	        cmocka_unit_test(test_set),
	        cmocka_unit_test(test_durations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
