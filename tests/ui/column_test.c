#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>

#include "fixture.h"

enum { ROWS = 20, COLS = 40 };

/* Index of the line that a text stands on; -1 when it is not on the screen. */
static int line_of(struct fixture *fx, const char *text)
{
	char *screen = fixture_screen(fx, ROWS, COLS);
	const char *hit = strstr(screen, text);
	int line = hit ? 0 : -1;
	for (const char *p = screen; hit && p < hit; p++)
		line += *p == '\n';
	free(screen);
	return line;
}

/* Posts "post 1" (oldest) … "post n", a minute apart, each three lines and a rule. */
static void say_many(struct fixture *fx, int first, int n)
{
	for (int i = first; i < first + n; i++) {
		char text[64];
		snprintf(text, sizeof(text), "post %d\nsecond line", i);
		fixture_say(fx, 1000 - i, text);
	}
}

static post_id cursor_post(const struct fixture *fx)
{
	struct row row;
	return column_view_selected(&fx->view, &row) ? row.post : 0;
}

static void move(struct fixture *fx, int posts)
{
	column_view_move(&fx->view, &fx->ui, posts, ROWS, COLS);
}

static void test_the_cursor_stays_put_as_posts_arrive(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 10);
	move(&fx, 2);
	int line = line_of(&fx, "post 8");
	post_id post = cursor_post(&fx);
	say_many(&fx, 11, 5);
	assert_int_equal(line_of(&fx, "post 8"), line);
	assert_int_equal(cursor_post(&fx), post);
	assert_int_equal(fx.view.row, 7);
	fixture_finish(&fx);
}

static void test_a_new_column_follows_the_newest_until_it_is_moved(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 3);
	assert_int_equal(line_of(&fx, "post 3"), 2);
	say_many(&fx, 4, 1);
	assert_int_equal(line_of(&fx, "post 4"), 2);
	assert_int_equal(fx.view.row, 0);
	move(&fx, 1);
	move(&fx, -1);
	say_many(&fx, 5, 1);
	line_of(&fx, "");
	assert_int_equal(fx.view.row, 1);
	move(&fx, INT_MIN);
	say_many(&fx, 6, 1);
	assert_int_equal(line_of(&fx, "post 6"), 2);
	fixture_finish(&fx);
}

static void test_a_cursor_whose_post_goes_stays_at_its_time(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 6);
	move(&fx, 2);
	store_remove(fx.store, cursor_post(&fx));
	fixture_settle(&fx);
	line_of(&fx, "");
	assert_int_equal(fx.view.row, 2);
	assert_string_equal(
	        post_str(store_post(fx.store, cursor_post(&fx)), POST_BODY), "post 3\nsecond line");
	fixture_finish(&fx);
}

static void test_the_ends_leave_nothing_empty(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 30);
	move(&fx, INT_MAX);
	assert_int_equal(fx.view.row, 29);
	/* the oldest post's rule is the last line */
	assert_int_equal(line_of(&fx, "post 1\n"), ROWS - 3);
	move(&fx, 1);
	assert_int_equal(fx.view.row, 29);
	move(&fx, INT_MIN);
	assert_int_equal(line_of(&fx, "post 30"), 2);
	move(&fx, -5);
	assert_int_equal(fx.view.row, 0);
	fixture_finish(&fx);
}

static void test_moving_keeps_lines_around_the_cursor(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 30);
	for (int i = 0; i < 12; i++)
		move(&fx, 1);
	assert_true(line_of(&fx, "post 18") >= 0);
	/* two lines below the block of four */
	assert_true(line_of(&fx, "post 18") <= ROWS - 1 - 2 - 2);
	for (int i = 0; i < 6; i++)
		move(&fx, -1);
	assert_true(line_of(&fx, "post 24") >= 1 + 2);
	fixture_finish(&fx);
}

static void test_a_tall_post_is_scrolled_through(void **state)
{
	(void)state;
	struct fixture fx;
	struct str text = {0};
	fixture_init(&fx);
	fx.options.post_lines = 0;
	for (int i = 1; i <= 50; i++)
		str_addf(&text, "line %d.\n", i);
	fixture_say(&fx, 1, text.p);
	fixture_say(&fx, 2, "after");
	assert_int_equal(line_of(&fx, "line 1."), 2);
	move(&fx, 1);
	assert_int_equal(fx.view.row, 0);
	assert_true(line_of(&fx, "line 20.") > 0);
	move(&fx, 1);
	assert_true(line_of(&fx, "line 50.") > 0);
	move(&fx, 1);
	assert_int_equal(fx.view.row, 1);
	move(&fx, -1);
	assert_int_equal(fx.view.row, 0);
	str_finish(&text);
	fixture_finish(&fx);
}

static void test_scrolling_takes_the_cursor_along(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 30);
	line_of(&fx, "");
	column_view_scroll(&fx.view, &fx.ui, ROWS - 1, ROWS, COLS);
	assert_true(fx.view.row >= 4 && fx.view.row <= 6);
	assert_true(line_of(&fx, "post 30") < 0);
	/* to the end, where the cursor goes on alone */
	for (int i = 0; i < 12; i++)
		column_view_scroll(&fx.view, &fx.ui, ROWS - 1, ROWS, COLS);
	assert_int_equal(fx.view.row, 29);
	for (int i = 0; i < 12; i++)
		column_view_scroll(&fx.view, &fx.ui, 1 - ROWS, ROWS, COLS);
	assert_int_equal(fx.view.row, 0);
	assert_int_equal(line_of(&fx, "post 30"), 2);
	fixture_finish(&fx);
}

static void test_moves_to_the_next_unread(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 6);
	for (size_t row = 0; row < 6; row++) {
		if (row != 4) store_set_read(fx.store, timeline_at(fx.timeline, row).post, true);
	}
	assert_true(column_view_move_unread(&fx.view, &fx.ui, 1, ROWS, COLS));
	assert_int_equal(fx.view.row, 4);
	assert_false(column_view_move_unread(&fx.view, &fx.ui, 1, ROWS, COLS));
	assert_false(column_view_move_unread(&fx.view, &fx.ui, -1, ROWS, COLS));
	assert_int_equal(fx.view.row, 4);
	fixture_finish(&fx);
}

static void test_a_line_of_the_screen_belongs_to_a_row(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	say_many(&fx, 1, 3);
	assert_true(column_view_row_at(&fx.view, &fx.ui, 0, ROWS, COLS) == SIZE_MAX);
	assert_int_equal(column_view_row_at(&fx.view, &fx.ui, 1, ROWS, COLS), 0);
	assert_int_equal(column_view_row_at(&fx.view, &fx.ui, 4, ROWS, COLS), 0);
	assert_int_equal(column_view_row_at(&fx.view, &fx.ui, 5, ROWS, COLS), 1);
	assert_true(column_view_row_at(&fx.view, &fx.ui, 15, ROWS, COLS) == SIZE_MAX);
	fixture_finish(&fx);
}

static void test_a_warning_covers_until_it_is_opened(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	struct media media = {.kind = MEDIA_IMAGE, .url = "u", .alt = "a picture"};
	struct fixture_post post = {.minutes = 1};
	post.parts.str[POST_BODY] = "the butler";
	post.parts.str[POST_WARNING] = "how it ends";
	post.parts.media = &media;
	post.parts.nmedia = 1;
	post_id id = fixture_add(&fx, &post);
	assert_true(line_of(&fx, "how it ends — x shows") > 0);
	assert_int_equal(line_of(&fx, "the butler"), -1);
	assert_int_equal(line_of(&fx, "a picture"), -1);
	column_view_toggle(&fx.view, id);
	assert_true(line_of(&fx, "the butler") > line_of(&fx, "how it ends"));
	assert_true(line_of(&fx, "a picture") > 0);
	column_view_toggle(&fx.view, id);
	assert_int_equal(line_of(&fx, "the butler"), -1);
	fixture_finish(&fx);
}

static void test_a_quote_does_not_uncover_a_warning(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	struct fixture_post covered = {.minutes = 5}, quoting = {.minutes = 1};
	covered.parts.str[POST_BODY] = "the butler";
	covered.parts.str[POST_WARNING] = "how it ends";
	fixture_add(&fx, &covered);
	quoting.parts.str[POST_BODY] = "look";
	quoting.parts.str[POST_QUOTE_OF] = "https://example.org/post/1";
	fixture_add(&fx, &quoting);
	assert_int_equal(line_of(&fx, "the butler"), -1);
	assert_true(line_of(&fx, "│ how it ends") > 0);
	fixture_finish(&fx);
}

static void test_a_long_post_is_cut_until_it_is_opened(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	fx.options.post_lines = 3;
	post_id id = fixture_say(&fx, 1, "1.\n2.\n3.\n4.\n5.");
	assert_true(line_of(&fx, "3.") > 0);
	assert_int_equal(line_of(&fx, "4."), -1);
	assert_true(line_of(&fx, "… x shows all") > 0);
	column_view_toggle(&fx.view, id);
	assert_true(line_of(&fx, "5.") > 0);
	assert_int_equal(line_of(&fx, "x shows"), -1);
	fixture_finish(&fx);
}

static void test_a_body_that_repeats_its_title_does_not(void **state)
{
	(void)state;
	struct fixture fx;
	struct fixture_post post = {.minutes = 1};
	fixture_init(&fx);
	post.parts.str[POST_TITLE] = "A title";
	post.parts.str[POST_BODY] = "A title.\n\nThe rest.";
	fixture_add(&fx, &post);
	assert_int_equal(line_of(&fx, "A title"), 2);
	assert_int_equal(line_of(&fx, "A title."), -1);
	assert_int_equal(line_of(&fx, "The rest."), 3);
	post.parts.str[POST_BODY] = "A title of its own";
	post.minutes = 0;
	fixture_add(&fx, &post);
	assert_int_equal(line_of(&fx, "A title of its own"), 3);
	fixture_finish(&fx);
}

static void test_what_changed_is_drawn_anew(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	struct fixture_post post = {.minutes = 1};
	post.parts.str[POST_URI] = "https://example.org/the-one";
	post.parts.str[POST_BODY] = "befroe";
	post.parts.likes = 1;
	post_id id = fixture_add(&fx, &post);
	assert_true(line_of(&fx, "befroe") > 0);
	assert_true(line_of(&fx, "●Ada") > 0);
	store_set_read(fx.store, id, true);
	assert_int_equal(line_of(&fx, "●Ada"), -1);
	post.parts.str[POST_BODY] = "before";
	post.parts.likes = 2;
	fixture_add(&fx, &post);
	assert_true(line_of(&fx, "before") > 0);
	assert_true(line_of(&fx, "♥ 2") > 0);
	assert_true(line_of(&fx, "  1m") > 0);
	fake_clock_advance(&fx.clock, 3 * 60000);
	assert_true(line_of(&fx, "  4m") > 0);
	fixture_finish(&fx);
}

static void test_matches_are_marked(void **state)
{
	(void)state;
	struct fixture fx;
	struct grid grid;
	struct err err;
	int col;
	fixture_init(&fx);
	fixture_say(&fx, 1, "say caf\xc3\xa9 twice");
	assert_true(timeline_narrow(fx.timeline, "CAFE", true, &col, &err));
	fixture_settle(&fx);
	fx.view.focused = false;
	grid_init(&grid, ROWS, COLS);
	column_view_draw(&fx.view, &fx.ui, &grid, (struct rect){0, 0, ROWS, COLS});
	uint16_t match = theme_style(fx.ui.theme, ROLE_MATCH, ROLE_DEFAULT);
	int marked = 0;
	for (int i = 0; i < COLS; i++)
		marked += grid_at(&grid, 2, i)->style == match;
	assert_int_equal(marked, 4);
	assert_string_equal(grid_at(&grid, 2, 8)->utf8, "\xc3\xa9");
	assert_int_equal(grid_at(&grid, 2, 8)->style, match);
	grid_finish(&grid);
	assert_true(line_of(&fx, "/CAFE") == 0);
	fixture_finish(&fx);
}

static void test_a_marked_line_still_says_that_it_is_cut(void **state)
{
	(void)state;
	struct fixture fx;
	struct grid grid;
	struct err err;
	int col, row;
	struct media media = {.kind = MEDIA_IMAGE,
	        .url = "u",
	        .alt = "a quay at low water and three small boats that lean in the mud beside it"};
	struct fixture_post post = {.minutes = 1};
	fixture_init(&fx);
	post.parts.str[POST_BODY] = "look";
	post.parts.media = &media;
	post.parts.nmedia = 1;
	fixture_add(&fx, &post);
	assert_true(timeline_narrow(fx.timeline, "quay", true, &col, &err));
	fixture_settle(&fx);
	fx.view.focused = false;
	row = line_of(&fx, "a quay at");
	assert_true(row > 0);
	assert_int_equal(line_of(&fx, "…"), row);
	grid_init(&grid, ROWS, COLS);
	column_view_draw(&fx.view, &fx.ui, &grid, (struct rect){0, 0, ROWS, COLS});
	uint16_t match = theme_style(fx.ui.theme, ROLE_MATCH, ROLE_DEFAULT);
	int marked = 0;
	for (int i = 0; i < COLS; i++)
		marked += grid_at(&grid, row, i)->style == match;
	assert_int_equal(marked, 4);
	grid_finish(&grid);
	fixture_finish(&fx);
}

static void test_an_empty_column_says_what_it_waits_for(void **state)
{
	(void)state;
	struct fixture fx;
	struct err err;
	int col;
	fixture_init(&fx);
	assert_true(line_of(&fx, "Nothing here yet.") > 0);
	fx.view.health.kind = HEALTH_FETCHING;
	assert_true(line_of(&fx, "Asking for posts …") > 0);
	fx.view.health.kind = HEALTH_BROKEN;
	snprintf(fx.view.trouble, sizeof(fx.view.trouble), "no such tag");
	assert_true(line_of(&fx, "No posts: no such tag") > 0);
	fx.view.trouble[0] = 0;
	fixture_say(&fx, 1, "x");
	assert_true(timeline_narrow(fx.timeline, "zebra", true, &col, &err));
	fixture_settle(&fx);
	assert_true(line_of(&fx, "matches “zebra”") > 0);
	fixture_finish(&fx);
}

static void test_the_header_tells_health(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	fixture_say(&fx, 1, "x");
	assert_int_equal(line_of(&fx, "›Home work"), 0);
	assert_int_equal(line_of(&fx, "1 new ● live"), 0);
	fx.view.health = (struct health){.kind = HEALTH_LIMITED, .next_ms = fx.clock.wall + 42000};
	assert_int_equal(line_of(&fx, "limited 0:42"), 0);
	fx.view.health =
	        (struct health){.kind = HEALTH_STALE, .fetched_ms = fx.clock.wall - 300000};
	snprintf(fx.view.trouble, sizeof(fx.view.trouble), "no answer from example.org");
	assert_int_equal(line_of(&fx, "stale 5m"), 0);
	assert_int_equal(line_of(&fx, "no answer from example.org"), 1);
	fixture_finish(&fx);
}

static void test_gaps_notices_and_the_marker(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	struct page *page = page_new();
	page->source = fx.source;
	page->gap = true;
	page->older = "cursor";
	struct entry follow = {.reason = REASON_FOLLOWED, .sort_ms = fx.clock.wall - 1000};
	follow.actor = page_add_profile(page,
	        &(struct profile){
	                .uri = "u", .handle = "grace@navy.mil", .name = "Grace", .followers = -1});
	page_add_entry(page, &follow);
	store_add_page(fx.store, page);
	fx.view.marker = fixture_say(&fx, 10, "older");
	assert_true(line_of(&fx, "Grace @grace@navy.mil") > 0);
	assert_true(line_of(&fx, "+ follows you") > 0);
	assert_true(line_of(&fx, "posts are missing here") > 0);
	assert_int_equal(line_of(&fx, "read until here"), line_of(&fx, "older") + 1);
	/* the cursor finds a row without a post again */
	column_view_select(&fx.view, &fx.ui, 1, ROWS, COLS);
	struct row row;
	assert_true(column_view_selected(&fx.view, &row));
	assert_int_equal(row.kind, ROW_GAP);
	fixture_say(&fx, 0, "newest");
	assert_true(column_view_selected(&fx.view, &row));
	assert_int_equal(row.kind, ROW_GAP);
	assert_string_equal(row.cursor, "cursor");
	fixture_finish(&fx);
}

static void test_the_reason_says_who(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	struct fixture_post post = {.minutes = 1, .reason = REASON_REPOSTED, .actor = "Grace"};
	post.parts.str[POST_BODY] = "x";
	fixture_add(&fx, &post);
	post = (struct fixture_post){.minutes = 2};
	post.parts.str[POST_BODY] = "y";
	post.parts.str[POST_REPLY_TO] = "https://example.org/post/1";
	post.parts.str[POST_REPLY_NAME] = "alan@example.net";
	fixture_add(&fx, &post);
	assert_true(line_of(&fx, "↻ Grace reposted") > 0);
	assert_true(line_of(&fx, "↩ to @alan@example.net") > 0);
	fixture_finish(&fx);
}

static void test_nothing_selected_in_an_empty_column(void **state)
{
	(void)state;
	struct fixture fx;
	struct row row;
	fixture_init(&fx);
	assert_false(column_view_selected(&fx.view, &row));
	move(&fx, 1);
	move(&fx, INT_MAX);
	column_view_scroll(&fx.view, &fx.ui, 5, ROWS, COLS);
	column_view_select(&fx.view, &fx.ui, 7, ROWS, COLS);
	assert_false(column_view_move_unread(&fx.view, &fx.ui, 1, ROWS, COLS));
	assert_true(column_view_row_at(&fx.view, &fx.ui, 3, ROWS, COLS) == SIZE_MAX);
	assert_false(column_view_selected(&fx.view, &row));
	fixture_finish(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_the_cursor_stays_put_as_posts_arrive),
	        cmocka_unit_test(test_a_new_column_follows_the_newest_until_it_is_moved),
	        cmocka_unit_test(test_a_cursor_whose_post_goes_stays_at_its_time),
	        cmocka_unit_test(test_the_ends_leave_nothing_empty),
	        cmocka_unit_test(test_moving_keeps_lines_around_the_cursor),
	        cmocka_unit_test(test_a_tall_post_is_scrolled_through),
	        cmocka_unit_test(test_scrolling_takes_the_cursor_along),
	        cmocka_unit_test(test_moves_to_the_next_unread),
	        cmocka_unit_test(test_a_line_of_the_screen_belongs_to_a_row),
	        cmocka_unit_test(test_a_warning_covers_until_it_is_opened),
	        cmocka_unit_test(test_a_quote_does_not_uncover_a_warning),
	        cmocka_unit_test(test_a_long_post_is_cut_until_it_is_opened),
	        cmocka_unit_test(test_a_body_that_repeats_its_title_does_not),
	        cmocka_unit_test(test_what_changed_is_drawn_anew),
	        cmocka_unit_test(test_matches_are_marked),
	        cmocka_unit_test(test_a_marked_line_still_says_that_it_is_cut),
	        cmocka_unit_test(test_an_empty_column_says_what_it_waits_for),
	        cmocka_unit_test(test_the_header_tells_health),
	        cmocka_unit_test(test_gaps_notices_and_the_marker),
	        cmocka_unit_test(test_the_reason_says_who),
	        cmocka_unit_test(test_nothing_selected_in_an_empty_column),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
