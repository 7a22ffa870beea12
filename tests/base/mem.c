#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static void nothing_asked_is_something_given(void **state)
{
	(void)state;
	void *a = xmalloc(0), *b = xcalloc(0, 8), *c = xrealloc(NULL, 0);
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	assert_null(xstrdup(NULL));
	char *d = xstrndup(NULL, 0);
	assert_string_equal(d, "");
	free(a);
	free(b);
	free(c);
	free(d);
}

static void copies_are_equal(void **state)
{
	(void)state;
	char *a = xstrdup("hello"), *b = xstrndup("hello", 2);
	assert_string_equal(a, "hello");
	assert_string_equal(b, "he");
	free(a);
	free(b);
}

static void growing_keeps_what_is_there(void **state)
{
	int *numbers = NULL;
	size_t cap = 0, grown = 0;

	(void)state;
	for (size_t n = 0; n < 10000; n++) {
		size_t before = cap;
		numbers = mem_grow(numbers, &cap, n + 1, sizeof *numbers);
		assert_true(cap > n);
		grown += cap != before;
		numbers[n] = (int)n;
	}
	for (int n = 0; n < 10000; n++)
		assert_int_equal(numbers[n], n);
	assert_true(grown < 30);
	free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_asked_is_something_given),
	        cmocka_unit_test(copies_are_equal),
	        cmocka_unit_test(growing_keeps_what_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
