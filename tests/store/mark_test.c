/* How servers know rows, and up to where a source was read. */
#include "store/mark.h"

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

enum { WORK = 2 };

struct world {
	struct fake_clock clock;
	struct store *store;
	source_id home;
	struct timeline *timeline;
};

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof *world);
	struct account *account = account_new("work", "mastodon", "a.example");

	fake_clock_init(&world->clock, 1000000);
	world->store = store_new(&world->clock.clock);
	account->id = WORK;
	store_put_account(world->store, account);
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

/* A row; without a text it has no post. */
static post_id show(
        struct world *world, int number, const char *text, enum reason reason, const char *cursor)
{
	struct page *page = page_new();
	struct post_parts parts = {.created_ms = number * 100};
	char uri[32], remote_id[32];
	struct viewer viewer = {.account = WORK, .remote_id = remote_id};
	struct profile bob = {.uri = "p:bob", .handle = "bob@b.example", .name = "Bob"};
	struct entry entry = {.sort_ms = number * 100, .reason = reason, .cursor = cursor};

	snprintf(uri, sizeof uri, "u:%d", number);
	snprintf(remote_id, sizeof remote_id, "r%d", number);
	parts.str[POST_URI] = uri;
	parts.str[POST_BODY] = text;
	parts.viewers = &viewer;
	parts.nviewers = 1;
	if (text) entry.post = page_add_post(page, &parts);
	if (reason != REASON_POSTED) entry.actor = page_add_profile(page, &bob);
	page_add_entry(page, &entry);
	page->source = world->home;
	store_add_page(world->store, page);
	return store_find(world->store, uri);
}

static const char *cursor_at(struct world *world, size_t row)
{
	struct row at = timeline_at(world->timeline, row);

	return store_cursor(world->store, &at);
}

static void test_cursors(void **state)
{
	struct world *world = *state;
	struct row none = {.kind = ROW_POST, .source = world->home, .post = 77};
	struct row gap = {.kind = ROW_GAP, .cursor = "g"};

	show(world, 1, "own id", REASON_POSTED, "r1");
	show(world, 2, "another id", REASON_POSTED, "s2");
	show(world, 3, "a repost", REASON_REPOSTED, "w3");
	show(world, 4, NULL, REASON_FOLLOWED, "n4");
	show(world, 5, "none told", REASON_REPOSTED, NULL);
	assert_null(cursor_at(world, 0));
	assert_string_equal(cursor_at(world, 1), "n4");
	assert_string_equal(cursor_at(world, 2), "w3");
	assert_string_equal(cursor_at(world, 3), "s2");
	assert_string_equal(cursor_at(world, 4), "r1");
	assert_null(store_cursor(world->store, &none));
	assert_string_equal(store_cursor(world->store, &gap), "g");
	store_remove(world->store, store_find(world->store, "u:3"));
	assert_string_equal(cursor_at(world, 1), "n4");
	assert_string_equal(cursor_at(world, 2), "s2");
	store_trim(world->store, 1);
	/* Those of rows that went are gone, the others' stay. */
	assert_int_equal(timeline_len(world->timeline), 2);
	assert_null(cursor_at(world, 0));
	assert_string_equal(cursor_at(world, 1), "n4");
}

static int64_t until(struct world *world)
{
	struct row row;

	return store_read_until(world->store, world->home, &row) ? row.sort_ms : 0;
}

static void test_read_until(void **state)
{
	struct world *world = *state;
	post_id posts[6];

	assert_int_equal(until(world), 0);
	for (int i = 1; i <= 5; i++) {
		posts[i] = show(world, i, i == 3 ? "loud" : "calm", REASON_POSTED, NULL);
	}
	assert_int_equal(until(world), 0);
	/* Something below is unread. */
	store_set_read(world->store, posts[2], true);
	assert_int_equal(until(world), 0);
	store_set_read(world->store, posts[1], true);
	assert_int_equal(until(world), 200);
	/* What nobody sees is in nobody's way. */
	struct mute mute = {.id = "m", .query = "loud"};
	assert_true(store_mute(world->store, &mute, NULL, NULL));
	assert_int_equal(until(world), 300);
	store_unmute(world->store, "m");
	assert_int_equal(until(world), 200);
	assert_true(timeline_set_query(world->timeline, "loud", NULL, NULL));
	timeline_settle(world->timeline, INT64_MAX);
	store_set_read(world->store, posts[3], true);
	assert_int_equal(until(world), 500);
	/* Unless another column shows it. */
	struct timeline *other = timeline_new(world->store);
	timeline_set_sources(other, &world->home, 1);
	assert_int_equal(until(world), 300);
	timeline_free(other);
	timeline_set_sources(world->timeline, NULL, 0);
	assert_int_equal(until(world), 0);
	struct row row;
	assert_false(store_read_until(world->store, 99, &row));
}

static void test_one_moment(void **state)
{
	struct world *world = *state;
	post_id first = show(world, 1, "a", REASON_POSTED, NULL);
	post_id second = show(world, 2, "b", REASON_POSTED, NULL);

	/* Bob reposts an old one in the moment of the second. */
	show(world, 2, NULL, REASON_FOLLOWED, NULL);
	store_set_read(world->store, first, true);
	assert_int_equal(until(world), 100);
	store_set_read(world->store, second, true);
	assert_int_equal(until(world), 200);
}

static size_t unread_until(struct world *world, const char *cursor, int64_t at_ms, bool *out_known)
{
	post_id *posts;
	size_t n;

	*out_known = store_unread_until(world->store, world->home, cursor, &at_ms, &posts, &n);
	free(posts);
	return n;
}

static void test_what_a_marker_says(void **state)
{
	struct world *world = *state;
	bool known;

	for (int i = 1; i <= 4; i++) {
		show(world, i, "text", i == 3 ? REASON_REPOSTED : REASON_POSTED,
		        i == 3 ? "w3" : NULL);
	}
	store_set_read(world->store, store_find(world->store, "u:1"), true);
	assert_int_equal(unread_until(world, "elsewhere", 0, &known), 0);
	assert_false(known);
	assert_int_equal(unread_until(world, "elsewhere", 250, &known), 1);
	assert_true(known);
	assert_int_equal(unread_until(world, "w3", 0, &known), 2);
	assert_true(known);
	assert_int_equal(unread_until(world, "r4", 0, &known), 3);
	assert_int_equal(unread_until(world, "r1", 0, &known), 0);
	assert_true(known);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(test_cursors),
	        TEST(test_read_until),
	        TEST(test_one_moment),
	        TEST(test_what_a_marker_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
