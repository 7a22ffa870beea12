#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/paths.h"

static char dir[] = "/tmp/stoa-paths-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -rf -- '%s'", dir);
	return system(command);
}

static void clear_environment(void)
{
	static const char *const names[] = {"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
	        "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
}

static void without_home_there_is_no_place(void **state)
{
	struct paths paths = {0};
	struct err err;

	(void)state;
	paths_finish(NULL);
	paths_finish(&paths);
	clear_environment();
	assert_false(paths_init(&paths, &err));
	assert_non_null(strstr(err.text, "HOME"));
	setenv("HOME", "relative", 1);
	assert_false(paths_init(&paths, NULL));
	assert_false(paths_mkdir(NULL, NULL));
	assert_false(paths_mkdir("", NULL));
}

static void home_gives_the_defaults(void **state)
{
	struct paths paths;

	(void)state;
	clear_environment();
	setenv("HOME", "/home/ada", 1);
	setenv("XDG_DATA_HOME", "not/absolute", 1);
	assert_true(paths_init(&paths, NULL));
	assert_string_equal(paths.config, "/home/ada/.config/stoa");
	assert_string_equal(paths.state, "/home/ada/.local/state/stoa");
	assert_string_equal(paths.data, "/home/ada/.local/share/stoa");
	assert_string_equal(paths.cache, "/home/ada/.cache/stoa");
	assert_string_equal(paths.runtime, "/home/ada/.local/state/stoa/run");
	paths_finish(&paths);
}

static void variables_win_and_private_places_are_private(void **state)
{
	struct paths paths;
	struct stat st;

	(void)state;
	clear_environment();
	setenv("HOME", dir, 1);
	char *runtime = paths_join(dir, "run"), *config = paths_join(dir, "etc/");
	setenv("XDG_RUNTIME_DIR", runtime, 1);
	setenv("XDG_CONFIG_HOME", config, 1);
	umask(0);
	assert_true(paths_init(&paths, NULL));
	assert_int_equal(mkdir(runtime, 0700), 0);
	assert_int_equal(mkdir(paths.runtime, 0777), 0);
	assert_true(paths_make(&paths, NULL));
	assert_true(paths_make(&paths, NULL));
	const char *const made[] = {paths.state, paths.data, paths.runtime};
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stat(made[i], &st), 0);
		assert_int_equal(st.st_mode & 0777, 0700);
	}
	assert_int_not_equal(access(paths.config, F_OK), 0);
	assert_string_equal(paths.config + strlen(dir), "/etc/stoa");
	paths_finish(&paths);
	free(runtime);
	free(config);
}

static void a_file_in_the_way_is_named(void **state)
{
	struct err err;

	(void)state;
	char *file = paths_join(dir, "file"), *below = paths_join(file, "below/it");
	assert_true(paths_write(file, "x", 1, 0600, NULL));
	assert_false(paths_mkdir(below, &err));
	assert_non_null(strstr(err.text, "is not a directory"));
	free(file);
	free(below);
}

static void what_is_written_is_read(void **state)
{
	struct stat st;
	struct err err;
	char *text;
	unsigned long len;

	(void)state;
	char *file = paths_join(dir, "secrets");
	assert_false(paths_read(file, 10, &text, &len, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_true(paths_write(file, "one", 3, 0644, NULL));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_true(paths_write(file, "two\0x", 5, 0600, NULL));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(paths_read(file, 5, &text, &len, NULL));
	assert_int_equal(len, 5);
	assert_memory_equal(text, "two\0x", 6);
	free(text);
	assert_false(paths_read(file, 4, &text, &len, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_false(paths_read(dir, 4, &text, &len, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_false(paths_write("/nonexistent/x", "", 0, 0600, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_true(paths_write(file, NULL, 0, 0600, NULL));
	assert_true(paths_read(file, 0, &text, &len, NULL));
	assert_int_equal(len, 0);
	free(text);
	free(file);
}

static void a_tilde_is_the_home_directory(void **state)
{
	static const char *const rows[][2] = {{"~", "/home/ada"}, {"~/x y", "/home/ada/x y"},
	        {"~eve/x", "~eve/x"}, {"x/~", "x/~"}, {"", ""}};

	(void)state;
	setenv("HOME", "/home/ada", 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *path = paths_expand(rows[i][0]);
		assert_string_equal(path, rows[i][1]);
		free(path);
	}
	unsetenv("HOME");
	char *path = paths_expand("~/x");
	assert_string_equal(path, "~/x");
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(without_home_there_is_no_place),
	        cmocka_unit_test(home_gives_the_defaults),
	        cmocka_unit_test(variables_win_and_private_places_are_private),
	        cmocka_unit_test(a_file_in_the_way_is_named),
	        cmocka_unit_test(what_is_written_is_read),
	        cmocka_unit_test(a_tilde_is_the_home_directory),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
