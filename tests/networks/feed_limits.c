/* What hostile feeds may cost: everything that a stranger sizes has an end (quality.md S10 to S12).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "networks/feed.h"

static void repeat(struct str *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_adds(out, s);
}

/* Takes the bytes. */
static struct page *read_page(struct str *bytes, struct feed_wishes *wishes)
{
	const struct feed_input in = {.bytes = str_c(bytes),
	        .len = bytes->len,
	        .url = "https://feeds.example/f",
	        .now_ms = 1767225600000};
	struct page *page = page_new();
	struct err err = {0};
	*wishes = (struct feed_wishes){0};
	if (!feed_read(&in, page, wishes, &err)) fail_msg("%s", err.text);
	str_finish(bytes);
	return page;
}

static struct str rss(void)
{
	struct str out = {0};
	str_adds(&out, "<rss version='2.0'><channel><title>T</title>");
	return out;
}

static void a_million_nested_elements_end_at_256(void **state)
{
	(void)state;
	struct str doc = rss();
	str_adds(&doc, "<item><guid>a</guid><title>Kept</title></item>");
	repeat(&doc, "<a>", 1000000);
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_true(wishes.damaged);
	assert_int_equal(page->nposts, 1);
	page_free(page);
}

static void items_end_at_2000(void **state)
{
	(void)state;
	struct str doc = rss();
	for (int i = 0; i < 2500; i++)
		str_addf(&doc, "<item><guid>g%d</guid><title>t</title></item>", i);
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_int_equal(page->nposts, 2000);
	page_free(page);
}

static void an_item_ends_at_one_mebibyte_and_the_next_is_read(void **state)
{
	(void)state;
	struct str doc = rss();
	str_adds(&doc, "<item><guid>a</guid><description>");
	repeat(&doc, "aaaaaaa ", 200000); /* 1.6 MB */
	str_adds(&doc, "</description></item><item><guid>b</guid><title>Next</title></item>"
	               "</channel></rss>");
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_true(wishes.damaged);
	assert_int_equal(page->nposts, 2);
	assert_int_equal(page->narticles, 1);
	assert_true(page->articles[0].text.utf8.len <= 1024 * 1024);
	page_free(page);
}

static void ten_megabytes_of_one_line_are_cut(void **state)
{
	(void)state;
	struct str doc = rss();
	str_adds(&doc, "<item><guid>a</guid><title>");
	repeat(&doc, "0123456789", 1000000);
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_true(wishes.damaged);
	page_free(page);
}

static void an_attribute_ends_at_64_kibibytes(void **state)
{
	(void)state;
	struct str doc = rss();
	str_adds(&doc, "<item><guid>a</guid><title>t</title><enclosure url='https://x.example/");
	repeat(&doc, "x", 70000);
	str_adds(&doc, "'/></item></channel></rss>");
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_int_equal(page->nposts, 1);
	assert_int_equal(page->posts[0]->nmedia, 0);
	page_free(page);
}

static void a_tag_of_100000_attributes_is_cut(void **state)
{
	(void)state;
	struct str doc = rss();
	str_adds(&doc, "<item");
	for (int i = 0; i < 100000; i++)
		str_addf(&doc, " a%d='x'", i);
	str_adds(&doc, "><guid>a</guid><title>Kept</title></item></channel></rss>");
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_true(wishes.damaged);
	assert_int_equal(page->nposts, 1);
	page_free(page);
}

static void entities_cannot_grow(void **state)
{
	(void)state;
	struct str doc = {0};
	str_adds(&doc, "<!DOCTYPE r [<!ENTITY a \"");
	repeat(&doc, "x", 250);
	str_adds(&doc, "\">]><rss version='2.0'><channel><item>"
	               "<guid>a</guid><description>");
	repeat(&doc, "&a;", 100000);
	str_adds(&doc, "</description></item></channel></rss>");
	size_t given = doc.len;
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_int_equal(page->nposts, 1);
	assert_int_equal(page->narticles, 1);
	assert_true(page->articles[0].text.utf8.len <= given);
	page_free(page);
}

static void markup_without_end_costs_the_later_texts(void **state)
{
	(void)state;
	struct str doc = rss();
	for (int i = 0; i < 40; i++) {
		str_addf(&doc, "<item><guid>g%d</guid><title>t</title><description>x", i);
		repeat(&doc, "&lt;b&gt;&lt;/b&gt;", 5000);
		str_adds(&doc, "</description></item>");
	}
	str_adds(&doc, "</channel></rss>");
	struct feed_wishes wishes;
	struct page *page = read_page(&doc, &wishes);
	assert_int_equal(page->nposts, 40);
	assert_true(wishes.damaged);
	size_t with_text = 0;
	for (size_t i = 0; i < page->nposts; i++)
		with_text += post_len(page->posts[i], POST_BODY) > 0;
	assert_int_equal(with_text, 30);
	page_free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_million_nested_elements_end_at_256),
	        cmocka_unit_test(items_end_at_2000),
	        cmocka_unit_test(an_item_ends_at_one_mebibyte_and_the_next_is_read),
	        cmocka_unit_test(ten_megabytes_of_one_line_are_cut),
	        cmocka_unit_test(an_attribute_ends_at_64_kibibytes),
	        cmocka_unit_test(a_tag_of_100000_attributes_is_cut),
	        cmocka_unit_test(entities_cannot_grow),
	        cmocka_unit_test(markup_without_end_costs_the_later_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
