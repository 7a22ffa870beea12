#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <sqlite3.h>

#include "archive_pages.h"
#include "db/archive_inside.h"
#include "db/db.h"
#include "db_dir.h"
#include "random_post.h"
#include "random_query.h"

static const struct sample posts[] = {
        {.name = "1", .body = "Blåbærsyltetøy: the café opens", .at_ms = 10000},
        {.name = "2", .body = "opening a cafe in Kraków", .at_ms = 20000},
        {.name = "3", .body = "日本語の本を読む", .at_ms = 30000},
        {.name = "4", .body = "本日は晴天", .at_ms = 40000},
        {.name = "5", .body = "Съешь же ещё этих мягких булок", .at_ms = 50000},
        {.name = "6", .body = "the the cafe \"quoted\" words", .at_ms = 5000},
};

static int open_filled(void **state)
{
	struct archive *archive = must_open(NULL);
	for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
		must_save_one(archive, "s", posts[i]);
	*state = archive;
	return 0;
}

static int close_archive(void **state)
{
	archive_close(*state);
	return 0;
}

/* What is searched for, and the names of the posts found. */
static const struct {
	const char *query, *found;
} searches[] = {
        {"cafe", "2 1 6"},
        {"CAFÉ opens", "1"},
        {"afe", "2 1 6"},
        {"cafe open", "2 1"},
        {"bærsyl", "1"},
        {"\"cafe in\"", "2"},
        {"\"in cafe\"", ""},
        {"\"the cafe\"", "1 6"},
        {"krakow OR булок", "5 2"},
        {"krakow OR o", "2 1 6"},
        {"cafe -open", "6"},
        {"-cafe", "5 4 3"},
        {"word:open", ""},
        {"word:the", "1 6"},
        {"еще", "5"},
        {"日本", "3"},
        {"本日", "4"},
        {"本", "4 3"},
        {"本を読む", "3"},
        {"読日", ""},
        {"/c.f[eé]/", "2 1 6"},
        {"/opens$/", "1"},
        {"/\\bkraków/", "2"},
        {"/krakow/", ""},
        {"word:cafe -word:in", "1 6"},
        {"word:\"the cafe\"", "1 6"},
        {"word:\"the caf\"", ""},
        {"from:ada", "5 4 3 2 1 6"},
        {"from:ad", ""},
        {"from:ada@m.example cafe", "2 1 6"},
        {"from:nobody OR krakow", "2"},
        {"-from:nobody", "5 4 3 2 1 6"},
        {"source:s", "5 4 3 2 1 6"},
        {"source:t", ""},
        {"", "5 4 3 2 1 6"},
};

static const char *names_of(struct page *page)
{
	static char text[256];
	struct str names = {0};
	for (size_t k = 0; k < page->nentries; k++) {
		const struct post *post = page->posts[page->entries[k].post - 1];
		str_addf(&names, "%s%s", k > 0 ? " " : "",
		        strrchr(post_str(post, POST_URI), '/') + 1);
	}
	snprintf(text, sizeof(text), "%s", str_c(&names));
	str_finish(&names);
	page_free(page);
	return text;
}

static void check_searches(struct archive *archive)
{
	for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
		struct err err = {0};
		struct page *page = search_page(archive, searches[i].query, 100, &err);
		if (!page) fail_msg("%s: %s", searches[i].query, err.text);
		const char *names = names_of(page);
		if (strcmp(names, searches[i].found) != 0)
			fail_msg("'%s' found '%s', not '%s'", searches[i].query, names,
			        searches[i].found);
	}
}

static void queries_find_posts_newest_first(void **state)
{
	check_searches(*state);
}

static void the_limit_keeps_the_newest(void **state)
{
	struct err err = {0};
	assert_string_equal(names_of(search_page(*state, "cafe", 1, &err)), "2");
}

/* In portions of one post looked at each, it is the same search. */
static void a_search_goes_on_where_it_was(void **state)
{
	static const char *const queries[] = {"caf", "/c.f/"};
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		struct archive_asked asked = {.now_ms = 1000000};
		struct archive_place place = {.below = INT64_MAX};
		struct found found = {.page = page_new(), .left = 100};
		struct err err = {0};
		int col, portions = 0;
		assert_true(query_parse(queries[i], false, &asked.query, &col, &err));
		for (; !place.over && portions < 100; portions++)
			assert_true(
			        archive_search(*state, &asked, &place, 1, on_found, &found, &err));
		assert_string_equal(names_of(found.page), "2 1 6");
		assert_int_equal(place.looked, i == 0 ? 3 : 6);
		query_free(asked.query);
	}
}

static void since_ends_it(void **state)
{
	struct archive_asked asked = {.now_ms = 1000000, .since_ms = 15000};
	struct archive_place place = {.below = INT64_MAX};
	struct found found = {.page = page_new(), .left = 100};
	struct err err = {0};
	int col;
	assert_true(query_parse("/./", false, &asked.query, &col, &err));
	assert_true(archive_search(*state, &asked, &place, 100, on_found, &found, &err));
	assert_string_equal(names_of(found.page), "5 4 3 2");
	assert_int_equal(place.looked, 4);
	query_free(asked.query);
}

/* --- files of older versions --- */

/* Fill a file, change it by `sql`, and open it again. */
static struct archive *reopened(const char *dir, const char *sql)
{
	char path[300];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/archive.db", dir);
	struct archive *archive = must_open(path);
	for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
		must_save_one(archive, "s", posts[i]);
	archive_close(archive);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	return must_open(path);
}

static int indexed(struct archive *archive)
{
	int percent = -1;
	struct err err = {0};
	assert_true(archive_indexed(archive, &percent, &err));
	return percent;
}

/* Found while the index is empty, while it is half there, and when it is whole. */
static void check_filling(struct archive *archive)
{
	assert_int_equal(indexed(archive), 0);
	check_searches(archive);
	must_save_one(archive, "s",
	        (struct sample){.name = "7", .body = "newer than the index", .at_ms = 60000});
	must_save_one(archive, "s",
	        (struct sample){.name = "8", .body = "older than the index", .at_ms = 2000});
	assert_int_equal(indexed(archive), 100 / 6);
	assert_string_equal(
	        found(archive, "\"than the index\""), "newer than the index older than the index");
	struct err err = {0};
	assert_true(archive_gone(archive, 0, "https://m.example/7", &err));
	assert_true(archive_gone(archive, 0, "https://m.example/8", &err));
	check_searches(archive);
	while (archive_tend(archive, 0)) {
	}
	assert_int_equal(indexed(archive), 100);
	int64_t old = -1;
	assert_true(db_number(archive->db,
	        "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'tokens%' OR name LIKE "
	        "'words%'",
	        &old, &err));
	assert_int_equal(old, 0);
	check_searches(archive);
	assert_string_equal(found(archive, "than"), "");
	archive_close(archive);
}

static void a_file_of_version_1_is_indexed_in_the_background(void **state)
{
	check_filling(reopened(*state,
	        "DROP TABLE fresh; DROP TABLE block; DROP TABLE posting; DROP INDEX profile_handle;"
	        "CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0,"
	        " prefix='2 3', tokenize=\"unicode61 remove_diacritics 2\");"
	        "INSERT INTO words(rowid, text) VALUES(1, 'cafe');"
	        "DELETE FROM meta WHERE name<>'salt';"
	        "INSERT INTO meta VALUES('fold', 2);"
	        "PRAGMA user_version=1"));
}

static void a_file_of_version_2_is_indexed_in_the_background(void **state)
{
	check_filling(reopened(*state,
	        "DROP TABLE fresh; DROP TABLE block; DROP TABLE posting;"
	        "CREATE VIRTUAL TABLE tokens USING fts5(text, content='', columnsize=0,"
	        " detail=none, tokenize='ascii');"
	        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000)"
	        " INSERT INTO tokens(rowid, text) SELECT i, 'abcdef t' || i FROM n;"
	        "UPDATE meta SET value=2001 WHERE name='index';"
	        "PRAGMA user_version=2"));
}

static void other_rules_make_the_index_anew(void **state)
{
	check_filling(reopened(*state, "UPDATE meta SET value=1 WHERE name='index'"));
}

/* A search that goes by an index without sense says so, and the next ones are right. */
static void a_broken_index_is_made_anew(void **state)
{
	struct archive *archive = must_open(NULL);
	struct err err = {0};
	(void)state;
	archive->block_posts = 3;
	for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
		must_save_one(archive, "s", posts[i]);
	while (archive_tend(archive, 0))
		continue;
	assert_true(db_exec(archive->db, "DELETE FROM posting WHERE id & 32768", &err));
	assert_null(search_page(archive, "cafe", 100, &err));
	assert_string_equal(err.text, "the archive's index is damaged; it is made anew");
	while (archive_tend(archive, 0))
		continue;
	check_searches(archive);
	archive_close(archive);
}

/* --- the index and the evaluator agree --- */

enum { POSTS = 120, WAYS = 3, QUERIES = 1500 };
#define NOW_MS (RANDOM_POST_MS + 3600 * 1000)

static const struct query_env env = {.saved = random_query_saved, .zone = "UTC", .now_ms = NOW_MS};
static const char *const sources[] = {"work/home", "feeds/feed:x", "other/list:1"};
static const char *const accounts[] = {"work", "feeds", "other"};
static const char *const networks[] = {"mastodon", "feed", "bluesky"};

/* What a test knows of a post besides its text. */
struct known {
	char uri[64];
	size_t author;
	struct way {
		size_t from;
		const struct profile *actor;
		enum reason reason;
	} ways[WAYS];
	size_t nways;
};

static void complete(void *ctx, struct query_row *row)
{
	(void)ctx;
	for (size_t i = 0; row->account && i < 3; i++) {
		if (strcmp(row->account, accounts[i]) == 0) row->network = networks[i];
	}
	row->unread = post_str(row->post, POST_URI)[5] & 1;
}

/* Save post n with one more way, or none, or as an edit. */
static void save_random(struct archive *archive, struct random *random, unsigned n,
        struct random_post *made, struct known *known)
{
	struct page *page = page_new();
	size_t from = random_below(random, 3);
	random_post_make(made, random, n);
	snprintf(known->uri, sizeof(known->uri), "%s", made->uri);
	known->author = made->author;
	made->parts.author = page_add_profile(page, &random_people[made->author]);
	struct entry entry = {.post = page_add_post(page, &made->parts),
	        .reason = random_below(random, 2) ? REASON_POSTED : REASON_REPOSTED,
	        .sort_ms = made->parts.created_ms};
	if (known->nways < WAYS && random_below(random, 4)) {
		struct way *way = &known->ways[known->nways++];
		*way = (struct way){.from = from, .reason = entry.reason};
		if (random_below(random, 2)) {
			way->actor = &random_people[random_below(random, RANDOM_PEOPLE)];
			entry.actor = page_add_profile(page, way->actor);
		}
		page_add_entry(page, &entry);
	}
	must_save(archive, sources[from], page);
}

/* Every post asked by itself, by every way. */
static void expect(struct str *out, const struct query *query, const struct page *all,
        const struct known *known)
{
	for (size_t i = 0; i < all->nentries; i++) {
		const struct post *post = all->posts[all->entries[i].post - 1];
		const struct known *one = known;
		bool match = false;
		while (strcmp(one->uri, post_str(post, POST_URI)) != 0)
			one++;
		for (size_t w = 0; w < (one->nways ? one->nways : 1); w++) {
			struct query_row row = {.post = post,
			        .author = &random_people[one->author],
			        .attention = ATTENTION_NONE};
			if (one->nways) {
				row.reason = one->ways[w].reason;
				row.actor = one->ways[w].actor;
				row.source = sources[one->ways[w].from];
				row.account = accounts[one->ways[w].from];
			}
			complete(NULL, &row);
			match = match || query_match(query, &row, NOW_MS);
		}
		if (match) str_addf(out, " %s", post_str(post, POST_URI));
	}
}

static struct page *hits_of(struct archive *archive, struct query *query)
{
	struct archive_asked asked = {.query = query, .now_ms = NOW_MS, .complete = complete};
	struct archive_place place = {.below = INT64_MAX};
	struct found found = {.page = page_new(), .left = SIZE_MAX};
	struct err err = {0};
	assert_true(archive_search(archive, &asked, &place, INT64_MAX, on_found, &found, &err));
	assert_true(place.over);
	return found.page;
}

static struct query *parsed(const char *text)
{
	struct query *query = NULL;
	struct err err = {0};
	int col;
	if (!query_parse_in(&env, text, false, &query, &col, &err))
		fail_msg("%s: %s", text, err.text);
	return query;
}

static void check_queries(
        struct archive *archive, struct random *random, const struct known *known, int rounds)
{
	struct query *everything = parsed("");
	struct page *all = hits_of(archive, everything);
	for (int i = 0; i < rounds; i++) {
		struct str text = {0}, want = {0}, got = {0};
		random_query(&text, random, i % 4);
		struct query *query = parsed(str_c(&text));
		struct page *page = hits_of(archive, query);
		for (size_t k = 0; k < page->nentries; k++)
			str_addf(&got, " %s",
			        post_str(page->posts[page->entries[k].post - 1], POST_URI));
		expect(&want, query, all, known);
		if (strcmp(str_c(&want), str_c(&got)) != 0)
			fail_msg("%s\nfound%s\n not %s", str_c(&text), str_c(&got), str_c(&want));
		page_free(page);
		query_free(query);
		str_finish(&text);
		str_finish(&want);
		str_finish(&got);
	}
	page_free(all);
	query_free(everything);
}

/* With a little or all of what there is to be done for the index, by chance. */
static void tend_some(struct archive *archive, struct random *random)
{
	size_t portions = random_below(random, 4) == 0 ? SIZE_MAX : random_below(random, 3);
	while (portions-- > 0 && archive_tend(archive, 0))
		continue;
}

/* In the order of their writing, or not; edited; gone; while blocks are made of them. */
static void check_random(size_t block_posts, unsigned step, int queries)
{
	struct random random;
	struct random_post made = {0};
	struct known *known = xcalloc(POSTS, sizeof(*known));
	struct archive *archive = must_open(NULL);
	struct err err = {0};
	archive->block_posts = block_posts;
	random_init(&random, 7);
	for (unsigned i = 0; i < POSTS; i++) {
		unsigned n = i * step % POSTS;
		save_random(archive, &random, n, &made, &known[n]);
		tend_some(archive, &random);
	}
	check_queries(archive, &random, known, queries);
	for (unsigned n = 0; n < POSTS; n += 2) {
		save_random(archive, &random, n, &made, &known[n]);
		tend_some(archive, &random);
	}
	for (unsigned n = 0; n < POSTS; n += 5)
		assert_true(archive_gone(archive, 0, known[n].uri, &err));
	check_queries(archive, &random, known, queries);
	while (archive_tend(archive, 0))
		continue;
	check_queries(archive, &random, known, queries / 4);
	random_post_finish(&made);
	archive_close(archive);
	free(known);
}

static void what_is_found_is_what_matches(void **state)
{
	(void)state;
	check_random(2048, 1, QUERIES);
}

static void so_it_is_when_blocks_are_made(void **state)
{
	(void)state;
	check_random(3, 1, QUERIES / 5);
	check_random(3, 49, QUERIES / 5);
	check_random(37, 49, QUERIES / 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(queries_find_posts_newest_first),
	        cmocka_unit_test(the_limit_keeps_the_newest),
	        cmocka_unit_test(a_search_goes_on_where_it_was),
	        cmocka_unit_test(since_ends_it),
	        cmocka_unit_test(a_broken_index_is_made_anew),
	        cmocka_unit_test(what_is_found_is_what_matches),
	        cmocka_unit_test(so_it_is_when_blocks_are_made),
	        cmocka_unit_test_setup_teardown(
	                a_file_of_version_1_is_indexed_in_the_background, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_file_of_version_2_is_indexed_in_the_background, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                other_rules_make_the_index_anew, dir_make, dir_drop),
	};
	return cmocka_run_group_tests(tests, open_filled, close_archive);
}
