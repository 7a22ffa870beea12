/* What Bluesky finds in a text and how long it is; scripts/check-bluesky asks the official
 * library the same of many thousand texts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "networks/bluesky_text.h"
#include "networks/bluesky_unicode.h"

static void note(void *ctx, const struct facet *facet)
{
	str_addf(ctx, "%s %u-%u %s\n", facet_kind_name(facet->kind), facet->start, facet->end,
	        facet->target);
}

static void finds(const char *text, const char *expected)
{
	struct str found = {0};
	bluesky_detect(text, strlen(text), note, &found);
	assert_string_equal(str_c(&found), expected);
	str_finish(&found);
}

static void mentions_are_names_of_the_root_zone(void **state)
{
	(void)state;
	finds("@ada.com (@b-c.nl) x@no.com @no.zz", "mention 0-8 ada.com\nmention 10-17 b-c.nl\n");
	finds("@ada.com. @ada.com_x @ada.COM @x.test",
	        "mention 0-8 ada.com\nmention 30-37 x.test\n");
	finds("\xc3\xa9 @ada.com\xc3\xa9", "mention 3-11 ada.com\n");
	finds("@.com @", "mention 0-5 .com\n");
}

static void links_are_addresses_and_bare_names(void **state)
{
	(void)state;
	finds("https://a.zz/b?c#d, see.", "link 0-18 https://a.zz/b?c#d\n");
	finds("(a.com) a.com/(b) e.g. a.jpg",
	        "link 1-6 https://a.com\nlink 8-17 https://a.com/(b)\n");
	finds("HTTP://a.com A.com a.COM http.cat",
	        "link 13-18 https://A.com\nlink 25-33 http.cat\n");
	finds("a.com!? \xc3\xa9.com \xe3\x80\x80"
	      "b.org",
	        "link 0-6 https://a.com!\nlink 18-23 https://b.org\n");
	finds("a.com(b.com) (b.com(@c.com)", "link 0-12 https://a.com(b.com)\n"
	                                     "link 14-27 https://b.com(@c.com)\n"
	                                     "mention 20-26 c.com\n");
	assert_true(bluesky_is_uri("https://a.com"));
	assert_true(bluesky_is_uri("x:y"));
	assert_false(bluesky_is_uri("http.cat"));
	assert_false(bluesky_is_uri("https://"));
	assert_false(bluesky_is_uri("https:///x"));
	assert_false(bluesky_is_uri(":x"));
}

static void tags_are_more_than_digits_and_punctuation(void **state)
{
	(void)state;
	finds("#a #1 #1a #_ #b_c! x#no (#no", "tag 0-2 a\ntag 6-9 1a\ntag 13-17 b_c\n");
	finds("\xef\xbc\x83\xe6\xb8\xaf #a#b #", "tag 0-6 \xe6\xb8\xaf\ntag 7-11 a#b\n");
	finds("#\xef\xb8\x8f\xe2\x83\xa3 #a\xe2\x80\x8b"
	      "b",
	        "tag 8-10 a\n");
	char most[70] = "#";
	memset(most + 1, 'a', 64);
	struct str said = {0};
	str_addf(&said, "tag 0-65 %s\n", most + 1);
	finds(most, str_c(&said));
	str_finish(&said);
	strcat(most, "a");
	finds(most, "");
	finds("$acme ($B2) $LONGER $1x $x_ $y\xe2\x80\x99s",
	        "tag 0-5 $ACME\ntag 7-10 $B2\ntag 28-30 $Y\n");
}

static void a_text_is_as_long_as_the_server_says(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint32_t n;
	} rows[] = {
	        {"", 0},
	        {"abc", 3},
	        {"e\xcc\x81\xcc\xa3", 1},
	        {"\r\n\n", 2},
	        {"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", 1},
	        {"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", 1},
	        {"\xf0\x9f\x87\xb3\xf0\x9f\x87\xb1\xf0\x9f\x87\xb3", 2},
	        {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab\xed\x95\x9c", 2},
	        {"\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7", 1}, /* a conjunct is one */
	        {"\xe0\xae\x95\xe0\xaf\x8d\xe0\xae\xb7", 2}, /* not in Tamil */
	        {"a\xe2\x80\x8d\xf0\x9f\x98\x80", 2},
	        {"\xd8\x80\xd9\xa1", 1},
	        {"\xff\xfe", 2},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(bluesky_graphemes(rows[i].text, strlen(rows[i].text)), rows[i].n);
}

static void what_fits_ends_between_two_graphemes(void **state)
{
	(void)state;
	const char *text = "ab\xf0\x9f\x87\xb3\xf0\x9f\x87\xb1"
	                   "c";
	size_t len = strlen(text);
	assert_int_equal(bluesky_fits(text, len, 300, 3000), len);
	assert_int_equal(bluesky_fits(text, len, 4, 3000), len);
	assert_int_equal(bluesky_fits(text, len, 3, 3000), len - 1);
	assert_int_equal(bluesky_fits(text, len, 2, 3000), 2);
	assert_int_equal(bluesky_fits(text, len, 300, len - 1), len - 1);
	assert_int_equal(bluesky_fits(text, len, 300, len - 2), 2);
	assert_int_equal(bluesky_fits(text, len, 0, 3000), 0);
	assert_int_equal(bluesky_fits("", 0, 300, 3000), 0);
}

static void characters_are_what_their_tables_say(void **state)
{
	(void)state;
	assert_int_equal(bluesky_break(0), BREAK_CONTROL);
	assert_int_equal(bluesky_break('a'), BREAK_OTHER);
	assert_int_equal(bluesky_break(0x10ffff), BREAK_OTHER);
	assert_int_equal(bluesky_break(0x200d), BREAK_ZWJ);
	assert_int_equal(bluesky_break(0xac00), BREAK_LV);
	assert_int_equal(bluesky_break(0xac01), BREAK_LVT);
	assert_int_equal(bluesky_break(0x1f600), BREAK_PICTURE);
	assert_true(bluesky_is_punctuation('!'));
	assert_true(bluesky_is_punctuation(0x3002));
	assert_false(bluesky_is_punctuation('$'));
	assert_false(bluesky_is_punctuation('a'));
	assert_false(bluesky_is_punctuation(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(mentions_are_names_of_the_root_zone),
	        cmocka_unit_test(links_are_addresses_and_bare_names),
	        cmocka_unit_test(tags_are_more_than_digits_and_punctuation),
	        cmocka_unit_test(a_text_is_as_long_as_the_server_says),
	        cmocka_unit_test(what_fits_ends_between_two_graphemes),
	        cmocka_unit_test(characters_are_what_their_tables_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
