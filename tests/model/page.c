#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/page.h"

static void an_empty_page_is_a_page(void **state)
{
	(void)state;
	page_free(NULL);
	struct page *page = page_new();
	page_sort(page);
	assert_null(page_str(page, NULL));
	page_add_entry(page, &(struct entry){.post = 0});
	assert_null(page->entries[0].cursor);
	page_add_article(page, 1, &(struct text){0});
	page_free(page);
}

static struct post_parts parts_of(const char *uri, const char *body)
{
	return (struct post_parts){.str = {[POST_URI] = uri, [POST_BODY] = body}};
}

static void thousands_of_uris_are_there_once(void **state)
{
	char uri[64];

	(void)state;
	struct page *page = page_new();
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 3000; i++) {
			snprintf(uri, sizeof uri, "https://example.org/%u", i);
			struct post_parts parts = parts_of(uri, round ? "new" : "old");
			struct profile profile = {
			        .uri = uri, .handle = round ? "b" : "a", .name = ""};
			assert_int_equal(page_add_post(page, &parts), i + 1);
			assert_int_equal(page_add_profile(page, &profile), i + 1);
		}
	}
	assert_int_equal(page->nposts, 3000);
	assert_int_equal(page->nprofiles, 3000);
	for (uint32_t i = 0; i < 3000; i++) {
		snprintf(uri, sizeof uri, "https://example.org/%u", i);
		assert_string_equal(post_str(page->posts[i], POST_URI), uri);
		assert_string_equal(post_str(page->posts[i], POST_BODY), "new");
		assert_string_equal(page->profiles[i]->handle, "a");
	}
	page_free(page);
}

static void a_built_post_takes_the_place_of_the_old(void **state)
{
	(void)state;
	struct page *page = page_new();
	struct post_parts one = parts_of("at://x/1", "one"), two = parts_of("at://x/1", "two");
	assert_int_equal(page_add_post(page, &one), 1);
	assert_int_equal(page_take_post(page, post_new(&two)), 1);
	assert_int_equal(page->nposts, 1);
	assert_string_equal(post_str(page->posts[0], POST_BODY), "two");
	page_free(page);
}

static void rows_keep_their_own_cursor_and_sort_newest_first(void **state)
{
	static const int64_t times[] = {5, 9, 5, 7, 9, 5};
	static const char order[] = "bedacf";
	char cursor[2] = "a";

	(void)state;
	struct page *page = page_new();
	for (int i = 0; i < 6; i++) {
		cursor[0] = (char)('a' + i);
		page_add_entry(page, &(struct entry){.sort_ms = times[i], .cursor = cursor});
	}
	page_sort(page);
	for (int i = 0; i < 6; i++)
		assert_int_equal(page->entries[i].cursor[0], order[i]);
	page_free(page);
}

static void an_article_is_moved_in(void **state)
{
	struct text text = {0};

	(void)state;
	struct page *page = page_new();
	str_adds(&text.utf8, "long text");
	text_facet(&text, FACET_LINK, 0, 4, "https://x.example");
	page_add_article(page, 7, &text);
	assert_null(text.utf8.p);
	assert_int_equal(text.nfacets, 0);
	assert_int_equal(page->articles[0].post, 7);
	assert_string_equal(page->articles[0].text.utf8.p, "long text");
	page_free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_empty_page_is_a_page),
	        cmocka_unit_test(thousands_of_uris_are_there_once),
	        cmocka_unit_test(a_built_post_takes_the_place_of_the_old),
	        cmocka_unit_test(rows_keep_their_own_cursor_and_sort_newest_first),
	        cmocka_unit_test(an_article_is_moved_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
