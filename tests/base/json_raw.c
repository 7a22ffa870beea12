#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_raw.h"

static void expect(struct json_raw value, const char *text)
{
	assert_non_null(value.p);
	assert_int_equal(value.len, strlen(text));
	assert_memory_equal(value.p, text, value.len);
}

static const char text[] =
        " { \"a\" : [ 1.50 , {\"x\":\"}]\\\"\"} ,[] , null ] , \"b\\\"\":2,\"n\":"
        "12345678901234567890 , \"a\":\"second\" }  ";

static void finds_members(void **state)
{
	(void)state;
	struct json_raw whole = json_raw_value(text, strlen(text));
	assert_int_equal(whole.p[whole.len - 1], '}');
	expect(json_raw_member(whole, "n"), "12345678901234567890");
	expect(json_raw_member(whole, "a"), "[ 1.50 , {\"x\":\"}]\\\"\"} ,[] , null ]");
	assert_null(json_raw_member(whole, "b").p);
	assert_null(json_raw_member(json_raw_member(whole, "n"), "x").p);
	assert_null(json_raw_member((struct json_raw){0}, "x").p);
}

static void finds_elements(void **state)
{
	(void)state;
	struct json_raw list = json_raw_member(json_raw_value(text, strlen(text)), "a");
	expect(json_raw_element(list, 0), "1.50");
	expect(json_raw_element(list, 1), "{\"x\":\"}]\\\"\"}");
	expect(json_raw_member(json_raw_element(list, 1), "x"), "\"}]\\\"\"");
	expect(json_raw_element(list, 2), "[]");
	expect(json_raw_element(list, 3), "null");
	assert_null(json_raw_element(list, 4).p);
	assert_null(json_raw_element(json_raw_element(list, 2), 0).p);
	assert_null(json_raw_element(json_raw_value("", 0), 0).p);
}

static void compares_strings(void **state)
{
	(void)state;
	struct json_raw value = json_raw_value("\"abc\"", 5);
	assert_true(json_raw_is(value, "abc"));
	assert_false(json_raw_is(value, "ab"));
	assert_false(json_raw_is(json_raw_value("12", 2), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(finds_members),
	        cmocka_unit_test(finds_elements),
	        cmocka_unit_test(compares_strings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
