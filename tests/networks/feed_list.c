/* Lists of feeds in and out, their names, and finding feeds on a page. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "networks/feed.h"

static struct feed_list read_list(const char *text)
{
	struct feed_list list = {0};
	struct err err = {0};
	if (!feed_list_read(&list, text, strlen(text), &err)) fail_msg("%s", err.text);
	return list;
}

static void opml_with_groups(void **state)
{
	(void)state;
	struct feed_list list = read_list(
	        "<?xml version='1.0'?><opml version='2.0'><body>"
	        "<outline text='News'><outline type='rss' text='Short' title='A &amp; B' "
	        "xmlUrl='https://a.example/f?x=1&amp;y=2' htmlUrl='https://a.example/'/>"
	        "<outline text='Inner'><outline text='C' xmlUrl='https://c.example/'/></outline>"
	        "</outline><outline text='D' XMLURL='https://d.example/' category='/x,y'/>"
	        "</body></opml>");
	assert_int_equal(list.n, 3);
	assert_string_equal(list.feeds[0]->url, "https://a.example/f?x=1&y=2");
	assert_string_equal(list.feeds[0]->title, "A & B");
	assert_string_equal(list.feeds[0]->site, "https://a.example/");
	assert_string_equal(list.feeds[0]->groups, "News");
	assert_string_equal(list.feeds[1]->groups, "Inner\nNews");
	assert_string_equal(list.feeds[2]->groups, "x\ny");
	feed_list_finish(&list);
}

static void opml_that_is_damaged(void **state)
{
	(void)state;
	struct feed_list list =
	        read_list("<opml><body><outline text=News & more>"
	                  "<outline xmlUrl=https://a.example/?a=1&b=2 text=\"A\"></body>");
	assert_int_equal(list.n, 1);
	assert_string_equal(list.feeds[0]->url, "https://a.example/?a=1&b=2");
	feed_list_finish(&list);
}

static void newsboat_urls(void **state)
{
	(void)state;
	struct feed_list list = read_list(
	        "# my feeds\n\nhttps://a.example/f news \"two words\" "
	        "\"~My \\\"title\\\"\" !\n\thttps://b.example/f\r\nfile:///tmp/c.xml ! news");
	assert_int_equal(list.n, 3);
	assert_string_equal(list.feeds[0]->title, "My \"title\"");
	assert_string_equal(list.feeds[0]->groups, "news\ntwo words");
	assert_string_equal(list.feeds[1]->url, "https://b.example/f");
	assert_string_equal(list.feeds[2]->groups, "news");
	assert_int_equal(list.nrejected, 0);
	feed_list_finish(&list);
}

static void nothing_in_a_list_is_ever_run(void **state)
{
	(void)state;
	struct feed_list list =
	        read_list("exec:~/bin/x\nfilter:~/x:https://a.example/\n"
	                  "\"query:Unread:unread = \\\"yes\\\"\" tag\n|touch /tmp/x\njavascript:x\n"
	                  "file://host/x\nhttps://ok.example/");
	assert_int_equal(list.n, 1);
	assert_int_equal(list.nrejected, 6);
	assert_string_equal(list.rejected[0], "line 1: exec:~/bin/x: it would run a command; stoa "
	                                      "runs nothing that a list names");
	assert_non_null(strstr(list.rejected[1], "line 2: "));
	assert_non_null(strstr(list.rejected[2], "column"));
	feed_list_finish(&list);
	list = read_list("<opml><body><outline xmlUrl='|touch x'/><outline xmlUrl='exec:x'/>"
	                 "</body></opml>");
	assert_int_equal(list.n, 0);
	assert_int_equal(list.nrejected, 2);
	feed_list_finish(&list);
}

static void one_address_is_one_feed_with_all_its_groups(void **state)
{
	(void)state;
	struct feed_list list = read_list("https://a.example/ b\nhttps://a.example/ a b\n");
	assert_int_equal(list.n, 1);
	assert_string_equal(list.feeds[0]->groups, "a\nb");
	feed_list_finish(&list);
}

static void what_goes_out_comes_back(void **state)
{
	(void)state;
	struct feed_list list = read_list(
	                         "https://a.example/?a=1&b=2 \"x & y\" z \"~A <b> \\\"q\\\"\"\n"
	                         "https://b.example/\n"),
	                 again;
	struct str out = {0};
	feed_list_print_opml(&out, list.feeds, list.n, 1767225600000);
	assert_non_null(strstr(out.p, "<dateCreated>2026-01-01T00:00:00Z</dateCreated>"));
	again = read_list(out.p);
	assert_int_equal(again.n, 2);
	const struct feed *a =
	        strstr(again.feeds[0]->url, "a.ex") ? again.feeds[0] : again.feeds[1];
	assert_string_equal(a->url, "https://a.example/?a=1&b=2");
	assert_string_equal(a->title, "A <b> \"q\"");
	assert_string_equal(a->groups, "x & y\nz");
	str_finish(&out);
	feed_list_finish(&list);
	feed_list_finish(&again);
}

static void what_is_no_list_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
	        "", "\n# only a comment\n", "<html><body>x</body></html>"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct feed_list list = {0};
		struct err err = {0};
		assert_false(feed_list_read(&list, bad[i], strlen(bad[i]), &err));
		assert_int_equal(err.code, ERR_FORMAT);
		assert_true(*err.text);
		feed_list_finish(&list);
	}
}

static bool is_taken(void *ctx, const char *name)
{
	const char *const *names = ctx;
	for (; *names; names++) {
		if (strcmp(*names, name) == 0) return true;
	}
	return false;
}

static void expect_name(const char *title, const char *url, const char *want)
{
	const char *taken[] = {"lwn", "lwn-2", NULL};
	char *name = feed_name(title, url, is_taken, taken);
	assert_string_equal(name, want);
	free(name);
}

static void names_are_short_and_unique(void **state)
{
	(void)state;
	expect_name("The Daily WTF", "https://x.example/", "the-daily-wtf");
	expect_name("LWN", "https://x.example/", "lwn-3");
	expect_name("Caf\xc3\xa9 Zo\xc3\xab's", "https://x.example/", "cafe-zoes");
	expect_name("\xe6\xb8\xaf\xe5\x8f\xa3", "https://www.port.example/feed", "port.example");
	expect_name(NULL, "file:///tmp/news.xml", "news.xml");
	expect_name("", "", "feed");
	expect_name("--- !!", NULL, "feed");
}

static struct feed_links find(const char *html, const char *header)
{
	const struct feed_input page = {
	        .bytes = html, .len = strlen(html), .url = "https://site.example/blog/post"};
	struct feed_links links = {0};
	feed_find(&links, &page, &header, header ? 1 : 0);
	return links;
}

static void pages_name_their_feeds(void **state)
{
	(void)state;
	struct feed_links links = find(
	        "<html><head><base href='/b/'>"
	        "<LINK REL='home Alternate' type=application/rss+xml href=rss title='The &amp; "
	        "feed'>"
	        "<link rel=alternate type='application/atom+xml; charset=utf-8' "
	        "href='//o.example/a'>"
	        "<link rel=alternate type=text/html href=other>"
	        "<link rel=stylesheet type='application/rss+xml' href=no>"
	        "</head><body><a href='/feed/'>x</a><a href='/feedback'>y</a>"
	        "<a href='javascript:feed'>z</a><a href='rss'>again</a></body></html>",
	        "</h.json>; rel=\"alternate\"; type=\"application/feed+json\"; title=\"H\", "
	        "<x>; rel=next");
	assert_int_equal(links.n, 4);
	assert_string_equal(links.list[0].url, "https://site.example/h.json");
	assert_string_equal(links.list[0].title, "H");
	assert_string_equal(links.list[1].url, "https://site.example/b/rss");
	assert_string_equal(links.list[1].title, "The & feed");
	assert_string_equal(links.list[1].type, "application/rss+xml");
	assert_string_equal(links.list[2].url, "https://o.example/a");
	assert_string_equal(links.list[3].url, "https://site.example/feed/");
	feed_links_finish(&links);
}

static void links_need_no_head(void **state)
{
	(void)state;
	struct feed_links links =
	        find("<link rel=alternate type=application/rss+xml href=/r>", NULL);
	assert_int_equal(links.n, 1);
	feed_links_finish(&links);
	links = find("", NULL);
	assert_int_equal(links.n, 0);
	feed_links_finish(&links);
}

static void expect_guess(const char *url, size_t i, const char *want)
{
	char *guess = feed_guess(url, i);
	assert_string_equal(guess, want);
	free(guess);
}

static void places_to_look(void **state)
{
	(void)state;
	expect_guess("https://site.example/blog/", 0, "https://site.example/blog/atom.xml");
	expect_guess("https://m.example/@ada", 0, "https://m.example/@ada.rss");
	expect_guess("https://github.com/a/b", 0, "https://github.com/a/b/releases.atom");
	expect_guess("https://github.com/a/b/?tab=x", 1, "https://github.com/a/b/commits.atom");
	expect_guess("https://github.com/a/b", 2, "https://github.com/a/atom.xml");
	size_t n = 0;
	for (char *guess; (guess = feed_guess("https://site.example/", n)); n++)
		free(guess);
	assert_int_equal(n, 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(opml_with_groups),
	        cmocka_unit_test(opml_that_is_damaged),
	        cmocka_unit_test(newsboat_urls),
	        cmocka_unit_test(nothing_in_a_list_is_ever_run),
	        cmocka_unit_test(one_address_is_one_feed_with_all_its_groups),
	        cmocka_unit_test(what_goes_out_comes_back),
	        cmocka_unit_test(what_is_no_list_is_refused),
	        cmocka_unit_test(names_are_short_and_unique),
	        cmocka_unit_test(pages_name_their_feeds),
	        cmocka_unit_test(links_need_no_head),
	        cmocka_unit_test(places_to_look),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
