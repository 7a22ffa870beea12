#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/clean.h"
#include "base/random.h"
#include "base/utf8.h"

enum { IN_KINDS = 3, KINDS = 9 };

/* All kinds of both gates in one row, by number. */
static void clean(struct str *out, int kind, const char *p, size_t len)
{
	if (kind < IN_KINDS) {
		clean_in(out, (enum clean_in)kind, p, len);
	} else {
		clean_out(out, (enum clean_out)(kind - IN_KINDS), p, len);
	}
}

static bool has_lines(int kind)
{
	return kind == CLEAN_BODY || kind == IN_KINDS + CLEAN_CLIP ||
	       kind == IN_KINDS + CLEAN_PLAIN;
}

static void nothing_is_clean(void **state)
{
	struct str out = {0};

	(void)state;
	for (int kind = 0; kind < KINDS; kind++)
		clean(&out, kind, NULL, 0);
	clean_in_moving(&out, CLEAN_BODY, NULL, 0, NULL, 0);
	assert_int_equal(out.len, 0);
	assert_true(clean_is_plain(NULL, 0));
	str_finish(&out);
}

struct sample {
	const char *raw, *body, *name, *cell;
};

static const struct sample samples[] = {
        /* escapes, C0, C1 */
        {"a\x1b[31mb", "a[31mb", "a[31mb", "a[31mb"},
        {"a\xc2\x9b"
         "31mb\xc2\x9d",
                "a31mb", "a31mb", "a31mb"},
        {"\x1b]0;x\x07 \x1bP\x1b\\", "]0;x P\\", "]0;x P\\", "]0;x P\\"},
        {"a\x7f"
         "b\x08"
         "c\x0e",
                "abc", "abc", "abc"},
        {"hi\rADMIN: keys", "hi ADMIN: keys", "hi ADMIN: keys", "hi ADMIN: keys"},
        /* line ends and blanks */
        {"a\r\nb\nc\rd", "a\nb\nc d", "a b c d", "a b c d"},
        {"a\xe2\x80\xa8"
         "b\xe2\x80\xa9"
         "c\xc2\x85"
         "d",
                "a\nb\nc\nd", "a b c d", "a b c d"},
        {" a \t b\v\fc ", " a   b  c ", "a b c", " a   b  c "},
        {"a\u00a0b\u3000c\u2003d", "a\u00a0b\u3000c\u2003d", "a b c d", "a\u00a0b\u3000c\u2003d"},
        {"\r", " ", "", " "},
        /* faulty UTF-8 */
        {"a\xff\xc3(\xed\xa0\x80\xf0\x9f\x98", "a\ufffd\ufffd(\ufffd\ufffd\ufffd\ufffd",
                "a\ufffd\ufffd(\ufffd\ufffd\ufffd\ufffd", "a\ufffd\ufffd(\ufffd\ufffd\ufffd\ufffd"},
        {"a\ufffe\ufdd0\U0001ffff"
         "b\ufff9\ufffb"
         "c\ufffc",
                "abc\ufffd", "abc\ufffd", "abc\ufffd"},
        {"\ue000", "\ue000", "\ue000", "\ue000"},
        /* bidi */
        {"\u202egro.elgoog\u202c", "gro.elgoog", "gro.elgoog", "gro.elgoog"},
        {"a\u200e\u200f\u061c\u202a\u202b\u202d\u2066\u2067\u2068\u2069"
         "b",
                "ab", "ab", "ab"},
        {"שלום עולם مرحبا", "שלום עולם مرحبا", "שלום עולם مرحبا", "שלום עולם مرحبا"},
        /* invisible */
        {"cry\u200bpto\u2060x", "cry\u200bpto\u2060x", "cryptox", "cryptox"},
        {"a\u00ad\ufeff\u180e\u2061\u2064\u115f\u1160\u3164\uffa0\u034f"
         "b",
                "ab", "ab", "ab"},
        {"a\u2800b", "a\u2800b", "ab", "a\u2800b"},
        {"a\U000e0061\U000e0062"
         "b\U000e0001",
                "ab", "ab", "ab"},
        /* joiners */
        {"👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", "👨👩👧", "👨\u200d👩\u200d👧"},
        {"👩🏽\u200d💻 ❤\ufe0f\u200d🔥", "👩🏽\u200d💻 ❤\ufe0f\u200d🔥",
                "👩🏽💻 ❤🔥", "👩🏽\u200d💻 ❤\ufe0f\u200d🔥"},
        {"a\u200db\u200c👨\u200d a\u200d", "ab👨 a", "ab👨 a", "ab👨 a"},
        {"👨\u200d\u200d👩", "👨\u200d👩", "👨👩", "👨\u200d👩"},
        {"👨\u200d\u202e👩", "👨\u200d👩", "👨👩", "👨\u200d👩"},
        {"می\u200cخواهم", "می\u200cخواهم", "میخواهم", "می\u200cخواهم"},
        {"ക്\u200dഷ ന്\u200d", "ക്\u200dഷ ന്\u200d", "ക്ഷ ന്", "ക്\u200dഷ ന്\u200d"},
        /* selectors */
        {"❤\ufe0f❤\ufe0e a\ufe0f", "❤\ufe0f❤\ufe0e a", "❤❤ a", "❤\ufe0f❤\ufe0e a"},
        {"❤\ufe0f\ufe0f\ufe0e", "❤\ufe0f", "❤", "❤\ufe0f"},
        {"1\ufe0f\u20e3 1\ufe0f2", "1\ufe0f\u20e3 12", "1\u20e3 12", "1\ufe0f\u20e3 12"},
        {"葛\U000e0100\U000e0101 a\U000e0100", "葛\U000e0100 a", "葛 a", "葛\U000e0100 a"},
        /* flags */
        {"🇳🇱", "🇳🇱", "🇳🇱", "🇳🇱"},
        {"🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f!",
                "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f!", "🏴!",
                "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f!"},
        {"🏴\U000e0067\U000e0062!", "🏴!", "🏴!", "🏴!"},
        {"🏴\U000e007f", "🏴", "🏴", "🏴"},
        {"🏴\U000e0020\U000e0067\U000e007f", "🏴", "🏴", "🏴"},
        /* marks */
        {"e\u0301\u0301\u0301\u0301\u0301\u0301!", "e\u0301\u0301\u0301\u0301!",
                "e\u0301\u0301\u0301\u0301!", "e\u0301\u0301\u0301\u0301!"},
        {"\u0301a\n\u0301b \u0301", "a\nb \u0301", "a \u0301b \u0301", "a \u0301b \u0301"},
        {"မြွှေ့", "မြွှေ့", "မြွှေ့", "မြွှေ့"},
        {"हिन्दी ไทยนี่", "हिन्दी ไทยนี่", "हिन्दी ไทยนี่", "हिन्दी ไทยนี่"},
};

static void check(const char *raw, size_t len, int kind, const char *want)
{
	struct str out = {0};

	str_adds(&out, "<");
	clean(&out, kind, raw, len);
	if (strcmp(out.p + 1, want) != 0) {
		fail_msg("kind %d of '%s': '%s', not '%s'", kind, raw, out.p + 1, want);
	}
	str_finish(&out);
}

static void each_rule_of_the_table_holds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct sample *sample = &samples[i];
		size_t len = strlen(sample->raw);
		check(sample->raw, len, CLEAN_BODY, sample->body);
		check(sample->raw, len, CLEAN_NAME, sample->name);
		check(sample->raw, len, IN_KINDS + CLEAN_CELL, sample->cell);
	}
	check("a\0b", 3, CLEAN_BODY, "ab");
	check("a\r\0\nb", 5, CLEAN_BODY, "a\nb");
}

static void each_sink_has_its_own_room(void **state)
{
	static const char raw[] = "a\tb\nc  d ", url[] = "http://é.x/a b\"\n\x1b%\xff\u202e";

	(void)state;
	check(raw, strlen(raw), CLEAN_LINE, "a b c d");
	check(raw, strlen(raw), IN_KINDS + CLEAN_CELL, "a b c  d ");
	check(raw, strlen(raw), IN_KINDS + CLEAN_TITLE, "a b c d");
	check(raw, strlen(raw), IN_KINDS + CLEAN_CLIP, "a b\nc  d ");
	check(raw, strlen(raw), IN_KINDS + CLEAN_PLAIN, "a\tb\nc  d ");
	check(raw, strlen(raw), IN_KINDS + CLEAN_LOG, "a b c  d ");
	check(url, strlen(url), IN_KINDS + CLEAN_URL, "http://%C3%A9.x/a%20b\"%%FF%E2%80%AE");
}

static void a_title_has_eighty_cells(void **state)
{
	struct str raw = {0}, out = {0};

	(void)state;
	str_adds(&raw, "a");
	for (int i = 0; i < 100; i++)
		str_adds(&raw, "漢");
	clean_out(&out, CLEAN_TITLE, raw.p, raw.len);
	assert_int_equal(utf8_width(out.p, out.len), 79);
	str_clear(&raw);
	str_clear(&out);
	for (int i = 0; i < 79; i++)
		str_addc(&raw, 'x');
	str_adds(&raw, "  y z");
	clean_out(&out, CLEAN_TITLE, raw.p, raw.len);
	assert_int_equal(out.len, 79);
	str_finish(&raw);
	str_finish(&out);
}

static void plain_text_is_recognised(void **state)
{
	(void)state;
	assert_true(clean_is_plain("plain text!", 11));
	assert_false(clean_is_plain(" a", 2));
	assert_false(clean_is_plain("a ", 2));
	assert_false(clean_is_plain("a  b", 4));
	assert_false(clean_is_plain("a\nb", 3));
	assert_false(clean_is_plain("\xc3\xa9", 2));
	assert_false(clean_is_plain("\x7f", 1));
}

static void offsets_move_with_the_text(void **state)
{
	static const char raw[] = "\x1b"
	                          "ab\u202e cd\r\n👨\u200d👩\u200b!";
	/*                          0     1  3      6 78  9 11 15     18  22    25 26 */
	size_t offsets[] = {0, 1, 2, 3, 6, 7, 9, 11, 15, 22, 25, 26, 40};
	static const size_t want[] = {0, 0, 1, 2, 2, 3, 5, 6, 10, 17, 20, 21, 21};
	struct str out = {0};

	(void)state;
	str_adds(&out, "<<");
	clean_in_moving(
	        &out, CLEAN_BODY, raw, strlen(raw), offsets, sizeof offsets / sizeof *offsets);
	assert_string_equal(out.p, "<<ab cd\n👨\u200d👩\u200b!");
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		if (offsets[i] != want[i] + 2) {
			fail_msg("offset %zu: %zu, not %zu", i, offsets[i], want[i] + 2);
		}
	}
	str_finish(&out);
}

static bool is_letter(int32_t cp)
{
	return utf8proc_category(cp) >= UTF8PROC_CATEGORY_LU &&
	       utf8proc_category(cp) <= UTF8PROC_CATEGORY_LO;
}

/* A joiner or selector may only stand inside a cluster that needs it. */
static bool may_follow(int32_t cp, int32_t before)
{
	if (cp == 0x200c || cp == 0x200d) return before >= 0x300;
	if (cp >= 0xfe00 && cp <= 0xfe0f) return before >= 0xa9 || strchr("0123456789#*", before);
	return true;
}

/* What no cleaned text may hold, whatever came in. */
static void check_properties(int kind, const char *p, size_t len)
{
	int32_t before = 0, base = 0;
	int marks = 0;

	assert_true(utf8_valid(p, len));
	for (size_t i = 0; i < len;) {
		int32_t cp;
		i += utf8_decode(p + i, len - i, &cp);
		bool allowed = (cp == '\n' && has_lines(kind)) ||
		               (cp == '\t' && kind == IN_KINDS + CLEAN_PLAIN);
		if (cp < 0x20 && !allowed) fail_msg("kind %d: U+%04X", kind, (unsigned)cp);
		assert_false(cp >= 0x7f && cp <= 0x9f);
		assert_false(cp == 0x61c || cp == 0x200e || cp == 0x200f);
		assert_false((cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069));
		assert_false(cp == 0x2028 || cp == 0x2029 || cp == 0xfeff || cp == 0xad);
		assert_false((cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef));
		bool tag = cp >= 0xe0000 && cp <= 0xe007f;
		if (tag) assert_int_equal(base, 0x1f3f4);
		assert_true(may_follow(cp, before));
		bool zero = tag || cp == 0x200b || cp == 0x200c || cp == 0x200d || cp == 0x2060;
		if (zero && kind == CLEAN_NAME) fail_msg("U+%04X in a name", (unsigned)cp);
		utf8proc_category_t category = utf8proc_category(cp);
		bool mark = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
		bool selector = (cp >= 0xfe00 && cp <= 0xfe0f) || cp == 0x180b || cp >= 0xe0100;
		if (!zero && !selector) marks = mark ? marks + 1 : 0;
		if (marks > 4) fail_msg("%d marks in '%s'", marks, p);
		if (!mark && !zero) base = cp;
		before = cp;
	}
	if (kind == IN_KINDS + CLEAN_TITLE) assert_true(utf8_width(p, len) <= 80);
	if (kind == IN_KINDS + CLEAN_URL) {
		for (size_t i = 0; i < len; i++)
			assert_in_range(p[i], 33, 126);
	}
}

static void check_all(const char *raw, size_t len)
{
	struct str once = {0}, twice = {0};

	for (int kind = 0; kind < KINDS; kind++) {
		str_clear(&once);
		str_clear(&twice);
		clean(&once, kind, raw, len);
		assert_true(once.len <= 8 * len);
		check_properties(kind, str_c(&once), once.len);
		clean(&twice, kind, str_c(&once), once.len);
		assert_string_equal(str_c(&once), str_c(&twice));
	}
	/* What passed the first gate passes the second of its kind unchanged. */
	str_clear(&once);
	str_clear(&twice);
	clean_in(&once, CLEAN_NAME, raw, len);
	clean_out(&twice, CLEAN_CELL, str_c(&once), once.len);
	assert_string_equal(str_c(&once), str_c(&twice));
	if (clean_is_plain(raw, len)) {
		assert_int_equal(once.len, len);
		assert_memory_equal(str_c(&once), raw, len);
	}
	str_finish(&once);
	str_finish(&twice);
}

static void random_bytes_become_clean(void **state)
{
	struct random random;
	char raw[40];

	(void)state;
	random_init(&random, 3);
	for (int round = 0; round < 100000; round++) {
		size_t len = random_below(&random, sizeof raw);
		for (size_t i = 0; i < len; i++)
			raw[i] = (char)random_below(&random, 256);
		check_all(raw, len);
	}
}

static void random_pieces_become_clean(void **state)
{
	static const char *const pieces[] = {"a", " ", "\n", "\r", "\t", "\x1b[31m", "\xc2\x9b",
	        "\u0301", "\u0301\u0302\u0303", "\u200d", "\u200c", "\u200b", "\ufe0f", "\ufe0e",
	        "\U000e0100", "👨", "👩🏽", "🏽", "❤", "1", "\u20e3", "🏴",
	        "\U000e0067\U000e0062", "\U000e007f", "🇳", "漢", "م", "ي", "क", "्", "ा", "\u202e",
	        "\u2066", "\u2028", "\xff", "\xe2\x80", "\u3164", "\ufffc", "\ue000", "\u3000",
	        "\u180b", "\u1820"};
	struct random random;

	(void)state;
	random_init(&random, 4);
	for (int round = 0; round < 60000; round++) {
		struct str raw = {0};
		for (size_t n = random_below(&random, 12); n > 0; n--) {
			str_adds(&raw,
			        pieces[random_below(&random, sizeof pieces / sizeof *pieces)]);
		}
		check_all(str_c(&raw), raw.len);
		str_finish(&raw);
	}
}

static void every_code_point_alone_and_between_letters(void **state)
{
	(void)state;
	for (int32_t cp = 1; cp <= 0x10ffff; cp++) {
		char raw[8] = "a", *p = raw + 1;
		size_t n = utf8_encode(p, cp);
		p[n] = 'b';
		struct str out = {0};
		for (int kind = 0; kind < KINDS - 1; kind++) {
			str_clear(&out);
			clean(&out, kind, raw, n + 2);
			check_properties(kind, out.p, out.len);
		}
		/* A letter of whatever script stays a letter. */
		str_clear(&out);
		clean_in(&out, CLEAN_NAME, raw, n + 2);
		bool filler = cp == 0x115f || cp == 0x1160 || cp == 0x3164 || cp == 0xffa0;
		if (is_letter(cp) && !filler) assert_memory_equal(out.p, raw, n + 2);
		str_finish(&out);
	}
}

static void storms_stay_small(void **state)
{
	struct str raw = {0}, out = {0};

	(void)state;
	str_addc(&raw, 'a');
	for (int i = 0; i < 10000; i++)
		str_adds(&raw, "\u0301");
	clean_in(&out, CLEAN_BODY, raw.p, raw.len);
	assert_int_equal(out.len, 1 + 4 * 2);
	str_finish(&raw);
	str_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_clean),
	        cmocka_unit_test(each_rule_of_the_table_holds),
	        cmocka_unit_test(each_sink_has_its_own_room),
	        cmocka_unit_test(a_title_has_eighty_cells),
	        cmocka_unit_test(plain_text_is_recognised),
	        cmocka_unit_test(offsets_move_with_the_text),
	        cmocka_unit_test(random_bytes_become_clean),
	        cmocka_unit_test(random_pieces_become_clean),
	        cmocka_unit_test(every_code_point_alone_and_between_letters),
	        cmocka_unit_test(storms_stay_small),
	};
	if (!setlocale(LC_ALL, "C.UTF-8")) return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
