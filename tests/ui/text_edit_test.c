#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/text_edit.h"

enum { COLS = 10 };

/* Press keys, named one after the other with blanks between. */
static void press(struct text_edit *edit, const char *keys)
{
	char key[32];
	while (*keys) {
		size_t len = strcspn(keys, " ");
		assert_true(len < sizeof(key));
		memcpy(key, keys, len);
		key[len] = 0;
		assert_true(text_edit_key(edit, key, COLS));
		keys += len + (keys[len] == ' ');
	}
}

static void expect(const char *start, const char *keys, const char *text, size_t cursor)
{
	struct text_edit edit = {0};
	text_edit_set(&edit, start);
	press(&edit, keys);
	assert_string_equal(str_c(&edit.text), text);
	assert_int_equal(edit.cursor, cursor);
	text_edit_finish(&edit);
}

static void test_typing(void **state)
{
	(void)state;
	expect("", "a b é <Space> <lt> 漢 <Enter> x", "abé <漢\nx", 11);
	expect("ac", "<Left> b", "abc", 2);
	/* A mark that is typed joins the letter before it. */
	expect("", "e \xcc\x81 x", "e\xcc\x81x", 4);
	expect("", "e \xcc\x81 <Left> x", "xe\xcc\x81", 1);
	/* A family, letter by letter as an input method sends it. */
	expect("", "👩 \xe2\x80\x8d 👧 <BS>", "", 0);
	/* Nothing that acts comes in by the keys. */
	expect("a", "\xe2\x80\xae b", "ab", 2);
}

static void test_lines(void **state)
{
	(void)state;
	expect("one\ntwo", "<C-a> x", "one\nxtwo", 5);
	expect("one\ntwo", "<C-a> <C-a> <Left> x", "onex\ntwo", 4);
	expect("one\ntwo", "<Up> x", "onex\ntwo", 4);
	expect("one\ntwo", "<C-p> <C-e> <C-k>", "onetwo", 3);
	expect("one\ntwo", "<C-u> <C-u>", "one", 3);
	expect("one\ntwo", "<C-Home> <Down> x", "one\nxtwo", 5);
	expect("one\ntwo three", "<C-w> <C-w> <C-w>", "", 0);
}

static void test_moves_by_rows(void **state)
{
	(void)state;
	/* Ten cells: "one two / three four / five". */
	expect("one two three four five", "<Up> x", "one two threxe four five", 13);
	/* The place in the row is kept over a short one. */
	expect("abcdefgh\nx\nabcdefgh", "<Up> <Up> y", "abcdefghy\nx\nabcdefgh", 9);
	/* Wide characters: never into the middle of one. */
	expect("漢字漢\nabc", "<Up> y", "漢y字漢\nabc", 4);
	/* From the first row up to its beginning is nothing. */
	expect("abc", "<Up> <Up> x", "abcx", 4);
	/* An empty line behind the last LF is a row. */
	expect("abc\n", "<Up> x", "xabc\n", 1);
	struct text_edit edit = {0};
	text_edit_set(&edit, "one two three\n");
	assert_int_equal(text_edit_rows(&edit, COLS)->nlines, 3);
	int col;
	assert_int_equal(text_edit_row(&edit, COLS, &col), 2);
	assert_int_equal(col, 0);
	/* Blanks hang over the edge, the cursor does not. */
	text_edit_set(&edit, "0123456789   ");
	assert_int_equal(text_edit_row(&edit, COLS, &col), 0);
	assert_int_equal(col, COLS - 1);
	text_edit_finish(&edit);
}

static void test_kills(void **state)
{
	(void)state;
	expect("one two", "<C-w> <C-y> <C-y>", "one twotwo", 10);
	/* What is killed in one go comes back in one. */
	expect("one two three", "<C-w> <C-w> <C-a> <C-y>", "two threeone ", 9);
	expect("one two", "<C-a> <M-d> <M-d> <C-y>", "one two", 7);
	expect("one two", "<M-b> <M-BS>", "two", 0);
	expect("ab", "<C-t>", "ba", 2);
	expect("ab\ncd", "<C-a> <C-t>", "ab\ncd", 3);
}

static void test_undo(void **state)
{
	(void)state;
	/* Word by word. */
	expect("", "o n e <Space> t w o <C-_>", "one ", 4);
	expect("", "o n e <Space> t w o <C-_> <C-_>", "", 0);
	expect("", "o n e <Space> t w o <C-_> <C-_> <C-r> <C-r>", "one two", 7);
	/* What was taken back is gone once something else is typed. */
	expect("", "a <C-_> b <C-r>", "b", 1);
	expect("abc", "<BS> <BS> <C-_>", "abc", 3);
	expect("abc", "<C-a> <Del> <Del> <C-_>", "abc", 0);
	expect("one two", "<C-w> <C-_>", "one two", 7);
	expect("one", "<C-_>", "one", 3);
}

static void test_undo_goes_all_the_way(void **state)
{
	(void)state;
	static const char *const keys[] = {"a", "<Space>", "é", "<BS>", "<Left>", "<Enter>",
	        "<C-w>", "<C-y>", "<C-t>", "<Del>", "\xcc\x81", "🇳", "🇱", "漢", "<C-k>", "<Home>",
	        "<M-b>", "<Up>", "<C-u>"};
	struct text_edit edit = {0};
	uint32_t seed = 7;
	text_edit_set(&edit, "where it began 🇳🇱");
	for (int i = 0; i < 3000; i++) {
		seed = seed * 1664525 + 1013904223;
		assert_true(text_edit_key(
		        &edit, keys[(seed >> 16) % (sizeof(keys) / sizeof(*keys))], COLS));
		/* The cursor stands on the edge of a cluster. */
		size_t at = 0;
		while (at < edit.cursor)
			at += utf8_cluster(edit.text.p + at, edit.text.len - at).len;
		assert_int_equal(at, edit.cursor);
		assert_true(utf8_valid(str_c(&edit.text), edit.text.len));
	}
	char *last = strdup(str_c(&edit.text));
	int steps = 0;
	while (text_edit_undo(&edit))
		steps++;
	assert_true(steps > 100);
	assert_string_equal(str_c(&edit.text), "where it began 🇳🇱");
	while (text_edit_redo(&edit)) {
	}
	assert_string_equal(str_c(&edit.text), last);
	free(last);
	text_edit_finish(&edit);
}

static void test_pastes_literally(void **state)
{
	(void)state;
	struct text_edit edit = {0};
	static const char paste[] = "one\n\033[201~:q!\n\033]0;x\007 two\r\n";
	text_edit_set(&edit, "a");
	assert_true(text_edit_insert(&edit, paste, sizeof(paste) - 1));
	assert_string_equal(str_c(&edit.text), "aone\n[201~:q!\n]0;x two\n");
	/* One undo takes back all of it. */
	assert_true(text_edit_undo(&edit));
	assert_string_equal(str_c(&edit.text), "a");
	text_edit_finish(&edit);
}

static void test_has_a_limit(void **state)
{
	(void)state;
	struct text_edit edit = {0};
	struct str big = {0};
	while (big.len < TEXT_EDIT_MAX)
		str_adds(&big, "0123456789abcdef");
	text_edit_set(&edit, str_c(&big));
	assert_int_equal(edit.text.len, TEXT_EDIT_MAX);
	assert_false(text_edit_insert(&edit, "x", 1));
	assert_true(text_edit_key(&edit, "x", COLS));
	assert_int_equal(edit.text.len, TEXT_EDIT_MAX);
	assert_true(text_edit_key(&edit, "<BS>", COLS));
	assert_true(text_edit_insert(&edit, "x", 1));
	str_finish(&big);
	text_edit_finish(&edit);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_typing),
	        cmocka_unit_test(test_lines),
	        cmocka_unit_test(test_moves_by_rows),
	        cmocka_unit_test(test_kills),
	        cmocka_unit_test(test_undo),
	        cmocka_unit_test(test_undo_goes_all_the_way),
	        cmocka_unit_test(test_pastes_literally),
	        cmocka_unit_test(test_has_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
