#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <sqlite3.h>

#include "archive_pages.h"
#include "db_dir.h"

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
	const char *words, *found;
} searches[] = {
        {"cafe", "2 1 6"},
        {"CAFÉ opens ", "1"},
        {"cafe open", "2 1"},
        {"open ", ""},
        {"blabær", "1"},
        {"\"cafe in\"", "2"},
        {"\"in cafe\"", ""},
        {"\"the cafe\"", "1 6"},
        {"krakow", "2"},
        {"булок", "5"},
        {"еще", "5"},
        {"日本", "3"},
        {"本日", "4"},
        {"本", "4 3"},
        {"本を読む", "3"},
        {"読日", ""},
        {"o", ""},
        {"\"quoted", "6"},
        {"cafe＂x", ""},
        {"\"\"", ""},
        {"!!! ???", ""},
        {"", ""},
        {"   ", ""},
        {"cafe OR krakow", ""},
        {"NOT * ( ) ^ : - +", ""},
        {"text:cafe", ""},
        {"cafe* NEAR(", ""},
};

static void words_find_posts_newest_first(void **state)
{
	for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
		struct page *page = NULL;
		struct err err = {0};
		struct str names = {0};
		if (!archive_search(*state, searches[i].words, 100, &page, &err))
			fail_msg("%s: %s", searches[i].words, err.text);
		for (size_t k = 0; k < page->nentries; k++) {
			const struct post *post = page->posts[page->entries[k].post - 1];
			str_addf(&names, "%s%s", k > 0 ? " " : "",
			        strrchr(post_str(post, POST_URI), '/') + 1);
		}
		if (strcmp(str_c(&names), searches[i].found) != 0)
			fail_msg("'%s' found '%s', not '%s'", searches[i].words, str_c(&names),
			        searches[i].found);
		str_finish(&names);
		page_free(page);
	}
}

static void the_limit_keeps_the_newest(void **state)
{
	struct page *page = NULL;
	struct err err = {0};
	assert_true(archive_search(*state, "cafe", 1, &page, &err));
	assert_string_equal(rows_of(page), "opening a cafe in Kraków");
}

/* An index by the rules of an older stoa is made anew when the file is opened. */
static void old_folds_are_made_anew(void **state)
{
	char path[300];
	sqlite3 *db;
	struct page *page = NULL;
	struct err err = {0};

	snprintf(path, sizeof(path), "%s/archive.db", (char *)*state);
	struct archive *archive = must_open(path);
	must_save_one(archive, "s", (struct sample){.name = "1", .body = "Łódź", .at_ms = 1000});
	archive_close(archive);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
	                         "INSERT INTO words(words) VALUES('delete-all');"
	                         "INSERT INTO words(rowid, text) VALUES(1, 'łodz');"
	                         "DELETE FROM meta WHERE name='fold'",
	                         NULL, NULL, NULL),
	        SQLITE_OK);
	sqlite3_close(db);
	archive = must_open(path);
	for (int again = 0; again < 2; again++) {
		assert_true(archive_search(archive, "lodz", 10, &page, &err));
		assert_int_equal(page->nposts, 1);
		page_free(page);
		archive_close(archive);
		archive = must_open(path);
	}
	archive_close(archive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(words_find_posts_newest_first),
	        cmocka_unit_test(the_limit_keeps_the_newest),
	        cmocka_unit_test_setup_teardown(old_folds_are_made_anew, dir_make, dir_drop),
	};
	return cmocka_run_group_tests(tests, open_filled, close_archive);
}
