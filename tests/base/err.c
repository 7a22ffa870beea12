#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/utf8.h"

static void nobody_needs_to_listen(void **state)
{
	(void)state;
	assert_false(err_set(NULL, ERR_IO, "%s", "x"));
}

static void text_and_code_are_kept(void **state)
{
	struct err err = {.retry_ms = 99};

	(void)state;
	assert_false(err_set(&err, ERR_SYNTAX, "unknown field '%s' in %d", "frm", 3));
	assert_int_equal(err.code, ERR_SYNTAX);
	assert_int_equal(err.retry_ms, 0);
	assert_string_equal(err.text, "unknown field 'frm' in 3");
}

static void a_sentence_may_quote_the_one_before(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, ERR_IO, "disk full");
	err_set(&err, err.code, "cannot save: %s", err.text);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.text, "cannot save: disk full");
}

static void what_a_server_says_cannot_reach_the_terminal(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, ERR_SERVER, "it says %s",
	        "\x1b]0;x\x07"
	        "\xc2\x9b"
	        "31m\u202e\nno\xff");
	assert_string_equal(err.text, "it says ]0;x31m no\ufffd");
}

static void long_text_is_cut_between_characters(void **state)
{
	struct err err;
	char text[2000];

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'a', shift);
		for (size_t i = shift; i + 3 < sizeof text; i += 3)
			memcpy(text + i, "漢", 3);
		text[shift + 1500] = '\0';
		err_set(&err, ERR_IO, "%s", text);
		assert_true(strlen(err.text) > sizeof err.text - 4);
		assert_true(utf8_valid(err.text, strlen(err.text)));
		assert_null(strstr(err.text, "\ufffd"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nobody_needs_to_listen),
	        cmocka_unit_test(text_and_code_are_kept),
	        cmocka_unit_test(a_sentence_may_quote_the_one_before),
	        cmocka_unit_test(what_a_server_says_cannot_reach_the_terminal),
	        cmocka_unit_test(long_text_is_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
