#include "store/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake_clock.h"

/* Mutes, folds, quotas, rules and saved queries as a user meets them. */

#define HOUR INT64_C(3600000)

struct world {
	struct fake_clock clock;
	struct store *store;
	source_id home, thread;
	struct timeline *timeline;
};

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof *world);

	setenv("TZ", "UTC", 1);
	fake_clock_init(&world->clock, 1000 * HOUR);
	world->store = store_new(&world->clock.clock);
	world->home = store_source(world->store, "work/home");
	world->thread = store_source(world->store, "work/thread:u:0");
	world->timeline = timeline_new(world->store);
	timeline_set_name(world->timeline, "Home");
	timeline_set_sources(world->timeline, &world->home, 1);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	timeline_free(world->timeline);
	store_free(world->store);
	free(world);
	return 0;
}

/* A post of ada, bob or eve; what else it has is given by name. */
struct note {
	const char *uri, *by, *body, *reply_to, *reposter;
	int64_t at_ms; /* 0: so many hours as posts came */
	bool to_us, stored;
	source_id source; /* 0: home */
};

static uint32_t add_person(struct page *page, const char *name)
{
	char uri[32], handle[32];
	struct profile profile = {.uri = uri, .handle = handle, .name = name, .followers = -1};

	snprintf(uri, sizeof uri, "p:%s", name);
	snprintf(handle, sizeof handle, "%s@a.example", name);
	return page_add_profile(page, &profile);
}

static post_id show(struct world *world, struct note note)
{
	struct page *page = page_new();
	struct viewer viewer = {
	        .account = 2, .flags = note.to_us ? VIEWER_MENTIONED : 0, .remote_id = note.uri};
	struct post_parts parts = {.viewers = &viewer, .nviewers = 1};
	struct entry entry = {.reason = note.reposter ? REASON_REPOSTED : REASON_POSTED};

	parts.str[POST_URI] = note.uri;
	parts.str[POST_BODY] = note.body ? note.body : "text";
	parts.str[POST_REPLY_TO] = note.reply_to;
	parts.author = add_person(page, note.by ? note.by : "ada");
	parts.created_ms =
	        note.at_ms ? note.at_ms : (900 + (int64_t)store_count(world->store)) * HOUR;
	entry.post = page_add_post(page, &parts);
	if (note.reposter) entry.actor = add_person(page, note.reposter);
	entry.sort_ms = parts.created_ms;
	page_add_entry(page, &entry);
	page->source = note.source ? note.source : world->home;
	page->stored = note.stored;
	store_add_page(world->store, page);
	return store_find(world->store, note.uri);
}

static size_t mute(struct world *world, struct mute it)
{
	size_t rows = 0;
	struct err err = {0};

	if (!it.id) it.id = it.query;
	if (!store_mute(world->store, &it, &rows, &err)) fail_msg("%s", err.text);
	return rows;
}

static uint64_t hits_of(const struct world *world, const char *id)
{
	const struct mute *mutes;
	size_t n = store_mutes(world->store, &mutes);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(mutes[i].id, id) == 0) return mutes[i].hits;
	}
	fail_msg("there is no mute %s", id);
	return 0;
}

static void collect(void *ctx, const char *sentence)
{
	struct str *all = ctx;

	str_addf(all, "%s\n", sentence);
}

static void assert_why(struct world *world, size_t row, const char *wanted)
{
	struct row at = timeline_at(world->timeline, row);
	struct str all = {0};

	timeline_why(world->timeline, &at, collect, &all);
	assert_string_equal(str_c(&all), wanted);
	str_finish(&all);
}

static void test_a_mute_holds_in_the_columns_that_it_names(void **state)
{
	struct world *world = *state;
	struct timeline *other = timeline_new(world->store);

	timeline_set_name(other, "C lang");
	timeline_set_sources(other, &world->home, 1);
	show(world, (struct note){.uri = "u:1", .body = "rust"});
	assert_int_equal(mute(world, (struct mute){.query = "rust", .columns = "Work, C lang"}), 1);
	assert_int_equal(timeline_len(world->timeline), 1);
	assert_int_equal(timeline_len(other), 0);
	assert_why(world, 0, "the mute \"rust\" matches, but holds in Work, C lang only\n");
	timeline_set_name(world->timeline, "Work");
	assert_int_equal(timeline_len(world->timeline), 0);
	assert_true(store_unmute(world->store, "rust"));
	assert_int_equal(timeline_len(other), 1);
	timeline_free(other);
}

static void test_what_is_to_us_is_only_folded(void **state)
{
	struct world *world = *state;

	show(world, (struct note){.uri = "u:1", .to_us = true});
	mute(world, (struct mute){.query = "from:ada"});
	assert_int_equal(timeline_at(world->timeline, 0).kind, ROW_FOLD);
	assert_why(world, 0, "the mute \"from:ada\" folds it, for it is addressed to you\n");
	mute(world, (struct mute){.query = "text", .action = MUTE_HIDE});
	assert_int_equal(timeline_len(world->timeline), 0);
}

static void test_folded_rows_are_one_row_that_opens(void **state)
{
	struct world *world = *state;
	post_id two;
	struct row row;

	show(world, (struct note){.uri = "u:0", .by = "bob"});
	show(world, (struct note){.uri = "u:1"});
	two = show(world, (struct note){.uri = "u:2"});
	show(world, (struct note){.uri = "u:3", .by = "bob"});
	assert_int_equal(timeline_unread(world->timeline), 4);
	assert_int_equal(mute(world, (struct mute){.query = "from:ada", .action = MUTE_FOLD}), 2);
	assert_int_equal(timeline_len(world->timeline), 3);
	assert_int_equal(timeline_unread(world->timeline), 2);
	row = timeline_at(world->timeline, 1);
	assert_int_equal(row.kind, ROW_FOLD);
	assert_int_equal(row.more, 2);
	assert_int_equal(row.post, two);
	assert_string_equal(row.why, "from:ada");
	assert_int_equal(timeline_find(world->timeline, store_find(world->store, "u:1"), 0), 1);

	assert_true(timeline_open_fold(world->timeline, two, true));
	assert_int_equal(timeline_len(world->timeline), 4);
	assert_true(timeline_at(world->timeline, 1).unfolded);
	show(world, (struct note){.uri = "u:4"});
	assert_int_equal(timeline_at(world->timeline, 0).kind, ROW_FOLD);
	assert_int_equal(timeline_at(world->timeline, 2).kind, ROW_POST);
	assert_true(timeline_open_fold(world->timeline, two, false));
	assert_false(timeline_open_fold(world->timeline, two, false));
	assert_int_equal(timeline_len(world->timeline), 4);
	assert_true(store_unmute(world->store, "from:ada"));
	assert_int_equal(timeline_len(world->timeline), 5);
	assert_int_equal(timeline_unread(world->timeline), 5);
}

static void test_a_fold_in_a_thread_opens(void **state)
{
	struct world *world = *state;
	struct row row;

	timeline_set_sources(world->timeline, &world->thread, 1);
	show(world, (struct note){.uri = "u:0", .by = "bob", .source = world->thread});
	show(world, (struct note){.uri = "u:1", .reply_to = "u:0", .source = world->thread});
	show(world, (struct note){.uri = "u:2", .reply_to = "u:1", .source = world->thread});
	show(world, (struct note){
	                    .uri = "u:3", .by = "bob", .reply_to = "u:2", .source = world->thread});
	mute(world, (struct mute){.query = "from:ada", .action = MUTE_FOLD});
	assert_true(timeline_is_thread(world->timeline));
	assert_int_equal(timeline_len(world->timeline), 3);
	row = timeline_at(world->timeline, 1);
	assert_int_equal(row.kind, ROW_FOLD);
	assert_int_equal(row.more, 2);
	assert_true(timeline_open_fold(world->timeline, row.post, true));
	assert_int_equal(timeline_len(world->timeline), 4);
	assert_true(timeline_open_fold(world->timeline, row.post, false));
	assert_int_equal(timeline_len(world->timeline), 3);
}

static void test_a_mute_counts_what_it_holds_back(void **state)
{
	struct world *world = *state;

	show(world, (struct note){.uri = "u:1", .body = "rust"});
	mute(world, (struct mute){.query = "rust", .hits = 5});
	mute(world, (struct mute){.query = "by:bob is:repost"});
	assert_int_equal(hits_of(world, "rust"), 6);
	show(world, (struct note){.uri = "u:2", .body = "go"});
	show(world, (struct note){.uri = "u:3", .body = "more rust"});
	show(world, (struct note){.uri = "u:4", .body = "rust of the archive", .stored = true});
	show(world, (struct note){.uri = "u:3", .body = "more rust"});
	assert_int_equal(hits_of(world, "rust"), 7);
	assert_int_equal(hits_of(world, "by:bob is:repost"), 0);
	show(world, (struct note){.uri = "u:5", .reposter = "bob"});
	show(world, (struct note){.uri = "u:6", .reposter = "eve"});
	assert_int_equal(hits_of(world, "by:bob is:repost"), 1);
	assert_int_equal(
	        timeline_find(world->timeline, store_find(world->store, "u:5"), 0), SIZE_MAX);
	assert_int_not_equal(
	        timeline_find(world->timeline, store_find(world->store, "u:6"), 0), SIZE_MAX);
}

static void test_a_mute_is_tried_before_it_is_made(void **state)
{
	struct world *world = *state;
	struct err err = {0};
	size_t hits, looked;

	for (int i = 0; i < 10; i++) {
		char uri[16];

		snprintf(uri, sizeof uri, "u:%d", i);
		show(world, (struct note){.uri = uri,
		                    .body = i % 2 ? "rust" : "go",
		                    .reposter = i == 7 ? "bob" : NULL});
	}
	assert_true(store_try_mute(world->store, "rust", 4, &hits, &looked, NULL));
	assert_int_equal(hits, 2);
	assert_int_equal(looked, 4);
	assert_true(store_try_mute(world->store, "by:bob rust", 2000, &hits, &looked, NULL));
	assert_int_equal(hits, 1);
	assert_int_equal(looked, 10);
	assert_false(store_try_mute(world->store, "", 4, &hits, &looked, &err));
	assert_string_equal(err.text, "an empty mute would hide everything");
	assert_false(store_try_mute(world->store, "is:muted", 4, &hits, &looked, &err));
	assert_string_equal(err.text, "a mute cannot ask what is muted");
	assert_int_equal(timeline_len(world->timeline), 10);
}

static void test_a_quota_keeps_the_oldest_of_the_day(void **state)
{
	struct world *world = *state;
	const char *const *handles;
	const unsigned *per_day;

	for (int i = 0; i < 6; i++) {
		char uri[16];

		snprintf(uri, sizeof uri, "u:%d", i);
		show(world,
		        (struct note){.uri = uri, .at_ms = (240 + (i < 4 ? i : 20 + i)) * HOUR});
	}
	store_put_quota(world->store, "@ada", 2);
	assert_int_equal(store_quotas(world->store, &handles, &per_day), 1);
	assert_string_equal(handles[0], "ada");
	assert_int_equal(per_day[0], 2);
	assert_int_equal(timeline_len(world->timeline), 5);
	assert_int_equal(timeline_at(world->timeline, 2).kind, ROW_FOLD);
	assert_int_equal(timeline_at(world->timeline, 2).more, 2);
	assert_string_equal(timeline_at(world->timeline, 2).why, "quota of 2 a day for ada");
	assert_why(world, 2, "the quota of 2 a day for ada folds it\n");
	store_remove(world->store, store_find(world->store, "u:0"));
	assert_int_equal(timeline_at(world->timeline, 2).more, 1);
	store_put_quota(world->store, "ada", 0);
	assert_int_equal(timeline_len(world->timeline), 5);
	assert_int_equal(timeline_at(world->timeline, 2).kind, ROW_POST);
}

static void test_a_repost_of_what_was_read_is_folded(void **state)
{
	struct world *world = *state;
	post_id read = show(world, (struct note){.uri = "u:1", .source = world->thread});

	store_fold_seen_reposts(world->store, true);
	store_set_read(world->store, read, true);
	show(world, (struct note){.uri = "u:1", .reposter = "bob"});
	show(world, (struct note){.uri = "u:2", .reposter = "bob"});
	assert_int_equal(timeline_len(world->timeline), 2);
	assert_int_equal(timeline_at(world->timeline, 1).kind, ROW_FOLD);
	assert_why(world, 1, "it is a repost of what was read before it came\n");
	store_set_read(world->store, store_find(world->store, "u:2"), true);
	assert_int_equal(timeline_at(world->timeline, 0).kind, ROW_POST);
}

static void test_a_thread_is_muted_with_all_that_belongs_to_it(void **state)
{
	struct world *world = *state;

	mute(world, (struct mute){.query = "thread:u:0"});
	show(world, (struct note){.uri = "u:0"});
	show(world, (struct note){.uri = "u:1", .reply_to = "u:0"});
	show(world, (struct note){.uri = "u:2", .reply_to = "u:1", .reposter = "bob"});
	show(world, (struct note){.uri = "u:9"});
	assert_int_equal(timeline_len(world->timeline), 1);
	/* Its parent comes later. */
	show(world, (struct note){.uri = "u:4", .reply_to = "u:3"});
	show(world, (struct note){.uri = "u:5", .reply_to = "u:4"});
	assert_int_equal(timeline_len(world->timeline), 3);
	show(world, (struct note){.uri = "u:3", .reply_to = "u:2"});
	assert_int_equal(timeline_len(world->timeline), 1);
	assert_true(store_unmute(world->store, "thread:u:0"));
	assert_int_equal(timeline_len(world->timeline), 7);
}

/* --- rules --- */

static void put_rule(struct world *world, struct rule rule)
{
	struct err err = {0};

	if (!store_put_rule(world->store, &rule, &err)) fail_msg("%s", err.text);
}

static void test_a_notice_tells_of_each_fresh_post_once(void **state)
{
	struct world *world = *state;
	struct rule_hit hit;
	post_id post;

	put_rule(world, (struct rule){.id = "n", .kind = RULE_NOTICE, .query = "rust"});
	show(world, (struct note){.uri = "u:0", .body = "rust on the first page"});
	show(world, (struct note){.uri = "u:1", .body = "rust", .stored = true});
	assert_false(store_next_hit(world->store, &hit));
	post = show(world, (struct note){.uri = "u:2", .body = "rust"});
	show(world, (struct note){.uri = "u:3", .body = "go"});
	show(world, (struct note){.uri = "u:old", .body = "rust", .at_ms = HOUR});
	assert_true(store_next_hit(world->store, &hit));
	assert_int_equal(hit.post, post);
	assert_string_equal(hit.rule->id, "n");
	assert_int_equal(hit.count, 1);
	assert_false(store_next_hit(world->store, &hit));
	mute(world, (struct mute){.query = "from:eve"});
	show(world, (struct note){.uri = "u:5", .body = "rust", .by = "eve"});
	assert_false(store_next_hit(world->store, &hit));
	put_rule(world,
	        (struct rule){.id = "n", .kind = RULE_NOTICE, .query = "rust", .columns = "X"});
	show(world, (struct note){.uri = "u:6", .body = "rust"});
	assert_false(store_next_hit(world->store, &hit));
}

static void test_a_rate_is_told_when_it_is_passed(void **state)
{
	struct world *world = *state;
	struct rule rule = {.id = "n", .kind = RULE_NOTICE, .query = "text", .over = 2};
	struct rule_hit hit;
	char uri[16];

	rule.per_ms = HOUR;
	put_rule(world, rule);
	show(world, (struct note){.uri = "u:first"});
	for (int i = 0; i < 5; i++) {
		snprintf(uri, sizeof uri, "u:%d", i);
		show(world, (struct note){.uri = uri});
		assert_int_equal(store_next_hit(world->store, &hit), i == 2);
		if (i == 2) assert_int_equal(hit.count, 3);
	}
	fake_clock_advance(&world->clock, HOUR);
	for (int i = 5; i < 9; i++) {
		snprintf(uri, sizeof uri, "u:%d", i);
		show(world, (struct note){.uri = uri});
		assert_int_equal(store_next_hit(world->store, &hit), i == 7);
	}
}

static void test_a_highlight_is_the_first_that_matches(void **state)
{
	struct world *world = *state;
	const struct rule *const *rules;
	uint64_t version;

	show(world, (struct note){.uri = "u:1", .body = "rust async"});
	version = timeline_version(world->timeline);
	put_rule(world, (struct rule){.id = "a", .query = "go", .role = "post.author"});
	put_rule(world, (struct rule){.id = "b", .query = "rust", .role = "post.text"});
	put_rule(world, (struct rule){.id = "c", .query = "async", .role = "post.time"});
	assert_int_not_equal(timeline_version(world->timeline), version);
	assert_int_equal(store_rules(world->store, &rules), 3);
	assert_int_equal(timeline_at(world->timeline, 0).highlight, 2);
	assert_string_equal(rules[1]->role, "post.text");
	assert_true(store_drop_rule(world->store, "b"));
	assert_false(store_drop_rule(world->store, "b"));
	assert_int_equal(timeline_at(world->timeline, 0).highlight, 2);
	assert_true(store_drop_rule(world->store, "c"));
	assert_int_equal(timeline_at(world->timeline, 0).highlight, 0);
}

/* --- saved queries --- */

static void test_a_saved_query_changes_all_who_name_it(void **state)
{
	struct world *world = *state;
	struct err err = {0};

	show(world, (struct note){.uri = "u:1", .body = "rust"});
	show(world, (struct note){.uri = "u:2", .body = "go"});
	assert_false(timeline_set_query(world->timeline, "saved:trade", NULL, &err));
	assert_true(store_put_saved(world->store, "trade", "rust", NULL));
	assert_true(timeline_set_query(world->timeline, "saved:trade", NULL, &err));
	assert_int_equal(timeline_at(world->timeline, 0).post, store_find(world->store, "u:1"));
	assert_true(store_put_saved(world->store, "trade", "go OR saved:other", &err) == false);
	assert_string_equal(store_saved(world->store, "trade"), "rust");
	assert_true(store_put_saved(world->store, "other", "tea", NULL));
	assert_true(store_put_saved(world->store, "trade", "go OR saved:other", NULL));
	assert_int_equal(timeline_len(world->timeline), 1);
	assert_int_equal(timeline_at(world->timeline, 0).post, store_find(world->store, "u:2"));
	assert_true(store_put_saved(world->store, "other", "rust", NULL));
	assert_int_equal(timeline_len(world->timeline), 2);
	assert_false(store_put_saved(world->store, "other", "saved:trade", &err));
	assert_string_equal(store_saved_name(world->store, 0), "other");
	assert_false(store_put_saved(world->store, "trade", NULL, &err));
	assert_string_equal(err.text, "'saved:trade' is still asked by a column, a mute or a rule");
	assert_true(timeline_set_query(world->timeline, NULL, NULL, NULL));
	assert_false(store_put_saved(world->store, "other", "", &err));
	assert_string_equal(err.text, "'saved:other' is named by another saved query");
	assert_true(store_put_saved(world->store, "trade", NULL, NULL));
	assert_true(store_put_saved(world->store, "other", "", NULL));
	assert_null(store_saved_name(world->store, 0));
}

/* --- who fills it --- */

static void test_noise_is_counted_by_who_put_it_there(void **state)
{
	struct world *world = *state;
	struct noise noise[4];
	size_t rows;
	int64_t span;
	post_id liked;

	show(world, (struct note){.uri = "u:0", .by = "eve", .at_ms = HOUR});
	show(world, (struct note){.uri = "u:1"});
	liked = show(world, (struct note){.uri = "u:2"});
	show(world, (struct note){.uri = "u:3", .by = "eve", .reposter = "ada"});
	show(world, (struct note){.uri = "u:4", .by = "bob"});
	store_act(world->store, liked, 2, VIEWER_LIKED, true);
	mute(world, (struct mute){.query = "by:ada"});
	assert_int_equal(timeline_noise(world->timeline, 2 * HOUR, noise, 4, &rows, &span), 2);
	assert_int_equal(rows, 4);
	assert_int_equal(span, 3 * HOUR);
	assert_string_equal(store_profile(world->store, noise[0].profile)->handle, "ada@a.example");
	assert_int_equal(noise[0].rows, 3);
	assert_int_equal(noise[0].reposts, 1);
	assert_int_equal(noise[0].acted, 1);
	assert_int_equal(noise[0].muted, 1);
	assert_int_equal(noise[1].rows, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(test_a_mute_holds_in_the_columns_that_it_names),
	        TEST(test_what_is_to_us_is_only_folded),
	        TEST(test_folded_rows_are_one_row_that_opens),
	        TEST(test_a_fold_in_a_thread_opens),
	        TEST(test_a_mute_counts_what_it_holds_back),
	        TEST(test_a_mute_is_tried_before_it_is_made),
	        TEST(test_a_quota_keeps_the_oldest_of_the_day),
	        TEST(test_a_repost_of_what_was_read_is_folded),
	        TEST(test_a_thread_is_muted_with_all_that_belongs_to_it),
	        TEST(test_a_notice_tells_of_each_fresh_post_once),
	        TEST(test_a_rate_is_told_when_it_is_passed),
	        TEST(test_a_highlight_is_the_first_that_matches),
	        TEST(test_a_saved_query_changes_all_who_name_it),
	        TEST(test_noise_is_counted_by_who_put_it_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
