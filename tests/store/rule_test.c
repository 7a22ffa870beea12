/* Filters that an account keeps at its server, in all timelines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake_clock.h"
#include "store/store.h"
#include "store/timeline.h"

enum { WORK = 2, ART = 3 };

struct world {
	struct fake_clock clock;
	struct store *store;
	struct timeline *timeline; /* of work/home */
	int nposts;
	const char *warning; /* of the posts to come */
};

static void add_account(struct world *world, account_id id, const char *name)
{
	struct account *account = account_new(name, "mastodon", "a.example");

	account->id = id;
	store_put_account(world->store, account);
}

static struct timeline *timeline_of(struct world *world, const char *source)
{
	struct timeline *timeline = timeline_new(world->store);
	source_id id = store_source(world->store, source);

	timeline_set_sources(timeline, &id, 1);
	return timeline;
}

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof *world);

	fake_clock_init(&world->clock, 1000000);
	world->store = store_new(&world->clock.clock);
	add_account(world, WORK, "work");
	add_account(world, ART, "art");
	world->timeline = timeline_of(world, "work/home");
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

/* A post in a source; its URI is its number. */
static post_id show(struct world *world, const char *source, const char *body, unsigned flags,
        const char *quote_of)
{
	struct page *page = page_new();
	struct post_parts parts = {.created_ms = 1000 + world->nposts};
	char uri[32], remote_id[32];
	struct viewer viewer = {.account = WORK, .flags = flags, .remote_id = remote_id};
	struct profile ada = {
	        .uri = "p:ada", .handle = "ada@a.example", .name = "Ada", .followers = -1};
	struct entry entry = {.sort_ms = parts.created_ms};

	snprintf(uri, sizeof uri, "u:%d", ++world->nposts);
	snprintf(remote_id, sizeof remote_id, "r%d", world->nposts);
	parts.str[POST_URI] = uri;
	parts.str[POST_BODY] = body;
	parts.str[POST_QUOTE_OF] = quote_of;
	parts.str[POST_WARNING] = world->warning;
	parts.viewers = &viewer;
	parts.nviewers = 1;
	parts.author = page_add_profile(page, &ada);
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	page->source = store_source(world->store, source);
	store_add_page(world->store, page);
	return store_find(world->store, uri);
}

/* What a test says of a filter. */
struct said {
	const char *title, *keyword, *post;
	unsigned contexts; /* 0: home */
	enum filter_action action;
	int64_t expires_ms;
	enum filter_rule rule;
	unsigned targets;
	bool not_followed;
};

static void put(struct world *world, account_id account, const struct said *said, size_t n)
{
	struct server_filter *filters = n ? xcalloc(n, sizeof *filters) : NULL;

	for (size_t i = 0; i < n; i++) {
		struct server_filter *filter = &filters[i];

		filter->id = xstrdup(said[i].title);
		filter->title = xstrdup(said[i].title);
		filter->contexts = said[i].contexts ? said[i].contexts : FILTER_IN_HOME;
		filter->action = said[i].action;
		filter->expires_ms = said[i].expires_ms;
		filter->rule = said[i].rule;
		filter->targets = said[i].targets;
		filter->not_followed = said[i].not_followed;
		if (said[i].keyword) {
			filter->keywords = xcalloc(1, sizeof *filter->keywords);
			filter->keywords[filter->nkeywords++].text = xstrdup(said[i].keyword);
		}
		if (said[i].post) {
			filter->posts = xcalloc(1, sizeof *filter->posts);
			filter->posts[filter->nposts++] = xstrdup(said[i].post);
		}
	}
	store_put_filters(world->store, account, filters, n);
}

static struct row row_of(const struct timeline *timeline, post_id post)
{
	size_t row = timeline_find(timeline, post, 0);

	return row == SIZE_MAX ? (struct row){.kind = ROW_GAP} : timeline_at(timeline, row);
}

static bool is_here(const struct timeline *timeline, post_id post)
{
	return timeline_find(timeline, post, 0) != SIZE_MAX;
}

static void test_warn_and_hide(void **state)
{
	struct world *world = *state;
	const struct said said[] = {{"Tides", .keyword = "tide"},
	        {"No storms", .keyword = "STORM", .action = FILTER_HIDE},
	        {"Weather", .keyword = "storm"}};
	post_id calm = show(world, "work/home", "a calm day", 0, NULL);
	post_id tide = show(world, "work/home", "the tide turns", 0, NULL);
	uint64_t version = timeline_version(world->timeline);

	put(world, WORK, said, 3);
	assert_true(timeline_version(world->timeline) > version);
	post_id storm = show(world, "work/home", "a storm, and a tide", 0, NULL);
	assert_false(row_of(world->timeline, calm).filtered);
	assert_null(row_of(world->timeline, calm).why);
	assert_true(row_of(world->timeline, tide).filtered);
	assert_string_equal(row_of(world->timeline, tide).why, "Tides");
	/* Hiding goes before warning, whatever the order. */
	assert_false(is_here(world->timeline, storm));
	assert_int_equal(timeline_len(world->timeline), 2);
	assert_int_equal(timeline_unread(world->timeline), 2);
	timeline_show_muted(world->timeline, true);
	assert_true(row_of(world->timeline, storm).muted);
	assert_false(row_of(world->timeline, storm).filtered);
	assert_string_equal(row_of(world->timeline, storm).why, "No storms");
	timeline_show_muted(world->timeline, false);
	assert_false(is_here(world->timeline, storm));
	/* They are gone again. */
	put(world, WORK, NULL, 0);
	assert_true(is_here(world->timeline, storm));
	assert_false(row_of(world->timeline, tide).filtered);
}

static const struct {
	const char *source;
	unsigned contexts;
} places[] = {
        {"work/home", FILTER_IN_HOME},
        {"work/list:12", FILTER_IN_HOME},
        {"work/notifications", FILTER_IN_NOTIFICATIONS},
        {"work/mentions", FILTER_IN_NOTIFICATIONS},
        {"work/local", FILTER_IN_PUBLIC},
        {"work/federated", FILTER_IN_PUBLIC},
        {"work/tag:c", FILTER_IN_PUBLIC},
        {"work/search:tide", FILTER_IN_PUBLIC},
        {"work/trends", FILTER_IN_PUBLIC},
        {"work/thread:u:1", FILTER_IN_THREAD},
        {"work/profile:ada@a.example", FILTER_IN_ACCOUNT},
        {"work/bookmarks", 0},
        {"work/likes", 0},
        {"work/scheduled", 0},
        {"art/home", 0}, /* another account's filter */
        {"feeds/feed:lwn", 0},
};

static void test_contexts(void **state)
{
	struct world *world = *state;

	for (unsigned bit = 0; bit < FILTER_CONTEXT_COUNT; bit++) {
		struct said said = {"Tides", .keyword = "tide", .contexts = 1u << bit};

		put(world, WORK, &said, 1);
		for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
			struct timeline *timeline = timeline_of(world, places[i].source);
			post_id post = show(world, places[i].source, "the tide", 0, NULL);
			bool want = places[i].contexts & 1u << bit;

			if (row_of(timeline, post).filtered != want)
				fail_msg("%s in context %u", places[i].source, bit);
			timeline_free(timeline);
		}
	}
}

static void test_what_is_spared_and_named(void **state)
{
	struct world *world = *state;
	const struct said said[] = {
	        {"Tides", .keyword = "tide", .action = FILTER_HIDE}, {"That one", .post = "r3"}};

	put(world, WORK, said, 2);
	post_id own = show(world, "work/home", "my tide", VIEWER_OWN, NULL);
	post_id quoted = show(world, "work/local", "low tide", 0, NULL);
	post_id named = show(world, "work/home", "calm", 0, NULL);
	post_id quoting = show(world, "work/home", "look", 0, "u:2");

	assert_true(is_here(world->timeline, own));
	assert_false(row_of(world->timeline, own).filtered);
	assert_string_equal(row_of(world->timeline, named).why, "That one");
	assert_int_not_equal(quoted, 0);
	assert_false(is_here(world->timeline, quoting));
}

static void test_time_ends_it(void **state)
{
	struct world *world = *state;
	const struct said said[] = {{"For a while", .keyword = "tide", .action = FILTER_HIDE,
	        .expires_ms = 1000000 + 60000}};

	post_id post = show(world, "work/home", "tide", 0, NULL);
	put(world, WORK, said, 1);
	assert_false(is_here(world->timeline, post));
	fake_clock_advance(&world->clock, 59999);
	assert_false(store_tick(world->store));
	assert_false(is_here(world->timeline, post));
	fake_clock_advance(&world->clock, 1);
	assert_true(store_tick(world->store));
	assert_true(is_here(world->timeline, post));
	assert_false(store_tick(world->store));
	/* One that is over when it is told of does nothing. */
	put(world, WORK, NULL, 0);
	put(world, WORK, said, 1);
	assert_true(is_here(world->timeline, post));
	assert_int_equal(store_filters(world->store, WORK), 1);
	assert_string_equal(store_filter(world->store, WORK, 0)->title, "For a while");
	assert_null(store_filter(world->store, WORK, 1));
	assert_null(store_filter(world->store, ART, 0));
}

static void test_told_again_nothing_moves(void **state)
{
	struct world *world = *state;
	const struct said said[] = {{"Tides", .keyword = "tide"}};

	put(world, WORK, said, 1);
	uint64_t version = timeline_version(world->timeline);
	put(world, WORK, said, 1);
	put(world, ART, NULL, 0);
	assert_true(timeline_version(world->timeline) == version);
}

static void test_an_edit_is_read_again(void **state)
{
	struct world *world = *state;
	const struct said said[] = {{"Tides", .keyword = "tide"}};

	put(world, WORK, said, 1);
	post_id post = show(world, "work/home", "calm", 0, NULL);
	assert_false(row_of(world->timeline, post).filtered);
	world->nposts = 0;
	assert_int_equal(show(world, "work/home", "the tide", 0, NULL), post);
	assert_true(row_of(world->timeline, post).filtered);
}

static void test_beside_mutes(void **state)
{
	struct world *world = *state;
	const struct said said[] = {{"Tides", .keyword = "tide", .action = FILTER_HIDE}};
	struct mute mute = {.id = "m", .query = "from:ada"};

	post_id tide = show(world, "work/home", "tide", 0, NULL);
	post_id calm = show(world, "work/home", "calm", 0, NULL);
	put(world, WORK, said, 1);
	assert_true(store_mute(world->store, &mute, NULL, NULL));
	assert_int_equal(timeline_len(world->timeline), 0);
	timeline_show_muted(world->timeline, true);
	assert_string_equal(row_of(world->timeline, calm).why, "from:ada");
	timeline_show_muted(world->timeline, false);
	store_unmute(world->store, "m");
	assert_true(is_here(world->timeline, calm));
	assert_false(is_here(world->timeline, tide));
	assert_true(store_mute(world->store, &mute, NULL, NULL));
	put(world, WORK, NULL, 0);
	assert_int_equal(timeline_len(world->timeline), 0);
	store_unmute(world->store, "m");
	assert_int_equal(timeline_len(world->timeline), 2);
}

/* --- Bluesky's --- */

static void test_a_muted_word_is_found_as_bluesky_finds_it(void **state)
{
	struct world *world = *state;
	struct said said = {"sea", .keyword = "sea", .action = FILTER_HIDE};
	post_id sea = show(world, "work/home", "The Sea, again", 0, NULL);
	post_id seal = show(world, "work/home", "a seal", 0, NULL);
	post_id quotes = show(world, "work/home", "look", 0, "u:1");

	said.rule = FILTER_MUTED_WORD;
	said.targets = FILTER_IN_TAGS;
	put(world, WORK, &said, 1);
	assert_int_equal(timeline_len(world->timeline), 3);
	said.targets = FILTER_IN_TEXT;
	put(world, WORK, &said, 1);
	assert_false(is_here(world->timeline, sea));
	assert_true(is_here(world->timeline, seal));
	assert_false(is_here(world->timeline, quotes));
}

static void test_a_muted_word_spares_whom_we_follow(void **state)
{
	struct world *world = *state;
	struct said said = {"sea", .keyword = "sea", .rule = FILTER_MUTED_WORD};
	post_id sea = show(world, "work/home", "the sea", 0, NULL);
	profile_id ada = store_find_profile(world->store, "p:ada");
	struct relation relation = {.account = WORK, .profile = ada};

	said.targets = FILTER_IN_TEXT;
	said.not_followed = true;
	said.action = FILTER_HIDE;
	put(world, WORK, &said, 1);
	assert_false(is_here(world->timeline, sea));
	relation.flags = RELATION_FOLLOWING;
	store_put_relation(world->store, &relation);
	assert_true(is_here(world->timeline, sea));
	relation.flags = 0;
	store_put_relation(world->store, &relation);
	assert_false(is_here(world->timeline, sea));
}

static void test_labels_and_posts_hidden_one_by_one(void **state)
{
	struct world *world = *state;
	struct said said[] = {{"nudity", .keyword = "nudity", .action = FILTER_HIDE},
	        {"hidden", .post = "u:2", .action = FILTER_HIDE}};
	post_id one = show(world, "work/home", "nudity as a word", 0, NULL);
	post_id two = show(world, "work/home", "two", 0, NULL), three, four;

	world->warning = "graphic media, nudity";
	three = show(world, "work/home", "three", 0, NULL);
	world->warning = "non-sexual nudity";
	four = show(world, "work/home", "four", 0, NULL);
	said[0].rule = FILTER_LABEL;
	put(world, WORK, said, 2);
	assert_true(is_here(world->timeline, one));
	assert_false(is_here(world->timeline, two));
	assert_false(is_here(world->timeline, three));
	assert_true(is_here(world->timeline, four));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(test_warn_and_hide),
	        TEST(test_contexts),
	        TEST(test_what_is_spared_and_named),
	        TEST(test_time_ends_it),
	        TEST(test_told_again_nothing_moves),
	        TEST(test_an_edit_is_read_again),
	        TEST(test_beside_mutes),
	        TEST(test_a_muted_word_is_found_as_bluesky_finds_it),
	        TEST(test_a_muted_word_spares_whom_we_follow),
	        TEST(test_labels_and_posts_hidden_one_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
