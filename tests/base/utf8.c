#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/utf8.h"

static void nothing_is_empty(void **state)
{
	char out[15];
	int width = 9;

	(void)state;
	assert_true(utf8_valid(NULL, 0));
	assert_int_equal(utf8_prefix(NULL, 0, 0), 0);
	assert_int_equal(utf8_cluster(NULL, 0).len, 0);
	assert_int_equal(utf8_width(NULL, 0), 0);
	assert_int_equal(utf8_clusters(NULL, 0), 0);
	assert_int_equal(utf8_show(out, NULL, 0, &width), 0);
	assert_int_equal(width, 0);
	width = 9;
	assert_int_equal(utf8_spacing(NULL, 0, &width), 0);
	assert_int_equal(width, 0);
	assert_int_equal(utf8_ascii(out, NULL, 0, 0), 0);
}

/* Expected: what each step takes, and the code point. */
struct step {
	size_t len;
	int32_t cp;
};

static void check_decode(const char *text, size_t len, const struct step *want, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		int32_t cp;
		assert_int_equal(utf8_decode(text + at, len - at, &cp), want[i].len);
		assert_int_equal(cp, want[i].cp);
		at += want[i].len;
	}
	assert_int_equal(at, len);
}

static void faults_give_one_replacement_for_each_maximal_subpart(void **state)
{
#define S(s) (s), sizeof(s) - 1
#define W(...)                                                                                     \
	(const struct step[]){__VA_ARGS__},                                                        \
	        sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step)
	(void)state;
	check_decode(S("a"), W({1, 'a'}));
	check_decode(S("\xc3\xa9"), W({2, 0xe9}));
	check_decode(S("\xe2\x82\xac"), W({3, 0x20ac}));
	check_decode(S("\xf4\x8f\xbf\xbf"), W({4, 0x10ffff}));
	/* Unicode 15, table 3-8 */
	check_decode(S("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82"
	               "A"),
	        W({1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd},
	                {1, 0xfffd}, {1, 0xfffd}, {1, 'A'}));
	check_decode(S("\xed\xa0\x80\xed\xbf\xbf\xed\xaf"
	               "A"),
	        W({1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd},
	                {1, 0xfffd}, {1, 0xfffd}, {1, 'A'}));
	check_decode(S("\xf4\x91\x92\x93\xff"
	               "A\x80\xbf"
	               "B"),
	        W({1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 0xfffd}, {1, 'A'},
	                {1, 0xfffd}, {1, 0xfffd}, {1, 'B'}));
	check_decode(S("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf"
	               "A"),
	        W({2, 0xfffd}, {1, 0xfffd}, {3, 0xfffd}, {2, 0xfffd}, {1, 'A'}));
#undef W
}

static void every_code_point_survives(void **state)
{
	char bytes[4];

	(void)state;
	for (int32_t cp = 0; cp <= 0x10ffff; cp++) {
		int32_t back;
		bool surrogate = cp >= 0xd800 && cp <= 0xdfff;
		size_t n = utf8_encode(bytes, cp);
		assert_int_equal(utf8_decode(bytes, n, &back), n);
		assert_int_equal(back, surrogate ? 0xfffd : cp);
		assert_true(utf8_valid(bytes, n));
		if (n > 1) assert_false(utf8_valid(bytes, n - 1));
	}
	assert_int_equal(utf8_encode(bytes, 0x110000), 3);
	assert_int_equal(utf8_encode(bytes, -1), 3);
	assert_false(utf8_valid(S("ok \xc0\xaf")));
	assert_true(utf8_valid(S("ok \xef\xbf\xbd")));
#undef S
}

/* Clusters parted by `|`. From the rules of UAX #29; GB9c is not known to utf8proc 2.8. */
static void clusters_break_as_the_rules_say(void **state)
{
	static const char *const samples[] = {
	        "a|b|c",
	        "\r\n|\n|\r",
	        "\r|a|\n|\u0301",
	        "e\u0301\u0302|x",
	        "\u1112\u1161\u11ab|\u1112\u1161",
	        "\u1100\uac00\u11a8|\uac01\u11a8|\uac01|\u1161",
	        "👨\u200d👩\u200d👧|👨",
	        "👨\ufe0f\u200d👩|a\u200d|👩",
	        "👍🏽|👍",
	        "🇳🇱|🇩🇪|🇫",
	        "🇳|a|🇳🇱",
	        "1\ufe0f\u20e3|1",
	        "का|क्|ष",
	        "กำ|ก",
	        "\u0600a|b",
	        "🏴\U000e0067\U000e0062\U000e007f|🏴",
	        "a|\u200b|b|\u202e|c|\u00ad|d|\ufeff",
	        "a\u200c|b\u200d|c",
	        "漢|字|か|な",
	        "\xff|a|\xc3|b",
	        "\u0301|a",
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		char text[200];
		size_t ends[40], nends = 0, len = 0, at = 0;
		for (const char *p = samples[i]; *p; p++) {
			if (*p == '|') {
				ends[nends++] = len;
			} else {
				text[len++] = *p;
			}
		}
		ends[nends++] = len;
		for (size_t k = 0; k < nends; k++) {
			struct cluster cluster = utf8_cluster(text + at, len - at);
			if (at + cluster.len != ends[k]) {
				fail_msg("%s: cluster %zu ends at %zu, not %zu", samples[i], k,
				        at + cluster.len, ends[k]);
			}
			at = ends[k];
		}
		assert_int_equal(utf8_clusters(text, len), nends);
	}
}

static void a_prefix_never_parts_a_cluster(void **state)
{
	static const char text[] = "ae\u0301👨\u200d👩漢";

	(void)state;
	size_t len = strlen(text), ends[] = {0, 1, 4, 15, 18};
	for (size_t max = 0; max <= len + 2; max++) {
		size_t want = 0;
		for (int i = 0; i < 5; i++)
			want = ends[i] <= max ? ends[i] : want;
		assert_int_equal(utf8_prefix(text, len, max), want);
	}
}

struct shown {
	const char *cluster, *shown;
	int width;
	const char *ascii;
};

static const struct shown table[] = {
        {"a", "a", 1, "a"},
        {" ", " ", 1, " "},
        {"é", "é", 1, "e"},
        {"e\u0301", "é", 1, "e"},
        {"x\u0301\u0302\u0303\u0304\u0305\u0306", "x\u0301\u0302\u0303\u0304", 1, "x"},
        {"漢", "漢", 2, "??"},
        {"Ａ", "Ａ", 2, "A "},
        {"ｱ", "ｱ", 1, "?"},
        {"°", "°", 1, "?"},
        {"─", "─", 1, "-"},
        {"│", "│", 1, "|"},
        {"…", "…", 1, "."},
        {"•", "•", 1, "*"},
        {"“", "“", 1, "\""},
        {"ø", "ø", 1, "o"},
        {"½", "½", 1, "?"},
        {"👨", "👨", 2, "??"},
        {"👨\u200d👩\u200d👧\u200d👦", "👨", 2, "??"},
        {"👩🏽\u200d💻", "👩", 2, "??"},
        {"👍🏽", "👍", 2, "??"},
        {"🏽", "🏽", 2, "??"},
        {"❤", "❤", 1, "*"},
        {"❤\ufe0f", "❤", 1, "*"},
        {"❤\ufe0f\u200d❤", "❤", 1, "*"},
        {"⌚\ufe0e", "⌚", 2, "??"},
        {"🇳🇱", "NL", 2, "NL"},
        {"🇳", "N", 1, "N"},
        {"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴", 2, "??"},
        {"🏳\ufe0f\u200d🌈", "🏳", 1, "?"},
        {"1\ufe0f\u20e3", "1", 1, "1"},
        {"#\u20e3", "#", 1, "#"},
        {"한", "한", 2, "??"},
        {"\u1112\u1161\u11ab", "한", 2, "??"},
        {"का", "का", 2, "??"},
        {"กำ", "กำ", 2, "??"},
        {"क\u093c", "क\u093c", 1, "?"},
        {"\U0001fae9", "\ufffd", 1, "?"},
        {"\U000e0001", "", 0, ""},
        {"\u0378", "\ufffd", 1, "?"},
        {"\ue000", "\ue000", 1, "?"},
        {"\xff", "\ufffd", 1, "?"},
        {"\n", "", 0, ""},
        {"\r\n", "", 0, ""},
        {"\x1b", "", 0, ""},
        {"\xc2\x9b", "", 0, ""},
        {"\u202e", "", 0, ""},
        {"\u200b", "", 0, ""},
        {"\u00ad", "", 0, ""},
        {"\u2028", "", 0, ""},
        {"\u3164", "", 0, ""},
        {"\u115f", "", 0, ""},
        {"\u0301", "", 0, ""},
        {"\ufe0f", "", 0, ""},
        {"\u1161", "", 0, ""},
};

static void what_is_shown_is_what_terminals_agree_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct shown *row = &table[i];
		char out[16] = {0}, ascii[16] = {0};
		int width;
		size_t n = utf8_show(out, row->cluster, strlen(row->cluster), &width);
		out[n] = '\0';
		if (strcmp(out, row->shown) != 0 || width != row->width) {
			fail_msg("row %zu '%s': shown '%s' in %d", i, row->cluster, out, width);
		}
		struct cluster cluster = utf8_cluster(row->cluster, strlen(row->cluster));
		assert_int_equal(cluster.len, strlen(row->cluster));
		assert_int_equal(cluster.width, width);
		n = utf8_ascii(ascii, row->cluster, strlen(row->cluster), width);
		ascii[n] = '\0';
		assert_string_equal(ascii, row->ascii);
	}
}

/* What ncurses does with the cluster: each spacing character is put, libc says how far. */
static void check_cells(const char *cluster, size_t len)
{
	char out[15];
	int width, sum = 0, spacing = 0;
	size_t n = utf8_show(out, cluster, len, &width);

	assert_true(n <= sizeof out);
	assert_true(utf8_valid(out, n));
	for (size_t i = 0; i < n;) {
		int32_t cp;
		i += utf8_decode(out + i, n - i, &cp);
		int cells = wcwidth((wchar_t)cp);
		if (cells < 0) fail_msg("U+%04X is shown, but libc does not know it", (unsigned)cp);
		sum += cells;
		spacing += cells > 0;
	}
	assert_int_equal(sum, width);
	assert_in_range(width, 0, 2);
	assert_true(spacing <= (width == 2 ? 2 : 1));
	if (width == 0) assert_int_equal(n, 0);
	int first, second;
	size_t part = utf8_spacing(out, n, &first);
	size_t rest = utf8_spacing(out + part, n - part, &second);
	assert_int_equal(part + rest, n);
	assert_int_equal(first + second, width);
	assert_int_equal(second > 0, spacing == 2);
}

static void widths_are_what_ncurses_advances(void **state)
{
	char bytes[4];
	struct random random;

	(void)state;
	for (int32_t cp = 1; cp <= 0x10ffff; cp++)
		check_cells(bytes, utf8_encode(bytes, cp));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		check_cells(table[i].cluster, strlen(table[i].cluster));
	}
	/* Any two and three pieces next to each other. */
	random_init(&random, 1);
	for (int round = 0; round < 100000; round++) {
		char text[100];
		size_t len = 0;
		for (int k = 0; k < 3; k++) {
			const char *piece =
			        table[random_below(&random, sizeof table / sizeof *table)].cluster;
			memcpy(text + len, piece, strlen(piece));
			len += strlen(piece);
		}
		size_t cells = 0;
		for (size_t at = 0; at < len;) {
			struct cluster cluster = utf8_cluster(text + at, len - at);
			assert_true(cluster.len > 0);
			check_cells(text + at, cluster.len);
			cells += (size_t)cluster.width;
			at += cluster.len;
		}
		assert_int_equal(utf8_width(text, len), cells);
	}
}

static void ascii_always_fills_its_room(void **state)
{
	char bytes[4], out[15];

	(void)state;
	for (int32_t cp = 0; cp <= 0x10ffff; cp++) {
		int width = utf8_cluster(bytes, utf8_encode(bytes, cp)).width;
		size_t len = utf8_encode(bytes, cp);
		assert_int_equal(utf8_ascii(out, bytes, len, width), width);
		for (int i = 0; i < width; i++)
			assert_in_range(out[i], 0x20, 0x7e);
	}
	assert_int_equal(utf8_ascii(out, "x", 1, 100), 14);
}

/* In the C locale libc knows no width; the other library's differ little. */
static void another_locale_gives_nearly_the_same_widths(void **state)
{
	static int utf8[0x20000];
	char bytes[4];
	size_t differ = 0, known = 0;

	(void)state;
	for (int32_t cp = 0; cp < 0x20000; cp++) {
		utf8[cp] = utf8_cluster(bytes, utf8_encode(bytes, cp)).width;
	}
	assert_non_null(setlocale(LC_ALL, "C"));
	for (int32_t cp = 0; cp < 0x20000; cp++) {
		int width = utf8_cluster(bytes, utf8_encode(bytes, cp)).width;
		known += width > 0;
		differ += width != utf8[cp];
	}
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	assert_true(known > 100000);
	if (differ > 700) fail_msg("%zu of %zu widths differ", differ, known);
}

static void kinds_of_characters(void **state)
{
	(void)state;
	static const struct {
		int32_t code;
		enum utf8_kind kind;
	} rows[] = {{'a', UTF8_LETTER}, {0xe9, UTF8_LETTER}, {0x4e00, UTF8_LETTER},
	        {0x2160, UTF8_LETTER}, {0x301, UTF8_MARK}, {0x93e, UTF8_MARK}, {'7', UTF8_DIGIT},
	        {0x663, UTF8_DIGIT}, {'_', UTF8_CONNECTOR}, {'-', UTF8_OTHER}, {' ', UTF8_OTHER},
	        {0xb2, UTF8_OTHER}, {0x1f600, UTF8_OTHER}, {-1, UTF8_OTHER},
	        {0x110000, UTF8_OTHER}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(utf8_kind(rows[i].code), rows[i].kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(kinds_of_characters),
	        cmocka_unit_test(nothing_is_empty),
	        cmocka_unit_test(faults_give_one_replacement_for_each_maximal_subpart),
	        cmocka_unit_test(every_code_point_survives),
	        cmocka_unit_test(clusters_break_as_the_rules_say),
	        cmocka_unit_test(a_prefix_never_parts_a_cluster),
	        cmocka_unit_test(what_is_shown_is_what_terminals_agree_on),
	        cmocka_unit_test(widths_are_what_ncurses_advances),
	        cmocka_unit_test(ascii_always_fills_its_room),
	        cmocka_unit_test(another_locale_gives_nearly_the_same_widths),
	};
	if (!setlocale(LC_ALL, "C.UTF-8")) return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
