/* The first steps, the theme that one chooses, and decks that have names. */
#include <ftw.h>
#include <stdio.h>

#include "fake_engine.h"

#include "app/deck.h"
#include "app/tutorial.h"
#include "app/welcome.h"
#include "app/workspace.h"

static char dir[] = "/tmp/stoa-living-XXXXXX";

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void begin(struct deck *deck, int cols, int rows, const char *seed)
{
	static const char *const names[] = {"config", "state", "data", "cache", "run"};
	char **fields[] = {&deck->paths.config, &deck->paths.state, &deck->paths.data,
	        &deck->paths.cache, &deck->paths.runtime};
	strcpy(dir, "/tmp/stoa-living-XXXXXX");
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < 5; i++) {
		*fields[i] = paths_join(dir, names[i]);
		assert_true(paths_mkdir(*fields[i], NULL));
	}
	deck->kept = true;
	deck_start(deck, cols, rows, "", seed);
}

static void started(struct deck *deck)
{
	fake_tell(deck, event_new(EVENT_STARTED));
}

/* A new deck in the same directories, as after `q` and `stoa`. */
static void again(struct deck *deck)
{
	deck_end(deck);
	deck_start(deck, 80, 24, "", NULL);
}

static void end(struct deck *deck)
{
	deck_end(deck);
	paths_finish(&deck->paths);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool shows(struct deck *deck, const char *text)
{
	struct str screen = {0};
	app_turn(deck->app, 0);
	grid_print(term_memory_grid(app_term(deck->app)), &screen);
	bool found = strstr(str_c(&screen), text) != NULL;
	str_finish(&screen);
	return found;
}

static void test_what_one_may_begin_with(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, 80, 24, NULL);
	started(&deck);
	assert_true(shows(&deck, "Welcome to stoa"));
	assert_true(shows(&deck, "›"));
	/* Each row has a line that can be run; the last one asks whether to leave. */
	deck_keys(&deck, "G");
	assert_string_equal(welcome_line(deck.app, NULL), "back quit");
	deck_keys(&deck, "j");
	assert_string_equal(welcome_line(deck.app, NULL), "back quit");
	deck_keys(&deck, "ggj");
	assert_string_equal(welcome_line(deck.app, NULL), "prompt login mastodon");
	deck_keys(&deck, "<Enter>");
	assert_true(deck.app->prompt.open);
	assert_true(shows(&deck, "login:"));
	deck_keys(&deck, "<Esc>");
	/* A row's key is as good, wherever the cursor is. */
	deck_keys(&deck, "i");
	assert_true(shows(&deck, "feeds import:"));
	deck_keys(&deck, "<Esc>q");
	assert_true(shows(&deck, "Leave stoa?"));
	deck_keys(&deck, "n");
	assert_false(deck.app->over);
	/* Without a terminal there is nothing that a program could have. */
	assert_string_equal(
	        deck_refused(&deck, "stoa demo"), "there is no terminal to run `stoa demo` in");
	end(&deck);
}

static void test_every_row_can_be_run(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, 40, 15, NULL);
	started(&deck);
	struct list_view list = {0};
	welcome_list(deck.app, &list);
	assert_true(list.nitems >= 8);
	for (size_t i = 0; i < list.nitems; i++) {
		assert_non_null(cmd_of(&deck_commands, list.items[i].line));
		assert_string_equal(welcome_line(deck.app, list.items[i].key), list.items[i].line);
	}
	/* All of them are there on a small screen too, by moving. */
	deck_keys(&deck, "G");
	assert_true(shows(&deck, "› q  Leave"));
	term_memory_resize(app_term(deck.app), 4, 20);
	app_turn(deck.app, 0);
	assert_true(shows(&deck, "Leave"));
	list_view_finish(&list);
	end(&deck);
}

static void test_the_first_account_makes_a_deck(void **state)
{
	(void)state;
	static const char *const titles[] = {"Home", "Mentions", "Notifications", "Search"};
	struct deck deck = {0};
	begin(&deck, 80, 24, NULL);
	fake_account(&deck, WORK, "work", CAN_ALL);
	started(&deck);
	assert_int_equal(deck.app->ncolumns, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(deck.app->columns[i]->title, titles[i]);
	assert_string_equal(deck.app->columns[3]->sources[0], "work/search:\"me-work\"");
	assert_int_equal(deck.app->focus, 0);
	/* It is a deck as any other: it stays as it was left. */
	deck_run(&deck, "column close");
	again(&deck);
	fake_account(&deck, WORK, "work", CAN_ALL);
	started(&deck);
	assert_int_equal(deck.app->ncolumns, 3);
	end(&deck);
}

static void test_a_theme_is_seen_before_it_is_taken(void **state)
{
	(void)state;
	struct deck deck = {0};
	setenv("STOA_DATA", getenv("STOA_SOURCE"), 1);
	begin(&deck, 80, 24, NULL);
	started(&deck);
	deck_keys(&deck, "T");
	assert_string_equal(list_view_chosen(&deck.app->list, NULL)->text, "default");
	deck_keys(&deck, "j");
	assert_string_equal(deck.app->theme_name, "dusk");
	deck_keys(&deck, "<Esc>");
	assert_string_equal(deck.app->theme_name, "default");
	assert_int_equal(fake_count(JOB_PUT), 0);
	deck_keys(&deck, "Tjj<Enter>");
	assert_string_equal(deck.app->theme_name, "ember");
	assert_string_equal(fake_job(JOB_PUT)->arg, "theme\nember\ndefault");
	/* What is chosen holds, and a config that names another goes before it. */
	again(&deck);
	struct event *event = event_new(EVENT_VALUE);
	event->text = xstrdup("theme\nember\ndefault");
	fake_tell(&deck, event);
	assert_string_equal(deck.app->theme_name, "ember");
	event = event_new(EVENT_VALUE);
	event->text = xstrdup("theme\nolive\nharbour");
	again(&deck);
	fake_tell(&deck, event);
	assert_string_equal(deck.app->theme_name, "default");
	/* The same again is nothing to remember. */
	deck_run(&deck, "theme keep default");
	assert_string_equal(fake_job(JOB_PUT)->arg, "theme\n");
	end(&deck);
}

static const char two[] = "column add Home work/home\ncolumn add Tags work/tag:c\n";

static void test_decks_with_names(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, 80, 24, two);
	fake_account(&deck, WORK, "work", CAN_ALL);
	started(&deck);
	size_t watched = fake_count(JOB_WATCH);
	deck_run(&deck, "workspace news");
	assert_int_equal(deck.app->ncolumns, 0);
	assert_true(shows(&deck, "Welcome to stoa"));
	assert_true(shows(&deck, "news"));
	deck_run(&deck, "column add Home work/home");
	deck_run(&deck, "workspace main");
	assert_int_equal(deck.app->ncolumns, 2);
	assert_string_equal(deck.app->columns[1]->title, "Tags");
	/* The home that both have was asked anew once: for the empty deck it had gone. */
	assert_int_equal(fake_count(JOB_WATCH), watched + 2);
	deck_keys(&deck, "gt");
	assert_string_equal(deck.app->deck_name, "news");
	assert_int_equal(deck.app->ncolumns, 1);
	/* And now it is one that stays. */
	assert_int_equal(fake_count(JOB_WATCH), watched + 2);
	deck_keys(&deck, "gT");
	assert_string_equal(deck.app->deck_name, "main");
	/* Each stands in its own file. */
	again(&deck);
	assert_int_equal(deck.app->ncolumns, 2);
	assert_int_equal(workspace_columns(deck.app, "news"), 1);
	/* One begins where one left, and in the first when that is gone. */
	deck_run(&deck, "workspace news");
	again(&deck);
	assert_string_equal(deck.app->deck_name, "news");
	deck_run(&deck, "workspaces rename news late");
	again(&deck);
	assert_string_equal(deck.app->deck_name, "late");
	deck_run(&deck, "column close");
	again(&deck);
	assert_string_equal(deck.app->deck_name, "main");
	end(&deck);
}

static void test_the_list_of_decks(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, 80, 24, two);
	fake_account(&deck, WORK, "work", CAN_ALL);
	started(&deck);
	deck_run(&deck, "workspace news");
	deck_run(&deck, "column add Home work/home");
	deck_run(&deck, "workspace main");
	deck_keys(&deck, "gw");
	assert_true(shows(&deck, "main  2 columns, on the screen"));
	assert_true(shows(&deck, "news  1 column"));
	/* A name, undone. */
	deck_keys(&deck, "jr");
	deck_type(&deck, "press");
	deck_keys(&deck, "<Enter>gw");
	assert_true(shows(&deck, "press  1 column"));
	deck_keys(&deck, "U");
	assert_true(shows(&deck, "news  1 column"));
	/* Deleted, undone. */
	deck_keys(&deck, "jd");
	assert_false(shows(&deck, "news  1 column"));
	deck_keys(&deck, "U");
	assert_true(shows(&deck, "news  1 column"));
	/* There, by Enter. */
	deck_keys(&deck, "<Esc>gwj<Enter>");
	assert_string_equal(deck.app->deck_name, "news");
	assert_string_equal(deck_refused(&deck, "workspaces delete news"),
	        "'news' is on the screen; go to another workspace first");
	assert_string_equal(deck_refused(&deck, "workspaces delete gone"),
	        "there is no workspace 'gone'; `workspaces` lists them");
	assert_string_equal(deck_refused(&deck, "workspaces rename news main"),
	        "there is a workspace 'main' already");
	assert_non_null(strstr(deck_refused(&deck, "workspace ../x"), "no slash"));
	assert_non_null(strstr(deck_refused(&deck, "workspace .x"), "no dot"));
	assert_string_equal(deck_refused(&deck, "workspaces restore never"),
	        "no workspace 'never' was deleted");
	/* The one on the screen may have another name as well. */
	deck_run(&deck, "workspaces rename news 'my news'");
	assert_string_equal(deck.app->deck_name, "my news");
	deck_run(&deck, "workspace main");
	assert_int_equal(workspace_columns(deck.app, "my news"), 1);
	end(&deck);
}

/* An account that was signed out since: its columns are not lost by looking at another deck. */
static void test_columns_of_nobody_stay(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, 80, 24, two);
	started(&deck);
	deck_run(&deck, "workspace news");
	deck_run(&deck, "column add Feed https://sea.example/feed");
	deck_run(&deck, "workspace main");
	assert_int_equal(deck.app->ncolumns, 2);
	deck_run(&deck, "workspace news");
	assert_int_equal(workspace_columns(deck.app, "main"), 2);
	end(&deck);
}

static void test_as_wide_as_a_phone(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, 59, 20, two);
	fake_account(&deck, WORK, "work", CAN_ALL);
	started(&deck);
	deck_run(&deck, "set column-width 20");
	assert_int_equal(deck.app->shown, 1);
	assert_true(shows(&deck, "Home work 1 of 2"));
	deck_keys(&deck, "l");
	assert_true(shows(&deck, "Tags work 2 of 2"));
	term_memory_resize(app_term(deck.app), 20, 60);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	assert_int_equal(deck.app->shown, 2);
	assert_false(shows(&deck, "2 of 2"));
	end(&deck);
}

static const char borders[][4] = {"│", "─", "┌", "●", "↻", "♥", "▌", "›"};

static void expect_no_borders(struct deck *deck)
{
	for (size_t i = 0; i < sizeof(borders) / sizeof(*borders); i++) {
		if (shows(deck, borders[i])) fail_msg("there is a %s", borders[i]);
	}
}

static int cursor_row(struct deck *deck)
{
	int col;
	int row = term_memory_cursor(app_term(deck->app), &col);
	assert_int_equal(col, 0);
	return row;
}

static void test_plain_lines(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, 100, 24, NULL);
	deck_end(&deck);
	fake_deck(&deck, 100, 24);
	deck_run(&deck, "set linear on");
	assert_int_equal(deck.app->shown, 1);
	assert_true(shows(&deck, "selected, unread: "));
	expect_no_borders(&deck);
	/* The cursor stands where one is: whoever reads the screen aloud follows it. */
	assert_int_equal(cursor_row(&deck), 1);
	deck_keys(&deck, "j");
	assert_true(cursor_row(&deck) > 1);
	deck_keys(&deck, "f");
	assert_true(shows(&deck, "you liked it"));
	/* What goes wrong is said so. */
	deck_keys(&deck, ":nonsense<Enter>");
	assert_true(shows(&deck, "error: "));
	/* Lists are lines as well, and articles, and where one writes. */
	static const char *const open[] = {"?", ".", "gw", ";", "<Enter>", "c"};
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		deck_keys(&deck, open[i]);
		expect_no_borders(&deck);
		deck_keys(&deck, i == 5 ? "<Esc><Esc>" : "<Esc>");
	}
	deck_keys(&deck, ".j");
	assert_int_equal(cursor_row(&deck), 2);
	deck_keys(&deck, "<Esc>");
	deck_run(&deck, "set linear off");
	assert_true(shows(&deck, "●"));
	end(&deck);
}

static bool ticked(struct deck *deck, const char *text)
{
	struct list_view list = {0};
	bool found = false, done = false;
	tutorial_list(deck->app, &list);
	for (size_t i = 0; i < list.nitems; i++) {
		if (!strstr(list.items[i].text, text)) continue;
		found = true;
		done = strcmp(list.items[i].key, "✓") == 0;
	}
	list_view_finish(&list);
	assert_true(found);
	return done;
}

static void test_steps_are_ticked_off(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	int rows, cols;
	app_column_size(deck.app, app_column(deck.app), &rows, &cols);
	deck_run(&deck, "tutorial on");
	assert_true(shows(&deck, "Tutorial, 0 of 16 done: Go from post to post: j and Down"));
	/* It takes its room from the deck, on a narrow screen two lines. */
	int now, wide;
	app_column_size(deck.app, app_column(deck.app), &now, &cols);
	assert_int_equal(now, rows - 2);
	/* Whatever runs the command: a key, a line, the prompt, a menu. */
	assert_false(ticked(&deck, "post to post"));
	deck_keys(&deck, "j");
	assert_true(ticked(&deck, "post to post"));
	assert_false(ticked(&deck, "Like a post"));
	deck_run(&deck, "like");
	assert_true(ticked(&deck, "Like a post"));
	deck_keys(&deck, "/tide<Enter>");
	assert_true(ticked(&deck, "Find while you type"));
	deck_keys(&deck, "<Esc>?");
	assert_true(ticked(&deck, "Everything else"));
	/* What is only typed is not done, nor what fails. */
	deck_keys(&deck, "<Esc>s<Esc>");
	assert_false(ticked(&deck, "Make a column"));
	deck_refused(&deck, "column add Home nobody/home");
	assert_false(ticked(&deck, "Make a column"));
	deck_run(&deck, "tutorial next");
	assert_true(ticked(&deck, "Go to the next column"));
	/* Keys are those that are bound. */
	deck_run(&deck, "bind column <C-y> undo");
	deck_run(&deck, "unbind column U");
	deck_run(&deck, "tutorial steps");
	assert_true(shows(&deck, "Take it back: <C-y> undoes"));
	deck_keys(&deck, "<Esc>");
	/* On a wide one a column beside the others. */
	term_memory_resize(app_term(deck.app), 40, 160);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	app_column_size(deck.app, app_column(deck.app), &rows, &wide);
	assert_int_equal(rows, 39);
	assert_true(wide < 160 - 30);
	assert_true(shows(&deck, "✓ Like a post"));
	/* But not in the place of one of them. */
	for (int i = 0; i < 3; i++)
		deck_run(&deck, "column add Local work/local");
	app_column_size(deck.app, app_column(deck.app), &rows, &wide);
	assert_int_equal(rows, 37);
	assert_int_equal(deck.app->shown, 4);
	for (int i = 0; i < 16; i++)
		deck_run(&deck, "tutorial next");
	assert_true(shows(&deck, "That was all."));
	deck_run(&deck, "tutorial off");
	assert_false(shows(&deck, "Tutorial"));
	deck_end(&deck);
}

static void test_every_step_names_what_there_is(void **state)
{
	(void)state;
	struct deck deck = {0};
	struct list_view list = {0};
	fake_deck(&deck, 80, 24);
	tutorial_list(deck.app, &list);
	assert_int_equal(list.nitems, 16);
	for (size_t i = 0; i < list.nitems; i++) {
		assert_null(strchr(list.items[i].text, '{'));
		assert_string_equal(list.items[i].key, " ");
		assert_non_null(cmd_of(&deck_commands, tutorial_steps[i].line));
		char *names = xstrdup(tutorial_steps[i].ran), *rest = names;
		for (char *name; (name = strtok_r(rest, "|", &rest));) {
			if (!cmd_find(&deck_commands, name)) fail_msg("there is no '%s'", name);
		}
		free(names);
	}
	list_view_finish(&list);
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_what_one_may_begin_with),
	        cmocka_unit_test(test_every_row_can_be_run),
	        cmocka_unit_test(test_the_first_account_makes_a_deck),
	        cmocka_unit_test(test_a_theme_is_seen_before_it_is_taken),
	        cmocka_unit_test(test_decks_with_names),
	        cmocka_unit_test(test_the_list_of_decks),
	        cmocka_unit_test(test_columns_of_nobody_stay),
	        cmocka_unit_test(test_as_wide_as_a_phone),
	        cmocka_unit_test(test_plain_lines),
	        cmocka_unit_test(test_steps_are_ticked_off),
	        cmocka_unit_test(test_every_step_names_what_there_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
