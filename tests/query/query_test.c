#include "query/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/profile.h"

static struct query *parsed(const char *text)
{
	struct query *query = NULL;
	struct err err = {0};
	int col = -1;

	if (!query_parse(text, false, &query, &col, &err)) {
		fail_msg("%s: %d: %s", text, col, err.text);
	}
	return query;
}

static char *printed(const struct query *query)
{
	struct str out = {0};

	query_print(&out, query);
	return str_take(&out);
}

static void assert_prints(const char *text, const char *want)
{
	struct query *query = parsed(text);
	char *got = printed(query);

	assert_string_equal(got, want);
	free(got);
	query_free(query);
}

static void test_prints_canonical_words(void **state)
{
	(void)state;
	assert_prints("", "");
	assert_prints("  rust   async ", "rust async");
	assert_prints("\"exact phrase\" -word", "\"exact phrase\" -word");
	assert_prints("\"one\"", "one");
	assert_prints("#c @Ada", "tag:c from:ada");
	assert_prints("FROM:@Ada@Host", "from:ada@host");
	assert_prints("@@ada to:@@@ada", "from:ada to:ada");
	assert_prints("a b OR c", "a b OR c");
	assert_prints("a (b OR c)", "a (b OR c)");
	assert_prints("(a b) c", "a b c");
	assert_prints("(a OR b) OR c", "a OR b OR c");
	assert_prints("-(a b)", "-(a b)");
	assert_prints("--a", "--a");
	assert_prints("likes:>010 likes:=3", "likes:>10 likes:3");
	assert_prints("\"OR\" \"-x\" \"#x\" \"a\\\"b\"", "\"OR\" \"-x\" \"#x\" \"a\\\"b\"");
	assert_prints("/a b\\/[(\"]/ /x{2}/", "/a b\\/[(\"]/ /x{2}/");
	assert_prints("age:<120m age:>=7d", "age:<2h age:>=1w");
	assert_prints("thread:https://A.example/1", "thread:https://A.example/1");
	assert_prints("http://example.org 12:30 :-x", "http://example.org 12:30 :-x");
}

static void assert_mistake(const char *text, int col, const char *says)
{
	struct query *query = NULL;
	struct err err = {0};
	int at = -1;

	assert_false(query_parse(text, false, &query, &at, &err));
	assert_null(query);
	assert_int_equal(at, col);
	if (!strstr(err.text, says)) fail_msg("'%s' does not say '%s'", err.text, says);
}

static void test_shows_a_mistake_at_its_column(void **state)
{
	(void)state;
	assert_mistake("rust form:ada", 5, "did you mean 'from:'");
	assert_mistake("zzzzzz:1", 0, "unknown field");
	assert_mistake("a has:medai", 6, "did you mean 'media'");
	assert_mistake("is:", 3, "wants one of");
	assert_mistake("a \"open", 2, "never closed");
	assert_mistake("a (b", 2, "never closed");
	assert_mistake("a b)", 3, "without its opening");
	assert_mistake("()", 0, "nothing between");
	assert_mistake("OR a", 0, "both sides");
	assert_mistake("a OR", 4, "missing at the end");
	assert_mistake("a - b", 2, "right behind");
	assert_mistake("likes:many", 6, "a number");
	assert_mistake("from:", 5, "wants a value");
	assert_mistake("a /re+", 2, "never closed");
	assert_mistake("a /re)+/", 5, "wrong here");
	assert_mistake("//", 0, "nothing between the slashes");
	assert_mistake("/usr/bin", 5, "ends at this slash");
	assert_mistake("age:2h", 4, "< for younger");
	assert_mistake("age:<2y", 4, "a length of time");
	assert_mistake("link:example.org/x", 5, "wants a host");
	assert_mistake("saved:work", 6, "no saved query 'work'");
	assert_mistake("\"\"", 0, "nothing to look for");
}

static void assert_typing(const char *text, const char *want)
{
	struct query *query = NULL;
	struct err err = {0};
	int col;
	char *got;

	if (!query_parse(text, true, &query, &col, &err)) fail_msg("%s: %s", text, err.text);
	got = printed(query);
	assert_string_equal(got, want);
	free(got);
	query_free(query);
}

static void test_typing_leaves_the_unfinished_out(void **state)
{
	struct query *query = NULL;

	(void)state;
	assert_typing("rust from:", "rust");
	assert_typing("rust has:me", "rust");
	assert_typing("has:me", "");
	assert_typing("rust -", "rust");
	assert_typing("rust OR", "rust");
	assert_typing("rust OR ", "rust");
	assert_typing("(rust OR c", "rust OR c");
	assert_typing("(", "");
	assert_typing("\"open phr", "\"open phr\"");
	assert_typing("#", "");
	assert_typing("rust /ab", "rust /ab/");
	assert_typing("rust /a b|c", "rust /a b|c/");
	assert_typing("rust /a(", "rust");
	assert_typing("rust /", "rust");
	assert_typing("rust likes:>", "rust");
	assert_typing("rust age:<2", "rust");
	assert_typing("rust saved:wo", "rust");
	assert_typing("rust since:yest", "rust");
	assert_typing("rust word:", "rust");
	assert_typing("unkn:", "");
	assert_false(query_parse("has:me rust", true, &query, NULL, NULL));
}

static void test_deep_and_long_queries_are_refused(void **state)
{
	char deep[2 * QUERY_MAX_DEPTH + 8], *wide = xmalloc(QUERY_MAX_LEN + 2);
	struct query *query = NULL;
	struct err err = {0};

	(void)state;
	memset(deep, '-', sizeof deep);
	strcpy(deep + QUERY_MAX_DEPTH - 1, "a");
	query_free(parsed(deep));
	memset(deep, '-', sizeof deep);
	strcpy(deep + QUERY_MAX_DEPTH, "a");
	assert_false(query_parse(deep, false, &query, NULL, &err));
	memset(wide, 'a', QUERY_MAX_LEN + 1);
	wide[QUERY_MAX_LEN + 1] = '\0';
	assert_false(query_parse(wide, false, &query, NULL, &err));
	assert_non_null(strstr(err.text, "longer than"));
	wide[QUERY_MAX_LEN] = '\0';
	query_free(parsed(wide));
	free(wide);
}

/* --- matching --- */

static const struct profile ada = {.uri = "https://a.example/ada",
        .handle = "Ada@a.example",
        .name = "Ada Ł. Ångström",
        .bot = true,
        .bio = "Carpenter in Hilversum",
        .followers = -1};
static const struct profile bob = {
        .uri = "https://b.example/bob", .handle = "bob@b.example", .name = "Bob", .followers = -1};

static struct post *sample_post(void)
{
	static const char body[] = "@ada Crème brûlée for #Rust at link";
	static const struct facet facets[] = {
	        {FACET_MENTION, 0, 4, "https://a.example/ada"},
	        {FACET_TAG, 25, 30, "Rust"},
	        {FACET_LINK, 34, 38, "https://www.Example.org:8080/path?x"},
	};
	static const struct media media[] = {
	        {.kind = MEDIA_IMAGE, .url = "https://m.example/1", .alt = "a cat"},
	        {.kind = MEDIA_AUDIO, .url = "https://m.example/2"},
	};
	static const struct viewer viewers[] = {{2, VIEWER_MENTIONED | VIEWER_LIKED, "17"}};
	struct post_parts parts = {.facets = facets,
	        .nfacets = 3,
	        .media = media,
	        .nmedia = 2,
	        .viewers = viewers,
	        .nviewers = 1,
	        .author = 1,
	        .likes = 11,
	        .reposts = 5,
	        .replies = POST_UNKNOWN,
	        .quotes = 0,
	        .visibility = VIS_UNLISTED};

	parts.str[POST_URI] = "https://a.example/p/1";
	parts.str[POST_BODY] = body;
	parts.str[POST_LANG] = "nl-BE";
	parts.str[POST_APP] = "Stoa Deck";
	parts.str[POST_REPLY_TO] = "https://b.example/p/0";
	parts.str[POST_REPLY_NAME] = "bob@b.example";
	return post_new(&parts);
}

static bool matches(const struct query_row *row, const char *text)
{
	struct query *query = parsed(text);
	bool match = query_match(query, row, 0);

	query_free(query);
	return match;
}

static void test_fields_match(void **state)
{
	static const char *const yes[] = {"creme brulee", "CRÈME", "\"brulee for\"", "-nothing",
	        "nothing OR creme", "from:ada", "@ada@a.example", "by:bob", "to:me", "to:bob",
	        "to:ada", "name:angstrom", "bio:hilversum", "network:mastodon", "account:work",
	        "source:work/home", "#rust", "tag:RUST", "link:example.org", "link:www.example.org",
	        "url:path", "via:deck", "lang:nl", "lang:nl-be", "visibility:unlisted", "has:media",
	        "has:image", "has:audio", "has:alt", "has:noalt", "has:link", "is:repost",
	        "is:reply", "is:unread", "is:liked", "is:bot", "is:mention", "likes:>10",
	        "likes:11", "likes:<=11", "reposts:>=5", "quotes:0", "tags:1", "mentions:1",
	        "-(a b zzz)"};
	static const char *const no[] = {"caramel", "-creme", "creme caramel", "from:bob",
	        "from:ada@b.example", "by:ada", "to:carol", "name:bob", "tag:rus", "tag:rusty",
	        "link:ample.org", "link:org.example", "lang:n", "lang:de", "visibility:direct",
	        "has:video", "has:poll", "has:warning", "is:quote", "is:own", "is:edited",
	        "likes:>11", "replies:0", "replies:>0", "network:feed", "source:work"};
	struct post *post = sample_post();
	struct query_row row = {.post = post,
	        .author = &ada,
	        .actor = &bob,
	        .reason = REASON_REPOSTED,
	        .network = "mastodon",
	        .account = "work",
	        .source = "work/home",
	        .unread = true};
	struct query_row notice = {.author = &ada, .actor = &ada, .reason = REASON_FOLLOWED};

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		if (!matches(&row, yes[i])) fail_msg("%s should match", yes[i]);
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (matches(&row, no[i])) fail_msg("%s should not match", no[i]);
	}
	assert_true(matches(&notice, "from:ada"));
	assert_false(matches(&notice, "creme OR has:media OR likes:>=0 OR to:me OR lang:nl"));
	free(post);
}

/* --- what it asks of texts --- */

static bool in_texts(const char *query, const char *body, const char *warning)
{
	struct post_parts parts = {0};
	struct query_row row = {0};
	bool match;

	parts.str[POST_URI] = "https://a.example/p/2";
	parts.str[POST_BODY] = body;
	parts.str[POST_WARNING] = warning;
	parts.str[POST_POLL] = "1\tPoll option";
	row.post = post_new(&parts);
	match = matches(&row, query);
	free((void *)row.post);
	return match;
}

static void test_a_word_is_whole_at_its_edges(void **state)
{
	static const struct {
		const char *query, *body;
		bool match;
	} rows[] = {
	        {"word:cat", "a cat.", true},
	        {"word:cat", "concat", false},
	        {"word:cat", "cats", false},
	        {"word:cat", "concat cats (Cat)", true},
	        {"word:cat", "cat_2", false},
	        {"word:cat", "#cat", true},
	        {"word:cat", "Cat™", true},
	        {"word:cat", "½cat", false},
	        {"word:cat", "①cat", true},
	        {"word:cat", "c\u00e2t", true},
	        {"word:cat", "cat\u0301s", false},
	        {"word:cat", "cat\u200bs", false},
	        {"word:cat", "c\u200bat", true},
	        {"word:tm", "cat™", false},
	        {"word:tm", "cat ™", true},
	        {"word:m", "cat™", false},
	        {"word:strasse", "Straße", true},
	        {"word:stras", "Straße", false},
	        {"word:c++", "c++11", true},
	        {"word:c++", "abc++", false},
	        {"word:\"cat dog\"", "a cat\u00a0 Dog", true},
	        {"word:猫", "黒猫", false},
	        {"word:poll", "x", true},
	        {"word:pol", "x", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (in_texts(rows[i].query, rows[i].body, NULL) != rows[i].match) {
			fail_msg("%s in '%s'", rows[i].query, rows[i].body);
		}
	}
}

/* A letter with its accent is one, a thumb with its colour too. */
static void test_length_is_in_characters(void **state)
{
	static const struct {
		const char *query;
		bool match;
	} rows[] = {
	        {"length:5", true},
	        {"length:=4", false},
	        {"length:>4", true},
	        {"length:>5", false},
	        {"length:>=5", true},
	        {"length:>=6", false},
	        {"length:>99", false},
	        {"length:<5", false},
	        {"length:<6", true},
	        {"length:<=5", true},
	        {"length:<=4", false},
	        {"length:<99", true},
	        {"length:14", false},
	        {"length:0", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (in_texts(rows[i].query, "ae\u0301👍🏽b!", NULL) != rows[i].match) {
			fail_msg("%s", rows[i].query);
		}
	}
	assert_true(in_texts("length:0", "", NULL));
}

static void test_a_regex_sees_each_text_as_it_was_written(void **state)
{
	(void)state;
	assert_true(in_texts("/colou?r/", "Some COLOR", NULL));
	assert_true(in_texts("/^some/", "Some colour", NULL));
	assert_true(in_texts("/^warned$/", "Some colour", "Warned"));
	assert_true(in_texts("/^poll option$/", "x", NULL));
	assert_true(in_texts("/br\u00fb/", "BR\u00dbl\u00e9e", NULL));
	assert_true(in_texts("/a\\/b \\d+/", "A/B 12", NULL));
	assert_true(in_texts("/^.\u00e9$/", "\u00ea\u00c9", NULL));
	assert_false(in_texts("/brulee/", "br\u00fbl\u00e9e", NULL));
	assert_false(in_texts("/colou?r.*warned/", "colour", "warned"));
	assert_false(in_texts("-/colou?r/", "colour", NULL));
}

static uint32_t keep_atom(void *ctx, const struct query_atom *atom)
{
	snprintf(ctx, 40, "%s", atom->value);
	return 1;
}

/* What every text has in which it is found: letters in a row outside of all that may be missing. */
static void test_a_regex_tells_what_it_cannot_do_without(void **state)
{
	static const struct {
		const char *regex, *least;
	} cases[] = {
	        {"cat", "cat"},
	        {"CaT9", "cat9"},
	        {"ca", ""},
	        {"gra(ka|ko)\\b", "gra"},
	        {"\\bgrab.longer", "longer"},
	        {"cats?", "cat"},
	        {"cats*and", "cat"},
	        {"cat{2}", ""},
	        {"cata{0,3}x", "cat"},
	        {"cat+alog", "alog"},
	        {"cat|dog", ""},
	        {"(cat|dog)food", "food"},
	        {"(?:cat)food", "food"},
	        {"(?i)food", ""},
	        {"(?<=x)food", ""},
	        {"(cat", ""},
	        {"[food]x", ""},
	        {"[]food]bars", "bars"},
	        {"[^]food]bars", "bars"},
	        {"[[:alpha:]]food", ""},
	        {"[\\]food]bars", "bars"},
	        {"\\x41food", ""},
	        {"\\Qfood\\E", ""},
	        {"fo\\.ods", "ods"},
	        {"caf\u00e9s", "caf"},
	        {"two words", "words"},
	        {"(a(b)food)cat", "cat"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[60], found[40] = "";
		struct query *query = NULL;
		int at;

		snprintf(text, sizeof(text), "/%s/", cases[i].regex);
		if (!query_parse(text, false, &query, &at, NULL)) continue;
		query_bind(query, keep_atom, found);
		if (strcmp(found, cases[i].least) != 0)
			fail_msg("%s: '%s', not '%s'", text, found, cases[i].least);
		query_free(query);
	}
}

static void test_a_regex_that_works_too_hard_is_switched_off(void **state)
{
	struct post_parts parts = {0};
	struct query_row hard = {0}, easy = {0};
	struct query *query = parsed("/(a+)+$/");

	(void)state;
	parts.str[POST_URI] = "https://a.example/p/3";
	parts.str[POST_BODY] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	hard.post = post_new(&parts);
	parts.str[POST_BODY] = "aaa";
	easy.post = post_new(&parts);
	assert_true(query_match(query, &easy, 0));
	for (unsigned i = 0; i < QUERY_MAX_TRIPS; i++) {
		assert_int_equal(query_trips(query), i);
		assert_true(query_match(query, &easy, 0));
		assert_false(query_match(query, &hard, 0));
	}
	assert_int_equal(query_trips(query), QUERY_MAX_TRIPS);
	assert_false(query_match(query, &easy, 0));
	query_free(query);
	free((void *)hard.post);
	free((void *)easy.post);
}

/* --- saved queries and time --- */

static const char *saved(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "work") == 0) return "rust OR saved:trade";
	if (strcmp(name, "trade") == 0) return "carpenter -saved:none";
	if (strcmp(name, "none") == 0) return "";
	if (strcmp(name, "round") == 0) return "a saved:about";
	if (strcmp(name, "about") == 0) return "b (c OR saved:round)";
	if (strcmp(name, "wrong") == 0) return "likes:many";
	if (strncmp(name, "wide", 4) == 0 && name[4] < '9') {
		static const char *const wide[] = {
		        "saved:wide1 saved:wide1 saved:wide1 saved:wide1",
		        "saved:wide2 saved:wide2 saved:wide2 saved:wide2",
		        "saved:wide3 saved:wide3 saved:wide3 saved:wide3",
		        "saved:wide4 saved:wide4 saved:wide4 saved:wide4",
		        "saved:wide5 saved:wide5 saved:wide5 saved:wide5",
		        "saved:wide6 saved:wide6 saved:wide6 saved:wide6", "x"};

		return wide[name[4] - '0'];
	}
	return NULL;
}

#define NOON 1795262400000 /* Saturday 21 November 2026 12:00 UTC */

static const struct query_env env = {.saved = saved, .zone = "UTC", .now_ms = NOON};

static struct query *parsed_in(const char *text)
{
	struct query *query = NULL;
	struct err err = {0};

	if (!query_parse_in(&env, text, false, &query, NULL, &err)) {
		fail_msg("%s: %s", text, err.text);
	}
	return query;
}

static void assert_saved_mistake(const char *text, int col, const char *says)
{
	struct query *query = NULL;
	struct err err = {0};
	int at = -1;

	assert_false(query_parse_in(&env, text, false, &query, &at, &err));
	assert_int_equal(at, col);
	if (!strstr(err.text, says)) fail_msg("'%s' does not say '%s'", err.text, says);
}

static void test_a_saved_query_is_what_it_stands_for(void **state)
{
	struct query *query = parsed_in("cat saved:work");
	char *text = printed(query);

	(void)state;
	assert_string_equal(text, "cat saved:work");
	assert_string_equal(query_needle(query, 1), "rust");
	assert_string_equal(query_needle(query, 2), "carpenter");
	free(text);
	query_free(query);
	assert_saved_mistake("a saved:round", 8,
	        "in 'saved:round': in 'saved:about': 'saved:round' "
	        "names itself");
	assert_saved_mistake("saved:wrong", 6, "in 'saved:wrong': 'likes:' wants a number");
	assert_saved_mistake("saved:missing", 6, "no saved query 'missing'");
	assert_saved_mistake("saved:wide0", 6, "too long");
}

static bool published(const char *text, int64_t created_ms, int64_t now_ms)
{
	struct query *query = parsed_in(text);
	struct post_parts parts = {.created_ms = created_ms};
	struct query_row row = {0};
	bool match;

	parts.str[POST_URI] = "https://a.example/p/4";
	row.post = post_new(&parts);
	match = query_match(query, &row, now_ms);
	free((void *)row.post);
	query_free(query);
	return match;
}

static void test_times_look_back(void **state)
{
	enum { HOUR = 3600 * 1000 };
	static const struct {
		const char *query;
		int64_t edge_ms; /* from here on since: holds, until: does not */
	} rows[] = {
	        {"2026-11-01", NOON - 20LL * 24 * HOUR - 12 * HOUR},
	        {"\"2026-11-01 13:00\"", NOON - 20LL * 24 * HOUR + HOUR},
	        {"2026-11-01T13:00:00Z", NOON - 20LL * 24 * HOUR + HOUR},
	        {"yesterday", NOON - 36 * HOUR},
	        {"\"last friday\"", NOON - 36 * HOUR},
	        {"fri", NOON - 36 * HOUR},
	        {"sun", NOON - 6LL * 24 * HOUR - 12 * HOUR},
	        {"9:00", NOON - 3 * HOUR},
	        {"13:00", NOON - 23 * HOUR},
	        {"\"2h ago\"", NOON - 2 * HOUR},
	        {"\"1 nov\"", NOON - 20LL * 24 * HOUR - 12 * HOUR},
	        {"\"24 dec\"", NOON - 332LL * 24 * HOUR - 12 * HOUR},
	        {"tomorrow", NOON + 12 * HOUR},
	        {"\"next fri\"", NOON + 5LL * 24 * HOUR + 12 * HOUR},
	        {"2027-01-01", NOON + 40LL * 24 * HOUR + 12 * HOUR},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int later = -1; later <= 0; later++) {
			char query[64];

			snprintf(query, sizeof query, "since:%s", rows[i].query);
			if (published(query, rows[i].edge_ms + later, NOON) != (later == 0)) {
				fail_msg("%s at %d", query, later);
			}
			snprintf(query, sizeof query, "until:%s", rows[i].query);
			if (published(query, rows[i].edge_ms + later, NOON) != (later < 0)) {
				fail_msg("%s at %d", query, later);
			}
		}
	}
	/* The clock takes it along. */
	assert_true(published("since:yesterday", NOON - 24 * HOUR, NOON + 11 * HOUR));
	assert_false(published("since:yesterday", NOON - 24 * HOUR, NOON + 36 * HOUR));
	assert_true(published("since:2026-11-20", NOON - 24 * HOUR, NOON + 36 * HOUR));
	assert_saved_mistake("a since:soonish", 8, "2026-12-24 08:00");
}

static void test_ages_pass_exactly(void **state)
{
	(void)state;
	assert_true(published("age:<2h", NOON - 7199999, NOON));
	assert_false(published("age:<2h", NOON - 7200000, NOON));
	assert_true(published("age:<=2h", NOON - 7200000, NOON));
	assert_true(published("age:>=2h", NOON - 7200000, NOON));
	assert_false(published("age:>2h", NOON - 7200000, NOON));
	assert_true(published("age:>1d", NOON - 90000000, NOON));
	assert_false(published("age:<2h OR age:>2h", 0, NOON));
}

static void test_ages_turn_exactly(void **state)
{
	static const struct {
		const char *query;
		int64_t in_ms;
	} rows[] = {
	        {"age:<2h", 3600000},
	        {"age:>=2h", 3600000},
	        {"age:<=2h", 3600001},
	        {"age:>2h", 3600001},
	        {"age:<30m", INT64_MAX},
	        {"age:<2h OR -nothing", INT64_MAX},
	        {"age:<2h nothing", INT64_MAX},
	        {"age:<3h -age:<2h", 3600000},
	        {"since:yesterday", 60000},
	        {"since:2026-11-01", INT64_MAX},
	        {"until:yesterday", 60000},
	        {"since:\"10m ago\"", INT64_MAX},
	};
	struct post_parts parts = {.str = {[POST_URI] = "u"}, .created_ms = NOON - 3600000};
	struct query_row row = {.post = post_new(&parts)};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct query *query = parsed_in(rows[i].query);
		int64_t at = query_changes_at(query, &row, NOON);

		if (at != (rows[i].in_ms == INT64_MAX ? INT64_MAX : NOON + rows[i].in_ms)) {
			fail_msg("%s changes in %lld ms", rows[i].query, (long long)(at - NOON));
		}
		query_free(query);
	}
	free((void *)row.post);
}

static void test_what_changes_by_itself(void **state)
{
	static const struct {
		const char *query;
		unsigned changes;
	} rows[] = {
	        {"rust -has:media @ada", 0},
	        {"since:2026-11-01 until:2026-12-01", 0},
	        {"a OR -age:<2h", QUERY_CHANGES_WITH_TIME},
	        {"since:yesterday", QUERY_CHANGES_WITH_TIME},
	        {"likes:>10", QUERY_CHANGES_WITH_COUNTS},
	        {"is:waiting", QUERY_CHANGES_WITH_VIEWER},
	        {"to:me is:unread", QUERY_CHANGES_WITH_VIEWER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct query *query = parsed_in(rows[i].query);

		assert_int_equal(query_volatile(query), rows[i].changes);
		query_free(query);
	}
}

/* --- why, and what nobody told --- */

static void assert_explains(const struct query_row *row, const char *text, const char *why)
{
	struct query *query = parsed_in(text);
	struct str out = {0};

	query_explain(query, row, NOON, &out);
	assert_string_equal(str_c(&out), why);
	str_finish(&out);
	query_free(query);
}

static void test_explains_by_the_terms_that_decide(void **state)
{
	struct post *post = sample_post();
	struct query_row row = {.post = post, .author = &ada};

	(void)state;
	assert_explains(&row, "", "matches: an empty query matches everything");
	assert_explains(&row, "Creme", "matches: word “Creme”");
	assert_explains(&row, "a OR creme -\"not here\"", "matches: word “a”");
	assert_explains(&row, "zzz OR (creme -\"not here\")",
	        "matches: word “creme”, not phrase “not here”");
	assert_explains(&row, "creme has:video has:poll", "fails at: has:video");
	assert_explains(&row, "zzz OR has:poll", "fails at: word “zzz”, has:poll");
	assert_explains(&row, "-(creme has:image)", "fails at: not word “creme”, not has:image");
	assert_explains(&row, "saved:trade", "fails at: saved:trade (word “carpenter”)");
	assert_explains(&row, "/cr.me/ likes:>10", "matches: /cr.me/, likes:>10");
	free(post);
}

static const char *unknown(const struct query_row *row, const char *text)
{
	struct query *query = parsed_in(text);
	const char *name = query_unknown(query, row, NOON);

	query_free(query);
	return name ? name : "";
}

static void test_says_what_nobody_told(void **state)
{
	struct post *post = sample_post();
	struct query_row row = {.post = post, .author = &ada, .untold = UNTOLD_UNREAD};

	(void)state;
	assert_string_equal(unknown(&row, "replies:0"), "replies");
	assert_string_equal(unknown(&row, "-replies:0"), "replies");
	assert_string_equal(unknown(&row, "creme replies:0"), "replies");
	assert_string_equal(unknown(&row, "zzz replies:0"), "");
	assert_string_equal(unknown(&row, "creme OR replies:0"), "");
	assert_string_equal(unknown(&row, "zzz OR -(followers:>1 creme)"), "followers");
	assert_string_equal(unknown(&row, "is:unread"), "is:unread");
	row.untold = UNTOLD_VISIBILITY;
	assert_string_equal(unknown(&row, "visibility:unlisted"), "visibility:unlisted");
	assert_string_equal(unknown(&row, "network:mastodon"), "network");
	assert_string_equal(unknown(&row, "likes:>1 bio:x lang:nl"), "");
	free(post);
}

/* It parses, and asks what it is an example of. */
static void check_example(const char *field, const char *example)
{
	struct query *query = parsed_in(example);
	char *text = printed(query);
	const char *term = text + strspn(text, "-");

	if (strncmp(term, field, strlen(field)) != 0 || term[strlen(field)] != ':') {
		fail_msg("%s is no example of %s:", example, field);
	}
	free(text);
	query_free(query);
}

static void test_every_field_has_help(void **state)
{
	size_t n = 0;

	(void)state;
	for (; query_field(n); n++) {
		assert_true(strlen(query_field(n)->name) > 0);
		assert_true(strlen(query_field(n)->help) > 0);
		check_example(query_field(n)->name, query_field(n)->example);
		for (size_t i = 0; query_field_value(query_field(n)->name, i); i++) {
			check_example(query_field(n)->name,
			        query_field_value(query_field(n)->name, i)->example);
		}
		if (n > 0) assert_true(strcmp(query_field(n - 1)->name, query_field(n)->name) < 0);
	}
	assert_true(n > 15);
	assert_string_equal(query_field_value("has", 0)->name, "media");
	assert_null(query_field_value("from", 0));
	assert_null(query_field_value("has", 99));
}

static void test_needles_are_the_words_that_must_show(void **state)
{
	struct query *query = parsed("Rüst -not (\"two  words\" OR --deep) from:ada");

	(void)state;
	assert_string_equal(query_needle(query, 0), "rust");
	assert_string_equal(query_needle(query, 1), "two words");
	assert_string_equal(query_needle(query, 2), "deep");
	assert_null(query_needle(query, 3));
	assert_null(query_needle(NULL, 0));
	query_free(query);
}

static bool narrows(const char *longer, const char *shorter)
{
	struct query *a = parsed(longer), *b = parsed(shorter);
	bool yes = query_narrows(a, b);

	query_free(a);
	query_free(b);
	return yes;
}

static void test_narrows_only_when_it_surely_does(void **state)
{
	(void)state;
	assert_true(narrows("rust", ""));
	assert_true(narrows("rusty", "rust"));
	assert_true(narrows("rust async", "async"));
	assert_true(narrows("RUST", "rust"));
	assert_true(narrows("rust async", "rust OR go"));
	assert_true(narrows("rust OR rusty", "rus"));
	assert_true(narrows("-rus", "-rust"));
	assert_true(narrows("a (b OR c)", "a"));
	assert_true(narrows("from:ada x", "from:ada"));
	assert_false(narrows("", "rust"));
	assert_false(narrows("rust", "rusty"));
	assert_false(narrows("rust OR go", "rust"));
	assert_false(narrows("-rust", "-rus"));
	assert_true(narrows("likes:>20", "likes:>10"));
	assert_true(narrows("likes:11", "likes:>10"));
	assert_true(narrows("likes:>=11", "likes:>10"));
	assert_true(narrows("likes:>10", "likes:>=10"));
	assert_true(narrows("age:<1h", "age:<=1h"));
	assert_true(narrows("word:rusty", "rust"));
	assert_true(narrows("name:ada", "name:ad"));
	assert_false(narrows("likes:>=10", "likes:>10"));
	assert_false(narrows("likes:>5", "likes:<9"));
	assert_false(narrows("word:rusty", "word:rust"));
	assert_false(narrows("from:ada", "by:ada"));
	assert_false(narrows("tag:rusty", "tag:rust"));
}

static void put_mark(void *ctx, size_t start, size_t end)
{
	char *marks = ctx;

	for (size_t i = start; i < end; i++) {
		marks[i] = '^';
	}
}

static void test_marks_what_was_found(void **state)
{
	static const struct {
		const char *query, *text, *marks;
	} rows[] = {
	        {"cat", "Cat concat", "^^^    ^^^"},
	        {"word:cat", "Cat concat", "^^^       "},
	        {"cat -dog", "cat dog", "^^^    "},
	        {"ss", "a\u00df ss", " ^^ ^^"},
	        {"es", "e\u00dfx", "^^^ "},
	        {"cafe", "caf\u00e9e", "^^^^^ "},
	        {"crypto", "cry\u200bpto", "^^^^^^^^^"},
	        {"/o+./", "foo boo", " ^^^ ^^"},
	        {"/x*/", "axx\u00e9", " ^^  "},
	        {"/\\b/ cat", "a cat", "  ^^^"},
	        {"/\u00c9/ \"a c\"", "\u00e9 a  cat", "^^ ^^^^  "},
	        {"saved:trade", "a carpenter", "  ^^^^^^^^^"},
	        {"", "cat", "   "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct query *query = parsed_in(rows[i].query);
		char marks[64] = {0};

		memset(marks, ' ', strlen(rows[i].text));
		query_marks(query, rows[i].text, strlen(rows[i].text), put_mark, marks);
		if (strcmp(marks, rows[i].marks) != 0) {
			fail_msg("%s in '%s' marks '%s'", rows[i].query, rows[i].text, marks);
		}
		query_free(query);
	}
}

/* --- random queries --- */

static uint32_t seed = 12345;

static unsigned pick(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static void random_query(struct str *out, int depth)
{
	static const char *const terms[] = {"a", "bé", "\"c d\"", "\"e\\\\\\\"f\"", "#g", "@h",
	        "from:ada", "has:image", "is:liked", "likes:>3", "lang:nl", "\"OR\"", "\"-i\"",
	        "name:\"j k\"", "cr", "rust", "brul", "to:me", "tag:rust"};

	if (depth == 0 || pick(3) == 0) {
		str_adds(out, terms[pick(sizeof terms / sizeof *terms)]);
		return;
	}
	if (pick(4) == 0) {
		str_adds(out, "-(");
	} else {
		str_adds(out, "(");
	}
	for (unsigned i = 0, n = 1 + pick(3); i < n; i++) {
		if (i > 0) str_adds(out, pick(2) ? " OR " : " ");
		random_query(out, depth - 1);
	}
	str_adds(out, ")");
}

static void test_parse_of_print_is_the_identity(void **state)
{
	struct post *post = sample_post();
	struct query_row row = {.post = post, .author = &ada, .reason = REASON_POSTED};

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct str text = {0};
		struct query *one, *two;
		char *first, *second;

		random_query(&text, 4);
		one = parsed(str_c(&text));
		first = printed(one);
		two = parsed(first);
		second = printed(two);
		assert_string_equal(first, second);
		assert_int_equal(query_match(one, &row, 0), query_match(two, &row, 0));
		assert_true(query_narrows(one, two));
		query_free(one);
		query_free(two);
		free(first);
		free(second);
		str_finish(&text);
	}
	free(post);
}

/* What query_narrows promises, and the laws of not, and, or. */
static void test_laws_hold_for_random_queries(void **state)
{
	struct post *post = sample_post();
	struct query_row row = {.post = post, .author = &ada, .reason = REASON_POSTED};
	int narrowed = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct str a = {0}, b = {0}, not_and = {0}, or_nots = {0};
		struct query *one, *two;

		random_query(&a, 2);
		random_query(&b, 2);
		str_addf(&not_and, "-((%s) (%s))", str_c(&a), str_c(&b));
		str_addf(&or_nots, "-(%s) OR -(%s)", str_c(&a), str_c(&b));
		assert_int_equal(matches(&row, str_c(&not_and)), matches(&row, str_c(&or_nots)));
		one = parsed(str_c(&a));
		two = parsed(str_c(&b));
		if (query_narrows(one, two)) {
			narrowed++;
			assert_true(!query_match(one, &row, 0) || query_match(two, &row, 0));
		}
		query_free(one);
		query_free(two);
		str_finish(&a);
		str_finish(&b);
		str_finish(&not_and);
		str_finish(&or_nots);
	}
	assert_true(narrowed > 50);
	free(post);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_prints_canonical_words),
	        cmocka_unit_test(test_shows_a_mistake_at_its_column),
	        cmocka_unit_test(test_typing_leaves_the_unfinished_out),
	        cmocka_unit_test(test_deep_and_long_queries_are_refused),
	        cmocka_unit_test(test_fields_match),
	        cmocka_unit_test(test_a_word_is_whole_at_its_edges),
	        cmocka_unit_test(test_length_is_in_characters),
	        cmocka_unit_test(test_a_regex_sees_each_text_as_it_was_written),
	        cmocka_unit_test(test_a_regex_tells_what_it_cannot_do_without),
	        cmocka_unit_test(test_a_regex_that_works_too_hard_is_switched_off),
	        cmocka_unit_test(test_a_saved_query_is_what_it_stands_for),
	        cmocka_unit_test(test_times_look_back),
	        cmocka_unit_test(test_ages_pass_exactly),
	        cmocka_unit_test(test_ages_turn_exactly),
	        cmocka_unit_test(test_what_changes_by_itself),
	        cmocka_unit_test(test_explains_by_the_terms_that_decide),
	        cmocka_unit_test(test_says_what_nobody_told),
	        cmocka_unit_test(test_every_field_has_help),
	        cmocka_unit_test(test_needles_are_the_words_that_must_show),
	        cmocka_unit_test(test_marks_what_was_found),
	        cmocka_unit_test(test_narrows_only_when_it_surely_does),
	        cmocka_unit_test(test_parse_of_print_is_the_identity),
	        cmocka_unit_test(test_laws_hold_for_random_queries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
