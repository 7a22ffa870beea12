/* The file of tokens: what it keeps, and when it is refused (quality.md S13). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/secret.h"

struct world {
	char dir[32], path[48];
};

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	strcpy(world->dir, "/tmp/stoa-secret-XXXXXX");
	if (!mkdtemp(world->dir)) return -1;
	snprintf(world->path, sizeof(world->path), "%s/secrets", world->dir);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	unlink(world->path);
	int code = rmdir(world->dir); /* fails when something was left beside it */
	free(world);
	return code;
}

static void write_file(struct world *world, const char *text, mode_t mode)
{
	FILE *file = fopen(world->path, "w");
	fputs(text, file);
	fclose(file);
	chmod(world->path, mode);
}

static void expect(struct world *world, const char *account, const char *token)
{
	struct err err = {0};
	char *got = secret_get(world->dir, account, &err);
	if (token) {
		assert_non_null(got);
		assert_string_equal(got, token);
	} else {
		assert_null(got);
		assert_int_equal(err.code, ERR_NOT_FOUND);
	}
	secret_free(got);
}

static void put_and_get(void **state)
{
	struct world *world = *state;
	struct stat st;
	umask(0);
	expect(world, "work", NULL);
	assert_true(secret_put(world->dir, "work", "T1", NULL));
	assert_true(secret_put(world->dir, "home", "T2", NULL));
	assert_true(secret_put(world->dir, "work", "T3", NULL));
	expect(world, "work", "T3");
	expect(world, "home", "T2");
	expect(world, "wor", NULL);
	assert_int_equal(stat(world->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(secret_put(world->dir, "work", NULL, NULL));
	assert_true(secret_put(world->dir, "nobody", NULL, NULL));
	expect(world, "work", NULL);
	expect(world, "home", "T2");
}

static void a_file_by_hand(void **state)
{
	struct world *world = *state;
	write_file(world, "# mine\n\nwork \t T1  \r\nhome T2", 0600);
	expect(world, "work", "T1");
	expect(world, "home", "T2");
	assert_true(secret_put(world->dir, "third", "T3", NULL));
	expect(world, "home", "T2");
	expect(world, "third", "T3");
	char text[128] = {0};
	FILE *file = fopen(world->path, "r");
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_memory_equal(text, "# mine\n\n", 8);
}

static void refused(struct world *world, const char *why)
{
	struct err err = {0};
	assert_null(secret_get(world->dir, "work", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, why));
	err = (struct err){0};
	assert_false(secret_put(world->dir, "work", "NEW", &err));
	assert_non_null(strstr(err.text, why));
}

static void what_others_may_read_is_refused(void **state)
{
	struct world *world = *state;
	static const mode_t modes[] = {0640, 0604, 0620, 0601, 0644, 0666};
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		write_file(world, "work T\n", modes[i]);
		refused(world, "chmod 600");
	}
}

static void a_link_is_refused(void **state)
{
	struct world *world = *state;
	char target[64];
	snprintf(target, sizeof(target), "%s-target", world->dir);
	FILE *file = fopen(target, "w");
	fputs("work T\n", file);
	fclose(file);
	chmod(target, 0600);
	assert_int_equal(symlink(target, world->path), 0);
	refused(world, "link");
	unlink(target);
}

static void no_plain_file_is_refused(void **state)
{
	struct world *world = *state;
	assert_int_equal(mkfifo(world->path, 0600), 0);
	refused(world, "plain");
	unlink(world->path);
	assert_int_equal(mkdir(world->path, 0700), 0);
	refused(world, "plain");
	rmdir(world->path);
}

static void somebody_elses_is_refused(void **state)
{
	struct world *world = *state;
	if (geteuid() != 0) skip();
	write_file(world, "work T\n", 0600);
	assert_int_equal(chown(world->path, 1, 1), 0);
	refused(world, "somebody else");
}

/* The token first, then what the network wants to have beside it. */
static void a_secret_of_several_words(void **state)
{
	struct world *world = *state;
	struct err err = {0};
	assert_true(secret_put(world->dir, "work", "T client key", &err));
	assert_true(secret_put(world->dir, "home", "U", &err));
	expect(world, "work", "T client key");
	assert_true(secret_put(world->dir, "work", "V", &err));
	expect(world, "work", "V");
	expect(world, "home", "U");
}

static void words_that_would_break_the_file(void **state)
{
	struct world *world = *state;
	static const char *const names[] = {"", "a b", "a\nb", "#a"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_false(secret_put(world->dir, names[i], "T", NULL));
	static const char *const tokens[] = {"", " a", "a ", "a  b", "a\tb", "a\nevil X"};
	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++)
		assert_false(secret_put(world->dir, "work", tokens[i], NULL));
	assert_int_not_equal(access(world->path, F_OK), 0);
	secret_free(NULL);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(put_and_get),
	        TEST(a_file_by_hand),
	        TEST(what_others_may_read_is_refused),
	        TEST(a_link_is_refused),
	        TEST(no_plain_file_is_refused),
	        TEST(somebody_elses_is_refused),
	        TEST(a_secret_of_several_words),
	        TEST(words_that_would_break_the_file),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
