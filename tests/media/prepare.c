/* What leaves: within limits, upright, without what it tells. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "make.h"

static struct made ready(struct str *file, const struct wish *wish, struct str *out)
{
	struct bytes bytes = bytes_of(file);
	struct made made;
	struct err err = {0};
	*out = (struct str){0};
	if (!prepare(&bytes, wish, out, &made, &err)) fail_msg("refused: %s", err.text);
	str_finish(file);
	return made;
}

static void refused(struct str *file, const struct wish *wish, const char *words)
{
	struct bytes bytes = bytes_of(file);
	struct str out = {0};
	struct made made;
	struct err err = {0};
	assert_false(prepare(&bytes, wish, &out, &made, &err));
	if (!strstr(err.text, words)) fail_msg("'%s' is not in: %s", words, err.text);
	str_finish(&out);
	str_finish(file);
}

static struct picture decoded(const struct str *file)
{
	struct bytes bytes = bytes_of(file);
	struct picture picture;
	assert_true(format_of(&bytes)->decode(&bytes, 0, 0, &picture, NULL));
	return picture;
}

static void what_fits_keeps_its_pixels(void **state)
{
	(void)state;
	const struct wish wish = {.max_bytes = 100000, .max_pixels = 10000};
	struct str file = jpeg_of(noise(60, 40)), out, same = {0};
	str_add(&same, file.p, file.len);
	add_exif(&file, 1);
	struct made made = ready(&file, &wish, &out);
	assert_string_equal(made.type, "image/jpeg");
	assert_int_equal(made.width, 60);
	assert_null(made.note);
	assert_int_equal(out.len, same.len); /* the same to the byte, less what it told */
	assert_memory_equal(out.p, same.p, same.len);
	str_finish(&out);
	str_finish(&same);
}

static void what_lies_on_its_side_is_put_upright(void **state)
{
	(void)state;
	const struct wish wish = {0};
	struct str file = jpeg_of(made_picture(64, 32)), out;
	char seen[5];
	add_exif(&file, 6);
	struct made made = ready(&file, &wish, &out);
	assert_int_equal(made.width, 32);
	assert_int_equal(made.height, 64);
	assert_false(holds(&out, "SECRET"));
	struct picture picture = decoded(&out);
	corners(&picture, seen);
	assert_string_equal(seen, "RrBb");
	picture_finish(&picture);
	str_finish(&out);
}

static void too_many_bytes_make_it_smaller(void **state)
{
	(void)state;
	static const uint64_t limits[] = {60000, 20000, 5000, 2000};
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		const struct wish wish = {.max_bytes = limits[i]};
		struct str file = jpeg_of(noise(400, 300)), out;
		struct made made = ready(&file, &wish, &out);
		assert_true(out.len <= limits[i]);
		assert_true(out.len > limits[i] / 4); /* and no smaller than it has to be */
		assert_true(made.width * 3 / 4 <= made.height + 2 && made.height <= made.width);
		struct picture picture = decoded(&out);
		assert_int_equal(picture.width, made.width);
		picture_finish(&picture);
		str_finish(&out);
	}
}

static void too_many_pixels_make_it_smaller(void **state)
{
	(void)state;
	const struct wish wish = {.max_pixels = 1000};
	struct str file = png_of(made_picture(200, 100)), out;
	char seen[5];
	struct made made = ready(&file, &wish, &out);
	assert_true(made.width * made.height <= 1000 && made.width * made.height > 900);
	struct picture picture = decoded(&out);
	corners(&picture, seen);
	assert_string_equal(seen, "rbRB");
	picture_finish(&picture);
	str_finish(&out);
}

static void another_kind_where_its_own_is_not_taken(void **state)
{
	(void)state;
	const struct wish jpeg = {.types = "image/gif,image/jpeg"}, png = {.types = "image/png"};
	const struct wish both = {.types = "image/png,image/jpeg", .max_bytes = 3000};
	struct str file = png_of(made_picture(20, 20)), out;
	assert_string_equal(ready(&file, &jpeg, &out).type, "image/jpeg");
	str_finish(&out);
	file = jpeg_of(made_picture(20, 20));
	assert_string_equal(ready(&file, &png, &out).type, "image/png");
	str_finish(&out);
	file = png_of(noise(100, 100)); /* 30 kB: a photograph */
	assert_string_equal(ready(&file, &both, &out).type, "image/jpeg");
	str_finish(&out);
	struct picture holes = noise(100, 100);
	holes.has_alpha = true;
	holes.rgba[3] = 0;
	file = png_of(holes);
	assert_string_equal(ready(&file, &both, &out).type, "image/png");
	assert_true(out.len <= 3000);
	str_finish(&out);
	const struct wish neither = {.types = "video/mp4"};
	file = png_of(made_picture(20, 20));
	refused(&file, &neither, "neither JPEG nor PNG");
}

static struct str text_file(const char *bytes, size_t len)
{
	struct str file = {0};
	str_add(&file, bytes, len);
	return file;
}

static void what_cannot_be_changed_passes_or_not(void **state)
{
	(void)state;
	static const char ogg[] = "OggS\0\2........artist=SECRET";
	struct str file = text_file(ogg, sizeof ogg), out;
	const struct wish any = {0}, strict = {.refuses = true}, small = {.max_bytes = 10};
	const struct wish pictures = {.types = "image/png"};
	struct made made = ready(&file, &any, &out);
	assert_string_equal(made.type, "audio/ogg");
	assert_string_equal(made.note, "what it tells of its making stays in it");
	assert_int_equal(out.len, sizeof ogg);
	str_finish(&out);
	file = text_file(ogg, sizeof ogg);
	refused(&file, &strict, "stays in it");
	file = text_file(ogg, sizeof ogg);
	refused(&file, &small, "audio/ogg of 1 kB cannot be made smaller here, and at most 1 kB");
	file = text_file(ogg, sizeof ogg);
	refused(&file, &pictures, "audio/ogg is not taken");
	file = text_file("hello", 5);
	refused(&file, &any, "no picture, film or sound");
	file = text_file("\xff\xd8\xff\xe0..", 6);
	refused(&file, &any, "no whole JPEG");
}

static void shown_within_a_frame(void **state)
{
	(void)state;
	struct str file = jpeg_of(made_picture(400, 200));
	struct picture picture;
	char seen[5];
	add_exif(&file, 8);
	struct bytes bytes = bytes_of(&file);
	assert_true(pixels(&bytes, 60, 90, &picture, NULL));
	assert_int_equal(picture.height, 90); /* it stands upright: 200 wide, 400 high */
	assert_int_equal(picture.width, 45);
	corners(&picture, seen);
	assert_string_equal(seen, "bBrR");
	picture_finish(&picture);
	assert_true(pixels(&bytes, 1000, 1000, &picture, NULL)); /* never larger than it is */
	assert_int_equal(picture.width, 200);
	picture_finish(&picture);
	str_finish(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_fits_keeps_its_pixels),
	        cmocka_unit_test(what_lies_on_its_side_is_put_upright),
	        cmocka_unit_test(too_many_bytes_make_it_smaller),
	        cmocka_unit_test(too_many_pixels_make_it_smaller),
	        cmocka_unit_test(another_kind_where_its_own_is_not_taken),
	        cmocka_unit_test(what_cannot_be_changed_passes_or_not),
	        cmocka_unit_test(shown_within_a_frame),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
