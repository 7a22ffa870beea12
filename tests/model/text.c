#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/utf8.h"
#include "model/text.h"

static void an_empty_text_is_valid(void **state)
{
	struct text text = {0};

	(void)state;
	text_finish(NULL);
	text_finish(&text);
	text_sort(&text);
	assert_false(text_cut(&text, 0));
	text_clean(&text, NULL, 0, NULL, 0);
	text_facet(&text, FACET_LINK, 3, 3, "x");
	text_facet(&text, FACET_LINK, 4, 3, "x");
	assert_int_equal(text.nfacets, 0);
	text_finish(&text);
}

/* Facets as `kind start-end target`, one a line. */
static void print_facets(struct str *out, const struct text *text)
{
	for (size_t i = 0; i < text->nfacets; i++) {
		const struct facet *facet = &text->facets[i];
		str_addf(out, "%s %u-%u %s\n", facet_kind_name(facet->kind), facet->start,
		        facet->end, facet->target ? facet->target : "-");
	}
}

static void check_facets(const struct text *text, const char *want)
{
	struct str out = {0};

	print_facets(&out, text);
	assert_string_equal(str_c(&out), want);
	str_finish(&out);
}

static void facets_are_sorted_and_never_cross(void **state)
{
	struct text text = {0};

	(void)state;
	str_adds(&text.utf8, "0123456789é");
	text_facet(&text, FACET_LINK, 5, 8, "late");
	text_facet(&text, FACET_STRONG, 0, 3, NULL);
	text_facet(&text, FACET_TAG, 2, 6, "crosses");
	text_facet(&text, FACET_EMPHASIS, 0, 9, NULL);
	text_facet(&text, FACET_CODE, 1, 2, NULL);
	text_facet(&text, FACET_LINK, 8, 11, "cuts a character");
	text_facet(&text, FACET_LINK, 10, 12, "last");
	text_facet(&text, FACET_LINK, 8, 13, "past the end");
	text_sort(&text);
	check_facets(&text, "emphasis 0-9 -\nstrong 0-3 -\ncode 1-2 -\nlink 5-8 late\n"
	                    "link 10-12 last\n");
	text_finish(&text);
}

static void cleaning_moves_facets_along(void **state)
{
	static const char raw[] = "a\x1b#rust\u202e\r\nsee 漢 @bob";
	static const struct facet facets[] = {
	        {FACET_MENTION, 20, 24, "https://x/bob"},
	        {FACET_TAG, 2, 7, "rust"},
	        {FACET_LINK, 17, 19, "inside a character"},
	        {FACET_LINK, 16, 19, "han"},
	        {FACET_LINK, 12, 99, "past the end"},
	        {FACET_LINK, 7, 10, "only what is dropped"},
	        {FACET_LINK, 9, 4, "backwards"},
	        {FACET_NKINDS, 0, 1, "unknown kind"},
	};
	struct text text = {0};

	(void)state;
	text_clean(&text, raw, strlen(raw), facets, sizeof facets / sizeof *facets);
	assert_string_equal(text.utf8.p, "a#rust\nsee 漢 @bob");
	check_facets(&text, "tag 1-6 rust\nlink 11-14 han\nmention 15-19 https://x/bob\n");
	text_finish(&text);
}

static void cutting_ends_at_a_cluster_and_says_so(void **state)
{
	struct text text = {0};

	(void)state;
	str_adds(&text.utf8, "abcde\u0301fgh");
	text_facet(&text, FACET_LINK, 3, 9, "half");
	text_facet(&text, FACET_LINK, 7, 10, "gone");
	assert_false(text_cut(&text, 10));
	assert_true(text_cut(&text, 9));
	assert_string_equal(text.utf8.p, "abcd…");
	check_facets(&text, "link 3-4 half\n");
	assert_true(text_cut(&text, 2));
	assert_string_equal(text.utf8.p, "");
	check_facets(&text, "");
	text_finish(&text);
}

/* Attackers choose the offsets of Bluesky's facets. */
static void random_facets_never_break_the_text(void **state)
{
	static const char *const pieces[] = {
	        "a", "é", "漢", "👨\u200d👩", "\n", "\u202e", "\xff", "\x1b", "\r\n", "e\u0301"};
	struct random random;

	(void)state;
	random_init(&random, 8);
	for (int round = 0; round < 20000; round++) {
		struct str raw = {0};
		struct text text = {0};
		struct facet facets[6];
		for (size_t n = random_below(&random, 12); n > 0; n--) {
			str_adds(&raw, pieces[random_below(&random, 10)]);
		}
		for (int i = 0; i < 6; i++) {
			facets[i] =
			        (struct facet){.kind = (enum facet_kind)random_below(&random, 12),
			                .start = (uint32_t)random_below(&random, raw.len + 3),
			                .end = (uint32_t)random_below(&random, raw.len + 3)};
		}
		text_clean(&text, str_c(&raw), raw.len, facets, 6);
		if (round % 2) text_cut(&text, random_below(&random, 20));
		assert_true(utf8_valid(str_c(&text.utf8), text.utf8.len));
		for (size_t i = 0; i < text.nfacets; i++) {
			const struct facet *facet = &text.facets[i];
			assert_true(facet->start < facet->end && facet->end <= text.utf8.len);
			assert_int_not_equal(text.utf8.p[facet->start] & 0xc0, 0x80);
			assert_int_not_equal(text.utf8.p[facet->end] & 0xc0, 0x80);
			for (size_t k = 0; k < i; k++) {
				const struct facet *outer = &text.facets[k];
				assert_true(outer->start <= facet->start);
				assert_true(outer->end <= facet->start || outer->end >= facet->end);
			}
		}
		str_finish(&raw);
		text_finish(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_empty_text_is_valid),
	        cmocka_unit_test(facets_are_sorted_and_never_cross),
	        cmocka_unit_test(cleaning_moves_facets_along),
	        cmocka_unit_test(cutting_ends_at_a_cluster_and_says_so),
	        cmocka_unit_test(random_facets_never_break_the_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
