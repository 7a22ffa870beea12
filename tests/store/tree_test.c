/* A conversation as a tree in reading order, however its posts came. */
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

enum { WORK = 2 };

struct world {
	struct fake_clock clock;
	struct store *store;
	struct timeline *timeline;
};

static void world_init(struct world *world, const char *source)
{
	source_id id;

	fake_clock_init(&world->clock, 1000000);
	world->store = store_new(&world->clock.clock);
	world->timeline = timeline_new(world->store);
	id = store_source(world->store, source);
	timeline_set_sources(world->timeline, &id, 1);
}

static void world_finish(struct world *world)
{
	timeline_free(world->timeline);
	store_free(world->store);
}

/* Post `uri` at a time; `parent`: URI, or "#" and a remote id, or NULL. */
static post_id say(struct world *world, const char *uri, int at, const char *parent)
{
	struct page *page = page_new();
	struct post_parts parts = {.created_ms = at};
	char remote_id[32];
	struct viewer viewer = {.account = WORK, .remote_id = remote_id};
	struct profile author = {
	        .uri = "p:ada", .handle = "ada@a.example", .name = "Ada", .followers = -1};
	struct entry entry = {.sort_ms = at};

	snprintf(remote_id, sizeof remote_id, "id-%s", uri);
	parts.str[POST_URI] = uri;
	parts.str[POST_BODY] = uri;
	parts.str[POST_REPLY_TO] = parent && *parent == '#' ? parent + 1 : parent;
	parts.viewers = &viewer;
	parts.nviewers = 1;
	parts.author = page_add_profile(page, &author);
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	page->source = store_source(world->store, "work/thread:o");
	store_add_page(world->store, page);
	return store_find(world->store, uri);
}

/* "a|+b ": each row's guides, its URI and its marks, parted by blanks. */
static char *shape(const struct world *world)
{
	struct str out = {0};
	size_t n = timeline_len(world->timeline);

	for (size_t i = 0; i < n; i++) {
		struct row row = timeline_at(world->timeline, i);

		if (i > 0) str_addc(&out, ' ');
		for (int k = 1; k < row.depth && k < 32; k++) {
			str_addc(&out, row.guides >> (k - 1) & 1 ? '|' : '_');
		}
		if (row.depth && row.depth <= 32) {
			str_addc(&out, row.guides >> (row.depth - 1) & 1 ? '+' : '\\');
		}
		str_adds(&out, post_str(store_post(world->store, row.post), POST_URI));
		if (row.opened) str_addc(&out, '*');
		if (row.orphan) str_addc(&out, '?');
		if (row.folded) str_addf(&out, "(%u)", row.folded);
	}
	return str_take(&out);
}

static void expect_shape(const struct world *world, const char *wanted)
{
	char *got = shape(world);

	assert_string_equal(got, wanted);
	free(got);
}

static void test_reading_order(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/thread:o");
	say(&world, "o", 30, "#id-up"); /* by the id of its server */
	expect_shape(&world, "o*?");
	say(&world, "b", 50, "o");
	say(&world, "a", 40, "o");
	expect_shape(&world, "o*? +a \\b");
	say(&world, "a1", 60, "a");
	say(&world, "a2", 61, "a");
	say(&world, "b1", 62, "#id-b");
	say(&world, "a11", 63, "a1");
	expect_shape(&world, "o*? +a |+a1 ||\\a11 |\\a2 \\b _\\b1");
	say(&world, "up", 20, "root");
	say(&world, "root", 10, NULL);
	say(&world, "side", 25, "root");
	say(&world, "side1", 26, "side");
	/* The way to the opened post is not indented; others stand below the post they answer. */
	expect_shape(&world, "root \\side _\\side1 up o* +a |+a1 ||\\a11 |\\a2 \\b _\\b1");
	assert_true(timeline_is_thread(world.timeline));
	assert_int_equal(timeline_home(world.timeline), 4);
	assert_int_equal(timeline_find(world.timeline, store_find(world.store, "b1"), 0), 10);
	assert_int_equal(timeline_at(world.timeline, 5).below, 3);
	store_remove(world.store, store_find(world.store, "a1"));
	expect_shape(&world, "root \\side _\\side1 up o* +a |\\a2 +b |\\b1 \\a11?");
	world_finish(&world);
}

static void test_missing_parents(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/thread:o");
	say(&world, "root", 10, NULL);
	say(&world, "o", 30, "gone");     /* a hole on the way up */
	say(&world, "late", 50, "gone2"); /* somewhere under the opened post */
	say(&world, "late1", 51, "late");
	say(&world, "early", 20, "gone3");
	expect_shape(&world, "root early? o*? \\late? _\\late1");
	/* The missing one comes. */
	say(&world, "gone", 25, "root");
	expect_shape(&world, "root \\early? gone o* \\late? _\\late1");
	/* One in between that is muted counts as missing; what answers it does not fall out. */
	say(&world, "loud", 60, "late1");
	say(&world, "calm", 61, "loud");
	struct mute mute = {.id = "m", .query = "loud"};
	assert_true(store_mute(world.store, &mute, NULL, NULL));
	expect_shape(&world, "root \\early? gone o* \\late? _\\late1 __\\calm?");
	world_finish(&world);
}

static void test_opened_by_address_or_unknown(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/thread:elsewhere");
	source_id id = store_source(world.store, "work/thread:o");
	timeline_set_sources(world.timeline, &id, 1);
	say(&world, "a", 10, NULL);
	say(&world, "b", 20, "a");
	say(&world, "c", 30, "nowhere");
	expect_shape(&world, "a \\b _\\c?");
	world_finish(&world);
}

static void test_folds(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/thread:o");
	say(&world, "o", 10, NULL);
	post_id a = say(&world, "a", 20, "o");
	say(&world, "a1", 21, "a");
	post_id a11 = say(&world, "a11", 22, "a1");
	say(&world, "b", 30, "o");
	assert_true(timeline_fold(world.timeline, a, true));
	assert_false(timeline_fold(world.timeline, a, true));
	expect_shape(&world, "o* +a(2) \\b");
	assert_int_equal(timeline_at(world.timeline, 1).folded_unread, 2);
	store_set_read(world.store, a11, true);
	assert_int_equal(timeline_at(world.timeline, 1).folded_unread, 1);
	/* What is folded away is found at its fold; all of it still counts. */
	assert_int_equal(timeline_find(world.timeline, a11, 0), 1);
	assert_int_equal(timeline_unread(world.timeline), 4);
	assert_false(timeline_fold(world.timeline, a11, true));
	/* New answers join the fold. */
	say(&world, "a2", 40, "a");
	expect_shape(&world, "o* +a(3) \\b");
	assert_true(timeline_fold(world.timeline, a, false));
	expect_shape(&world, "o* +a |+a1 ||\\a11 |\\a2 \\b");
	assert_true(timeline_fold_all(world.timeline, true));
	expect_shape(&world, "o* +a(3) \\b");
	assert_true(timeline_fold(world.timeline, a, false));
	expect_shape(&world, "o* +a |+a1(1) |\\a2 \\b");
	assert_true(timeline_fold_all(world.timeline, false));
	assert_int_equal(timeline_len(world.timeline), 6);
	world_finish(&world);
}

static void test_hostile_chains(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/thread:o");
	say(&world, "o", 10, "o");
	say(&world, "x", 20, "y");
	say(&world, "y", 30, "z");
	say(&world, "z", 40, "x");
	say(&world, "w", 5, "z"); /* older than what it answers */
	expect_shape(&world, "x? z \\y w o*?");
	world_finish(&world);
}

static void test_deep(void **state)
{
	enum { DEEP = 3000 };
	struct world world;
	char uri[32], parent[32] = "o";

	(void)state;
	world_init(&world, "work/thread:o");
	say(&world, "o", 1, NULL);
	for (int i = 0; i < DEEP; i++) {
		snprintf(uri, sizeof uri, "p%d", i);
		say(&world, uri, i + 2, parent);
		memcpy(parent, uri, sizeof uri);
	}
	assert_int_equal(timeline_len(world.timeline), DEEP + 1);
	assert_int_equal(timeline_at(world.timeline, DEEP).depth, DEEP);
	assert_int_equal(timeline_at(world.timeline, 0).below, DEEP);
	world_finish(&world);
}

/* A row that another source brings. */
static post_id say_elsewhere(struct world *world, const char *uri, int at, const char *parent)
{
	struct page *page = page_new();
	struct post_parts parts = {.created_ms = at};
	struct viewer viewer = {.account = WORK, .remote_id = uri};
	struct entry entry = {.sort_ms = at};

	parts.str[POST_URI] = uri;
	parts.str[POST_REPLY_TO] = parent;
	parts.viewers = &viewer;
	parts.nviewers = 1;
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	page->source = store_source(world->store, "work/home");
	store_add_page(world->store, page);
	return store_find(world->store, uri);
}

static void test_answers_join_from_elsewhere(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/thread:o");
	post_id o = say_elsewhere(&world, "o", 10, NULL);
	assert_int_equal(timeline_len(world.timeline), 0);
	source_id thread = store_source(world.store, "work/thread:o");
	store_enter(world.store, thread, o);
	store_enter(world.store, thread, o);
	store_enter(world.store, thread, 99);
	store_enter(world.store, 99, o);
	expect_shape(&world, "o*");
	post_id a = say_elsewhere(&world, "a", 20, "o");
	say_elsewhere(&world, "b", 30, "id-a"); /* by no id that anybody has */
	say_elsewhere(&world, "c", 40, "a");
	say_elsewhere(&world, "d", 50, NULL);
	expect_shape(&world, "o* \\a _\\c");
	assert_int_equal(store_parent(world.store, a), o);
	assert_int_equal(store_parent(world.store, o), 0);
	assert_int_equal(store_parent(world.store, 0), 0);
	/* The server tells of the same: nothing is there twice. */
	say(&world, "a", 20, "o");
	expect_shape(&world, "o* \\a _\\c");
	world_finish(&world);
}

/* Another account's server knows both posts by other ids. */
static void say_as(struct world *world, account_id account, const char *uri, const char *id, int at,
        const char *parent)
{
	struct page *page = page_new();
	struct post_parts parts = {.created_ms = at};
	struct viewer viewer = {.account = account, .remote_id = id};
	struct entry entry = {.sort_ms = at};

	parts.str[POST_URI] = uri;
	parts.str[POST_REPLY_TO] = parent;
	parts.viewers = &viewer;
	parts.nviewers = 1;
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	page->source = store_source(world->store, "work/thread:o");
	store_add_page(world->store, page);
}

static void test_two_servers_know_one_conversation(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/thread:o");
	/* The answer was seen first as one account, what it answers only as another. */
	say_as(&world, 3, "a", "3-a", 20, "3-o");
	say_as(&world, WORK, "o", "2-o", 10, NULL);
	expect_shape(&world, "o* \\a?");
	say_as(&world, WORK, "a", "2-a", 20, "2-o");
	expect_shape(&world, "o* \\a");
	store_remove(world.store, store_find(world.store, "o"));
	expect_shape(&world, "a?");
	world_finish(&world);
}

static void test_other_sources_stay_as_they_are(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, "work/home");
	assert_false(timeline_is_thread(world.timeline));
	assert_false(timeline_fold_all(world.timeline, true));
	source_id both[] = {
	        store_source(world.store, "work/thread:o"), store_source(world.store, "work/home")};
	timeline_set_sources(world.timeline, both, 1);
	say(&world, "o", 10, NULL);
	say(&world, "a", 20, "o");
	expect_shape(&world, "o* \\a");
	/* Beside others a thread is rows by time. */
	timeline_set_sources(world.timeline, both, 2);
	assert_false(timeline_is_thread(world.timeline));
	expect_shape(&world, "a o");
	assert_int_equal(timeline_home(world.timeline), 0);
	world_finish(&world);
}

/* --- in any order the same --- */

enum { NPOSTS = 24, ROUNDS = 150 };

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

struct planned {
	char uri[8], parent[8];
	int at;
};

static void plan(struct planned *posts, uint32_t *seed)
{
	for (int i = 0; i < NPOSTS; i++) {
		uint32_t parent = next(seed) % (NPOSTS + 4);

		snprintf(posts[i].uri, sizeof posts[i].uri, i == NPOSTS / 3 ? "o" : "p%02d", i);
		/* Mostly somebody earlier; sometimes nobody who is here, or somebody later. */
		if (parent < (uint32_t)i || next(seed) % 8 == 0) {
			snprintf(posts[i].parent, sizeof posts[i].parent,
			        parent == NPOSTS / 3 ? "o" : "p%02u", parent);
		} else {
			posts[i].parent[0] = '\0';
		}
		posts[i].at = 100 + (int)(next(seed) % 60);
	}
}

static char *shape_in_order(const struct planned *posts, const int *order)
{
	struct world world;

	world_init(&world, "work/thread:o");
	for (int i = 0; i < NPOSTS; i++) {
		const struct planned *post = &posts[order[i]];

		say(&world, post->uri, post->at, post->parent[0] ? post->parent : NULL);
		/* Looking at it in between must not matter. */
		if (i % 3 == 0) timeline_len(world.timeline);
		if (i % 7 == 0)
			store_set_read(world.store, store_find(world.store, post->uri), true);
	}
	assert_int_equal(timeline_len(world.timeline), NPOSTS);
	for (size_t i = 0; i < NPOSTS; i++) {
		post_id post = timeline_at(world.timeline, i).post;

		assert_int_equal(timeline_find(world.timeline, post, 0), i);
	}
	char *got = shape(&world);
	world_finish(&world);
	return got;
}

static void test_any_order_gives_the_same(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct planned posts[NPOSTS];
		int order[NPOSTS];

		plan(posts, &seed);
		for (int i = 0; i < NPOSTS; i++) {
			order[i] = i;
		}
		char *wanted = shape_in_order(posts, order);
		for (int i = NPOSTS - 1; i > 0; i--) {
			int k = (int)(next(&seed) % (uint32_t)(i + 1)), swap = order[i];

			order[i] = order[k];
			order[k] = swap;
		}
		char *got = shape_in_order(posts, order);
		assert_string_equal(got, wanted);
		free(got);
		free(wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_reading_order),
	        cmocka_unit_test(test_missing_parents),
	        cmocka_unit_test(test_opened_by_address_or_unknown),
	        cmocka_unit_test(test_folds),
	        cmocka_unit_test(test_hostile_chains),
	        cmocka_unit_test(test_deep),
	        cmocka_unit_test(test_answers_join_from_elsewhere),
	        cmocka_unit_test(test_two_servers_know_one_conversation),
	        cmocka_unit_test(test_other_sources_stay_as_they_are),
	        cmocka_unit_test(test_any_order_gives_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
