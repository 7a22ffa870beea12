/* Threads as trees, rows that a server's filter covers, and rows without a post. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fixture.h"
#include "golden.h"

enum { WORK = 2 };

static void begin(struct fixture *fx, const char *source)
{
	fixture_init(fx);
	struct account *account = account_new("work", "mastodon", "example.org");
	account->id = WORK;
	store_put_account(fx->store, account);
	fx->source = store_source(fx->store, source);
	timeline_set_sources(fx->timeline, &fx->source, 1);
}

/* `of`: number of the post that it answers, from 1; 0: none; negative: one that is not here. */
static post_id say(struct fixture *fx, const char *name, int minutes, int of, const char *text)
{
	char uri[64], handle[64];
	struct fixture_post post = {.name = name, .minutes = minutes};
	snprintf(handle, sizeof(handle), "%.20s@example.net", name);
	for (char *p = handle; *p; p++) {
		if (*p == ' ') *p = '.';
	}
	post.handle = handle;
	post.parts.str[POST_BODY] = text;
	snprintf(uri, sizeof(uri), "https://example.org/post/%d", of);
	if (of) {
		post.parts.str[POST_REPLY_TO] = uri;
		post.parts.str[POST_REPLY_NAME] = "grace@navy.example";
	}
	return fixture_add(fx, &post);
}

static void fill_thread(struct fixture *fx)
{
	begin(fx, "work/thread:https://example.org/post/2");
	say(fx, "Grace", 300, 0, "Which lock do you trust on a canal boat?");
	say(fx, "Ada", 240, 1,
	        "A good chain through the mooring ring, and a neighbour who is at home. The lock "
	        "only decides how long it takes.");
	say(fx, "Bob", 200, 2, "The neighbour is the hard part.");
	say(fx, "Chloe", 190, 3, "Ours wants paying in stroopwafels.");
	say(fx, "Dirk Jan", 180, 4, "Cheap.");
	say(fx, "Chloe", 170, 5, "You have not seen how many.");
	say(fx, "Dirk Jan", 160, 6, "Still.");
	say(fx, "Chloe", 150, 7, "Two packs a week, and she counts them.");
	say(fx, "Esra", 140, 3, "A dog also works.");
	say(fx, "Femke", 100, -9, "I saw one cut in a minute, with a battery grinder.");
	say(fx, "Gijs", 90, 2, "Which ring? Mine is older than the quay.");
	fx->view.title = "Thread";
	fixture_settle(fx);
}

static void shows(struct fixture *fx, int rows, int cols, const char *name)
{
	struct grid grid;
	grid_init(&grid, rows, cols);
	grid.ascii = fx->ui.ascii;
	column_view_draw(&fx->view, &fx->ui, &grid, (struct rect){0, 0, rows, cols});
	expect_screen(fx->ui.theme, &grid, name);
	grid_finish(&grid);
}

static void test_thread_looks(void **state)
{
	(void)state;
	static const struct {
		int rows, cols;
		bool ascii;
		const char *name;
	} sizes[] = {{40, 39, false, "thread-39x40"}, {30, 80, false, "thread-80x30"},
	        {30, 200, false, "thread-200x30"}, {30, 80, true, "thread-ascii-80x30"}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fixture fx;
		fill_thread(&fx);
		fx.ui.ascii = sizes[i].ascii;
		shows(&fx, sizes[i].rows, sizes[i].cols, sizes[i].name);
		fixture_finish(&fx);
	}
}

/* A new thread begins at the post that was opened, whatever comes; moving ends that. */
static void test_thread_begins_at_the_post(void **state)
{
	(void)state;
	struct fixture fx;
	fill_thread(&fx);
	column_view_update(&fx.view, &fx.ui, 20, 39);
	assert_int_equal(fx.view.row, 1);
	assert_true(fx.view.on.opened);
	column_view_move(&fx.view, &fx.ui, 2, 20, 39);
	post_id chosen = fx.view.cursor;
	say(&fx, "Zoë", 195, 1, "Earlier than that, under the first post.");
	column_view_update(&fx.view, &fx.ui, 20, 39);
	assert_int_equal(fx.view.cursor, chosen);
	assert_int_equal(fx.view.row, 4);
	fixture_finish(&fx);
}

static void test_branches(void **state)
{
	(void)state;
	struct fixture fx;
	fill_thread(&fx);
	column_view_select(&fx.view, &fx.ui, 2, 20, 39);
	assert_true(column_view_move_branch(&fx.view, &fx.ui, 1, 20, 39));
	assert_int_equal(fx.view.on.depth, 1);
	size_t row = fx.view.row;
	assert_int_equal(row, 9);
	assert_true(column_view_move_branch(&fx.view, &fx.ui, 1, 20, 39));
	assert_int_equal(fx.view.row, 10);
	assert_false(column_view_move_branch(&fx.view, &fx.ui, 1, 20, 39));
	assert_true(column_view_move_branch(&fx.view, &fx.ui, -1, 20, 39));
	assert_true(column_view_move_branch(&fx.view, &fx.ui, -1, 20, 39));
	assert_int_equal(fx.view.row, 2);
	assert_true(column_view_move_branch(&fx.view, &fx.ui, -1, 20, 39));
	assert_int_equal(fx.view.on.depth, 0);
	fixture_finish(&fx);
}

static void test_folded_thread(void **state)
{
	(void)state;
	struct fixture fx;
	fill_thread(&fx);
	post_id bob = timeline_at(fx.timeline, 2).post, last = timeline_at(fx.timeline, 7).post;
	store_set_read(fx.store, last, true);
	column_view_select(&fx.view, &fx.ui, 7, 24, 39);
	assert_true(timeline_fold(fx.timeline, bob, true));
	/* The cursor was on a post that is folded away: it goes to the fold. */
	column_view_update(&fx.view, &fx.ui, 24, 39);
	assert_int_equal(fx.view.cursor, bob);
	shows(&fx, 24, 39, "thread-folded-39x24");
	fixture_finish(&fx);
}

/* --- filters --- */

static void put_filter(struct fixture *fx, const char *word, enum filter_action action)
{
	struct server_filter *filter = xcalloc(1, sizeof(*filter));
	filter->id = xstrdup("1");
	filter->title = xstrdup("Football, all of it");
	filter->contexts = FILTER_IN_HOME;
	filter->action = action;
	filter->keywords = xcalloc(1, sizeof(*filter->keywords));
	filter->keywords[filter->nkeywords++].text = xstrdup(word);
	store_put_filters(fx->store, WORK, filter, 1);
	fixture_settle(fx);
}

static void fill_filtered(struct fixture *fx)
{
	begin(fx, "work/home");
	say(fx, "Ada", 3, 0, "Tea first.");
	say(fx, "Bob", 5, 0, "The goal in the 89th minute!!!");
	say(fx, "Chloe", 8, 0, "Has anyone seen my ladder?");
}

static void test_filtered_rows(void **state)
{
	(void)state;
	static const struct {
		int cols;
		const char *name;
	} sizes[] = {{39, "filtered-39x14"}, {80, "filtered-80x14"}, {200, "filtered-200x14"}};
	struct fixture fx;
	fill_filtered(&fx);
	put_filter(&fx, "goal", FILTER_WARN);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		shows(&fx, 14, sizes[i].cols, sizes[i].name);
	column_view_toggle(&fx.view, timeline_at(fx.timeline, 1).post);
	shows(&fx, 14, 39, "filtered-opened-39x14");
	put_filter(&fx, "goal", FILTER_HIDE);
	assert_int_equal(timeline_len(fx.timeline), 2);
	timeline_show_muted(fx.timeline, true);
	shows(&fx, 14, 39, "filtered-shown-39x14");
	fixture_finish(&fx);
}

/* --- rows without a post, and of posts to come --- */

static void notice(struct fixture *fx, const char *name, enum reason reason, int minutes,
        const char *bio, int64_t followers)
{
	struct page *page = page_new();
	char uri[64];
	snprintf(uri, sizeof(uri), "https://example.net/%.40s", name);
	struct entry entry = {.reason = reason, .sort_ms = fx->clock.wall - minutes * 60000LL};
	entry.actor = page_add_profile(page, &(struct profile){.uri = uri,
	                                             .handle = "someone@example.net",
	                                             .name = name,
	                                             .bio = bio,
	                                             .followers = followers});
	page->source = fx->source;
	page_add_entry(page, &entry);
	store_add_page(fx->store, page);
	fixture_settle(fx);
}

static void test_rows_without_posts(void **state)
{
	(void)state;
	struct fixture fx;
	begin(&fx, "work/notifications");
	notice(&fx, "Hanako", REASON_FOLLOWED, 3, "Boats, bread and Bessel functions.", 1);
	notice(&fx, "Ivo", REASON_REQUESTED, 9, NULL, -1);
	notice(&fx, "Jo", REASON_FOUND, 20,
	        "A very long story about oneself that goes on for several lines, because there is "
	        "always one more thing that strangers ought to know, and then another, and so on.",
	        12345);
	struct fixture_post post = {.name = "Ada", .minutes = -60 * 22, .reason = REASON_SCHEDULED};
	post.parts.str[POST_BODY] = "The yard is open on Monday.";
	fixture_add(&fx, &post);
	column_view_select(&fx.view, &fx.ui, 1, 24, 39);
	struct row row;
	assert_true(column_view_selected(&fx.view, &row));
	assert_int_equal(row.kind, ROW_NOTICE);
	shows(&fx, 24, 39, "notices-39x24");
	fixture_finish(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_thread_looks),
	        cmocka_unit_test(test_thread_begins_at_the_post),
	        cmocka_unit_test(test_branches),
	        cmocka_unit_test(test_folded_thread),
	        cmocka_unit_test(test_filtered_rows),
	        cmocka_unit_test(test_rows_without_posts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
