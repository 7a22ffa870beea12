#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/image.h"
#include "model/image_send.h"

static void cells_keep_its_proportions(void **state)
{
	static const struct {
		uint32_t width, height;
		int cols, rows, want_cols, want_rows;
	} rows[] = {
	        {1600, 1200, 40, 40, 40, 15},
	        {1600, 1200, 40, 12, 32, 12},
	        {100, 10000, 40, 12, 1, 12},
	        {10000, 10, 40, 12, 40, 1},
	        {0, 0, 32, 40, 32, 9}, /* taken for 16 to 9 */
	        {65535, 65535, 0, 0, 1, 1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int cols = rows[i].cols, high = rows[i].rows;
		image_fit(rows[i].width, rows[i].height, &cols, &high);
		assert_int_equal(cols, rows[i].want_cols);
		assert_int_equal(high, rows[i].want_rows);
	}
}

static struct image *parse(const char *head, const char *body, size_t len, bool pixels)
{
	const struct image_wish wish = {
	        .width = 2, .height = 2, .form = pixels ? IMAGE_SIXEL : IMAGE_CELLS};
	struct str said = {0};
	str_adds(&said, head);
	str_add(&said, body, len);
	struct image *image = image_parse(str_c(&said), said.len, &wish);
	str_finish(&said);
	return image;
}

/* What decoded a stranger's file may be theirs by now. */
static void only_what_was_wished_is_taken(void **state)
{
	static const char cell[] = "\x80\x25\0\0\1\2\3\4\5\6", esc[] = "\x1b\0\0\0\1\2\3\4\5\6";
	static const char wide[] = "\0\x4e\0\0\1\2\3\4\5\6";
	(void)state;
	struct image *image = parse("CELLS 1 1\n", cell, 10, false);
	assert_non_null(image);
	assert_int_equal(image->cells[0].code, 0x2580);
	assert_int_equal(image->cells[0].fg[2], 3);
	assert_int_equal(image->cells[0].bg[0], 4);
	image_free(image);
	assert_null(parse("CELLS 1 1\n", esc, 10, false));
	assert_null(parse("CELLS 1 1\n", wide, 10, false));
	assert_null(parse("CELLS 1 1\n", cell, 9, false));
	assert_null(parse("CELLS 3 1\n", cell, 10, false));
	assert_null(parse("CELLS 0 1\n", cell, 0, false));
	assert_null(parse("CELLS -1 1\n", cell, 10, false));
	assert_null(parse("CELLS 1 1 1\n", cell, 10, false));
	assert_null(parse("RGBA 1 1\n", cell, 4, false));
	assert_null(parse("", cell, 10, false));
	assert_null(parse("CELLS 1 1", "", 0, false));
	image = parse("RGBA 1 2\n", cell, 8, true);
	assert_non_null(image);
	assert_int_equal(image->rgba[7], 3 + 1);
	image_free(image);
}

static struct image *striped(uint32_t width, uint32_t height)
{
	struct image *image = image_new_pixels(width, height);
	for (uint32_t i = 0; i < width * height; i++) {
		image->rgba[4 * i] = i % 2 ? 255 : 0;
		image->rgba[4 * i + 1] = 0;
		image->rgba[4 * i + 2] = (unsigned char)i;
		image->rgba[4 * i + 3] = 255;
	}
	return image;
}

/* Between its first and its last bytes there is nothing that a terminal could take for an end. */
static void assert_closed(const struct str *out, const char *begin, bool base64)
{
	size_t n = strlen(begin);
	assert_true(out->len > n + 2 && memcmp(out->p, begin, n) == 0);
	assert_memory_equal(out->p + out->len - 2, "\033\\", 2);
	for (size_t i = n; i + 2 < out->len; i++) {
		if (base64 && out->p[i] == '\033') continue;
		assert_in_range(out->p[i], 0x20, 0x7e);
	}
}

static void what_is_sent_is_whole(void **state)
{
	struct str out = {0};
	struct image *image = striped(50, 30);
	(void)state;
	image_sixel(&out, image);
	assert_closed(&out, "\033P0;1;0q\"1;1;50;30", false);
	str_clear(&out);
	image_iterm(&out, image, 5, 2);
	assert_closed(&out, "\033]1337;File=inline=1;size=", false);
	str_clear(&out);
	image_kitty(&out, image, 5, 2);
	assert_closed(&out, "\033_Ga=T,f=24,s=50,v=30,", true);
	/* In pieces that are short enough. */
	size_t longest = 0, pieces = 0;
	for (const char *at = out.p, *end; (end = strstr(at, "\033\\")); at = end + 2) {
		if ((size_t)(end - at) > longest) longest = (size_t)(end - at);
		pieces++;
	}
	assert_int_equal(pieces, 2);
	assert_in_range(longest, 4000, 4096 + 64);
	image_free(image);
	str_finish(&out);
}

static void sixels_hold_the_colours(void **state)
{
	struct str out = {0};
	struct image *image = image_new_pixels(4, 7);
	(void)state;
	for (size_t i = 0; i < 28; i++)
		memcpy(image->rgba + 4 * i, i < 24 ? "\xff\0\0\xff" : "\0\0\xff\xff", 4);
	image_sixel(&out, image);
	/* Two bands: six lines of one colour, a line of the other. */
	assert_string_equal(
	        out.p, "\033P0;1;0q\"1;1;4;7#0;2;0;0;100#1;2;100;0;0#1!4~$-#0!4@$-\033\\");
	image_free(image);
	str_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(cells_keep_its_proportions),
	        cmocka_unit_test(only_what_was_wished_is_taken),
	        cmocka_unit_test(what_is_sent_is_whole),
	        cmocka_unit_test(sixels_hold_the_colours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
