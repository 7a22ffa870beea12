/* Bluesky's muted words: what its clients hide, and what they do not. scripts/check-bluesky holds
 * the rule against the official library, over many posts that nobody wrote. */
#include "query/muted_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static bool finds_in(const char *value, unsigned targets, const struct post_parts *parts)
{
	struct post *post = post_new(parts);
	struct muted_post *muted = muted_post_new(post);
	struct muted_word *word = muted_word_new(value, targets);
	bool found = muted_word_in(word, muted);

	muted_word_free(word);
	muted_post_free(muted);
	free(post);
	return found;
}

static bool finds(const char *value, const char *text, const char *lang)
{
	struct post_parts parts = {
	        .str = {[POST_URI] = "at://a/b/c", [POST_BODY] = text, [POST_LANG] = lang}};

	return finds_in(value, FILTER_IN_TEXT | FILTER_IN_TAGS, &parts);
}

static const struct {
	const char *value, *text, *lang;
	bool found;
} rows[] = {
        /* whole words, whatever the case, but not whatever the accent */
        {"cat", "a cat", "en", true},
        {"CAT", "a Cat", "en", true},
        {"cat", "cats", "en", false},
        {"cat", "concat", "en", false},
        {"café", "CAFÉ", "fr", true},
        {"cafe", "café", "fr", false},
        {"straße", "STRASSE", "de", false},
        {"cat", "a\tcat\nhere", "en", true},
        {"cat", "a\u00a0cat", "en", true},
        {"cat", "a\u3000cat", "en", true},
        {"cat", "a\u200bcat", "en", false},
        {"cat", "a\u2028cat", "en", true},
        {"i\u0307zmir", "İzmir", "tr", true},
        {"σίσυφος", "ΣΊΣΥΦΟΣ", "el", true},
        {"σίσυφοσ", "ΣΊΣΥΦΟΣ", "el", false},
        {"ας", "ΑΣ!", "el", true},
        /* one character, and languages without blanks: anywhere */
        {"a", "cat", "en", true},
        {"é", "café", "en", true},
        {"🦋", "a🦋b", "en", false},
        {"🦋", "a 🦋 b", "en", true},
        {"猫", "黒猫だ", "en", true},
        {"黒猫", "この黒猫だ", "ja", true},
        {"黒猫", "この黒猫だ", "en", false},
        {"黒猫", "この黒猫だ", "ja-JP", false},
        {"cat", "concat", "ko", true},
        {"cat", "concat", "", false},
        /* with a blank or punctuation in it: anywhere */
        {"bad cat", "a bad cats", "en", true},
        {"bad cat", "a bad  cat", "en", false},
        {"c++", "abc++d", "en", false},
        {"c#", "abc#d", "en", true},
        {"s@ssy", "xs@ssyx", "en", true},
        {"-", "a-b", "en", true},
        /* punctuation around and within */
        {"cat", "(cat)", "en", true},
        {"cat", "«cat»!", "en", true},
        {"cat", "$cat", "en", false},
        {"cat", "cat's", "en", true},
        {"cats", "cat's", "en", true},
        {"cat s", "cat's", "en", true},
        {"cat", "cat-dog", "en", true},
        {"dog", "cat-dog", "en", true},
        {"catdog", "cat--dog", "en", true},
        {"cat dog", "cat--dog", "en", true},
        {"cat dog", "cat-dog-x", "en", false},
        {"tdo", "cat-dog", "en", false},
        {"cat-dog", "cat dog", "en", false},
        {"bye", "good-bye", "en", true},
        {"idk", "i.d.k.", "en", true},
        {"stopstopstop", "stop-stop-stop", "en", true},
        /* a slash within ends the search, unless the word before it was shorter */
        {"andor", "and/or", "en", false},
        {"and", "and/or", "en", false},
        {"or", "and/or or", "en", false},
        {"or", "or and/or", "en", true},
        {"and/or", "and/or", "en", true},
        {"and", "/and/", "en", true},
        {"longer", "a/b longer", "en", true},
        {"cat", "https://x.example/cat cat", "en", false},
        /* nothing in it is a pattern */
        {".", "abc", "en", false},
        {"a.c", "abc", "en", false},
        {"", "", "en", false},
        {"", "a  b", "ja", false},
        {"a\xff", "a\xff", "en", false},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (finds(rows[i].value, rows[i].text, rows[i].lang) == rows[i].found) continue;
		fail_msg("'%s' in '%s' (%s): expected %d", rows[i].value, rows[i].text,
		        rows[i].lang, rows[i].found);
	}
}

static void test_where(void **state)
{
	static const struct facet facets[] = {{FACET_TAG, 0, 5, "Kitty"}, {FACET_LINK, 6, 7, "x"}};
	static const struct media media[] = {
	        {.kind = MEDIA_IMAGE, .url = "https://x/1", .alt = "a dog"},
	        {.kind = MEDIA_IMAGE, .url = "https://x/2"}};
	struct post_parts parts = {.str = {[POST_URI] = "at://a/b/c",
	                                   [POST_BODY] = "#text x",
	                                   [POST_TITLE] = "title",
	                                   [POST_WARNING] = "warned",
	                                   [POST_CARD_TITLE] = "A card",
	                                   [POST_LANG] = "ja"},
	        .facets = facets,
	        .nfacets = 2,
	        .media = media,
	        .nmedia = 2};

	(void)state;
	assert_true(finds_in("KITTY", FILTER_IN_TAGS, &parts));
	assert_true(finds_in("kitty", FILTER_IN_TEXT, &parts));
	assert_false(finds_in("kit", FILTER_IN_TAGS, &parts));
	assert_true(finds_in("text", FILTER_IN_TEXT, &parts));
	assert_false(finds_in("text", FILTER_IN_TAGS, &parts));
	assert_true(finds_in("dog", FILTER_IN_TEXT, &parts));
	assert_true(finds_in("og", FILTER_IN_TEXT, &parts));
	assert_true(finds_in("card", FILTER_IN_TEXT, &parts));
	assert_false(finds_in("ard", FILTER_IN_TEXT, &parts));
	assert_false(finds_in("title", FILTER_IN_TEXT, &parts));
	assert_false(finds_in("warned", FILTER_IN_TEXT, &parts));
}

static void test_left_out(void **state)
{
	char *big = xmalloc(MUTED_WORD_MAX_LEN + 2);

	(void)state;
	memset(big, 'a', MUTED_WORD_MAX_LEN + 1);
	big[MUTED_WORD_MAX_LEN + 1] = '\0';
	assert_false(finds(big, big, "en"));
	big[MUTED_WORD_MAX_LEN] = '\0';
	assert_true(finds(big, big, "en"));
	assert_false(finds(NULL, "a", "ja"));
	free(big);
	muted_word_free(NULL);
	muted_post_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_table),
	        cmocka_unit_test(test_where),
	        cmocka_unit_test(test_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
