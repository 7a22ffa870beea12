/* The option linear: plain lines, in which words say what colours and marks say elsewhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fixture.h"

static void linear(struct fixture *fx)
{
	fixture_init(fx);
	fx->options.linear = true;
	fx->view.place = 2;
	fx->view.places = 4;
}

static void expect(struct fixture *fx, int rows, int cols, const char *want)
{
	char *screen = fixture_screen(fx, rows, cols);
	if (strcmp(screen, want) != 0) fail_msg("not as expected:\n%s", screen);
	free(screen);
}

static void test_words_for_marks(void **state)
{
	(void)state;
	struct fixture fx;
	linear(&fx);
	struct viewer viewer = {.account = 2, .flags = VIEWER_LIKED | VIEWER_BOOKMARKED};
	struct media media[] = {{.kind = MEDIA_IMAGE, .url = "u", .alt = "A heron"},
	        {.kind = MEDIA_VIDEO, .url = "u"}};
	struct fixture_post post = {.minutes = 5, .reason = REASON_REPOSTED, .actor = "Bob"};
	post.parts.str[POST_BODY] = "One line\nand another";
	post.parts.str[POST_REPLY_TO] = "https://example.org/x";
	post.parts.str[POST_REPLY_NAME] = "plato@agora.example";
	post.parts.str[POST_CARD_URL] = "https://www.cards.example/a";
	post.parts.str[POST_CARD_TITLE] = "A card";
	post.parts.media = media;
	post.parts.nmedia = 2;
	post.parts.likes = 1;
	post.parts.replies = 2;
	post.parts.viewers = &viewer;
	post.parts.nviewers = 1;
	fixture_add(&fx, &post);
	expect(&fx, 13, 60,
	        "Home, column 2 of 4, work, 1 new, live\n"
	        "selected, unread: Ada Lovelace, @ada@example.org, 11:55\n"
	        "Bob reposted\n"
	        "answers @plato@agora.example\n"
	        "One line\n"
	        "and another\n"
	        "image: A heron\n"
	        "video without description\n"
	        "link: cards.example, A card\n"
	        "2 replies, 1 like, you liked it, you bookmarked it\n"
	        "\n"
	        "\n"
	        "\n");
	fixture_finish(&fx);
}

static void test_what_is_covered_stays_covered(void **state)
{
	(void)state;
	struct fixture fx;
	linear(&fx);
	post_id quoted = fixture_say(&fx, 9, "A thing to quote");
	struct fixture_post post = {.minutes = 1};
	post.parts.str[POST_BODY] = "the end of the film";
	post.parts.str[POST_WARNING] = "film";
	post.parts.str[POST_QUOTE_OF] = post_str(store_post(fx.store, quoted), POST_URI);
	fixture_add(&fx, &post);
	store_set_read(fx.store, quoted, true);
	expect(&fx, 7, 60,
	        "Home, column 2 of 4, work, 1 new, live\n"
	        "selected, unread: Ada Lovelace, @ada@example.org, 11:59\n"
	        "warning: film; x shows it\n"
	        "\n"
	        "Ada Lovelace, @ada@example.org, 11:51\n"
	        "A thing to quote\n"
	        "\n");
	column_view_toggle(&fx.view, fx.view.cursor);
	char *screen = fixture_screen(&fx, 12, 60);
	assert_non_null(strstr(screen, "warning: film\nthe end of the film\n"
	                               "quotes Ada Lovelace: A thing to quote\n"));
	free(screen);
	fixture_finish(&fx);
}

/* No line on the screen changes by itself; what comes is said in the header alone. */
static void test_nothing_moves_by_itself(void **state)
{
	(void)state;
	struct fixture fx;
	linear(&fx);
	fixture_say(&fx, 3, "First");
	char *before = fixture_screen(&fx, 12, 60);
	fx.clock.wall += 30 * 60000;
	fx.clock.mono += 30 * 60000;
	fixture_say(&fx, 0, "Second");
	char *after = fixture_screen(&fx, 12, 60);
	assert_string_not_equal(before, after);
	assert_non_null(strstr(after, "2 new"));
	assert_string_equal(strchr(before, '\n'), strchr(after, '\n'));
	free(before);
	free(after);
	/* It is above, and can be gone to. */
	column_view_move(&fx.view, &fx.ui, -1, 12, 60);
	after = fixture_screen(&fx, 12, 60);
	assert_non_null(strstr(after, "selected, unread: Ada Lovelace, @ada@example.org, 12:30\n"
	                              "Second\n"));
	assert_int_equal(column_view_cursor_line(&fx.view, 12), 1);
	free(after);
	fixture_finish(&fx);
}

static void test_where_the_selected_post_stands(void **state)
{
	(void)state;
	struct fixture fx;
	linear(&fx);
	for (int i = 0; i < 9; i++)
		fixture_say(&fx, i, "Text");
	for (int i = 0; i < 9; i++) {
		char *screen = fixture_screen(&fx, 12, 60), *line = screen;
		for (int n = column_view_cursor_line(&fx.view, 12); n > 0; n--)
			line = strchr(line, '\n') + 1;
		if (strncmp(line, "selected", 8) != 0)
			fail_msg("post %d: not at line %d of\n%s", i,
			        column_view_cursor_line(&fx.view, 12), screen);
		free(screen);
		column_view_move(&fx.view, &fx.ui, 1, 12, 60);
	}
	fixture_finish(&fx);
}

static void test_a_list_in_words(void **state)
{
	static const struct list_key keys[] = {{"n", "new", "x", true}, {0}};
	(void)state;
	struct fixture fx;
	struct grid grid;
	struct str out = {0};
	linear(&fx);
	grid_init(&grid, 6, 40);
	struct list_view list = {.title = xstrdup("This post"), .focus = 1, .keys = keys};
	list_view_add(&list, &(struct list_item){.text = (char[]){"Answer"}, .heading = true});
	list_view_add(&list, &(struct list_item){.key = (char[]){"r"}, .text = (char[]){"reply"}});
	list_view_add(&list, &(struct list_item){.key = (char[]){"b"},
	                             .text = (char[]){"repost"},
	                             .detail = (char[]){"the account cannot"},
	                             .dim = true});
	list_view_draw(&list, &fx.ui, &grid, (struct rect){0, 0, 6, 40});
	grid_print(&grid, &out);
	assert_string_equal(out.p, "This post, 3 lines, n new\n"
	                           "Answer\n"
	                           "r, reply\n"
	                           "selected: not now: b, repost, the accou…\n"
	                           "\n\n");
	assert_int_equal(list.cursor_row, 3);
	list_view_finish(&list);
	str_finish(&out);
	grid_finish(&grid);
	fixture_finish(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_words_for_marks),
	        cmocka_unit_test(test_what_is_covered_stays_covered),
	        cmocka_unit_test(test_nothing_moves_by_itself),
	        cmocka_unit_test(test_where_the_selected_post_stands),
	        cmocka_unit_test(test_a_list_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
