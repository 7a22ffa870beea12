#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/str.h"
#include "ui/layout.h"

/* "first: col+cols col+cols …" */
static void expect(struct layout_in in, const char *text)
{
	struct layout_out out;
	struct str line = {0};
	in.rows = 20;
	layout_columns(&in, &out);
	str_addf(&line, "%zu:", out.first);
	for (size_t i = 0; i < out.count; i++) {
		str_addf(&line, " %d+%d", out.rects[i].col, out.rects[i].cols);
		assert_int_equal(out.rects[i].rows, 20);
	}
	assert_string_equal(line.p, text);
	str_finish(&line);
	free(out.rects);
}

static void test_two_fit_in_80(void **state)
{
	(void)state;
	expect((struct layout_in){.n = 4, .cols = 80, .like = 39}, "0: 0+40 41+39");
	expect((struct layout_in){.n = 4, .cols = 200, .like = 39}, "0: 0+50 51+49 101+49 151+49");
	expect((struct layout_in){.n = 1, .cols = 80, .like = 39}, "0: 0+80");
}

static void test_the_focused_column_is_always_there(void **state)
{
	(void)state;
	expect((struct layout_in){.n = 4, .focus = 2, .cols = 80, .like = 39}, "1: 0+40 41+39");
	expect((struct layout_in){.n = 4, .focus = 3, .first = 1, .cols = 80, .like = 39},
	        "2: 0+40 41+39");
	/* it does not jump when it is in view already */
	expect((struct layout_in){.n = 4, .focus = 1, .first = 1, .cols = 80, .like = 39},
	        "1: 0+40 41+39");
	expect((struct layout_in){.n = 4, .focus = 0, .first = 2, .cols = 80, .like = 39},
	        "0: 0+40 41+39");
	/* and no room is wasted at the right end */
	expect((struct layout_in){.n = 3, .focus = 2, .first = 2, .cols = 80, .like = 39},
	        "1: 0+40 41+39");
	expect((struct layout_in){.n = 2, .focus = 9, .cols = 39, .like = 39}, "1: 0+39");
}

static void test_own_widths_are_kept_and_the_others_share(void **state)
{
	(void)state;
	const int widths[] = {20, 0, 30};
	expect((struct layout_in){.widths = widths, .n = 3, .cols = 120, .like = 39},
	        "0: 0+20 21+68 90+30");
	const int all[] = {20, 30};
	expect((struct layout_in){.widths = all, .n = 2, .cols = 61, .like = 39}, "0: 0+25 26+35");
}

static void test_zoom_gives_it_everything(void **state)
{
	(void)state;
	expect((struct layout_in){.n = 4, .focus = 2, .cols = 80, .like = 39, .zoom = true},
	        "2: 0+80");
}

static void test_small_and_empty(void **state)
{
	(void)state;
	expect((struct layout_in){.n = 3, .focus = 1, .cols = 1, .like = 39}, "1: 0+1");
	expect((struct layout_in){.n = 0, .cols = 80, .like = 39}, "0:");
	expect((struct layout_in){.n = 2, .cols = 0, .like = 39}, "0:");
	const int wide[] = {500, 500};
	expect((struct layout_in){.widths = wide, .n = 2, .focus = 1, .cols = 80, .like = 39},
	        "1: 0+80");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_two_fit_in_80),
	        cmocka_unit_test(test_the_focused_column_is_always_there),
	        cmocka_unit_test(test_own_widths_are_kept_and_the_others_share),
	        cmocka_unit_test(test_zoom_gives_it_everything),
	        cmocka_unit_test(test_small_and_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
