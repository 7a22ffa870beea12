/* Each kind of file: looked at, decoded, stripped; whole, cut anywhere, and changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <webp/encode.h>

#include "make.h"

static struct str webp_of(struct picture picture)
{
	uint8_t *bytes = NULL;
	struct str out = {0};
	size_t len = WebPEncodeLosslessRGBA(picture.rgba, (int)picture.width, (int)picture.height,
	        (int)picture.width * 4, &bytes);
	assert_true(len > 0);
	str_add(&out, (const char *)bytes, len);
	WebPFree(bytes);
	picture_finish(&picture);
	return out;
}

/* Two colours, 8 times 4, twice with a pause; a comment and a program's own words. */
static struct str gif_of(void)
{
	static const unsigned char head[] = "GIF89a\x08\0\x04\0\x80\0\0\xf0\0\0\0\0\xf0"
	                                    "\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
	                                    "\x21\xff\x0bXMP DataXMP\x06SECRET\0"
	                                    "\x21\xfe\x06SECRET\0";
	/* Each line: four of the first colour, four of the second; codes of 3 bits, each after
	 * a clear code, so that no table grows. */
	static const unsigned char frame[] =
	        "\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x08\0\x04\0\0\x02";
	struct str out = {0};
	str_add(&out, (const char *)head, sizeof head - 1);
	for (int n = 0; n < 2; n++) {
		uint64_t bits = 0;
		int count = 0;
		struct str data = {0};
		str_add(&out, (const char *)frame, sizeof frame - 1);
		for (int i = 0; i < 64; i++) {
			uint64_t code = i % 2 == 0 ? 4 : (uint64_t)(i / 2 % 8 >= 4);
			bits |= code << count;
			for (count += 3; count >= 8; count -= 8, bits >>= 8)
				str_addc(&data, (char)(bits & 255));
		}
		bits |= (uint64_t)5 << count;
		for (count += 3; count > 0; count -= 8, bits >>= 8)
			str_addc(&data, (char)(bits & 255));
		str_addc(&out, (char)data.len);
		str_add(&out, data.p, data.len);
		str_addc(&out, '\0');
		str_finish(&data);
	}
	str_addc(&out, ';');
	return out;
}

static void add_box(struct str *out, const char *name, const void *data, size_t len)
{
	char head[8] = {0, 0, (char)((len + 8) >> 8), (char)(len + 8)};
	memcpy(head + 4, name, 4);
	str_add(out, head, 8);
	str_add(out, data, len);
}

static struct str film_of(void)
{
	struct str out = {0}, moov = {0}, trak = {0}, tkhd = {0}, mvhd = {0};
	char zeros[80] = {0};
	str_add(&mvhd, "\0\0\0\0TIMETIME", 12);
	str_add(&mvhd, zeros, 80);
	str_add(&tkhd, "\0\0\0\7TIMETIME", 12);
	str_add(&tkhd, zeros, 64);
	str_add(&tkhd, "\x02\x80\0\0\x01\xe0\0\0", 8); /* 640 times 480 */
	add_box(&trak, "tkhd", tkhd.p, tkhd.len);
	add_box(&trak, "udta", "SECRET", 6);
	add_box(&moov, "mvhd", mvhd.p, mvhd.len);
	add_box(&moov, "trak", trak.p, trak.len);
	add_box(&moov, "udta", "SECRET", 6);
	add_box(&moov, "meta", "SECRET", 6);
	add_box(&out, "ftyp", "isomiso2", 8);
	add_box(&out, "moov", moov.p, moov.len);
	add_box(&out, "mdat", "pictures", 8);
	str_finish(&mvhd);
	str_finish(&tkhd);
	str_finish(&trak);
	str_finish(&moov);
	return out;
}

/* One of each kind. */
static struct str sample(int i)
{
	struct str out;
	switch (i) {
	case 0:
		out = jpeg_of(made_picture(40, 20));
		add_exif(&out, 6);
		return out;
	case 1:
		out = png_of(made_picture(40, 20));
		insert(&out, 33, "\0\0\0\x06tEXtSECRETcrc!", 18);
		return out;
	case 2:
		return webp_of(made_picture(40, 20));
	case 3:
		return gif_of();
	default:
		return film_of();
	}
}
enum { NSAMPLES = 5 };

static void each_is_known(void **state)
{
	(void)state;
	static const char *const types[] = {
	        "image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4"};
	static const uint32_t sizes[][2] = {{40, 20}, {40, 20}, {40, 20}, {8, 4}, {640, 480}};
	for (int i = 0; i < NSAMPLES; i++) {
		struct str file = sample(i);
		struct bytes bytes = bytes_of(&file);
		struct shape shape;
		const struct format *format = format_of(&bytes);
		assert_string_equal(format->type, types[i]);
		assert_true(format->look(&bytes, &shape, NULL));
		assert_int_equal(shape.width, sizes[i][0]);
		assert_int_equal(shape.height, sizes[i][1]);
		assert_int_equal(shape.orientation, i == 0 ? 6 : 0);
		assert_int_equal(shape.moves, i >= 3);
		str_finish(&file);
	}
	struct bytes nothing = {0}, words = {(const unsigned char *)"hello", 5};
	assert_null(format_of(&nothing));
	assert_null(format_of(&words));
}

static void pictures_are_decoded(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct str file = sample(i);
		struct bytes bytes = bytes_of(&file);
		struct picture picture;
		char seen[5];
		assert_true(format_of(&bytes)->decode(&bytes, 0, 0, &picture, NULL));
		corners(&picture, seen);
		assert_string_equal(seen, i == 3 ? "rbrb" : "rbRB");
		picture_finish(&picture);
		str_finish(&file);
	}
}

static void what_they_tell_is_taken_out(void **state)
{
	(void)state;
	for (int i = 0; i < NSAMPLES; i++) {
		struct str file = sample(i), out = {0};
		struct bytes bytes = bytes_of(&file), after;
		struct shape before, shape;
		const char *note = NULL;
		const struct format *format = format_of(&bytes);
		assert_true(holds(&file, i == 2 ? "VP8" : "SECRET"));
		assert_true(format->look(&bytes, &before, NULL));
		assert_true(format->strip(&bytes, &out, &note, NULL));
		assert_null(note);
		assert_false(holds(&out, "SECRET"));
		assert_false(holds(&out, "TIME"));
		after = bytes_of(&out);
		assert_ptr_equal(format_of(&after), format);
		assert_true(format->look(&after, &shape, NULL));
		assert_int_equal(shape.width, before.width);
		assert_int_equal(shape.moves, before.moves);
		if (format->decode) {
			struct picture picture;
			assert_true(format->decode(&after, 0, 0, &picture, NULL));
			picture_finish(&picture);
		}
		str_finish(&file);
		str_finish(&out);
	}
}

static void what_stands_behind_a_picture_goes(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct str file = sample(i), out = {0};
		const char *note = NULL;
		if (i == 2) { /* a chunk of XMP, and the flag for it */
			str_add(&file, "XMP \x06\0\0\0SECRET", 14);
		} else {
			str_adds(&file, "....ftypSECRET");
		}
		struct bytes bytes = bytes_of(&file);
		assert_true(format_of(&bytes)->strip(&bytes, &out, &note, NULL));
		assert_false(holds(&out, "SECRET"));
		str_finish(&file);
		str_finish(&out);
	}
}

static void a_film_with_a_data_track_says_so(void **state)
{
	(void)state;
	struct str file = {0}, out = {0}, trak = {0}, mdia = {0};
	const char *note = NULL;
	add_box(&mdia, "hdlr", "\0\0\0\0\0\0\0\0meta", 12);
	add_box(&trak, "mdia", mdia.p, mdia.len);
	struct str moov = {0};
	add_box(&moov, "trak", trak.p, trak.len);
	add_box(&file, "ftyp", "isom", 4);
	add_box(&file, "moov", moov.p, moov.len);
	struct bytes bytes = bytes_of(&file);
	assert_true(film_strip(&bytes, &out, &note, NULL));
	assert_non_null(note);
	str_finish(&file);
	str_finish(&out);
	str_finish(&trak);
	str_finish(&mdia);
	str_finish(&moov);
}

/* Nothing that is cut or changed may do more than fail. */
static void try_all(const struct bytes *bytes)
{
	struct str out = {0};
	struct shape shape;
	struct picture picture = {0};
	const char *note = NULL;
	const struct format *format = format_of(bytes);
	if (!format) return;
	if (format->look) format->look(bytes, &shape, NULL);
	if (format->decode && format->decode(bytes, 0, 0, &picture, NULL)) {
		assert_true((uint64_t)picture.width * picture.height <= PICTURE_MAX_PIXELS);
		picture_finish(&picture);
	}
	if (format->strip) format->strip(bytes, &out, &note, NULL);
	assert_true(out.len <= bytes->len + 64);
	str_finish(&out);
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (int i = 0; i < NSAMPLES; i++) {
		struct str file = sample(i);
		for (size_t len = 0; len < file.len; len++) {
			unsigned char *copy = malloc(len + 1); /* its end is watched */
			memcpy(copy, file.p, len);
			struct bytes bytes = {copy, len};
			try_all(&bytes);
			free(copy);
		}
		str_finish(&file);
	}
}

static void each_byte_changed(void **state)
{
	(void)state;
	static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
	for (int i = 0; i < NSAMPLES; i++) {
		struct str file = sample(i);
		for (size_t at = 0; at < file.len && at < 600; at++) {
			char was = file.p[at];
			for (size_t k = 0; k < sizeof values; k++) {
				file.p[at] = (char)values[k];
				struct bytes bytes = bytes_of(&file);
				try_all(&bytes);
			}
			file.p[at] = was;
		}
		str_finish(&file);
	}
}

/* A few bytes that claim to be as large as can be. */
static void bombs_are_refused_before_they_are_decoded(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct str file = sample(i);
		struct bytes bytes = bytes_of(&file);
		struct picture picture;
		struct err err = {0};
		static const char huge[] = "\xff\xdc\xff\xdc";
		if (i == 0) {
			size_t at = 2;
			while ((unsigned char)file.p[at + 1] != 0xc0)
				at += 2 + big_at(&bytes, at + 2, 2);
			memcpy(file.p + at + 5, huge, 4);
		} else if (i == 1) {
			memcpy(file.p + 16, "\0\0\xff\xdc\0\0\xff\xdc", 8);
		} else if (i == 2) {
			memcpy(file.p + 21, "\xff\xff\xff\x0f", 4); /* VP8L: 14 bits each */
		} else {
			memcpy(file.p + 6, huge, 4);
		}
		assert_false(format_of(&bytes)->decode(&bytes, 0, 0, &picture, &err));
		assert_true(err.code == ERR_TOO_LARGE || err.code == ERR_FORMAT);
		str_finish(&file);
	}
}

static void a_large_jpeg_is_read_smaller(void **state)
{
	(void)state;
	struct str file = jpeg_of(made_picture(801, 399));
	struct bytes bytes = bytes_of(&file);
	struct picture picture;
	assert_true(jpeg_read(&bytes, 100, 50, &picture, NULL));
	assert_int_equal(picture.width, 201); /* an eighth would be 49 high: too little */
	assert_int_equal(picture.height, 100);
	picture_finish(&picture);
	assert_true(jpeg_read(&bytes, 0, 0, &picture, NULL));
	assert_int_equal(picture.width, 801);
	picture_finish(&picture);
	str_finish(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_is_known),
	        cmocka_unit_test(pictures_are_decoded),
	        cmocka_unit_test(what_they_tell_is_taken_out),
	        cmocka_unit_test(what_stands_behind_a_picture_goes),
	        cmocka_unit_test(a_film_with_a_data_track_says_so),
	        cmocka_unit_test(cut_anywhere),
	        cmocka_unit_test(each_byte_changed),
	        cmocka_unit_test(bombs_are_refused_before_they_are_decoded),
	        cmocka_unit_test(a_large_jpeg_is_read_smaller),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
