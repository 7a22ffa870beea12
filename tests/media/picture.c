/* Pixels: smaller, upright, on white. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "make.h"

static void sizes_keep_their_proportions(void **state)
{
	(void)state;
	static const struct {
		uint32_t w, h, max_w, max_h, out_w, out_h;
	} rows[] = {
	        {400, 200, 100, 100, 100, 50},
	        {200, 400, 100, 100, 50, 100},
	        {40, 20, 100, 100, 40, 20},
	        {10000, 1, 100, 100, 100, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t w = rows[i].w, h = rows[i].h;
		picture_within(&w, &h, rows[i].max_w, rows[i].max_h);
		assert_int_equal(w, rows[i].out_w);
		assert_int_equal(h, rows[i].out_h);
	}
	for (uint64_t most = 1; most < 5000; most += 37) {
		uint32_t w = 3000, h = 2;
		picture_within_pixels(&w, &h, most);
		assert_true(w > 0 && h > 0 && (uint64_t)w * h <= most);
	}
	uint32_t w = 300, h = 200;
	picture_within_pixels(&w, &h, 0);
	assert_int_equal(w, 300);
	picture_within_pixels(&w, &h, 15000);
	assert_int_equal(w, 150);
	assert_int_equal(h, 100);
}

static void shrinking_means(void **state)
{
	(void)state;
	struct picture picture;
	assert_true(picture_init(&picture, 3, 2, NULL));
	static const unsigned char rgba[] = {10, 0, 0, 255, 20, 0, 0, 255, 30, 0, 0, 255, 30, 0, 0,
	        255, 40, 0, 0, 255, 50, 0, 0, 255};
	memcpy(picture.rgba, rgba, sizeof rgba);
	assert_true(picture_shrink(&picture, 1, 1, NULL));
	assert_int_equal(picture.rgba[0], 30);
	assert_int_equal(picture.rgba[3], 255);
	picture_finish(&picture);
	picture = made_picture(101, 67);
	assert_true(picture_shrink(&picture, 13, 9, NULL));
	char seen[5];
	corners(&picture, seen);
	assert_string_equal(seen, "rbRB");
	picture_finish(&picture);
}

/* What is not covered has no say in the colour. */
static void shrinking_minds_alpha(void **state)
{
	(void)state;
	struct picture picture;
	assert_true(picture_init(&picture, 2, 1, NULL));
	static const unsigned char rgba[] = {200, 0, 0, 255, 0, 250, 0, 0};
	memcpy(picture.rgba, rgba, sizeof rgba);
	assert_true(picture_shrink(&picture, 1, 1, NULL));
	assert_int_equal(picture.rgba[0], 200);
	assert_int_equal(picture.rgba[1], 0);
	assert_int_equal(picture.rgba[3], 128);
	picture_flatten(&picture);
	assert_in_range(picture.rgba[0], 226, 229);
	assert_in_range(picture.rgba[1], 126, 128);
	assert_int_equal(picture.rgba[3], 255);
	picture_finish(&picture);
}

static void every_orientation_is_put_upright(void **state)
{
	(void)state;
	/* What the corners of "rbRB" are after it. */
	static const char *const seen[] = {
	        "rbRB", "rbRB", "brBR", "BRbr", "RBrb", "rRbB", "RrBb", "BbRr", "bBrR", "rbRB"};
	for (int i = 0; i < 10; i++) {
		struct picture picture = made_picture(40, 20);
		char is[5];
		assert_true(picture_turn(&picture, i, NULL));
		corners(&picture, is);
		assert_string_equal(is, seen[i]);
		assert_int_equal(picture.width, i >= 5 && i <= 8 ? 20 : 40);
		picture_finish(&picture);
	}
}

static void what_is_too_large_is_never_made(void **state)
{
	(void)state;
	struct picture picture;
	struct err err;
	assert_false(picture_init(&picture, 65501, 1, &err));
	assert_false(picture_init(&picture, 65500, 65500, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_false(picture_init(&picture, 0, 5, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sizes_keep_their_proportions),
	        cmocka_unit_test(shrinking_means),
	        cmocka_unit_test(shrinking_minds_alpha),
	        cmocka_unit_test(every_orientation_is_put_upright),
	        cmocka_unit_test(what_is_too_large_is_never_made),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
