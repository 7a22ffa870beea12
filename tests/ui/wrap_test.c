#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/random.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/wrap.h"

/* The lines joined by `|`. */
static void expect_lines(const char *text, int cols, size_t max_lines, const char *lines)
{
	struct arena arena = {0};
	struct str out = {0};
	struct wrap wrap = wrap_text(&arena, text, strlen(text), cols, max_lines);
	for (size_t i = 0; i < wrap.nlines; i++) {
		if (i > 0) str_addc(&out, '|');
		str_add(&out, text + wrap.lines[i].start, wrap.lines[i].end - wrap.lines[i].start);
	}
	assert_string_equal(str_c(&out), lines);
	str_finish(&out);
	arena_finish(&arena);
}

static void test_breaks_after_blanks_and_leaves_them_out(void **state)
{
	(void)state;
	expect_lines("the quick brown fox", 10, 0, "the quick|brown fox");
	expect_lines("the  quick", 5, 0, "the|quick");
	expect_lines("a\n\nb", 5, 0, "a||b");
	expect_lines("", 5, 0, "");
	expect_lines("tail   ", 5, 0, "tail");
	expect_lines("  indent stays", 9, 0, "  indent|stays");
}

static void test_cuts_a_word_that_is_too_long(void **state)
{
	(void)state;
	expect_lines("abcdefgh ij", 3, 0, "abc|def|gh|ij");
	expect_lines("x", 0, 0, "x");
	/* at the edges of clusters */
	expect_lines("e\xcc\x81"
	             "e\xcc\x81",
	        1, 0, "e\xcc\x81|e\xcc\x81");
	expect_lines("漢字", 1, 0, "漢|字");
}

static void test_hyphens(void **state)
{
	(void)state;
	expect_lines("well-known thing", 6, 0, "well-|known|thing");
	expect_lines("see 12-34 or", 7, 0, "see|12-34|or");
	expect_lines("run with -x now", 10, 0, "run with|-x now");
}

static void test_addresses_break_after_their_marks(void **state)
{
	(void)state;
	expect_lines("https://example.org/some/long/path", 14, 0,
	        "https://|example.org/|some/long/path");
	expect_lines("see https://example.org/a", 18, 0, "see https://|example.org/a");
	/* a word is no address */
	expect_lines("snake_case_word", 8, 0, "snake_ca|se_word");
}

static void test_wide_text_breaks_anywhere_but_around_its_punctuation(void **state)
{
	(void)state;
	expect_lines("漢字漢字", 4, 0, "漢字|漢字");
	expect_lines("漢字。漢", 4, 0, "漢|字。|漢");
	expect_lines("漢「字」", 4, 0, "漢|「字|」");
	expect_lines("ab漢cd", 4, 0, "ab漢|cd");
}

static void test_glued_words_stay_together(void **state)
{
	(void)state;
	expect_lines("a 10\xc2\xa0km b", 5, 0, "a|10\xc2\xa0km|b");
	expect_lines("say (word) on", 6, 0, "say|(word)|on");
}

static void test_stops_at_the_limit(void **state)
{
	(void)state;
	expect_lines("a b c d", 1, 2, "a|b");
}

/* Any text at any width: in order, nothing lost but blanks, no line too wide. */
static void test_random_texts_keep_the_laws(void **state)
{
	(void)state;
	static const char *const pieces[] = {"a", "bc", " ", "  ", "漢", "字", "。", "「", "-", "/",
	        ".", "https://x.y/", "👩‍👩‍👧", "🇳🇱", "e\xcc\x81", "ا", "ب", "\n", "​",
	        "\xc2\xa0", "1", ",", "(", ")", "क्ष", "…"};
	struct random random;
	struct arena arena = {0};
	struct str text = {0};
	random_init(&random, 3);
	for (int round = 0; round < 20000; round++) {
		str_clear(&text);
		for (uint32_t n = random_below(&random, 30); n > 0; n--) {
			str_adds(&text, pieces[random_below(&random, 26)]);
		}
		int cols = 1 + (int)random_below(&random, 12);
		arena_reset(&arena);
		struct wrap wrap = wrap_text(&arena, str_c(&text), text.len, cols, 0);
		uint32_t at = 0;
		for (size_t i = 0; i < wrap.nlines; i++) {
			struct wrap_line line = wrap.lines[i];
			assert_true(line.start >= at && line.end >= line.start);
			for (; at < line.start; at++)
				assert_true(text.p[at] == ' ' || text.p[at] == '\n');
			size_t width = utf8_width(text.p + line.start, line.end - line.start);
			/* One wide character in a column of one is all that may stick out. */
			if (cols > 1) assert_int_equal(width, line.cells);
			assert_true(line.cells <= cols);
			at = line.end;
		}
		for (; at < text.len; at++)
			assert_true(text.p[at] == ' ' || text.p[at] == '\n');
	}
	str_finish(&text);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_breaks_after_blanks_and_leaves_them_out),
	        cmocka_unit_test(test_cuts_a_word_that_is_too_long),
	        cmocka_unit_test(test_hyphens),
	        cmocka_unit_test(test_addresses_break_after_their_marks),
	        cmocka_unit_test(test_wide_text_breaks_anywhere_but_around_its_punctuation),
	        cmocka_unit_test(test_glued_words_stay_together),
	        cmocka_unit_test(test_stops_at_the_limit),
	        cmocka_unit_test(test_random_texts_keep_the_laws),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
