/* The deck itself, by what is typed and what then is so. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "deck_fixture.h"

#include "app/deck.h"
#include "model/post.h"

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

static char dir[] = "/tmp/stoa-deck-test-XXXXXX";

/* Directories that outlive one deck. */
static void keep(struct deck *deck)
{
	static const char *const names[] = {"config", "state", "data", "cache", "run"};
	char **fields[] = {&deck->paths.config, &deck->paths.state, &deck->paths.data,
	        &deck->paths.cache, &deck->paths.runtime};
	strcpy(dir, "/tmp/stoa-deck-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < 5; i++) {
		*fields[i] = paths_join(dir, names[i]);
		assert_true(paths_mkdir(*fields[i], NULL));
	}
	deck->kept = true;
}

static void forget(struct deck *deck)
{
	paths_finish(&deck->paths);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char *path = paths_join(folder, name);
	assert_true(paths_write(path, text, strlen(text), 0600, NULL));
	free(path);
}

static const char *title(const struct deck *deck, size_t i)
{
	return i < deck->app->ncolumns ? deck->app->columns[i]->title : "";
}

static post_id cursor(const struct deck *deck)
{
	return app_column(deck->app)->view.cursor;
}

static void test_config_seeds_the_first_deck_only(void **state)
{
	(void)state;
	struct deck deck = {0};
	keep(&deck);
	write_file(deck.paths.config, "config", "column add One ./harbour.xml\n");
	deck_start(&deck, 80, 24, NULL, NULL);
	deck_settle(&deck);
	assert_string_equal(title(&deck, 0), "One");
	deck_run(&deck, "column add Two ./kernel.xml width 50 query 6.19 OR folios");
	deck_end(&deck);
	deck_start(&deck, 80, 24, NULL, NULL);
	deck_settle(&deck);
	assert_int_equal(deck.app->ncolumns, 2);
	assert_string_equal(title(&deck, 1), "Two");
	assert_int_equal(deck.app->columns[1]->width, 50);
	assert_string_equal(deck.app->columns[1]->query, "6.19 OR folios");
	assert_int_equal(timeline_len(deck.app->columns[1]->timeline), 2);
	/* The second was added last and had the focus. */
	assert_int_equal(deck.app->focus, 1);
	deck_end(&deck);
	forget(&deck);
}

static bool is_written(struct deck *deck)
{
	return !deck->app->writing && !deck->app->save_at_ms;
}

/* Three seconds after a change, in a thread; what went wrong is told. */
static void test_saved_in_between(void **state)
{
	(void)state;
	struct deck deck = {0};
	unsigned long len;
	char *text = NULL;
	keep(&deck);
	char *folder = paths_join(deck.paths.state, "decks"), *path = paths_join(folder, "main");
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	deck_run(&deck, "column add Two ./kernel.xml");
	assert_false(paths_read(path, 4096, &text, &len, NULL));
	fake_clock_advance(&deck.clock, 3000);
	deck_until(&deck, is_written);
	assert_true(paths_read(path, 4096, &text, &len, NULL));
	assert_non_null(strstr(text, "column add Two ./kernel.xml\n"));
	free(text);
	/* Whoever reads it while it is written reads what it will be. */
	deck_run(&deck, "column width 60");
	fake_clock_advance(&deck.clock, 3000);
	app_turn(deck.app, 0);
	deck_run(&deck, "workspace other");
	deck_run(&deck, "workspace main");
	assert_int_equal(deck.app->columns[1]->width, 60);
	/* A file where the folder should be. */
	remove(path);
	char *other = paths_join(folder, "other"), *left = paths_join(folder, ".left");
	remove(other);
	remove(left);
	assert_int_equal(remove(folder), 0);
	write_file(deck.paths.state, "decks", "");
	deck_run(&deck, "column width 50");
	fake_clock_advance(&deck.clock, 3000);
	deck_until(&deck, is_written);
	assert_non_null(strstr(deck_said(&deck), "the deck was not saved: "));
	assert_int_equal(remove(folder), 0);
	deck_end(&deck);
	free(folder);
	free(path);
	free(other);
	free(left);
	forget(&deck);
}

static void test_place_survives(void **state)
{
	(void)state;
	struct deck deck = {0};
	keep(&deck);
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	deck_keys(&deck, "jjj");
	const struct post *post = app_selected(deck.app, NULL);
	char *uri = xstrdup(post_str(post, POST_URI));
	deck_end(&deck);
	deck_start(&deck, 80, 24, "", NULL);
	deck_settle(&deck);
	assert_string_equal(post_str(app_selected(deck.app, NULL), POST_URI), uri);
	struct column *column = app_column(deck.app);
	post_id above = timeline_at(column->timeline, column->view.row - 1).post;
	assert_int_equal(column->view.marker, above);
	/* Read marks too: the three that the cursor left. */
	assert_int_equal(timeline_unread(column->timeline), timeline_len(column->timeline) - 3);
	deck_end(&deck);
	free(uri);
	forget(&deck);
}

static void test_mistakes_in_the_config(void **state)
{
	(void)state;
	struct deck deck = {0};
	keep(&deck);
	write_file(deck.paths.config, "config",
	        "set refesh 1m\nset column-width 50\nbind column L curser down\n"
	        "column add 'open\nquit\n");
	deck_start(&deck, 80, 24, NULL, NULL);
	const char *name = strrchr(app_message(deck.app, 0), '/');
	assert_string_equal(
	        name, "/config:1: there is no option 'refesh'; did you mean 'refresh'?");
	name = strrchr(app_message(deck.app, 1), '/');
	assert_string_equal(name, "/config:3: L: there is no command 'curser down'; did you mean "
	                          "'cursor down'?");
	name = strrchr(app_message(deck.app, 2), '/');
	assert_string_equal(name, "/config:4: the quote ' at column 12 is not closed");
	name = strrchr(app_message(deck.app, 3), '/');
	assert_string_equal(name, "/config:5: 'quit' has no place in the config file");
	assert_string_equal(
	        app_message(deck.app, 4), "4 mistakes in the config; `:messages` lists them");
	assert_int_equal(deck.app->options.column_width, 50);
	deck_end(&deck);
	forget(&deck);
}

static void test_reload_keeps_the_last_good(void **state)
{
	(void)state;
	struct deck deck = {0};
	keep(&deck);
	write_file(deck.paths.config, "config", "set column-width 50\nbind column X quit\n");
	deck_start(&deck, 80, 24, NULL, NULL);
	write_file(deck.paths.config, "config", "set column-width 60\nsett x y\n");
	assert_string_equal(deck_refused(&deck, "reload"),
	        "1 mistake: the config from before stays; `:messages` has more");
	assert_int_equal(deck.app->options.column_width, 50);
	assert_non_null(keymap_keys(deck.app->keymap, KEYS_COLUMN, "quit"));
	write_file(deck.paths.config, "config", "set column-width 60\n");
	deck_run(&deck, "reload");
	assert_int_equal(deck.app->options.column_width, 60);
	assert_null(keymap_keys(deck.app->keymap, KEYS_COLUMN, "quit"));
	assert_non_null(keymap_keys(deck.app->keymap, KEYS_COLUMN, "cursor down"));
	deck_end(&deck);
	forget(&deck);
}

static void test_sourcing_itself_ends(void **state)
{
	(void)state;
	struct deck deck = {0};
	keep(&deck);
	struct str line = {0};
	str_addf(&line, "source %s/config", deck.paths.config);
	write_file(deck.paths.config, "config", line.p);
	deck_start(&deck, 80, 24, NULL, NULL);
	assert_non_null(
	        strstr(app_message(deck.app, 0), "files source each other more than 8 deep"));
	str_finish(&line);
	deck_end(&deck);
	forget(&deck);
}

static void test_mutes_survive(void **state)
{
	(void)state;
	struct deck deck = {0};
	keep(&deck);
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	size_t all = timeline_len(app_column(deck.app)->timeline);
	deck_run(&deck, "mute for 2d tide");
	assert_string_equal(deck_said(&deck), "muted tide: 1 row hidden · U undoes");
	deck_end(&deck);
	deck_start(&deck, 80, 24, "", NULL);
	deck_settle(&deck);
	assert_int_equal(timeline_len(app_column(deck.app)->timeline), all - 1);
	deck_run(&deck, "unmute tide");
	assert_int_equal(timeline_len(app_column(deck.app)->timeline), all);
	deck_end(&deck);
	forget(&deck);
}

static void test_silence_escalates_and_is_undone_at_once(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	size_t all = timeline_len(app_column(deck.app)->timeline);
	const struct mute *mutes;
	deck_keys(&deck, "M");
	assert_int_equal(store_mutes(deck.app->store, &mutes), 1);
	assert_int_equal(mutes[0].until_ms, deck_now_ms + 24 * 3600000LL);
	deck_keys(&deck, "M");
	assert_int_equal(store_mutes(deck.app->store, &mutes), 1);
	assert_int_equal(mutes[0].until_ms, deck_now_ms + 7 * 24 * 3600000LL);
	deck_keys(&deck, "M");
	store_mutes(deck.app->store, &mutes);
	assert_int_equal(mutes[0].until_ms, 0);
	deck_keys(&deck, "U");
	assert_int_equal(store_mutes(deck.app->store, &mutes), 0);
	assert_int_equal(timeline_len(app_column(deck.app)->timeline), all);
	assert_string_equal(deck_refused(&deck, "undo"), "there is nothing to undo");
	deck_end(&deck);
}

static void test_read_when_the_cursor_leaves(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml; column add Two ./harbour.xml");
	deck_settle(&deck);
	deck_run(&deck, "column focus 1");
	post_id first = cursor(&deck);
	assert_false(store_is_read(deck.app->store, first));
	deck_keys(&deck, "j");
	assert_true(store_is_read(deck.app->store, first));
	assert_false(store_is_read(deck.app->store, cursor(&deck)));
	/* Going to another column leaves no post. */
	post_id second = cursor(&deck);
	deck_keys(&deck, "l");
	assert_false(store_is_read(deck.app->store, second));
	deck_keys(&deck, "hA");
	assert_int_equal(timeline_unread(app_column(deck.app)->timeline), 0);
	deck_keys(&deck, "U");
	assert_int_equal(timeline_unread(app_column(deck.app)->timeline),
	        timeline_len(app_column(deck.app)->timeline) - 1);
	deck_end(&deck);
}

static void test_close_and_undo(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml; column add Two ./kernel.xml");
	deck_settle(&deck);
	deck_keys(&deck, "1jj");
	post_id before = cursor(&deck);
	deck_keys(&deck, "<C-w>q");
	assert_string_equal(title(&deck, 0), "Two");
	assert_int_equal(deck.app->ncolumns, 1);
	deck_keys(&deck, "U");
	assert_string_equal(title(&deck, 0), "One");
	assert_int_equal(deck.app->focus, 0);
	deck_settle(&deck);
	assert_int_equal(cursor(&deck), before);
	deck_end(&deck);
}

static void test_moving_columns(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 200, 24, "",
	        "column add A ./harbour.xml; column add B ./kernel.xml; column add C "
	        "./harbour.xml");
	deck_keys(&deck, "3{");
	assert_string_equal(title(&deck, 1), "C");
	assert_int_equal(deck.app->focus, 1);
	deck_keys(&deck, "{{");
	assert_string_equal(title(&deck, 0), "C");
	assert_string_equal(title(&deck, 2), "B");
	deck_keys(&deck, "0");
	assert_int_equal(deck.app->focus, 2);
	assert_string_equal(deck_refused(&deck, "column focus 4"), "there are 3 columns");
	assert_string_equal(deck_refused(&deck, "column focus x"),
	        "a column is a number from 1, or last; not 'x'");
	deck_end(&deck);
}

static void test_wrong_columns_are_refused(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	assert_string_equal(deck_refused(&deck, "column add X wrok/home"),
	        "there is no account 'wrok'; `stoa login` signs one in");
	assert_string_equal(deck_refused(&deck, "column add X ./a.xml width 5"),
	        "a width is 10 to 500 cells, not '5'");
	assert_non_null(strstr(
	        deck_refused(&deck, "column add X ./a.xml query foo:bar"), "query, column 1"));
	assert_non_null(strstr(deck_refused(&deck, "column query foo:bar"), "query, column 1"));
	assert_int_equal(deck.app->ncolumns, 1);
	assert_null(app_column(deck.app)->query);
	deck_end(&deck);
}

static void test_filter_lives_and_is_dropped(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	struct timeline *timeline = app_column(deck.app)->timeline;
	size_t all = timeline_len(timeline);
	deck_keys(&deck, "/");
	deck_type(&deck, "tide");
	assert_int_equal(timeline_len(timeline), 1);
	deck_keys(&deck, "<Esc>");
	assert_int_equal(timeline_len(timeline), all);
	deck_keys(&deck, "/");
	deck_type(&deck, "tide");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(timeline_narrowed(timeline), "tide");
	deck_keys(&deck, "<Esc>");
	assert_null(timeline_narrowed(timeline));
	/* n finds it again among all. */
	deck_keys(&deck, "ggn");
	assert_string_equal(post_str(app_selected(deck.app, NULL), POST_TITLE),
	        "New tide gauge at the breakwater");
	assert_string_equal(deck_refused(&deck, "match next"), "no match for 'tide' below");
	deck_end(&deck);
}

static bool has_found(struct deck *deck)
{
	return timeline_len(app_column(deck->app)->timeline) == 1;
}

/* Nothing here matches: Enter looks in the archive, where another column's posts are too. */
static void test_an_empty_search_goes_on_in_the_archive(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml\ncolumn add Two ./kernel.xml");
	deck_settle(&deck);
	deck_keys(&deck, "l/");
	deck_type(&deck, "gauge tide");
	deck_keys(&deck, "<Enter>");
	assert_int_equal(timeline_len(app_column(deck.app)->timeline), 0);
	deck_keys(&deck, "<Enter>");
	assert_string_equal(app_column(deck.app)->sources[0], "archive/search:\"gauge tide\"");
	deck_until(&deck, has_found);
	assert_string_equal(post_str(app_selected(deck.app, NULL), POST_TITLE),
	        "New tide gauge at the breakwater");
	deck_end(&deck);
}

static void test_history(void **state)
{
	(void)state;
	struct deck deck = {0};
	keep(&deck);
	deck_start(&deck, 80, 24, "", NULL);
	deck_keys(&deck, ":");
	deck_type(&deck, "set ascii");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(deck_said(&deck), "set ascii off");
	deck_end(&deck);
	deck_start(&deck, 80, 24, "", NULL);
	deck_settle(&deck);
	deck_keys(&deck, ":<Up>");
	assert_string_equal(str_c(&deck.app->prompt.edit.text), "set ascii");
	deck_keys(&deck, "<Down>");
	assert_string_equal(str_c(&deck.app->prompt.edit.text), "");
	deck_end(&deck);
	forget(&deck);
}

static bool no_children(struct deck *deck)
{
	return !deck->app->children;
}

static void test_pipe(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	/* No shell: what would be one there are plain arguments. */
	deck_run(&deck, "pipe echo $(id) `id` ';' \"a b\"");
	deck_until(&deck, no_children);
	assert_string_equal(deck_said(&deck), "echo: $(id) `id` ; a b");
	deck_run(&deck, "pipe --json grep -c harbour-0");
	deck_until(&deck, no_children);
	assert_string_equal(deck_said(&deck), "grep: 1");
	deck_run(&deck, "pipe false");
	deck_until(&deck, no_children);
	assert_string_equal(deck_said(&deck), "false ended with status 1");
	assert_non_null(strstr(deck_refused(&deck, "pipe stoa-no-such-program"), "cannot start"));
	deck_end(&deck);
}

static void test_browser_gets_one_argument(void **state)
{
	(void)state;
	struct deck deck = {0};
	char out[] = "/tmp/stoa-argv-XXXXXX";
	int fd = mkstemp(out);
	assert_true(fd >= 0);
	close(fd);
	struct str line = {0};
	/* A browser that keeps its arguments, one a line. */
	str_addf(&line, "set browser \"sh -c 'printf \\\"%%s\\\\n\\\" \\\"$@\\\" >%s' sh\"", out);
	deck_start(&deck, 80, 24, "", NULL);
	deck_run(&deck, line.p);
	deck_run(&deck, "open-address 'https://x.example/;touch$IFS/$(id)`id` -a'");
	deck_until(&deck, no_children);
	char *text;
	unsigned long len;
	assert_true(paths_read(out, 10000, &text, &len, NULL));
	assert_string_equal(text, "https://x.example/;touch$IFS/$(id)`id`%20-a\n");
	free(text);
	/* A rule goes before the option; the last that matches counts; "off" takes it away. */
	str_clear(&line);
	str_addf(&line,
	        "open-with https://*.pdf \"sh -c 'printf \\\"pdf %%s\\n\\\" \\\"$@\\\" >%s' sh\"",
	        out);
	deck_run(&deck, line.p);
	deck_run(&deck, "open-with https://y.example/* false");
	deck_run(&deck, "open-address 'https://x.example/a;b.pdf'");
	deck_until(&deck, no_children);
	assert_true(paths_read(out, 10000, &text, &len, NULL));
	assert_string_equal(text, "pdf https://x.example/a;b.pdf\n");
	free(text);
	deck_run(&deck, "open-with https://*.pdf off");
	assert_non_null(strstr(deck_refused(&deck, "open-with https://*.pdf off"), "no rule"));
	assert_non_null(strstr(deck_refused(&deck, "open-with x"), "which program"));
	deck_run(&deck, "open-address https://x.example/c.pdf");
	deck_until(&deck, no_children);
	assert_true(paths_read(out, 10000, &text, &len, NULL));
	assert_string_equal(text, "https://x.example/c.pdf\n");
	free(text);
	static const char *const bad[] = {
	        "-flag", "--remote=x", "file:///etc/passwd", "javascript:1", "/etc/passwd", "x"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		str_clear(&line);
		str_addf(&line, "open-address %s", bad[i]);
		assert_non_null(strstr(deck_refused(&deck, line.p), "this address is not opened"));
	}
	str_finish(&line);
	unlink(out);
	deck_end(&deck);
}

static void test_copy(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	deck_keys(&deck, "y");
	assert_string_equal(term_memory_clip(app_term(deck.app)), "https://harbour.example/0");
	deck_run(&deck, "set clipboard off");
	assert_non_null(strstr(deck_refused(&deck, "copy"), "clipboard is off"));
	deck_end(&deck);
}

static void test_terminal_gone(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	term_memory_close(app_term(deck.app));
	assert_false(app_turn(deck.app, 1000));
	deck_end(&deck);
}

static void test_nothing_to_draw_draws_nothing(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", "column add One ./harbour.xml");
	deck_settle(&deck);
	assert_false(deck.app->dirty);
	assert_true(deck.app->settled);
	uint64_t drawn = app_column(deck.app)->drawn;
	app_turn(deck.app, 0);
	assert_int_equal(app_column(deck.app)->drawn, drawn);
	assert_false(app_column(deck.app)->dirty);
	deck_end(&deck);
}

int main(void)
{
	const char *source = getenv("STOA_SOURCE");
	if (!source || chdir(source) != 0 || chdir("tests/screens") != 0) return 1;
	unsetenv("DISPLAY");
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_config_seeds_the_first_deck_only),
	        cmocka_unit_test(test_saved_in_between),
	        cmocka_unit_test(test_place_survives),
	        cmocka_unit_test(test_mistakes_in_the_config),
	        cmocka_unit_test(test_reload_keeps_the_last_good),
	        cmocka_unit_test(test_sourcing_itself_ends),
	        cmocka_unit_test(test_mutes_survive),
	        cmocka_unit_test(test_silence_escalates_and_is_undone_at_once),
	        cmocka_unit_test(test_read_when_the_cursor_leaves),
	        cmocka_unit_test(test_close_and_undo),
	        cmocka_unit_test(test_moving_columns),
	        cmocka_unit_test(test_wrong_columns_are_refused),
	        cmocka_unit_test(test_filter_lives_and_is_dropped),
	        cmocka_unit_test(test_an_empty_search_goes_on_in_the_archive),
	        cmocka_unit_test(test_history),
	        cmocka_unit_test(test_pipe),
	        cmocka_unit_test(test_browser_gets_one_argument),
	        cmocka_unit_test(test_copy),
	        cmocka_unit_test(test_terminal_gone),
	        cmocka_unit_test(test_nothing_to_draw_draws_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
