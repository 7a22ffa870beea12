#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fixture.h"

struct screen {
	struct grid grid;
	char *text;
};

static void screen_init(struct screen *screen, int rows, int cols)
{
	grid_init(&screen->grid, rows, cols);
	screen->text = NULL;
}

static const char *screen_text(struct screen *screen)
{
	struct str out = {0};
	free(screen->text);
	grid_print(&screen->grid, &out);
	screen->text = str_take(&out);
	return screen->text;
}

static void screen_finish(struct screen *screen)
{
	free(screen->text);
	grid_finish(&screen->grid);
}

static void test_an_article_numbers_its_links(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	fixture_init(&fx);
	screen_init(&screen, 12, 40);
	const char *text = "Read this and that, and this again.";
	struct facet facets[] = {{FACET_LINK, 5, 9, "https://a.example/"},
	        {FACET_LINK, 14, 18, "https://b.example/"},
	        {FACET_LINK, 24, 28, "https://a.example/"}};
	struct article_view view = {
	        .utf8 = text, .len = strlen(text), .facets = facets, .nfacets = 3};
	struct rect area = {0, 0, 12, 40};
	article_view_draw(&view, &fx.ui, &screen.grid, area);
	screen_text(&screen);
	assert_non_null(strstr(screen.text, "Read this[1] and that[2], and"));
	assert_non_null(strstr(screen.text, "this[1] again."));
	assert_non_null(strstr(screen.text, "[2] https://b.example/"));
	assert_string_equal(article_view_link(&view, 1), "https://a.example/");
	assert_string_equal(article_view_link(&view, 2), "https://b.example/");
	assert_null(article_view_link(&view, 3));
	assert_null(article_view_link(&view, 0));
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void test_an_article_scrolls_to_its_end_and_no_further(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	struct str text = {0};
	fixture_init(&fx);
	screen_init(&screen, 10, 40);
	for (int i = 1; i <= 30; i++)
		str_addf(&text, "line %d\n", i);
	struct article_view view = {.utf8 = text.p, .len = text.len};
	struct rect area = {0, 0, 10, 40};
	article_view_scroll(&view, &fx.ui, 1000000, area);
	article_view_draw(&view, &fx.ui, &screen.grid, area);
	assert_non_null(strstr(screen_text(&screen), "line 30"));
	assert_non_null(strstr(screen.text, "100%"));
	assert_int_equal(view.top, 22);
	article_view_scroll(&view, &fx.ui, -1000000, area);
	assert_int_equal(view.top, 0);
	str_finish(&text);
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void test_an_article_is_at_most_80_cells_wide(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	struct str text = {0};
	fixture_init(&fx);
	screen_init(&screen, 10, 200);
	for (int i = 0; i < 100; i++)
		str_adds(&text, "words ");
	struct article_view view = {.utf8 = text.p, .len = text.len};
	article_view_draw(&view, &fx.ui, &screen.grid, (struct rect){0, 0, 10, 200});
	for (int col = 0; col < 200; col++) {
		bool in = col >= 60 && col < 140;
		if (!in) assert_int_equal(grid_at(&screen.grid, 1, col)->len, 0);
	}
	assert_int_equal(grid_at(&screen.grid, 1, 60)->utf8[0], 'w');
	str_finish(&text);
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void add(struct list_view *view, const char *key, const char *text, const char *line)
{
	struct list_item item = {.key = (char *)key, .text = (char *)text, .line = (char *)line};
	list_view_add(view, &item);
}

static void test_a_list_is_narrowed_by_words(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	struct list_view view = {.typing = true};
	struct rect area = {0, 0, 12, 40};
	fixture_init(&fx);
	screen_init(&screen, 12, 40);
	list_view_add(&view, &(struct list_item){.text = (char[]){"Columns"}, .heading = true});
	add(&view, "a", "add a column", "column add");
	add(&view, "x", "show what a warning hides", "post show");
	add(&view, "q", "close a column", "column close");
	assert_string_equal(list_view_chosen(&view, NULL)->line, "column add");
	edit_set(&view.filter, "Cólumn clo");
	list_view_draw(&view, &fx.ui, &screen.grid, area);
	screen_text(&screen);
	assert_non_null(strstr(screen.text, "close a column"));
	assert_null(strstr(screen.text, "add a column"));
	assert_string_equal(list_view_chosen(&view, NULL)->line, "column close");
	edit_set(&view.filter, "zebra");
	list_view_draw(&view, &fx.ui, &screen.grid, area);
	assert_non_null(strstr(screen_text(&screen), "nothing matches"));
	assert_null(list_view_chosen(&view, NULL));
	list_view_finish(&view);
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void test_a_list_is_chosen_from_by_key_or_focus(void **state)
{
	(void)state;
	struct list_view view = {0};
	struct rect area = {0, 0, 12, 40};
	add(&view, "a", "one", "1");
	list_view_add(&view, &(struct list_item){.text = (char[]){"heading"}, .heading = true});
	add(&view, "b", "two", "2");
	assert_string_equal(list_view_chosen(&view, "b")->line, "2");
	assert_null(list_view_chosen(&view, "z"));
	list_view_move(&view, 1, area);
	assert_string_equal(list_view_chosen(&view, NULL)->line, "2");
	list_view_move(&view, 9, area);
	assert_string_equal(list_view_chosen(&view, NULL)->line, "2");
	list_view_move(&view, -9, area);
	assert_string_equal(list_view_chosen(&view, NULL)->line, "1");
	list_view_finish(&view);
}

static void test_a_long_list_shows_its_focus(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	struct list_view view = {0};
	struct rect area = {0, 0, 8, 40};
	fixture_init(&fx);
	screen_init(&screen, 8, 40);
	for (int i = 0; i < 50; i++) {
		char text[16];
		snprintf(text, sizeof(text), "item %d.", i);
		add(&view, NULL, text, NULL);
	}
	list_view_move(&view, 30, area);
	list_view_draw(&view, &fx.ui, &screen.grid, area);
	assert_non_null(strstr(screen_text(&screen), "›item 30."));
	list_view_finish(&view);
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void test_the_status_line(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	fixture_init(&fx);
	screen_init(&screen, 1, 40);
	struct rect area = {0, 0, 1, 40};
	struct status_view view = {.left = "work", .right = "2›", .keys = "g"};
	status_view_draw(&view, &fx.ui, &screen.grid, area);
	assert_string_equal(screen_text(&screen), " work                             g  2›\n");
	view.message = "could not like: sign in again";
	view.tone = STATUS_WENT_WRONG;
	status_view_draw(&view, &fx.ui, &screen.grid, area);
	assert_non_null(strstr(screen_text(&screen), " could not like: sign in again"));
	assert_int_equal(grid_at(&screen.grid, 0, 1)->style,
	        theme_style(fx.ui.theme, ROLE_STATUS_ERROR, ROLE_STATUS));
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void test_a_long_message_is_not_cut(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	fixture_init(&fx);
	screen_init(&screen, 3, 40);
	struct status_view view = {.message = "short", .right = "1/4", .keys = "? keys"};
	assert_int_equal(status_view_rows(&view, 40), 1);
	view.message = "the server was not reached; it is asked again in 40 seconds";
	assert_int_equal(status_view_rows(&view, 40), 2);
	assert_int_equal(status_view_rows(&view, 100), 1);
	status_view_draw(&view, &fx.ui, &screen.grid, (struct rect){1, 0, 2, 40});
	assert_string_equal(screen_text(&screen), "\n the server was not reached; it is\n"
	                                          " asked again in 40 seconds\n");
	/* Three lines are enough for anything; the last says that it goes on. */
	view.message = "one word after the other and no end of it in sight, said to somebody whose "
	               "terminal is as wide as a phone, and on and on it goes until nobody listens";
	assert_int_equal(status_view_rows(&view, 40), 3);
	status_view_draw(&view, &fx.ui, &screen.grid, (struct rect){0, 0, 3, 40});
	assert_non_null(strstr(screen_text(&screen), "…\n"));
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void test_the_prompt_keeps_its_cursor_in_view(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	struct edit edit = {0};
	int row, col;
	fixture_init(&fx);
	screen_init(&screen, 5, 20);
	struct rect area = {0, 0, 5, 20};
	const char *const completions[] = {"refresh", "reload"};
	edit_set(&edit, "re");
	struct prompt_view view = {.label = ":",
	        .edit = &edit,
	        .err_at = -1,
	        .hint = "two fit",
	        .completions = completions,
	        .ncompletions = 2,
	        .focus = 1};
	prompt_view_draw(&view, &fx.ui, &screen.grid, area, &row, &col);
	assert_string_equal(screen_text(&screen), "\n refresh\n›reload\n two fit\n:re\n");
	assert_int_equal(row, 4);
	assert_int_equal(col, 3);
	edit_set(&edit, "a line that is longer than the screen");
	prompt_view_draw(&view, &fx.ui, &screen.grid, area, &row, &col);
	assert_non_null(strstr(screen_text(&screen), "than the screen\n"));
	assert_true(col < 20);
	edit.cursor = 0;
	prompt_view_draw(&view, &fx.ui, &screen.grid, area, &row, &col);
	assert_int_equal(col, 1);
	assert_non_null(strstr(screen_text(&screen), ":a line that is long"));
	edit_finish(&edit);
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void test_a_mistake_is_marked_where_it_is(void **state)
{
	(void)state;
	struct fixture fx;
	struct screen screen;
	struct edit edit = {0};
	int row, col;
	fixture_init(&fx);
	screen_init(&screen, 2, 20);
	edit_set(&edit, "漢 frm:ada");
	struct prompt_view view = {
	        .label = "/", .edit = &edit, .err_at = 4, .hint = "no field 'frm'", .focus = -1};
	prompt_view_draw(&view, &fx.ui, &screen.grid, (struct rect){0, 0, 2, 20}, &row, &col);
	uint16_t wrong = theme_style(fx.ui.theme, ROLE_PROMPT_ERROR, ROLE_PROMPT);
	assert_int_not_equal(grid_at(&screen.grid, 1, 3)->style, wrong);
	assert_int_equal(grid_at(&screen.grid, 1, 4)->style, wrong);
	assert_int_equal(grid_at(&screen.grid, 1, 4)->utf8[0], 'f');
	edit_finish(&edit);
	screen_finish(&screen);
	fixture_finish(&fx);
}

static void expect_time(
        struct fixture *fx, const char *format, int64_t seconds_ago, const char *text)
{
	char out[32];
	free(fx->options.time_format);
	fx->options.time_format = xstrdup(format);
	ui_time(&fx->ui, out, fx->clock.wall - seconds_ago * 1000);
	assert_string_equal(out, text);
}

static void test_times(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	expect_time(&fx, "relative", 5, "now");
	expect_time(&fx, "relative", -30, "now");
	expect_time(&fx, "relative", 61, "1m");
	expect_time(&fx, "relative", 3 * 3600, "3h");
	expect_time(&fx, "relative", 3 * 86400, "3d");
	expect_time(&fx, "relative", 20 * 86400, "02 Nov");
	expect_time(&fx, "relative", 400 * 86400, "18 Oct 2025");
	expect_time(&fx, "relative", -7200, "22 Nov 14:00");
	expect_time(&fx, "clock", 3600, "11:00");
	expect_time(&fx, "clock", 86400, "21 Nov 12:00");
	expect_time(&fx, "%H.%M", 60, "11.59");
	expect_time(&fx, "%A %A %A %A", 60, "?");
	fixture_finish(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_an_article_numbers_its_links),
	        cmocka_unit_test(test_an_article_scrolls_to_its_end_and_no_further),
	        cmocka_unit_test(test_an_article_is_at_most_80_cells_wide),
	        cmocka_unit_test(test_a_list_is_narrowed_by_words),
	        cmocka_unit_test(test_a_list_is_chosen_from_by_key_or_focus),
	        cmocka_unit_test(test_a_long_list_shows_its_focus),
	        cmocka_unit_test(test_the_status_line),
	        cmocka_unit_test(test_a_long_message_is_not_cut),
	        cmocka_unit_test(test_the_prompt_keeps_its_cursor_in_view),
	        cmocka_unit_test(test_a_mistake_is_marked_where_it_is),
	        cmocka_unit_test(test_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
