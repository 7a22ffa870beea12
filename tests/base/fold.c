#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/fold.h"
#include "base/random.h"
#include "base/utf8.h"

static void nothing_folds_to_nothing(void **state)
{
	struct str out = {0};
	uint32_t *map = NULL;

	(void)state;
	fold_add(&out, NULL, 0);
	assert_string_equal(str_c(&out), "");
	fold_map(&out, &map, NULL, 0);
	assert_int_equal(out.len, 0);
	assert_int_equal(map[0], 0);
	free(map);
	str_finish(&out);
}

static void both_ways_of_writing_are_one(void **state)
{
	static const struct {
		const char *text, *folded;
	} samples[] = {
	        {"Hello, WORLD!", "hello, world!"},
	        {"The Quick Brown Fox Jumps Over The Lazy Dog @[`{^~", "the quick brown fox jumps "
	                                                               "over the lazy dog @[`{^~"},
	        {"Crème Brûlée", "creme brulee"},
	        {"Cre\u0300me Bru\u0302le\u0301e", "creme brulee"},
	        {"cry\u200bpto c\u00adr\u200dy\ufeffp\u2060to", "crypto crypto"},
	        {"Straße STRASSE", "strasse strasse"},
	        {"İstanbul ISTANBUL ısı", "istanbul istanbul isi"},
	        {"ışık IŞIK Işık", "isik isik isik"},
	        {"Łódź Ørsted Đorđe Æther œuvre", "lodz orsted dorde aether oeuvre"},
	        {"Þórður Ħal ǿ ǽ", "thordur hal o ae"},
	        {"كـتـاب", "كتاب"},
	        {"Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"},
	        {"ЁЖИК й", "ежик и"},
	        {"ﬁne ½ ① ™", "fine 1⁄2 1 tm"},
	        {"𝐜𝓻𝔂𝖕𝚝𝘰 ｃｒｙｐｔｏ", "crypto crypto"},
	        {"a \t\n\r b\u00a0\u3000c  ", "a b c "},
	        {"x\x01y\x7fz", "xyz"},
	        {"הַשָּׁלוֹם", "השלום"},
	        {"مُحَمَّد أحمد", "محمد احمد"},
	        {"ﷺ", "صلى الله عليه وسلم"},
	        {"हिन्दी की क़", "हिन्दी की क"},
	        {"ที่นี่", "ที่นี่"},
	        {"한국어", "한국어"},
	        {"\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"},
	        {"ガギ ｶﾞｷﾞ か\u3099", "ガギ ガギ が"},
	        {"漢字テスト", "漢字テスト"},
	        {"👍🏽❤️", "👍🏽❤"},
	        {"bad \xff\xc3 bytes", "bad \ufffd\ufffd bytes"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct str out = {0}, again = {0};
		fold_add(&out, samples[i].text, strlen(samples[i].text));
		assert_string_equal(out.p, samples[i].folded);
		fold_add(&again, out.p, out.len);
		assert_string_equal(again.p, samples[i].folded);
		str_finish(&out);
		str_finish(&again);
	}
}

static void it_adds_behind_what_is_there(void **state)
{
	struct str out = {0};

	(void)state;
	fold_add(&out, "A ", 2);
	str_addc(&out, '\n');
	fold_add(&out, " \u0301B", 4);
	assert_string_equal(out.p, "a \n b");
	str_finish(&out);
}

static void fold_to(struct str *out, const char *p, size_t len)
{
	str_clear(out);
	fold_add(out, p, len);
}

/* Of every character there is: its fold is folded, and so is every way of writing it. */
static void case_and_composition_never_matter(void **state)
{
	struct str one = {0}, two = {0};

	(void)state;
	for (int32_t cp = 0x80; cp < 0x110000; cp++) {
		char text[8];
		int32_t ways[2] = {utf8proc_toupper(cp), utf8proc_tolower(cp)};
		utf8proc_uint8_t *apart = NULL;

		if (!utf8proc_codepoint_valid(cp)) continue;
		size_t len = utf8_encode(text, cp);
		text[len] = '\0';
		fold_to(&one, text, len);
		fold_to(&two, str_c(&one), one.len);
		if (strcmp(str_c(&one), str_c(&two)) != 0) fail_msg("U+%04X twice", (unsigned)cp);
		apart = utf8proc_NFD((const utf8proc_uint8_t *)text);
		fold_to(&two, (char *)apart, strlen((char *)apart));
		free(apart);
		if (strcmp(str_c(&one), str_c(&two)) != 0) fail_msg("U+%04X apart", (unsigned)cp);
		for (int i = 0; i < 2; i++) {
			char other[8];

			fold_to(&two, other, utf8_encode(other, ways[i]));
			if (strcmp(str_c(&one), str_c(&two)) != 0)
				fail_msg("U+%04X in another case", (unsigned)cp);
		}
	}
	str_finish(&one);
	str_finish(&two);
}

/* Plain folding of ASCII, byte by byte. */
static void fold_slowly(struct str *out, const char *p, size_t len)
{
	size_t start = out->len;

	for (size_t i = 0; i < len; i++) {
		char c = p[i];
		if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
		if (c >= '\t' && c <= '\r') c = ' ';
		if (c < 0x20 || c == 0x7f) continue;
		if (c == ' ' && out->len > start && out->p[out->len - 1] == ' ') continue;
		str_addc(out, c);
	}
}

static void blocks_of_ascii_fold_as_single_bytes_do(void **state)
{
	struct random random;
	char text[100];

	(void)state;
	random_init(&random, 5);
	for (int round = 0; round < 20000; round++) {
		struct str fast = {0}, slow = {0};
		size_t len = random_below(&random, sizeof text);
		for (size_t i = 0; i < len; i++) {
			text[i] = (char)(32 + random_below(&random, 95));
			if (random_below(&random, 8) == 0) text[i] = ' ';
			if (random_below(&random, 40) == 0)
				text[i] = (char)random_below(&random, 128);
		}
		fold_add(&fast, text, len);
		fold_slowly(&slow, text, len);
		assert_string_equal(str_c(&fast), str_c(&slow));
		str_finish(&fast);
		str_finish(&slow);
	}
}

static void the_map_leads_back_to_the_text(void **state)
{
	static const char text[] = "Ab  Ça ﬁ\u200b x ﷺ";
	struct str out = {0}, plain = {0};
	uint32_t *map;

	(void)state;
	str_adds(&out, "before ");
	fold_map(&out, &map, text, strlen(text));
	fold_add(&plain, text, strlen(text));
	assert_string_equal(out.p + 7, plain.p);
	static const uint32_t want[] = {0, 1, 2, 4, 6, 7, 8, 8, 14, 15, 16};
	assert_memory_equal(map, want, sizeof want);
	size_t end = strlen(plain.p);
	assert_int_equal(map[end], strlen(text));
	for (size_t i = 11; i < end; i++)
		assert_int_equal(map[i], 17);
	free(map);
	str_finish(&out);
	str_finish(&plain);
}

static void random_text_folds_to_valid_utf8_with_a_rising_map(void **state)
{
	static const char *const pieces[] = {"a", "B", " ", "\n", "é", "e\u0301", "ß", "ﬁ", "漢",
	        "\u1112", "\u1161", "\u11ab", "か", "\u3099", "ｶ", "ﾞ", "\u200d", "\xff", "ﷺ", "İ",
	        "\u0344", "हि", "👍", "\ufe0f"};
	struct random random;

	(void)state;
	random_init(&random, 9);
	for (int round = 0; round < 5000; round++) {
		struct str text = {0}, out = {0}, plain = {0};
		uint32_t *map;
		for (size_t n = random_below(&random, 30); n > 0; n--) {
			str_adds(&text,
			        pieces[random_below(&random, sizeof pieces / sizeof *pieces)]);
		}
		fold_map(&out, &map, str_c(&text), text.len);
		fold_add(&plain, str_c(&text), text.len);
		assert_string_equal(str_c(&out), str_c(&plain));
		assert_true(utf8_valid(str_c(&out), out.len));
		assert_int_equal(map[out.len], text.len);
		for (size_t i = 0; i < out.len; i++)
			assert_true(map[i] <= map[i + 1]);
		free(map);
		str_finish(&text);
		str_finish(&out);
		str_finish(&plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_folds_to_nothing),
	        cmocka_unit_test(both_ways_of_writing_are_one),
	        cmocka_unit_test(it_adds_behind_what_is_there),
	        cmocka_unit_test(case_and_composition_never_matter),
	        cmocka_unit_test(blocks_of_ascii_fold_as_single_bytes_do),
	        cmocka_unit_test(the_map_leads_back_to_the_text),
	        cmocka_unit_test(random_text_folds_to_valid_utf8_with_a_rising_map),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
