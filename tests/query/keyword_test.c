/* Keywords of a server's filters: what Mastodon finds, and what it does not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "query/keyword.h"

static bool finds(const char *keyword, bool whole, const char *text)
{
	struct filter_keyword word = {.text = (char *)keyword, .whole = whole};
	struct keywords *keywords = keywords_new();
	keywords_add(keywords, &word, 1);
	keywords_ready(keywords);
	bool found = keywords_in(keywords, text, strlen(text));
	keywords_free(keywords);
	return found;
}

static const struct {
	const char *keyword;
	bool whole, found;
	const char *text;
} rows[] = {
        /* anywhere, whatever the case, but not whatever the accent */
        {"cat", false, true, "concatenate"},
        {"CAT", false, true, "a cat"},
        {"cat", false, false, "a c a t"},
        {"café", false, true, "CAFÉ"},
        {"cafe", false, false, "café"},
        {"ÄRGER", false, true, "ärger"},
        {"σίσυφος", false, true, "ΣΊΣΥΦΟΣ"},
        /* cases fold wholly */
        {"strasse", false, true, "STRAßE"},
        {"straße", false, true, "Strasse"},
        {"stras", false, false, "Straße"},
        {"s", false, false, "ß"},
        {"se", false, false, "Straße"},
        {"ße", true, true, "sse"},
        {"ffi", false, true, "eﬃcient"},
        {"fi", false, false, "eﬃcient"},
        {"i", false, false, "İ"},
        {"x\ufdd0", false, false, "ßx\ufdd0"}, /* a noncharacter */
        {"ß c", true, true, "a ẞ C."},
        {"last", true, true, "a laſt"},
        {"ss", true, false, "ßa"},
        /* whole words: letters, marks, digits and connector punctuation are parts of words */
        {"cat", true, true, "cat"},
        {"cat", true, true, "the cat."},
        {"cat", true, true, "#cat"},
        {"cat", true, true, "(Cat)"},
        {"cat", true, true, "cat-like"},
        {"cat", true, false, "concat"},
        {"cat", true, false, "cats"},
        {"cat", true, false, "cat2"},
        {"cat", true, false, "cat_2"},
        {"cat", true, false, "cat‿like"},
        {"cat", true, false, "éccat"},
        {"cat", true, false, "caté"},
        {"cat", true, false, "cat\u0301"},
        {"cat", true, true, "cats and a cat"},
        {"кот", true, false, "который"},
        {"кот", true, true, "этот Кот"},
        {"猫", true, false, "黒猫"},
        {"猫", false, true, "黒猫"},
        {"cat", true, false, "½cat"},
        {"cat", true, false, "cat²"},
        {"cat", true, true, "cat①"},
        {"cat", true, false, "catⅣ"},
        {"cat", true, false, "ⓐcat"},
        {"²", true, true, "cat²"}, /* no word by itself */
        /* an edge that is no word character asks for none */
        {"#cat", true, true, "x#cat"},
        {"#cat", true, false, "#cats"},
        {"c++", true, true, "c++11"},
        {"c++", true, false, "abc++"},
        {"(c)", true, true, "a(c)b"},
        {"cat dog", true, true, "a Cat Dog!"},
        {"cat dog", true, false, "cat  dog"},
        /* nothing in a keyword is a pattern */
        {".", false, false, "abc"},
        {"a.c", false, false, "abc"},
        {"[a]", false, true, "x[a]"},
        {"\\E.*", false, false, "anything"},
        {"\\E.*", false, true, "say \\e.* now"},
        {"a|b", false, false, "a"},
        {"$", false, false, "end"},
        {"#", false, true, "a # b"},
        {" ", false, true, "a b"},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (finds(rows[i].keyword, rows[i].whole, rows[i].text) == rows[i].found) continue;
		fail_msg("'%s'%s in '%s': expected %d", rows[i].keyword,
		        rows[i].whole ? " as a word" : "", rows[i].text, rows[i].found);
	}
}

static void test_left_out(void **state)
{
	(void)state;
	char *big = malloc(KEYWORD_MAX_LEN + 2);
	memset(big, 'a', KEYWORD_MAX_LEN + 1);
	big[KEYWORD_MAX_LEN + 1] = '\0';
	assert_false(finds("", false, "abc"));
	assert_false(finds(NULL, false, "abc"));
	assert_false(finds("a\xff", false, "a\xff"));
	assert_false(finds(big, false, big));
	big[KEYWORD_MAX_LEN] = '\0';
	assert_true(finds(big, true, big));
	free(big);
	struct keywords *none = keywords_new();
	keywords_ready(none);
	assert_false(keywords_in(none, "", 0));
	keywords_free(none);
	keywords_free(NULL);
}

/* More of them than one pattern holds. */
static void test_many(void **state)
{
	enum { MANY = 3000 };
	(void)state;
	struct keywords *keywords = keywords_new();
	for (int i = 0; i < MANY; i++) {
		char text[32];
		snprintf(text, sizeof text, "word%dend", i);
		struct filter_keyword word = {.text = text, .whole = i % 2};
		keywords_add(keywords, &word, 1);
	}
	keywords_ready(keywords);
	for (int i = 0; i < MANY; i += 97) {
		char text[64];
		int len = snprintf(text, sizeof text, "it is WORD%dEND.", i);
		assert_true(keywords_in(keywords, text, (size_t)len));
	}
	assert_false(keywords_in(keywords, "word3000end", 11));
	keywords_free(keywords);
}

static bool in_post(const char *keyword, const struct post_parts *parts)
{
	struct filter_keyword word = {.text = (char *)keyword};
	struct keywords *keywords = keywords_new();
	struct post *post = post_new(parts);
	keywords_add(keywords, &word, 1);
	keywords_ready(keywords);
	bool found = keywords_in_post(keywords, post);
	keywords_free(keywords);
	free(post);
	return found;
}

static void test_post(void **state)
{
	(void)state;
	struct media media[] = {{.kind = MEDIA_IMAGE, .url = "https://a.example/url.png"},
	        {.kind = MEDIA_IMAGE, .url = "https://a.example/2", .alt = "a picture of a heron"}};
	struct post_parts parts = {.str = {[POST_URI] = "https://a.example/1",
	                                   [POST_TITLE] = "headline",
	                                   [POST_BODY] = "the text of it",
	                                   [POST_WARNING] = "Spoiler",
	                                   [POST_POLL] = "12\tfirst choice\n-1\tsecond",
	                                   [POST_APP] = "program"},
	        .media = media,
	        .nmedia = 2};
	assert_true(in_post("TEXT", &parts));
	assert_true(in_post("spoil", &parts));
	assert_true(in_post("headline", &parts));
	assert_true(in_post("choice", &parts));
	assert_true(in_post("second", &parts));
	assert_true(in_post("heron", &parts));
	assert_false(in_post("12", &parts));
	assert_false(in_post("a.example", &parts));
	assert_false(in_post("program", &parts));
	/* Never across two of them. */
	assert_false(in_post("it spoiler", &parts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_table),
	        cmocka_unit_test(test_left_out),
	        cmocka_unit_test(test_many),
	        cmocka_unit_test(test_post),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
