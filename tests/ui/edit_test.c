#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ui/edit.h"

/* Press keys, named one after the other with blanks between. */
static void press(struct edit *edit, const char *keys)
{
	char key[32];
	while (*keys) {
		size_t len = strcspn(keys, " ");
		assert_true(len < sizeof(key));
		memcpy(key, keys, len);
		key[len] = 0;
		assert_true(edit_key(edit, key));
		keys += len + (keys[len] == ' ');
	}
}

static void expect(const char *start, const char *keys, const char *text, size_t cursor)
{
	struct edit edit = {0};
	edit_set(&edit, start);
	press(&edit, keys);
	assert_string_equal(str_c(&edit.text), text);
	assert_int_equal(edit.cursor, cursor);
	edit_finish(&edit);
}

static void test_typing(void **state)
{
	(void)state;
	expect("", "a b é <Space> <lt> 漢", "abé <漢", 9);
	expect("ac", "<Left> b", "abc", 2);
}

static void test_moves_by_clusters_and_words(void **state)
{
	(void)state;
	expect("ae\xcc\x81🇳🇱", "<Left>", "ae\xcc\x81🇳🇱", 4);
	expect("ae\xcc\x81🇳🇱", "<Left> <Left>", "ae\xcc\x81🇳🇱", 1);
	expect("one two", "<C-a> <M-f>", "one two", 3);
	expect("one two", "<M-b>", "one two", 4);
	expect("beëdig nu", "<C-a> <M-f>", "beëdig nu", 7);
	expect("one", "<Home> <C-b> <Right>", "one", 1);
	expect("one", "<C-a> <End> <C-f>", "one", 3);
}

static void test_erases(void **state)
{
	(void)state;
	expect("e\xcc\x81x", "<BS> <BS>", "", 0);
	expect("ab", "<C-a> <Del>", "b", 0);
	expect("ab", "<BS> <C-d>", "a", 1);
	expect("", "<BS> <Del>", "", 0);
}

static void test_kills_and_yanks(void **state)
{
	(void)state;
	expect("one two", "<C-w> <C-a> <C-y>", "twoone ", 3);
	expect("one two", "<C-u> <C-y> <C-y>", "one twoone two", 14);
	expect("one two", "<C-a> <C-k> x <C-y>", "xone two", 8);
	expect("a/b c", "<M-BS> <M-BS>", "a/", 2);
	expect("one two", "<C-a> <M-d>", " two", 0);
}

static void test_transposes(void **state)
{
	(void)state;
	expect("ab", "<C-t>", "ba", 2);
	expect("abc", "<C-a> <Right> <C-t>", "bac", 2);
	expect("a", "<C-t>", "a", 1);
}

static void test_other_keys_mean_nothing_here(void **state)
{
	(void)state;
	struct edit edit = {0};
	assert_false(edit_key(&edit, "<Up>"));
	assert_false(edit_key(&edit, "<C-r>"));
	assert_false(edit_key(&edit, ""));
	assert_string_equal(str_c(&edit.text), "");
	edit_finish(&edit);
}

static void test_text_put_in_is_one_clean_line(void **state)
{
	(void)state;
	struct edit edit = {0};
	edit_insert(&edit, "a\nb\033[31m\r", 9);
	assert_null(strchr(edit.text.p, '\n'));
	assert_null(strchr(edit.text.p, 27));
	edit_finish(&edit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_typing),
	        cmocka_unit_test(test_moves_by_clusters_and_words),
	        cmocka_unit_test(test_erases),
	        cmocka_unit_test(test_kills_and_yanks),
	        cmocka_unit_test(test_transposes),
	        cmocka_unit_test(test_other_keys_mean_nothing_here),
	        cmocka_unit_test(test_text_put_in_is_one_clean_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
