#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void an_empty_string_is_valid(void **state)
{
	struct str str = {0};

	(void)state;
	str_finish(NULL);
	str_finish(&str);
	str_clear(&str);
	str_cut(&str, 0);
	assert_string_equal(str_c(&str), "");
	str_adds(&str, NULL);
	assert_null(str.p);
	str_add(&str, NULL, 0);
	assert_string_equal(str.p, "");
	str_finish(&str);
	char *taken = str_take(&str);
	assert_string_equal(taken, "");
	free(taken);
}

static void pieces_join(void **state)
{
	struct str str = {0};

	(void)state;
	str_adds(&str, "one");
	str_addc(&str, ' ');
	str_add(&str, "two three", 3);
	str_addf(&str, " %d%s", 3, "!");
	assert_string_equal(str.p, "one two 3!");
	assert_int_equal(str.len, strlen("one two 3!"));
	str_cut(&str, 100);
	assert_int_equal(str.len, 10);
	str_cut(&str, 3);
	assert_string_equal(str.p, "one");
	char *taken = str_take(&str);
	assert_string_equal(taken, "one");
	assert_null(str.p);
	free(taken);
}

static void it_grows_and_stays_terminated(void **state)
{
	struct str str = {0};

	(void)state;
	for (int i = 0; i < 5000; i++) {
		str_addc(&str, (char)('a' + i % 26));
		assert_int_equal(str.p[str.len], 0);
		assert_true(str.len < str.cap);
	}
	for (int i = 0; i < 5000; i++)
		assert_int_equal(str.p[i], 'a' + i % 26);
	size_t cap = str.cap;
	str_clear(&str);
	assert_int_equal(str.len, 0);
	assert_string_equal(str.p, "");
	assert_int_equal(str.cap, cap);
	str_finish(&str);
}

static void a_long_format_fits(void **state)
{
	struct str str = {0};
	char word[3000];

	(void)state;
	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	str_addf(&str, "<%s>", word);
	assert_int_equal(str.len, sizeof word + 1);
	assert_int_equal(str.p[str.len - 1], '>');
	str_reserve(&str, 100000);
	assert_true(str.cap - str.len > 100000);
	assert_int_equal(str.len, sizeof word + 1);
	str_finish(&str);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_empty_string_is_valid),
	        cmocka_unit_test(pieces_join),
	        cmocka_unit_test(it_grows_and_stays_terminated),
	        cmocka_unit_test(a_long_format_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
