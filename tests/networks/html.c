/* HTML to text and facets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/utf8.h"
#include "networks/html.h"
#include "networks/html_quick.h"

static const struct html_options article = {.base = "https://h.example/a/b", .article = true};

static void expect(const char *html, const char *want, const struct html_options *opts)
{
	struct text text = {0};
	bool some = html_text(&text, html, strlen(html), opts);
	assert_string_equal(str_c(&text.utf8), want);
	assert_int_equal(some, *want != 0);
	text_finish(&text);
}

/* The i-th facet is of that kind, over those words, with that target. */
static void expect_facet(
        const char *html, size_t i, enum facet_kind kind, const char *words, const char *target)
{
	struct text text = {0};
	html_text(&text, html, strlen(html), &article);
	assert_true(i < text.nfacets);
	const struct facet *f = &text.facets[i];
	assert_int_equal(f->kind, kind);
	assert_int_equal(f->end - f->start, strlen(words));
	assert_memory_equal(text.utf8.p + f->start, words, strlen(words));
	if (target)
		assert_string_equal(f->target, target);
	else
		assert_null(f->target);
	text_finish(&text);
}

static void blocks_are_parted(void **state)
{
	(void)state;
	expect("<p>a</p><p>b</p>", "a\n\nb", NULL);
	expect("a<br>b<br><br>c", "a\nb\n\nc", NULL);
	expect("<div>a</div><div>b</div>", "a\nb", NULL);
	expect("  <p>  a \n b  </p>  ", "a b", NULL);
	expect("<b>a</b> b", "a b", NULL);
	expect("<p>a<p>b", "a\n\nb", NULL);
	expect("a<hr>b", "a\n\nb", NULL);
}

static void lists_and_tables_stay_readable(void **state)
{
	(void)state;
	expect("<ul><li>a</li><li>b</li></ul>", "\xe2\x80\xa2 a\n\xe2\x80\xa2 b", &article);
	expect("<ol start=3><li>a<li value=7>b<li>c</ol>", "3. a\n7. b\n8. c", &article);
	expect("<ul><li>a<ul><li>b</ul><li>c</ul>d",
	        "\xe2\x80\xa2 a\n  \xe2\x80\xa2 b\n\xe2\x80\xa2 c\n\nd", &article);
	expect("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a | b\nc | d", &article);
	expect("<ruby>a<rp>(</rp><rt>b</rt></ruby>", "a(b)", &article);
	expect("<q>a</q>",
	        "\xe2\x80\x9c"
	        "a\xe2\x80\x9d",
	        &article);
}

static void what_is_no_text_goes(void **state)
{
	(void)state;
	expect("<script>x</script><style>y</style>a<!-- b --><svg><text>c</text></svg>", "a", NULL);
	expect("a<!-- x > y -->b<!-- z >c", "abc", NULL);
	expect("a<!-- never ends", "a", NULL);
	expect("a<!DOCTYPE html>b<!DOCTYPE ~", "ab<!DOCTYPE ~", NULL);
	expect("<select><option>x</select><textarea>y</textarea>", "", NULL);
	expect("", "", NULL);
	expect("<p></p> &nbsp;", "\xc2\xa0", NULL);
	expect("<blink>kept</blink>", "kept", NULL);
}

static void marks_are_not_markup_by_themselves(void **state)
{
	(void)state;
	expect("a < b & c > d", "a < b & c > d", NULL);
	expect("&lt;b&gt; &amp;amp; &#39;x&#39; &eacute; &bogus;", "<b> &amp; 'x' é &bogus;", NULL);
}

static void control_characters_are_dropped_after_decoding(void **state)
{
	(void)state;
	expect("a&#27;[31m&#x9b;b&#7;c&#8238;d", "a[31mbcd", NULL);
	expect("a\x1b[0mb", "a[0mb", NULL);
	expect("a\xff\xfe"
	       "b",
	        "a\xef\xbf\xbd\xef\xbf\xbd"
	        "b",
	        NULL);
}

static void links_mentions_and_tags(void **state)
{
	(void)state;
	expect_facet(
	        "<a href='https://x.example/'>x</a>", 0, FACET_LINK, "x", "https://x.example/");
	expect_facet("<a href='c'>x</a>", 0, FACET_LINK, "x", "https://h.example/a/c");
	expect_facet("<span class='h-card'><a href='https://m.example/@a' class='u-url mention'>"
	             "@<span>a</span></a></span>",
	        0, FACET_MENTION, "@a", "https://m.example/@a");
	expect_facet("<a href='https://m.example/tags/c' class='mention hashtag' rel='tag'>"
	             "#<span>C</span></a>",
	        0, FACET_TAG, "#C", "C");
	expect_facet("<a href='https://b.example/topic' rel='tag'>Topic one</a>", 0, FACET_LINK,
	        "Topic one", "https://b.example/topic");
	expect_facet("<a href='https://evil.example/'>https://bank.example</a>", 0, FACET_LINK,
	        "https://bank.example", "https://evil.example/");
}

static void strange_schemes_are_no_links(void **state)
{
	(void)state;
	static const char *const bad[] = {"javascript:x()", "data:text/html,x",
	        "file:///etc/passwd", "JaVaScRiPt:x", " javascript:x", "vbscript:x", "//"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char html[128];
		struct text text = {0};
		snprintf(html, sizeof html, "<a href=\"%s\">x</a>", bad[i]);
		html_text(&text, html, strlen(html), &article);
		assert_string_equal(str_c(&text.utf8), "x");
		assert_int_equal(text.nfacets, 0);
		text_finish(&text);
	}
}

static void spans_of_mastodon(void **state)
{
	(void)state;
	expect("<a href='https://e.example/very/long'><span class='invisible'>https://</span>"
	       "<span class='ellipsis'>e.example/very</span><span "
	       "class='invisible'>/long</span></a>",
	        "e.example/very\xe2\x80\xa6", NULL);
	const struct html_options hide = {.hide_quote_inline = true};
	expect("<p class='quote-inline'>RE: x</p><p>y</p>", "y", &hide);
	expect("<p class='quote-inline'>RE: x</p><p>y</p>", "RE: x\n\ny", NULL);
}

static void styles_become_facets(void **state)
{
	(void)state;
	expect_facet("<em>a</em>", 0, FACET_EMPHASIS, "a", NULL);
	expect_facet("<strong>a</strong>", 0, FACET_STRONG, "a", NULL);
	expect_facet("<del>a</del>", 0, FACET_STRIKE, "a", NULL);
	expect_facet("<code>a</code>", 0, FACET_CODE, "a", NULL);
	expect_facet("<blockquote><p>a</p></blockquote>b", 0, FACET_QUOTE, "a", NULL);
	expect_facet("<h2>a</h2>b", 0, FACET_HEADING, "a", NULL);
	expect_facet(
	        "<img src=/i.png alt='A cat'>", 0, FACET_IMAGE, "A cat", "https://h.example/i.png");
	expect_facet("<b>a <i>b</i></b>", 1, FACET_EMPHASIS, "b", NULL);
}

static void a_heading_of_a_post_is_strong(void **state)
{
	(void)state;
	struct text text = {0};
	html_text(&text, "<h1>a</h1>", 10, NULL);
	assert_int_equal(text.nfacets, 1);
	assert_int_equal(text.facets[0].kind, FACET_STRONG);
	text_finish(&text);
}

/* Whatever the depth, text comes out and facets stay within their limits. */
static void nesting_and_number_are_bounded(void **state)
{
	(void)state;
	struct str html = {0};
	struct text text = {0};
	for (int i = 0; i < 100; i++)
		str_adds(&html, "<b>");
	str_adds(&html, "deep");
	html_text(&text, html.p, html.len, NULL);
	assert_string_equal(str_c(&text.utf8), "deep");
	text_finish(&text);
	str_clear(&html);
	for (int i = 0; i < 3000; i++)
		str_adds(&html, "<a href='https://x.example/'>y</a> ");
	text = (struct text){0};
	html_text(&text, html.p, html.len, NULL);
	assert_int_equal(text.nfacets, 512);
	text_finish(&text);
	str_clear(&html);
	str_adds(&html, "<p ");
	for (int i = 0; i < 1000; i++)
		str_addf(&html, "a%d=x ", i);
	str_adds(&html, ">left out</p>after");
	text = (struct text){0};
	html_text(&text, html.p, html.len, NULL);
	assert_string_equal(str_c(&text.utf8), "left outafter");
	text_finish(&text);
	str_finish(&html);
}

static void a_title_is_one_line(void **state)
{
	(void)state;
	static const char html[] = "<p>Fish &amp; <b>chips</b></p><p>now&#10;open</p>";
	char *line = html_line(html, sizeof html - 1);
	assert_string_equal(line, "Fish & chips now open");
	free(line);
}

/* --- the short way --- */

static void hear_start(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
	(void)ctx, (void)name, (void)attributes;
}

static void hear_end(void *ctx, const xmlChar *name)
{
	(void)ctx, (void)name;
}

static void hear_text(void *ctx, const xmlChar *text, int len)
{
	(void)ctx, (void)text, (void)len;
}

static const htmlSAXHandler deaf = {
        .startElement = hear_start, .endElement = hear_end, .characters = hear_text};

static bool is_quick(const char *html)
{
	return html_quick(html, strlen(html), &deaf, NULL);
}

static void what_is_simple_goes_the_short_way(void **state)
{
	(void)state;
	static const char mention[] =
	        "<p><span class=\"h-card\"><a href=\"https://h.example/@a\" class=\"u-url "
	        "mention\">@<span>a</span></a></span> &amp; &#39;b&#39; &lt;c&gt; &quot;&nbsp;</p>";
	static const char styles[] = "<p><strong>a</strong> <em>b</em> <code>c</code> <del>d</del> "
	                             "<b>e</b> <i>f</i></p>";
	static const char *const simple[] = {
	        "", "plain", "<p>a</p>", "<p>a<br>b<br/>c<br />d</p><p>e</p>", mention, styles};
	static const char *const other[] = {
	        "<p>a",
	        "a</p>",
	        "<p><p>a</p></p>",
	        "<a href=\"x\"><a href=\"y\">b</a></a>",
	        "<ul><li>a</li></ul>",
	        "a & b",
	        "&eacute;",
	        "&#x41;",
	        "<P>a</P>",
	        "<p class=x>a</p>",
	        "<p class='x'>a</p>",
	        "<p class>a</p>",
	        "<p class=\"x>a</p>",
	        "<p class=\"x\"a</p>",
	        "<p",
	        "<",
	        "</",
	        "<span><p>a</p></span>",
	        "<b>a<i>b</b>c</i>",
	        "<!-- a -->",
	        "<p class=\"<\">a</p>",
	        "<p  class=\"x\">a</p>",
	        "<p/>a",
	        "</br>",
	};
	for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
		assert_true(is_quick(simple[i]));
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		assert_false(is_quick(other[i]));
}

static void sound_text_is_as_clean_as_it_looks(void **state)
{
	(void)state;
	int sound = 0;
	for (int32_t cp = 1; cp <= 0x10ffff; cp++) {
		char text[8] = "a";
		if (cp >= 0xd800 && cp <= 0xdfff) continue;
		size_t n = utf8_encode(text + 1, cp) + 1;
		text[n++] = 'b';
		if (!html_is_sound(text, n)) continue;
		struct str clean = {0};
		clean_in(&clean, CLEAN_BODY, text, n);
		assert_int_equal(clean.len, n);
		assert_memory_equal(clean.p, text, n);
		str_finish(&clean);
		sound++;
	}
	assert_true(sound > 20000);
	static const char *const other[] = {"\xc3", "\xe4\xb8", "\xe4\xb8x", "\xf0\x9f\x98", "\x7f",
	        "\t", "\xe2\x80\x8b", "\xe2\x80\xae", "\xff", "\xc3x"};
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		assert_false(html_is_sound(other[i], strlen(other[i])));
	assert_true(html_is_sound("\u2026 \u00e9\n", 7));
}

static void expect_same(const struct text *one, const struct text *two, const char *html)
{
	if (strcmp(str_c(&one->utf8), str_c(&two->utf8)) != 0)
		fail_msg("%s: '%s', '%s'", html, str_c(&one->utf8), str_c(&two->utf8));
	assert_int_equal(one->nfacets, two->nfacets);
	for (size_t i = 0; i < one->nfacets; i++) {
		const struct facet *a = &one->facets[i], *b = &two->facets[i];
		assert_int_equal(a->kind, b->kind);
		assert_int_equal(a->start, b->start);
		assert_int_equal(a->end, b->end);
		assert_string_equal(a->target ? a->target : "", b->target ? b->target : "");
	}
}

static void both_ways_lead_to_the_same_text(void **state)
{
	(void)state;
	static const char *const pieces[] = {
	        "<p>",
	        "</p>",
	        "</p>",
	        "</a>",
	        "</a>",
	        "</span>",
	        "</span>",
	        "</span>",
	        "<span>",
	        "<span class=\"invisible\">",
	        "<span class=\"ellipsis\">",
	        "<a href=\"https://h.example/?a=1&amp;b=%20\" rel=\"nofollow\">",
	        "<a class=\"mention hashtag\" href=\" https://h.example/tags/c \" rel=\"tag\">",
	        "<a href=\"/@a\" class=\"u-url mention\">",
	        "<p class=\"quote-inline\">",
	        "<br>",
	        "<br />",
	        "<strong>",
	        "</strong>",
	        "<em>",
	        "</em>",
	        "<code>",
	        "</code>",
	        "a",
	        "bc",
	        "#c",
	        " ",
	        "  ",
	        "\n",
	        "&amp;",
	        "&lt;",
	        "&nbsp;",
	        "&#39;",
	        "\u00e9",
	        "\u202e",
	        "x > y",
	};
	const struct html_options opts = {.base = "https://h.example/", .hide_quote_inline = true};
	struct random random;
	struct str html = {0};
	int quick = 0;
	random_init(&random, 7);
	for (int round = 0; round < 60000; round++) {
		str_clear(&html);
		for (uint64_t n = random_below(&random, 9) + 1; n > 0; n--)
			str_adds(&html,
			        pieces[random_below(&random, sizeof pieces / sizeof *pieces)]);
		if (!is_quick(html.p)) continue;
		quick++;
		struct text one = {0}, two = {0};
		html_text(&one, html.p, html.len, &opts);
		char *short_way = xstrdup(html.p);
		str_adds(&html, "<u></u>"); /* no words, and not of the short way */
		html_text(&two, html.p, html.len, &opts);
		expect_same(&one, &two, short_way);
		free(short_way);
		text_finish(&one);
		text_finish(&two);
	}
	assert_true(quick > 5000);
	str_finish(&html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(blocks_are_parted),
	        cmocka_unit_test(lists_and_tables_stay_readable),
	        cmocka_unit_test(what_is_no_text_goes),
	        cmocka_unit_test(marks_are_not_markup_by_themselves),
	        cmocka_unit_test(control_characters_are_dropped_after_decoding),
	        cmocka_unit_test(links_mentions_and_tags),
	        cmocka_unit_test(strange_schemes_are_no_links),
	        cmocka_unit_test(spans_of_mastodon),
	        cmocka_unit_test(styles_become_facets),
	        cmocka_unit_test(a_heading_of_a_post_is_strong),
	        cmocka_unit_test(nesting_and_number_are_bounded),
	        cmocka_unit_test(a_title_is_one_line),
	        cmocka_unit_test(what_is_simple_goes_the_short_way),
	        cmocka_unit_test(sound_text_is_as_clean_as_it_looks),
	        cmocka_unit_test(both_ways_lead_to_the_same_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
