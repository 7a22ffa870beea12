#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake_clock.h"
#include "store/timeline.h"

struct world {
	struct fake_clock clock;
	struct store *store;
	source_id home;
	struct timeline *timeline;
};

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof *world);

	fake_clock_init(&world->clock, 1000000);
	world->store = store_new(&world->clock.clock);
	world->home = store_source(world->store, "work/home");
	world->timeline = timeline_new(world->store);
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

/* A post as one account's server tells it, with its row; more is set by the test. */
struct sight {
	struct viewer viewer;
	struct post_parts parts;
	bool stored;
};

static struct sight sight_of(const char *uri, const char *body, account_id account)
{
	struct sight sight = {.viewer = {.account = account, .remote_id = uri}};

	sight.parts.str[POST_URI] = uri;
	sight.parts.str[POST_BODY] = body;
	sight.parts.created_ms = 5000;
	return sight;
}

static post_id show(struct world *world, struct sight *sight)
{
	struct page *page = page_new();
	struct profile ada = {
	        .uri = "p:ada", .handle = "ada@a.example", .name = "Ada", .followers = -1};
	struct entry entry = {.sort_ms = sight->parts.created_ms};

	sight->parts.viewers = &sight->viewer;
	sight->parts.nviewers = 1;
	sight->parts.author = page_add_profile(page, &ada);
	entry.post = page_add_post(page, &sight->parts);
	page_add_entry(page, &entry);
	page->source = world->home;
	page->stored = sight->stored;
	store_add_page(world->store, page);
	return store_find(world->store, sight->parts.str[POST_URI]);
}

static void test_empty_store_answers(void **state)
{
	struct world *world = *state;

	assert_null(store_post(world->store, 0));
	assert_null(store_post(world->store, 77));
	assert_null(store_profile(world->store, 1));
	assert_int_equal(store_find(world->store, "nothing"), 0);
	assert_null(store_source_name(world->store, 9));
	store_set_read(world->store, 3, true);
	assert_false(store_is_read(world->store, 3));
	store_remove(world->store, 3);
	store_gone(world->store, 1, "x");
	store_trim(world->store, 0);
	assert_false(store_unmute(world->store, "no"));
	assert_int_equal(timeline_len(world->timeline), 0);
	assert_int_equal(timeline_find(world->timeline, 1, 0), SIZE_MAX);
	assert_int_equal(timeline_at(world->timeline, 0).post, 0);
	store_free(NULL);
	timeline_free(NULL);
}

static void test_two_accounts_see_one_post(void **state)
{
	struct world *world = *state;
	struct sight one = sight_of("u:1", "text", 2), two = sight_of("u:1", "text, rendered", 3);
	struct viewer room;
	post_id id;

	two.viewer.remote_id = "other id";
	two.viewer.flags = VIEWER_LIKED;
	id = show(world, &one);
	assert_int_equal(show(world, &two), id);
	assert_int_equal(store_count(world->store), 1);
	assert_string_equal(post_str(store_post(world->store, id), POST_BODY), "text");
	assert_string_equal(
	        post_viewer_of(store_post(world->store, id), 2, &room)->remote_id, "u:1");
	assert_string_equal(
	        post_viewer_of(store_post(world->store, id), 3, &room)->remote_id, "other id");
	assert_int_equal(room.flags, VIEWER_LIKED);
	store_gone(world->store, 3, "u:1");
	assert_int_equal(store_count(world->store), 1);
	store_gone(world->store, 3, "other id");
	assert_int_equal(store_count(world->store), 0);
	assert_int_equal(timeline_len(world->timeline), 0);
}

static void test_newer_edit_replaces_the_text(void **state)
{
	struct world *world = *state;
	struct sight first = sight_of("u:1", "first", 2), edit = sight_of("u:1", "edited", 3);
	post_id id = show(world, &first);

	edit.parts.edited_ms = 9000;
	edit.parts.created_ms = 6000;
	assert_int_equal(show(world, &edit), id);
	assert_string_equal(post_str(store_post(world->store, id), POST_BODY), "edited");
	assert_int_equal(store_post(world->store, id)->created_ms, 5000);
	assert_int_equal(store_post(world->store, id)->nviewers, 2);
	show(world, &first);
	assert_string_equal(post_str(store_post(world->store, id), POST_BODY), "edited");
	assert_int_equal(timeline_len(world->timeline), 1);
}

static void test_a_stored_sight_only_fills_in(void **state)
{
	struct world *world = *state;
	struct sight fresh = sight_of("u:1", "fresh", 2), old = sight_of("u:1", "stored", 2);
	const struct post *post;
	post_id id;

	fresh.parts.likes = 7;
	fresh.parts.reposts = POST_UNKNOWN;
	fresh.viewer.flags = VIEWER_LIKED;
	old.stored = true;
	old.parts.likes = 3;
	old.parts.reposts = 4;
	id = show(world, &fresh);
	show(world, &old);
	post = store_post(world->store, id);
	assert_string_equal(post_str(post, POST_BODY), "fresh");
	assert_int_equal(post->likes, 7);
	assert_int_equal(post->reposts, 4);
	assert_int_equal(post_viewer(post, 0).flags, VIEWER_LIKED);
	old.stored = false;
	show(world, &old);
	post = store_post(world->store, id);
	assert_string_equal(post_str(post, POST_BODY), "stored");
	assert_int_equal(post->likes, 3);
	assert_int_equal(post_viewer(post, 0).flags, 0);
}

/* A feed may first give an item no date, then its own: the row is the same. */
static void test_a_row_that_changes_its_time_stands_once(void **state)
{
	struct world *world = *state;
	int64_t times[] = {9000, 5000, 9000, 7000};

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct page *page = page_new();
		struct post_parts parts = {.created_ms = 5000};
		struct entry entry = {.sort_ms = times[i]};

		parts.str[POST_URI] = "u:1";
		entry.post = page_add_post(page, &parts);
		page_add_entry(page, &entry);
		page_add_entry(page, &entry);
		page->source = world->home;
		store_add_page(world->store, page);
		assert_int_equal(timeline_len(world->timeline), 1);
		assert_int_equal(timeline_at(world->timeline, 0).sort_ms, 9000);
		assert_int_equal(timeline_at(world->timeline, 0).more, 0);
	}
}

static void test_profiles_change_their_name(void **state)
{
	struct world *world = *state;
	struct profile bob = {.uri = "p:bob",
	        .handle = "bob@b",
	        .name = "Bob",
	        .bio = "carpenter",
	        .followers = 9};
	struct page *page = page_new();
	struct entry entry = {.reason = REASON_FOLLOWED, .sort_ms = 1};

	page->source = world->home;
	entry.actor = page_add_profile(page, &bob);
	page_add_entry(page, &entry);
	store_add_page(world->store, page);
	page = page_new();
	bob.name = "Bobby";
	bob.bio = NULL;
	bob.followers = -1;
	page_add_profile(page, &bob);
	store_add_page(world->store, page);
	assert_int_equal(timeline_len(world->timeline), 1);
	assert_int_equal(timeline_at(world->timeline, 0).kind, ROW_NOTICE);
	assert_int_equal(timeline_at(world->timeline, 0).actor, 1);
	assert_string_equal(store_profile(world->store, 1)->name, "Bobby");
	assert_string_equal(store_profile(world->store, 1)->bio, "carpenter");
	assert_int_equal(store_profile(world->store, 1)->followers, 9);
}

static void test_read_keys_come_before_or_after(void **state)
{
	struct world *world = *state;
	struct sight one = sight_of("u:1", "a", 2), two = sight_of("u:2", "b", 2);
	uint64_t keys[] = {store_key("u:1"), store_key("u:2"), 0};
	post_id id;

	store_put_read_keys(world->store, keys, 1);
	id = show(world, &one);
	assert_true(store_is_read(world->store, id));
	id = show(world, &two);
	assert_false(store_is_read(world->store, id));
	assert_int_equal(timeline_unread(world->timeline), 1);
	store_put_read_keys(world->store, keys, 3);
	assert_true(store_is_read(world->store, id));
	assert_int_equal(timeline_unread(world->timeline), 0);
	store_set_read(world->store, id, false);
	assert_int_equal(timeline_unread(world->timeline), 1);
}

/* It is on the disk: a change here loses what people have read. */
static void test_read_key_never_changes(void **state)
{
	(void)state;
	assert_true(store_key("https://a.example/p/1") == UINT64_C(0x492795811b5a6763));
	assert_true(store_key("") == UINT64_C(0xf52a15e9a9b5e89b));
}

static void test_a_mute_ends(void **state)
{
	struct world *world = *state;
	struct sight one = sight_of("u:1", "noise", 2), two = sight_of("u:2", "noise to me", 2);
	struct mute mute = {.id = "m", .query = "from:ada", .until_ms = 1000000 + 60000};
	const struct mute *mutes;
	struct err err = {0};
	size_t rows = 99;

	two.viewer.flags = VIEWER_MENTIONED;
	show(world, &one);
	show(world, &two);
	assert_false(store_mute(
	        world->store, &(struct mute){.id = "x", .query = "form:ada"}, NULL, &err));
	assert_non_null(strstr(err.text, "from:"));
	assert_false(store_mute(world->store, &(struct mute){.id = "x", .query = " "}, NULL, &err));
	assert_true(store_mute(world->store, &mute, &rows, NULL));
	assert_int_equal(rows, 2);
	assert_int_equal(timeline_len(world->timeline), 1);
	assert_int_equal(timeline_at(world->timeline, 0).kind, ROW_FOLD);
	assert_int_equal(store_mutes(world->store, &mutes), 1);
	assert_string_equal(mutes[0].query, "from:ada");
	timeline_show_muted(world->timeline, true);
	assert_int_equal(timeline_len(world->timeline), 2);
	assert_true(timeline_at(world->timeline, 1).muted);
	timeline_show_muted(world->timeline, false);
	fake_clock_advance(&world->clock, 59999);
	assert_false(store_tick(world->store));
	fake_clock_advance(&world->clock, 1);
	assert_true(store_tick(world->store));
	assert_int_equal(timeline_len(world->timeline), 2);
	assert_int_equal(store_mutes(world->store, &mutes), 0);
}

static void test_accounts_are_replaced_and_dropped(void **state)
{
	struct world *world = *state;
	struct account work = {.id = 2,
	        .name = (char *)"work",
	        .network = (char *)"mastodon",
	        .host = (char *)"h",
	        .handle = (char *)"",
	        .uri = (char *)""};
	const struct account *const *all;

	store_put_account(world->store, account_copy(&work));
	work.handle = (char *)"ada@h";
	store_put_account(world->store, account_copy(&work));
	assert_int_equal(store_accounts(world->store, &all), 1);
	assert_string_equal(all[0]->handle, "ada@h");
	assert_ptr_equal(store_account_named(world->store, "work"), store_account(world->store, 2));
	store_drop_account(world->store, 2);
	assert_null(store_account(world->store, 2));
}

static void test_what_was_done_shows_and_is_taken_back(void **state)
{
	struct world *world = *state;
	struct sight sight = sight_of("u:1", "text", 2);
	struct viewer room;
	post_id id;
	uint64_t before;

	sight.parts.likes = 4;
	sight.parts.reposts = POST_UNKNOWN;
	id = show(world, &sight);
	before = timeline_version(world->timeline);
	assert_true(store_act(world->store, id, 2, VIEWER_LIKED, true));
	assert_false(store_act(world->store, id, 2, VIEWER_LIKED, true));
	assert_int_equal(store_post(world->store, id)->likes, 5);
	assert_int_not_equal(timeline_version(world->timeline), before);
	/* An account that has not seen the post yet. */
	assert_true(store_act(world->store, id, 3, VIEWER_REPOSTED, true));
	assert_int_equal(store_post(world->store, id)->reposts, POST_UNKNOWN);
	assert_non_null(post_viewer_of(store_post(world->store, id), 3, &room));
	assert_int_equal(room.flags, VIEWER_REPOSTED);
	assert_null(room.remote_id);
	assert_int_equal(
	        post_viewer_of(store_post(world->store, id), 2, &room)->flags, VIEWER_LIKED);
	assert_true(store_act(world->store, id, 2, VIEWER_LIKED, false));
	assert_int_equal(store_post(world->store, id)->likes, 4);
	assert_false(store_act(world->store, id, 4, VIEWER_LIKED, false));
	assert_false(store_act(world->store, 99, 2, VIEWER_LIKED, true));
}

static void test_relations_come_with_pages(void **state)
{
	struct world *world = *state;
	struct page *page = page_new();
	struct profile ada = {
	        .uri = "p:ada", .handle = "Ada@a.example", .name = "", .followers = -1};
	struct profile bea = {
	        .uri = "p:bea", .handle = "bea@a.example", .name = "", .followers = -1};
	struct relation relation = {.account = 2, .flags = RELATION_FOLLOWING};
	struct sight sight = sight_of("u:1", "text", 2);
	struct account *account = account_new("work", "mastodon", "a.example");
	profile_id who, bea_id;

	relation.profile = page_add_profile(page, &ada);
	page_add_relation(page, &relation);
	relation.profile = 9;
	page_add_relation(page, &relation);
	relation.profile = page_add_profile(page, &bea);
	relation.flags = RELATION_BLOCKING;
	page_add_relation(page, &relation);
	store_add_page(world->store, page);
	bea_id = store_find_profile(world->store, "p:bea");
	assert_int_equal(store_relation(world->store, 2, bea_id)->flags, RELATION_BLOCKING);
	who = store_find_profile(world->store, "@ada@A.example");
	assert_int_equal(who, store_find_profile(world->store, "p:ada"));
	assert_int_equal(store_relation(world->store, 2, who)->flags, RELATION_FOLLOWING);
	assert_null(store_relation(world->store, 3, who));
	assert_int_equal(store_find_profile(world->store, "nobody"), 0);
	store_put_relation(world->store,
	        &(struct relation){.account = 2, .profile = who, .flags = RELATION_REQUESTED});
	assert_int_equal(store_relation(world->store, 2, who)->flags, RELATION_REQUESTED);
	/* With its profile a relation is forgotten. */
	account->id = 2;
	store_put_account(world->store, account);
	show(world, &sight);
	store_trim(world->store, 0);
	assert_int_equal(store_find_profile(world->store, "p:bea"), 0);
	assert_null(store_relation(world->store, 2, bea_id));
}

static void test_wrong_mistakes_leave_all_as_it_was(void **state)
{
	struct world *world = *state;
	struct sight one = sight_of("u:1", "rust", 2);
	struct err err = {0};
	int col = -1;

	show(world, &one);
	assert_true(timeline_set_query(world->timeline, "rust", &col, &err));
	assert_false(timeline_set_query(world->timeline, "rust has:x", &col, &err));
	assert_int_equal(col, 9);
	assert_int_equal(timeline_len(world->timeline), 1);
	assert_true(timeline_narrow(world->timeline, "zz", false, &col, &err));
	assert_false(timeline_narrow(world->timeline, "zz has:", true, &col, &err));
	assert_string_equal(timeline_narrowed(world->timeline), "zz");
	assert_int_equal(timeline_len(world->timeline), 0);
	assert_true(timeline_narrow(world->timeline, "zz has:", false, &col, &err));
	assert_true(timeline_narrow(world->timeline, NULL, false, &col, &err));
	assert_null(timeline_query(world->timeline));
	assert_int_equal(timeline_len(world->timeline), 1);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        test(test_empty_store_answers),
	        test(test_two_accounts_see_one_post),
	        test(test_newer_edit_replaces_the_text),
	        test(test_a_stored_sight_only_fills_in),
	        test(test_a_row_that_changes_its_time_stands_once),
	        test(test_profiles_change_their_name),
	        test(test_read_keys_come_before_or_after),
	        test(test_read_key_never_changes),
	        test(test_a_mute_ends),
	        test(test_accounts_are_replaced_and_dropped),
	        test(test_what_was_done_shows_and_is_taken_back),
	        test(test_relations_come_with_pages),
	        test(test_wrong_mistakes_leave_all_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
