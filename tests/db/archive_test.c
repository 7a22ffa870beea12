#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "archive_pages.h"
#include "base/mem.h"
#include "db/archive_inside.h"
#include "db/db.h"
#include "db_dir.h"

static const int64_t newest = INT64_MAX;

/* A page with everything that can be stored. */
static struct page *full_page(void)
{
	struct page *page = page_new();
	struct profile ada = {.uri = "https://m.example/users/ada",
	        .handle = "ada@m.example",
	        .name = "Ada",
	        .url = "https://m.example/@ada",
	        .bio = "mathematics",
	        .followers = 7,
	        .bot = true};
	struct profile bob = {
	        .uri = "did:plc:bob", .handle = "bob.example", .name = "", .followers = -1};
	struct facet facet = {FACET_LINK, 0, 5, "https://a.example/"};
	struct media media = {.kind = MEDIA_IMAGE,
	        .url = "https://m.example/1.png",
	        .alt = "a cat",
	        .type = "image/png"};
	struct viewer viewers[] = {{2, VIEWER_LIKED, "17"}, {3, 0, "abc"}};
	struct post_parts parts = {
	        .str = {[POST_URI] = "https://m.example/1",
	                [POST_URL] = "https://m.example/@ada/1",
	                [POST_TITLE] = "Title",
	                [POST_BODY] = "hello world",
	                [POST_WARNING] = "w",
	                [POST_LANG] = "en",
	                [POST_REPLY_TO] = "https://m.example/0",
	                [POST_POLL] = "1\tyes\n2\tno"},
	        .facets = &facet,
	        .nfacets = 1,
	        .media = &media,
	        .nmedia = 1,
	        .viewers = viewers,
	        .nviewers = 2,
	        .author = page_add_profile(page, &ada),
	        .created_ms = 5000,
	        .edited_ms = 6000,
	        .seen_ms = 7000,
	        .poll_ends_ms = 8000,
	        .replies = 1,
	        .reposts = 2,
	        .likes = POST_UNKNOWN,
	        .visibility = VIS_FOLLOWERS,
	        .flags = POST_IS_ARTICLE,
	};
	uint32_t post = page_add_post(page, &parts), actor = page_add_profile(page, &bob);
	struct text text = {0};
	str_adds(&text.utf8, "the whole text");
	text_facet(&text, FACET_STRONG, 4, 9, NULL);
	text_facet(&text, FACET_LINK, 4, 9, "https://b.example/");
	text_sort(&text);
	page_add_article(page, post, &text);
	page_add_entry(
	        page, &(struct entry){post, actor, REASON_REPOSTED, 9000, "109876543210987654"});
	page_add_entry(page, &(struct entry){0, actor, REASON_FOLLOWED, 8000, "cursor x"});
	page_add_entry(page, &(struct entry){post, 0, REASON_POSTED, 5000, "007"});
	page_add_entry(page, &(struct entry){post, 0, REASON_LIKED, 4000, NULL});
	page->title = page_str(page, "A title");
	page->site = page_str(page, "https://m.example/");
	return page;
}

static void same_post(const struct post *a, const struct post *b)
{
	struct str x = {0}, y = {0};
	post_encode(&x, a);
	post_encode(&y, b);
	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.p, y.p, x.len);
	str_finish(&x);
	str_finish(&y);
}

static void same_entry(
        const struct page *a, const struct entry *x, const struct page *b, const struct entry *y)
{
	assert_int_equal(x->sort_ms, y->sort_ms);
	assert_int_equal(x->reason, y->reason);
	assert_int_equal(x->post != 0, y->post != 0);
	assert_int_equal(x->actor != 0, y->actor != 0);
	assert_string_equal(x->cursor ? x->cursor : "-", y->cursor ? y->cursor : "-");
	if (x->actor)
		assert_string_equal(a->profiles[x->actor - 1]->uri, b->profiles[y->actor - 1]->uri);
}

static void a_page_comes_back_as_it_was(void **state)
{
	const char *dir = *state;
	char path[256], *kept = NULL;
	struct err err = {0};
	snprintf(path, sizeof path, "%s/archive.db", dir);
	struct page *page = full_page();
	struct archive *archive = must_open(path);
	assert_true(archive_save(archive, "work/home", page, "state of it", &err));
	archive_close(archive);

	archive = must_open(path);
	struct page *loaded = must_load(archive, "work/home", newest, 40);
	assert_true(loaded->stored);
	assert_false(loaded->gap);
	assert_string_equal(loaded->title, "A title");
	assert_string_equal(loaded->site, "https://m.example/");
	assert_int_equal(loaded->nposts, 1);
	same_post(loaded->posts[0], page->posts[0]);
	const struct profile *author = loaded->profiles[loaded->posts[0]->author - 1];
	assert_string_equal(author->handle, "ada@m.example");
	assert_string_equal(author->bio, "mathematics");
	assert_string_equal(author->url, "https://m.example/@ada");
	assert_true(author->bot && author->followers == 7);
	assert_int_equal(loaded->nentries, page->nentries);
	for (size_t i = 0; i < page->nentries; i++)
		same_entry(page, &page->entries[i], loaded, &loaded->entries[i]);
	assert_true(archive_state(archive, "work/home", &kept, &err));
	assert_string_equal(kept, "state of it");
	free(kept);
	page_free(loaded);
	page_free(page);
	archive_close(archive);
}

static void an_article_comes_back_whole(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct text *text = NULL;
	struct err err = {0};
	must_save(archive, "s", full_page());

	assert_true(archive_article(archive, "https://m.example/1", &text, &err));
	assert_non_null(text);
	assert_string_equal(str_c(&text->utf8), "the whole text");
	assert_int_equal(text->nfacets, 2);
	assert_int_equal(text->facets[0].start, 4);
	assert_int_equal(text->facets[1].end, 9);
	bool first_is_link = text->facets[0].kind == FACET_LINK;
	assert_string_equal(text->facets[first_is_link ? 0 : 1].target, "https://b.example/");
	text_finish(text);
	free(text);
	assert_true(archive_article(archive, "https://m.example/none", &text, &err));
	assert_null(text);
	archive_close(archive);
}

static void what_is_not_there_is_empty(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	char *kept = (char *)(uintptr_t) "x";
	struct err err = {0};
	int64_t posts = -1, bytes = -1;

	assert_string_equal(rows_of(must_load(archive, "work/home", newest, 40)), "");
	assert_true(archive_state(archive, "work/home", &kept, &err));
	assert_null(kept);
	assert_true(archive_gone(archive, 2, "17", &err));
	must_save(archive, "work/home", page_new());
	assert_string_equal(rows_of(must_load(archive, "work/home", newest, 40)), "");
	assert_true(archive_size(archive, &posts, &bytes, &err));
	assert_int_equal(posts, 0);
	assert_true(bytes > 0);
	archive_close(archive);
	archive_close(NULL);
}

static void state_stays_until_replaced(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct page *page = page_new();
	char *kept = NULL;
	struct err err = {0};

	assert_true(archive_save(archive, "s", page, "one", &err));
	assert_true(archive_save(archive, "s", page, NULL, &err));
	assert_true(archive_state(archive, "s", &kept, &err));
	assert_string_equal(kept, "one");
	free(kept);
	assert_true(archive_save(archive, "s", page, "two", &err));
	assert_true(archive_state(archive, "s", &kept, &err));
	assert_string_equal(kept, "two");
	free(kept);
	page_free(page);
	archive_close(archive);
}

static void a_row_stands_once(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	must_save(archive, "a", full_page());
	must_save(archive, "a", full_page());
	assert_string_equal(rows_of(must_load(archive, "a", newest, 40)),
	        "hello world - hello world hello world");
	assert_string_equal(rows_of(must_load(archive, "b", newest, 40)), "");
	must_save_one(
	        archive, "b", (struct sample){.name = "1", .body = "hello world", .at_ms = 1});
	assert_string_equal(rows_of(must_load(archive, "b", newest, 40)), "hello world");
	archive_close(archive);
}

static void slices_are_newest_first_and_tear_no_time_apart(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct page *page = page_new();
	static const struct sample samples[] = {
	        {.name = "f", .body = "f", .at_ms = 3000},
	        {.name = "z", .body = "e", .at_ms = 2000},
	        {.name = "m", .body = "d", .at_ms = 2000},
	        {.name = "a", .body = "c", .at_ms = 2000},
	        {.name = "b", .body = "b", .at_ms = 1000},
	        {.name = "x", .body = "a", .at_ms = -5},
	};
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		page_sample(page, &samples[i]);
	must_save(archive, "s", page);

	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "f e d c b a");
	assert_string_equal(rows_of(must_load(archive, "s", newest, 1)), "f");
	assert_string_equal(rows_of(must_load(archive, "s", 3000, 2)), "e d c");
	assert_string_equal(rows_of(must_load(archive, "s", 2000, 1)), "b");
	assert_string_equal(rows_of(must_load(archive, "s", 1000, 40)), "a");
	assert_string_equal(rows_of(must_load(archive, "s", -5, 40)), "");
	archive_close(archive);
}

/* Row numbers are seconds: many posts of one second need others. */
static void a_thousand_posts_may_share_a_second(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct page *page = page_new();
	for (int i = 0; i < 1000; i++) {
		char name[16];
		snprintf(name, sizeof name, "p%d", i);
		page_sample(
		        page, &(struct sample){.name = name, .body = "same", .at_ms = 86400000});
	}
	must_save(archive, "s", page);
	must_save_one(
	        archive, "s", (struct sample){.name = "next", .body = "n", .at_ms = 86401000});

	assert_string_equal(rows_of(must_load(archive, "s", newest, 1)), "n");
	struct page *loaded = must_load(archive, "s", 86401000, 40);
	assert_int_equal(loaded->nentries, 1000);
	assert_string_equal(post_str(loaded->posts[loaded->entries[0].post - 1], POST_URI),
	        "https://m.example/p0");
	page_free(loaded);
	archive_close(archive);
}

static const struct post *only_post(struct page *page)
{
	assert_int_equal(page->nposts, 1);
	return page->posts[0];
}

static void the_later_edit_counts(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct sample first = {
	        .name = "1", .body = "first draft", .at_ms = 1, .seen_ms = 10, .likes = 3};
	struct sample edited = {.name = "1",
	        .body = "second thought",
	        .at_ms = 1,
	        .edited_ms = 5,
	        .seen_ms = 20,
	        .likes = 4};
	struct sample stale = {.name = "1",
	        .body = "first draft",
	        .at_ms = 1,
	        .seen_ms = 30,
	        .likes = POST_UNKNOWN};
	must_save_one(archive, "s", first);
	must_save_one(archive, "s", edited);
	must_save_one(archive, "t", stale);

	struct page *page = must_load(archive, "s", newest, 40);
	const struct post *post = only_post(page);
	assert_string_equal(post_str(post, POST_BODY), "second thought");
	assert_int_equal(post->seen_ms, 10);
	assert_int_equal(post->likes, 4);
	page_free(page);
	assert_string_equal(found(archive, "draft"), "");
	assert_string_equal(found(archive, "thought"), "second thought");
	archive_close(archive);
}

static void each_account_keeps_its_own_id(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct viewer viewer;
	must_save_one(archive, "s",
	        (struct sample){
	                .name = "1", .body = "b", .at_ms = 1, .account = 2, .remote_id = "two"});
	must_save_one(archive, "s",
	        (struct sample){
	                .name = "1", .body = "b", .at_ms = 1, .account = 3, .remote_id = "three"});

	struct page *page = must_load(archive, "s", newest, 40);
	const struct post *post = only_post(page);
	assert_int_equal(post->nviewers, 2);
	assert_non_null(post_viewer_of(post, 2, &viewer));
	assert_string_equal(viewer.remote_id, "two");
	assert_non_null(post_viewer_of(post, 3, &viewer));
	assert_string_equal(viewer.remote_id, "three");
	page_free(page);
	archive_close(archive);
}

static void what_a_later_page_does_not_know_of_a_profile_stays(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	must_save(archive, "s", full_page());
	must_save_one(
	        archive, "s", (struct sample){.name = "1", .body = "hello world", .at_ms = 1});

	struct page *page = must_load(archive, "s", newest, 40);
	const struct profile *author = page->profiles[page->posts[0]->author - 1];
	assert_string_equal(author->bio, "mathematics");
	assert_int_equal(author->followers, 7);
	assert_false(author->bot);
	page_free(page);
	archive_close(archive);
}

static struct page *gap_page(
        const struct sample *samples, size_t n, const char *older, const char *fills)
{
	struct page *page = page_new();
	for (size_t i = 0; i < n; i++)
		page_sample(page, &samples[i]);
	page->gap = older != NULL;
	page->older = page_str(page, older);
	page->fills = page_str(page, fills);
	return page;
}

static void gaps_are_kept_until_filled(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	static const struct sample old[] = {{.name = "1", .body = "1", .at_ms = 1000}};
	static const struct sample middle[] = {{.name = "5", .body = "5", .at_ms = 5000},
	        {.name = "4", .body = "4", .at_ms = 4000}};
	static const struct sample top[] = {{.name = "9", .body = "9", .at_ms = 9000}};
	must_save(archive, "s", gap_page(old, 1, NULL, NULL));
	must_save(archive, "s", gap_page(middle, 2, "c4", NULL));
	must_save(archive, "s", gap_page(top, 1, "c9", NULL));

	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "9|c9");
	assert_string_equal(rows_of(must_load(archive, "s", 9000, 40)), "5 4|c4");
	assert_string_equal(rows_of(must_load(archive, "s", 9000, 1)), "5");
	assert_string_equal(rows_of(must_load(archive, "s", 4000, 40)), "1");

	must_save(archive, "s", gap_page(NULL, 0, NULL, "c9"));
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "9 5 4|c4");
	must_save(archive, "s", gap_page(NULL, 0, "c4b", "c4"));
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "9 5 4|c4b");
	static const struct sample part[] = {{.name = "3", .body = "3", .at_ms = 3000}};
	must_save(archive, "s", gap_page(part, 1, "c3", "c4b"));
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "9 5 4 3|c3");
	static const struct sample rest[] = {{.name = "2", .body = "2", .at_ms = 2000}};
	must_save(archive, "s", gap_page(rest, 1, NULL, "c3"));
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "9 5 4 3 2 1");
	archive_close(archive);
}

static void a_gap_whose_row_is_gone_stops_nothing(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct err err = {0};
	static const struct sample samples[] = {{.name = "4", .body = "4", .at_ms = 4000}};
	must_save_one(archive, "s", (struct sample){.name = "1", .body = "1", .at_ms = 1000});
	must_save_one(archive, "s", (struct sample){.name = "6", .body = "6", .at_ms = 6000});
	must_save(archive, "s", gap_page(samples, 1, "c4", NULL));
	assert_true(archive_gone(archive, 0, "https://m.example/4", &err));

	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "6|c4");
	assert_string_equal(rows_of(must_load(archive, "s", 6000, 40)), "1");
	archive_close(archive);
}

static void a_deleted_post_leaves_nothing(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct err err = {0};
	struct text *text = NULL;
	int64_t posts, bytes;
	must_save(archive, "s", full_page());
	must_save(archive, "t", full_page());

	assert_true(archive_gone(archive, 2, "abc", &err));
	assert_string_equal(found(archive, "hello"), "hello world");
	assert_true(archive_gone(archive, 3, "abc", &err));
	assert_string_equal(found(archive, "hello"), "");
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "-");
	assert_string_equal(rows_of(must_load(archive, "t", newest, 40)), "-");
	assert_true(archive_article(archive, "https://m.example/1", &text, &err));
	assert_null(text);
	assert_true(archive_size(archive, &posts, &bytes, &err));
	assert_int_equal(posts, 0);
	static const char *const left[] = {"SELECT count(*) FROM article",
	        "SELECT count(*) FROM key", "SELECT count(*) FROM entry WHERE post<>0"};
	for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
		int64_t rows = -1;
		assert_true(db_number(archive->db, left[i], &rows, &err));
		assert_int_equal(rows, 0);
	}
	archive_close(archive);
}

static void a_quoted_post_comes_along(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct page *page = page_new();
	page_sample(page, &(struct sample){.name = "2", .body = "see", .at_ms = 2, .quotes = "1"});
	page_sample_post(page, &(struct sample){.name = "1", .body = "quoted", .at_ms = 1});
	must_save(archive, "s", page);

	page = must_load(archive, "s", newest, 40);
	assert_int_equal(page->nentries, 1);
	assert_int_equal(page->nposts, 2);
	assert_string_equal(post_str(page->posts[1], POST_BODY), "quoted");
	assert_int_equal(page->posts[1]->author, page->posts[0]->author);
	page_free(page);
	archive_close(archive);
}

static void a_batch_is_all_or_nothing(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	struct err err = {0};
	assert_true(archive_begin(archive, &err));
	must_save_one(archive, "s", (struct sample){.name = "1", .body = "1", .at_ms = 1000});
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "1");
	archive_rollback(archive);
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "");
	assert_true(archive_begin(archive, &err));
	must_save_one(archive, "s", (struct sample){.name = "2", .body = "2", .at_ms = 1000});
	assert_true(archive_commit(archive, &err));
	assert_string_equal(rows_of(must_load(archive, "s", newest, 40)), "2");
	archive_close(archive);
}

static void old_posts_roll_off(void **state)
{
	(void)state;
	struct archive *archive = must_open(NULL);
	static const int64_t day = 86400000;
	struct page *follow = page_new();
	page_add_entry(follow, &(struct entry){0, 0, REASON_FOLLOWED, 3 * day, NULL});
	page_add_entry(follow, &(struct entry){0, 0, REASON_FOLLOWED, 1 * day, NULL});
	must_save(archive, "s", follow);
	for (int i = 1; i <= 300; i++) {
		char name[16];
		snprintf(name, sizeof name, "o%d", i);
		must_save_one(archive, "s",
		        (struct sample){
		                .name = name, .body = "old", .at_ms = day + i, .seen_ms = day + i});
	}
	must_save_one(archive, "s",
	        (struct sample){.name = "late", .body = "late", .at_ms = day, .seen_ms = 3 * day});
	must_save_one(archive, "s",
	        (struct sample){
	                .name = "new", .body = "new", .at_ms = 3 * day, .seen_ms = 3 * day});

	while (archive_tend(archive, 2 * day))
		continue;
	assert_string_equal(rows_of(must_load(archive, "s", newest, 400)), "new - late");
	assert_string_equal(found(archive, "old"), "");
	while (archive_tend(archive, 0))
		continue;
	assert_string_equal(found(archive, "new"), "new");
	archive_close(archive);
}

/* Own, bookmarked and answered posts stay, whatever their age. */
static void what_is_ours_is_kept(void **state)
{
	static const int64_t day = 86400000;
	static const struct {
		const char *name, *reply_to;
		unsigned flags;
		int64_t at_ms;
	} posts[] = {
	        {"own", NULL, VIEWER_OWN, 86400000},
	        {"marked", NULL, VIEWER_BOOKMARKED, 86401000},
	        {"asked", NULL, VIEWER_MENTIONED, 86402000},
	        {"liked", NULL, VIEWER_LIKED, 86403000},
	        {"theirs", "https://m.example/liked", 0, 86404000},
	        {"answer", "https://m.example/asked", VIEWER_OWN, 9 * 86400000},
	};
	struct archive *archive = must_open(NULL);
	(void)state;
	for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
		struct page *page = page_new();
		char uri[64];
		snprintf(uri, sizeof uri, "https://m.example/%s", posts[i].name);
		struct viewer viewer = {.account = 2, .flags = posts[i].flags};
		struct post_parts parts = {.str = {[POST_URI] = uri,
		                                   [POST_BODY] = posts[i].name,
		                                   [POST_REPLY_TO] = posts[i].reply_to},
		        .viewers = &viewer,
		        .nviewers = 1,
		        .created_ms = posts[i].at_ms,
		        .seen_ms = posts[i].at_ms};
		page_add_entry(page, &(struct entry){.post = page_add_post(page, &parts),
		                             .sort_ms = posts[i].at_ms});
		must_save(archive, "s", page);
	}
	while (archive_tend(archive, 2 * day))
		continue;
	assert_string_equal(
	        rows_of(must_load(archive, "s", newest, 40)), "answer asked marked own");
	archive_close(archive);
}

/* A block goes when few of its posts are left, and what is left is found all the same. */
static void blocks_of_what_rolled_off_go(void **state)
{
	static const int64_t day = 86400000;
	struct archive *archive = must_open(NULL);
	struct err err = {0};
	int64_t blocks = -1, lists = -1;
	(void)state;
	archive->block_posts = 100;
	for (int i = 1; i <= 1000; i++) {
		char name[16];
		snprintf(name, sizeof name, "o%d", i);
		must_save_one(archive, "s",
		        (struct sample){.name = name,
		                .body = i == 510 ? "left over" : "gone",
		                .at_ms = day + i * 1000,
		                .seen_ms = i == 510 ? 9 * day : day});
	}
	while (archive_tend(archive, 0))
		continue;
	assert_true(db_number(archive->db, "SELECT count(*) FROM block", &blocks, &err));
	assert_int_equal(blocks, 10);
	while (archive_tend(archive, 2 * day))
		continue;
	assert_true(db_number(archive->db, "SELECT count(*) FROM block", &blocks, &err));
	assert_true(db_number(archive->db, "SELECT count(*) FROM posting", &lists, &err));
	assert_int_equal(blocks, 0);
	assert_int_equal(lists, 0);
	assert_string_equal(found(archive, "left"), "left over");
	assert_string_equal(found(archive, "gone"), "");
	archive_close(archive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_page_comes_back_as_it_was, dir_make, dir_drop),
	        cmocka_unit_test(an_article_comes_back_whole),
	        cmocka_unit_test(what_is_not_there_is_empty),
	        cmocka_unit_test(state_stays_until_replaced),
	        cmocka_unit_test(a_row_stands_once),
	        cmocka_unit_test(slices_are_newest_first_and_tear_no_time_apart),
	        cmocka_unit_test(a_thousand_posts_may_share_a_second),
	        cmocka_unit_test(the_later_edit_counts),
	        cmocka_unit_test(each_account_keeps_its_own_id),
	        cmocka_unit_test(what_a_later_page_does_not_know_of_a_profile_stays),
	        cmocka_unit_test(gaps_are_kept_until_filled),
	        cmocka_unit_test(a_gap_whose_row_is_gone_stops_nothing),
	        cmocka_unit_test(a_deleted_post_leaves_nothing),
	        cmocka_unit_test(a_quoted_post_comes_along),
	        cmocka_unit_test(a_batch_is_all_or_nothing),
	        cmocka_unit_test(old_posts_roll_off),
	        cmocka_unit_test(what_is_ours_is_kept),
	        cmocka_unit_test(blocks_of_what_rolled_off_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
