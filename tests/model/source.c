#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/source.h"

static void nothing_is_no_source(void **state)
{
	struct source_ref ref = {0};
	struct err err;

	(void)state;
	source_ref_finish(NULL);
	source_ref_finish(&ref);
	assert_false(source_parse(NULL, &ref, &err));
	assert_false(source_parse("", &ref, &err));
	assert_string_equal(err.text, "no source given");
	assert_null(ref.account);
}

/* Parse, print, parse again: the canonical name stands for the same source. */
static void check(const char *text, const char *account, enum source_kind kind, const char *arg,
        const char *printed)
{
	struct source_ref ref = {0}, again = {0};
	struct str name = {0}, second = {0};
	struct err err = {0};

	if (!source_parse(text, &ref, &err)) fail_msg("%s: %s", text, err.text);
	assert_string_equal(ref.account, account);
	assert_int_equal(ref.kind, kind);
	if (arg) {
		assert_string_equal(ref.arg, arg);
	} else {
		assert_null(ref.arg);
	}
	source_print(&name, &ref);
	assert_string_equal(name.p, printed);
	assert_true(source_parse(name.p, &again, NULL));
	source_print(&second, &again);
	assert_string_equal(second.p, printed);
	source_ref_finish(&ref);
	source_ref_finish(&again);
	str_finish(&name);
	str_finish(&second);
}

static void names_are_read(void **state)
{
	(void)state;
	check("work/home", "work", SOURCE_HOME, NULL, "work/home");
	check("ada@mastodon.example/home", "ada@mastodon.example", SOURCE_HOME, NULL,
	        "ada@mastodon.example/home");
	check("work/tag:c", "work", SOURCE_TAG, "c", "work/tag:c");
	check("work/tag:#Rust", "work", SOURCE_TAG, "rust", "work/tag:rust");
	check("work/tag:\"#C\"", "work", SOURCE_TAG, "c", "work/tag:c");
	check("work/tag:\"C OR Zig -Java\"", "work", SOURCE_TAG, "c OR zig -java",
	        "work/tag:\"c OR zig -java\"");
	check("work/tag:\"or Or ORE\"", "work", SOURCE_TAG, "or or ore", "work/tag:\"or or ore\"");
	check("work/profile:Ada@host/replies", "work", SOURCE_PROFILE, "Ada@host/replies",
	        "work/profile:Ada@host/replies");
	check("work/thread:https://far.example/@bob/9", "work", SOURCE_THREAD,
	        "https://far.example/@bob/9", "work/thread:https://far.example/@bob/9");
	check("work/trends", "work", SOURCE_TRENDS, NULL, "work/trends");
	check("work/trends:tags", "work", SOURCE_TRENDS, "tags", "work/trends:tags");
	check("work/search:\"contractor  wanted\"", "work", SOURCE_SEARCH, "contractor wanted",
	        "work/search:\"contractor wanted\"");
	check("work/search:\"say \\\"hi\\\" \\\\\"", "work", SOURCE_SEARCH, "say \"hi\" \\",
	        "work/search:\"say \\\"hi\\\" \\\\\"");
	check("work/search:a,b", "work", SOURCE_SEARCH, "a,b", "work/search:\"a,b\"");
	check("work/search:\"\x1b[31mx\"", "work", SOURCE_SEARCH, "[31mx", "work/search:[31mx");
	check("work/search:\"https://x.example\"", "work", SOURCE_SEARCH, "https://x.example",
	        "work/search:https://x.example");
	check("feeds/all", "feeds", SOURCE_ALL, NULL, "feeds/all");
	check("feeds/feed:lwn", "feeds", SOURCE_FEED, "lwn", "feeds/feed:lwn");
	check("feeds/group:news", "feeds", SOURCE_GROUP, "news", "feeds/group:news");
}

static void addresses_are_feeds(void **state)
{
	(void)state;
	check("https://example.org/feed", "feeds", SOURCE_FEED, "https://example.org/feed",
	        "https://example.org/feed");
	check("HTTP://User@Example.ORG:80/Feed A", "feeds", SOURCE_FEED,
	        "http://User@example.org:80/Feed%20A", "http://User@example.org:80/Feed%20A");
	check("feeds/feed:https://Example.org/f", "feeds", SOURCE_FEED, "https://example.org/f",
	        "https://example.org/f");
	check("file:///a%20b", "feeds", SOURCE_FEED, "file:///a%20b", "file:///a%20b");
	check("https://bücher.example/ü", "feeds", SOURCE_FEED,
	        "https://b%C3%BCcher.example/%C3%BC", "https://b%C3%BCcher.example/%C3%BC");
}

static void paths_become_addresses(void **state)
{

	(void)state;
	setenv("HOME", "/home/ada", 1);
	check("/a/./b//../c d.xml", "feeds", SOURCE_FEED, "file:///a/c%20d.xml",
	        "file:///a/c%20d.xml");
	check("/../x#1?2", "feeds", SOURCE_FEED, "file:///x%231%3F2", "file:///x%231%3F2");
	check("~/f.xml", "feeds", SOURCE_FEED, "file:///home/ada/f.xml", "file:///home/ada/f.xml");
	assert_int_equal(chdir("/tmp"), 0);
	check("./f.xml", "feeds", SOURCE_FEED, "file:///tmp/f.xml", "file:///tmp/f.xml");
	check("../f.xml", "feeds", SOURCE_FEED, "file:///f.xml", "file:///f.xml");
}

static void mistakes_are_explained(void **state)
{
	static const struct {
		const char *text, *says;
	} samples[] = {
	        {"home", "write account/kind"},
	        {"/", "'/' is no file"},
	        {"work/", "unknown source ''; there are home, mentions"},
	        {"work/hoem", "did you mean 'home'?"},
	        {"work/zzz", "there are home"},
	        {"my work/home", "'my work' is no account's name"},
	        {"a,b/home", "'a,b' is no account's name"},
	        {"work/home:x", "home takes nothing behind it, but has ':x'"},
	        {"work/tag", "tag needs a word: work/tag:…"},
	        {"work/tag:", "tag needs a word"},
	        {"work/tag:#", "tag needs a word"},
	        {"work/tag:\"\"", "tag needs a word"},
	        {"work/search:a b", "needs quotes: search:\"…\""},
	        {"work/search:\"a", "closing \" is missing"},
	        {"work/search:\"a\"b", "'b' stands behind the closing \""},
	        {"work/feed:lwn", "'feed' belongs to the account feeds: feeds/feed"},
	        {"feeds/home", "has feed, group and all, but no 'home'"},
	        {"gopher://x", "not 'gopher://'"},
	        {"javascript://x", "not 'javascript://'"},
	        {"https:///x", "no host"},
	        {"file://host/x", "three slashes"},
	        {"~bob/x", "only ~/ is understood"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct source_ref ref = {0};
		struct err err = {0};
		if (source_parse(samples[i].text, &ref, &err))
			fail_msg("taken: %s", samples[i].text);
		assert_int_equal(err.code, ERR_SYNTAX);
		assert_null(ref.account);
		assert_null(ref.arg);
		if (!strstr(err.text, samples[i].says)) {
			fail_msg("%s: '%s' lacks '%s'", samples[i].text, err.text, samples[i].says);
		}
	}
	unsetenv("HOME");
	assert_false(source_parse("~/x", &(struct source_ref){0}, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_no_source),
	        cmocka_unit_test(names_are_read),
	        cmocka_unit_test(addresses_are_feeds),
	        cmocka_unit_test(paths_become_addresses),
	        cmocka_unit_test(mistakes_are_explained),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
