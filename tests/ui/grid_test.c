#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "ui/grid.h"

static const struct rect all = {0, 0, 100, 1000};

static void expect(const struct grid *grid, const char *lines)
{
	struct str out = {0}, fault = {0};
	grid_print(grid, &out);
	assert_string_equal(str_c(&out), lines);
	if (!grid_check(grid, &fault)) fail_msg("%s", str_c(&fault));
	str_finish(&out);
	str_finish(&fault);
}

static int put(struct grid *grid, int row, int col, const char *text)
{
	return grid_put(grid, all, row, col, 0, 0, text, strlen(text), 1000);
}

static void test_puts_text_and_says_how_wide_it_was(void **state)
{
	(void)state;
	struct grid grid;
	grid_init(&grid, 2, 8);
	assert_int_equal(put(&grid, 0, 1, "héllo"), 5);
	assert_int_equal(put(&grid, 1, 0, "漢字x"), 5);
	expect(&grid, " héllo\n漢字x\n");
	grid_finish(&grid);
}

static void test_overwriting_half_a_wide_character_blanks_the_other(void **state)
{
	(void)state;
	struct grid grid;
	grid_init(&grid, 3, 4);
	for (int row = 0; row < 3; row++)
		put(&grid, row, 0, "漢字");
	put(&grid, 0, 1, "x");
	put(&grid, 1, 2, "x");
	put(&grid, 2, 1, "あ");
	expect(&grid, " x字\n漢x\n あ\n");
	grid_finish(&grid);
}

static void test_a_wide_character_at_the_edge_becomes_a_blank(void **state)
{
	(void)state;
	struct grid grid;
	grid_init(&grid, 2, 6);
	struct rect clip = {0, 1, 1, 3};
	assert_int_equal(grid_put(&grid, clip, 0, 1, 0, 0, "漢字", 6, 1000), 3);
	/* and one that begins left of the clip leaves its right half empty */
	put(&grid, 1, 0, "......");
	grid_put(&grid, (struct rect){1, 1, 1, 3}, 1, 0, 0, 0, "漢x", 4, 1000);
	expect(&grid, " 漢\n. x...\n");
	grid_finish(&grid);
}

static void test_shortens_with_an_ellipsis(void **state)
{
	(void)state;
	struct grid grid;
	grid_init(&grid, 4, 8);
	assert_int_equal(grid_puts(&grid, all, 0, 0, 0, "fits", 4), 4);
	assert_int_equal(grid_puts(&grid, all, 1, 0, 0, "does not", 5), 5);
	assert_int_equal(grid_puts(&grid, all, 2, 0, 0, "漢字漢字", 5), 5);
	grid.ascii = true;
	assert_int_equal(grid_puts(&grid, all, 3, 0, 0, "déjà vu", 5), 5);
	expect(&grid, "fits\ndoes…\n漢字…\ndeja~\n");
	grid_finish(&grid);
}

static void test_cleans_what_a_stranger_wrote(void **state)
{
	(void)state;
	struct grid grid;
	grid_init(&grid, 1, 40);
	put(&grid, 0, 0,
	        "a\033[31mb\rc\n\xc2\x9b"
	        "d\xff\xe2\x80\xae"
	        "e");
	struct str out = {0};
	grid_print(&grid, &out);
	assert_null(strchr(out.p, 27));
	assert_null(strchr(out.p, '\r'));
	assert_null(strstr(out.p, "\xc2\x9b"));
	assert_null(strstr(out.p, "\xe2\x80\xae"));
	assert_non_null(strstr(out.p, "\xef\xbf\xbd"));
	str_finish(&out);
	grid_finish(&grid);
}

static void test_a_storm_of_marks_stays_in_its_cell(void **state)
{
	(void)state;
	struct grid grid;
	struct str storm = {0};
	grid_init(&grid, 1, 10);
	str_addc(&storm, 'a');
	for (int i = 0; i < 10000; i++)
		str_adds(&storm, "\xcc\x81");
	str_addc(&storm, 'b');
	assert_int_equal(put(&grid, 0, 0, storm.p), 2);
	assert_true(grid_at(&grid, 0, 0)->len <= 9);
	assert_int_equal(grid_at(&grid, 0, 1)->utf8[0], 'b');
	str_finish(&storm);
	grid_finish(&grid);
}

static void test_links_are_kept_once(void **state)
{
	(void)state;
	struct grid grid, copy;
	grid_init(&grid, 1, 4);
	grid_init(&copy, 0, 0);
	assert_int_equal(grid_link(&grid, "https://a.example/"), 1);
	assert_int_equal(grid_link(&grid, "https://b.example/"), 2);
	assert_int_equal(grid_link(&grid, "https://a.example/"), 1);
	grid_copy(&copy, &grid);
	assert_true(grid_same(&copy, &grid));
	assert_string_equal(copy.links[1], "https://b.example/");
	grid_finish(&grid);
	grid_finish(&copy);
}

static void test_copying_a_row_mends_what_it_cuts(void **state)
{
	(void)state;
	struct grid grid, block;
	const uint16_t styles[] = {7};
	grid_init(&grid, 1, 8);
	grid_init(&block, 1, 4);
	put(&grid, 0, 0, "漢字漢字");
	put(&block, 0, 0, "ab字");
	grid_copy_row(&grid, 0, 1, &block, 0, styles);
	expect(&grid, " ab字 字\n");
	assert_int_equal(grid_at(&grid, 0, 1)->style, 7);
	/* cut in the middle of a wide character */
	grid_copy_row(&grid, 0, 5, &block, 0, NULL);
	expect(&grid, " ab字ab\n");
	grid_finish(&grid);
	grid_finish(&block);
}

static const char *const pieces[] = {"a", "漢", "👩‍👩‍👧", "🇳🇱", "❤️", "é",
        "e\xcc\x81", "ا", "ক্ষ", " ", "\033", "\xff", "한", "​", "🏽", "ﷺ", "क", "\xe0",
        "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"};
enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };

/* Whatever is written wherever: no half alone, no control byte, nothing outside the clip. */
static void test_random_writes_leave_a_sane_grid(void **state)
{
	(void)state;
	struct random random;
	random_init(&random, 1);
	struct grid grid;
	for (int round = 0; round < 3000; round++) {
		int rows = (int)random_below(&random, 4), cols = (int)random_below(&random, 12);
		struct str fault = {0}, text = {0};
		grid_init(&grid, rows, cols);
		grid.ascii = random_below(&random, 5) == 0;
		for (int i = 0; i < 12; i++) {
			struct rect clip = {(int)random_below(&random, 5) - 1,
			        (int)random_below(&random, 14) - 1, (int)random_below(&random, 5),
			        (int)random_below(&random, 14)};
			str_clear(&text);
			for (uint32_t n = random_below(&random, 6); n > 0; n--) {
				str_adds(&text, pieces[random_below(&random, PIECES)]);
			}
			int row = (int)random_below(&random, 5) - 1;
			int col = (int)random_below(&random, 14) - 1;
			int max = (int)random_below(&random, 9);
			if (i % 4 == 3) {
				grid_fill(&grid, clip, 3);
			} else if (i % 4 == 2) {
				int used = grid_puts(&grid, clip, row, col, 2, str_c(&text), max);
				assert_true(used <= max);
			} else {
				int used = grid_put(
				        &grid, clip, row, col, 1, 0, str_c(&text), text.len, max);
				assert_true(used <= max);
			}
			if (!grid_check(&grid, &fault)) fail_msg("%s", fault.p);
		}
		str_finish(&fault);
		str_finish(&text);
		grid_finish(&grid);
	}
}

static void test_no_cell_outside_the_clip_changes(void **state)
{
	(void)state;
	struct random random;
	random_init(&random, 2);
	for (int round = 0; round < 2000; round++) {
		struct grid grid;
		struct str text = {0};
		grid_init(&grid, 3, 12);
		for (int row = 0; row < 3; row++)
			put(&grid, row, 0, "............");
		struct rect clip = {
		        1, (int)random_below(&random, 10), 1, (int)random_below(&random, 8)};
		for (int i = 0; i < 8; i++)
			str_adds(&text, pieces[random_below(&random, PIECES)]);
		grid_put(
		        &grid, clip, 1, (int)random_below(&random, 12), 1, 0, text.p, text.len, 99);
		for (int i = 0; i < 36; i++) {
			int row = i / 12, col = i % 12;
			bool in = row == 1 && col >= clip.col && col < clip.col + clip.cols;
			if (!in) assert_int_equal(grid_at(&grid, row, col)->utf8[0], '.');
		}
		str_finish(&text);
		grid_finish(&grid);
	}
}

static void test_faults_are_named(void **state)
{
	(void)state;
	struct grid grid;
	struct str fault = {0};
	grid_init(&grid, 1, 3);
	put(&grid, 0, 0, "漢");
	grid.cells[1].width = 1;
	grid.cells[0].width = 1;
	assert_false(grid_check(&grid, &fault));
	assert_string_equal(fault.p, "row 0, column 0 has another width than its text");
	str_finish(&fault);
	grid_finish(&grid);
}

static void test_styles_are_printed_as_letters(void **state)
{
	(void)state;
	struct grid grid;
	struct str out = {0};
	grid_init(&grid, 1, 6);
	grid_put(&grid, all, 0, 1, 5, 0, "ab", 2, 9);
	grid_restyle(&grid, all, 0, 2, 2, 9);
	grid_print_styles(&grid, &out);
	assert_string_equal(out.p, ".abb..\n");
	str_finish(&out);
	grid_finish(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_puts_text_and_says_how_wide_it_was),
	        cmocka_unit_test(test_overwriting_half_a_wide_character_blanks_the_other),
	        cmocka_unit_test(test_a_wide_character_at_the_edge_becomes_a_blank),
	        cmocka_unit_test(test_shortens_with_an_ellipsis),
	        cmocka_unit_test(test_cleans_what_a_stranger_wrote),
	        cmocka_unit_test(test_a_storm_of_marks_stays_in_its_cell),
	        cmocka_unit_test(test_links_are_kept_once),
	        cmocka_unit_test(test_copying_a_row_mends_what_it_cuts),
	        cmocka_unit_test(test_random_writes_leave_a_sane_grid),
	        cmocka_unit_test(test_no_cell_outside_the_clip_changes),
	        cmocka_unit_test(test_faults_are_named),
	        cmocka_unit_test(test_styles_are_printed_as_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
