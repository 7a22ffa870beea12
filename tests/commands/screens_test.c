/*
 * The whole program on a screen in memory: the scripts of tests/screens/ against golden
 * screens. A line of a script:
 *
 *	size COLSxROWS     begins a deck (first line)
 *	resize COLSxROWS   the terminal has another size now
 *	load               wait until all sources have answered
 *	keys KEYS          press keys as written in bindings
 *	type TEXT          press the characters of a text
 *	run COMMAND        run a command line, which must succeed
 *	expect NAME        the screen must be as in NAME.screen
 *	styles NAME        likewise with a letter for each cell's style
 *
 * STOA_UPDATE_SCREENS=1 writes the screens instead. Scripts named ui-* belong to another test.
 */
#include <dirent.h>

#include "golden.h"

enum { MAX_SCRIPTS = 100, MAX_SCRIPT = 1 << 20 };

static int failures;

static void on_expect(struct deck *deck, const char *name, bool styles)
{
	deck_settle(deck);
	failures += !golden_is(deck, name, styles);
}

static void parse_size(const char *text, int *cols, int *rows)
{
	assert_int_equal(sscanf(text, "%dx%d", cols, rows), 2);
}

static void on_line(struct deck *deck, const char *word, const char *rest)
{
	int cols, rows;
	if (strcmp(word, "size") == 0) {
		parse_size(rest, &cols, &rows);
		deck_start(deck, cols, rows, "", NULL);
	} else if (strcmp(word, "resize") == 0) {
		parse_size(rest, &cols, &rows);
		term_memory_resize(app_term(deck->app), rows, cols);
		app_turn(deck->app, 0);
		app_turn(deck->app, 0);
	} else if (strcmp(word, "load") == 0) {
		deck_settle(deck);
	} else if (strcmp(word, "keys") == 0) {
		deck_keys(deck, rest);
	} else if (strcmp(word, "type") == 0) {
		deck_type(deck, rest);
	} else if (strcmp(word, "run") == 0) {
		deck_run(deck, rest);
	} else if (strcmp(word, "expect") == 0 || strcmp(word, "styles") == 0) {
		on_expect(deck, rest, *word == 's');
	} else {
		fail_msg("what is '%s %s'?", word, rest);
	}
}

static void run_script(void **state)
{
	const char *path = *state;
	struct deck deck = {0};
	char *text;
	unsigned long len;
	failures = 0;
	assert_true(paths_read(path, MAX_SCRIPT, &text, &len, NULL));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (*line == '#') continue;
		char *rest = line + strcspn(line, " ");
		if (*rest) *rest++ = '\0';
		on_line(&deck, line, rest);
	}
	deck_end(&deck);
	free(text);
	if (failures) fail_msg("%s: %d screens are not as expected", path, failures);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
	static struct CMUnitTest tests[MAX_SCRIPTS];
	size_t n = 0;
	if (!golden_begin()) return 1;
	DIR *dir = opendir(".");
	for (struct dirent *entry; dir && (entry = readdir(dir)) && n < MAX_SCRIPTS;) {
		const char *dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".stoa") != 0 || strncmp(entry->d_name, "ui-", 3) == 0)
			continue;
		char *name = xstrdup(entry->d_name);
		tests[n++] = (struct CMUnitTest){
		        .name = name, .test_func = run_script, .initial_state = name};
	}
	if (dir) closedir(dir);
	qsort(tests, n, sizeof(*tests), by_name);
	int failed = _cmocka_run_group_tests("screens", tests, n, NULL, NULL);
	for (size_t i = 0; i < n; i++)
		free((char *)tests[i].name);
	return failed;
}
