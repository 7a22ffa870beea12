#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

/* All records, fields parted by | and records by /, each with its line. */
static void check(const char *text, const char *expected)
{
	struct csv csv = {.text = text, .len = strlen(text)};
	struct str out = {0};
	struct err err = {0};
	bool more = true, ok;

	while ((ok = csv_next(&csv, &more, &err)) && more) {
		str_addf(&out, "%s%zu:", out.len ? "/" : "", csv.line);
		for (size_t i = 0; i < csv.nfields; i++)
			str_addf(&out, "%s%s", i ? "|" : "", csv_field(&csv, i));
	}
	if (!ok) str_addf(&out, "!%s", err.text);
	assert_string_equal(str_c(&out), expected);
	str_finish(&out);
	csv_finish(&csv);
}

static void records_as_the_rfc_has_them(void **state)
{
	(void)state;
	check("", "");
	check("\r\n\n", "");
	check("a,b,c", "1:a|b|c");
	check("a,b\r\nc,d\r\n", "1:a|b/2:c|d");
	check("a,b\nc,d\n", "1:a|b/2:c|d");
	check("a,\n,b\n,\n", "1:a|/2:|b/3:|");
	check("a,", "1:a|");
	check("\"a\"\"b\",\"c,d\"\n", "1:a\"b|c,d");
	check("\"two\nlines\",x\ny,z", "1:two\nlines|x/3:y|z");
	check("\"\",x", "1:|x");
	check(" a , b ", "1: a | b ");
	check("a\rb,c", "1:a\rb|c");
}

static void what_spreadsheets_write(void **state)
{
	(void)state;
	check("\xef\xbb\xbf"
	      "a;b\n1,5;\"x;y\"\n",
	        "1:a|b/2:1,5|x;y");
	check("a\tb\n1,5\tc", "1:a|b/2:1,5|c");
	check("\"a;b;c\",d\n", "1:a;b;c|d");
	check("a,b\n\n\n1,2\n", "1:a|b/4:1|2");
}

static void mistakes_name_their_line(void **state)
{
	(void)state;
	check("a,b\n\"c", "1:a|b!line 2: a quote is never closed");
	check("a,b\n\"c\"d,e\n",
	        "1:a|b!line 2: something stands after a closing quote; a quote within quotes is "
	        "written twice");
	check("a\n\nb\"c\n", "1:a!line 3: a quote in a field that does not begin with one");
	struct csv csv = {.text = "a\0b", .len = 3};
	struct err err = {0};
	bool more;
	assert_false(csv_next(&csv, &more, &err));
	assert_string_equal(err.text, "line 1: a NUL byte");
	csv_finish(&csv);
}

static void there_is_a_most_of_fields(void **state)
{
	struct str text = {0};
	struct err err = {0};
	bool more;

	(void)state;
	for (int i = 0; i < CSV_MAX_FIELDS - 1; i++)
		str_addc(&text, ',');
	struct csv csv = {.text = text.p, .len = text.len};
	assert_true(csv_next(&csv, &more, &err));
	assert_int_equal(csv.nfields, CSV_MAX_FIELDS);
	assert_string_equal(csv_field(&csv, CSV_MAX_FIELDS - 1), "");
	assert_string_equal(csv_field(&csv, 1000), "");
	csv_finish(&csv);
	str_addc(&text, ',');
	csv = (struct csv){.text = text.p, .len = text.len};
	assert_false(csv_next(&csv, &more, &err));
	csv_finish(&csv);
	str_finish(&text);
}

static void what_is_written_is_read_again(void **state)
{
	static const char *const values[] = {"", "plain", "a,b", "\"", "say \"hi\"", "two\nlines",
	        "a;b", "\r\n", "tab\there", " "};
	enum { N = sizeof(values) / sizeof(*values) };
	struct str text = {0};
	struct err err = {0};
	bool more;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		if (i) str_addc(&text, ',');
		csv_put(&text, values[i]);
	}
	struct csv csv = {.text = text.p, .len = text.len};
	assert_true(csv_next(&csv, &more, &err));
	assert_true(more);
	assert_int_equal(csv.nfields, N);
	for (size_t i = 0; i < N; i++)
		assert_string_equal(csv_field(&csv, i), values[i]);
	csv_finish(&csv);
	str_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(records_as_the_rfc_has_them),
	        cmocka_unit_test(what_spreadsheets_write),
	        cmocka_unit_test(mistakes_name_their_line),
	        cmocka_unit_test(there_is_a_most_of_fields),
	        cmocka_unit_test(what_is_written_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
