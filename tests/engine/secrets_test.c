/* Where tokens are kept and looked for: a keyring, a command, the file, in that order. */
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
#include "engine/child.h"
#include "engine/secret.h"
#include "engine/secrets.h"

struct world {
	char dir[32], keyring[64], command[64];
	char *argv[4];
	struct secrets secrets;
};

static void script(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	chmod(path, 0700);
}

/* A keyring that keeps each secret in a file of its own; with a file `locked` it is locked. */
static const char open_keyring[] = "#!/bin/sh\n"
                                   "[ -e \"$3/locked\" ] && exit 4\n"
                                   "case $1 in\n"
                                   "put) cat >\"$3/ring-$2\" ;;\n"
                                   "drop) rm -f \"$3/ring-$2\" ;;\n"
                                   "get) [ -e \"$3/ring-$2\" ] || exit 3; cat \"$3/ring-$2\" ;;\n"
                                   "esac\n";

static int setup(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	strcpy(world->dir, "/tmp/stoa-secrets-XXXXXX");
	if (!mkdtemp(world->dir)) return -1;
	snprintf(world->keyring, sizeof(world->keyring), "%s/keyring", world->dir);
	snprintf(world->command, sizeof(world->command), "%s/command", world->dir);
	world->secrets.state_dir = world->dir;
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	char line[64];
	snprintf(line, sizeof(line), "rm -r '%s'", world->dir);
	free(world);
	return system(line);
}

static void expect(struct world *world, const char *secret, enum secret_place place)
{
	struct err err = {0};
	enum secret_place found = SECRET_PLACE_COUNT;
	char *got = secrets_get(&world->secrets, "work", &found, &err);
	if (secret) {
		assert_non_null(got);
		assert_string_equal(got, secret);
	} else {
		assert_null(got);
		assert_int_equal(err.code, ERR_NOT_FOUND);
	}
	assert_string_equal(secret_place_name(found), secret_place_name(place));
	secret_free(got);
}

static void keep(struct world *world, const char *secret, enum secret_place place)
{
	struct err err = {0};
	enum secret_place kept = SECRET_PLACE_COUNT;
	if (!secrets_put(&world->secrets, "work", secret, &kept, &err)) fail_msg("%s", err.text);
	assert_string_equal(secret_place_name(kept), secret_place_name(place));
}

static void without_a_keyring_the_file(void **state)
{
	struct world *world = *state;
	expect(world, NULL, SECRET_IN_NOWHERE);
	keep(world, "T id key", SECRET_IN_FILE);
	expect(world, "T id key", SECRET_IN_FILE);
	keep(world, NULL, SECRET_IN_NOWHERE);
	expect(world, NULL, SECRET_IN_NOWHERE);
}

static void an_open_keyring_keeps_it(void **state)
{
	struct world *world = *state;
	keep(world, "OLD", SECRET_IN_FILE);
	script(world->keyring, open_keyring);
	world->secrets.keyring = world->keyring;
	keep(world, "T id key", SECRET_IN_KEYRING);
	expect(world, "T id key", SECRET_IN_KEYRING);
	struct err err = {0};
	assert_null(secret_get(world->dir, "work", &err)); /* it left the file */
	keep(world, NULL, SECRET_IN_NOWHERE);
	expect(world, NULL, SECRET_IN_NOWHERE);
}

static void a_locked_keyring_is_passed_by(void **state)
{
	struct world *world = *state;
	char lock[64];
	snprintf(lock, sizeof(lock), "%s/locked", world->dir);
	script(world->keyring, open_keyring);
	world->secrets.keyring = world->keyring;
	keep(world, "INSIDE", SECRET_IN_KEYRING);
	script(lock, "");
	struct err err = {0};
	assert_null(secrets_get(&world->secrets, "work", NULL, &err));
	assert_non_null(strstr(err.text, "locked"));
	keep(world, "T", SECRET_IN_FILE);
	expect(world, "T", SECRET_IN_FILE);
}

static void a_keyring_that_is_not_there(void **state)
{
	struct world *world = *state;
	world->secrets.keyring = "/no/such/program";
	keep(world, "T", SECRET_IN_FILE);
	expect(world, "T", SECRET_IN_FILE);
}

static void the_users_command(void **state)
{
	struct world *world = *state;
	script(world->command, "#!/bin/sh\necho \"$1-of-$2;no  shell \"\necho more\n");
	world->argv[0] = world->command;
	world->argv[1] = (char *)"key/%a.$HOME";
	world->secrets.command = world->argv;
	expect(world, "key/work.$HOME-of-;no  shell", SECRET_IN_COMMAND);
	world->argv[1] = (char *)"key";
	expect(world, "key-of-work;no  shell", SECRET_IN_COMMAND);
	keep(world, "T", SECRET_IN_FILE); /* a command only reads */
	expect(world, "T", SECRET_IN_FILE);
}

static void a_command_that_fails(void **state)
{
	struct world *world = *state;
	world->argv[0] = world->command;
	world->secrets.command = world->argv;
	script(world->command, "#!/bin/sh\necho CANARY\nexit 1\n");
	expect(world, NULL, SECRET_IN_NOWHERE);
	script(world->command, "#!/bin/sh\nexit 0\n");
	expect(world, NULL, SECRET_IN_NOWHERE);
	struct err err = {0};
	unlink(world->command);
	assert_null(secrets_get(&world->secrets, "work", NULL, &err));
	assert_non_null(strstr(err.text, "cannot start"));
	/* What it does not have may be in the keyring. */
	script(world->keyring, open_keyring);
	world->secrets.keyring = world->keyring;
	keep(world, "T", SECRET_IN_KEYRING);
	expect(world, "T", SECRET_IN_KEYRING);
}

/* A file that others may read is not passed by in silence. */
static void an_open_file_is_refused_all_the_same(void **state)
{
	struct world *world = *state;
	char path[64];
	snprintf(path, sizeof(path), "%s/secrets", world->dir);
	keep(world, "T", SECRET_IN_FILE);
	chmod(path, 0644);
	script(world->keyring, open_keyring);
	world->secrets.keyring = world->keyring;
	struct err err = {0};
	assert_null(secrets_get(&world->secrets, "work", NULL, &err));
	assert_int_equal(err.code, ERR_IO);
}

static void children(void **state)
{
	(void)state;
	struct err err = {0};
	struct str out = {0};
	int status = -2;
	char *const cat[] = {(char *)"cat", NULL}, *const none[] = {(char *)"/no/such", NULL};
	char *big = xcalloc(1, CHILD_MAX_OUTPUT / 2 + 1);
	memset(big, 'x', CHILD_MAX_OUTPUT / 2);
	assert_true(child_run(cat, big, 60000, &out, &status, &err));
	assert_int_equal(out.len, CHILD_MAX_OUTPUT / 2);
	assert_int_equal(status, 0);
	free(big);
	str_clear(&out);
	char *const deaf[] = {(char *)"sh", (char *)"-c", (char *)"exit 7", NULL};
	assert_true(child_run(deaf, "input", 60000, &out, &status, &err));
	assert_int_equal(status, 7);
	assert_false(child_run(none, NULL, 60000, &out, &status, &err));
	char *const slow[] = {(char *)"sleep", (char *)"60", NULL};
	assert_false(child_run(slow, NULL, 20, &out, &status, &err));
	assert_non_null(strstr(err.text, "in time"));
	char *const loud[] = {(char *)"yes", NULL};
	assert_false(child_run(loud, NULL, 60000, &out, &status, &err));
	assert_non_null(strstr(err.text, "too much"));
	str_finish(&out);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(without_a_keyring_the_file),
	        TEST(an_open_keyring_keeps_it),
	        TEST(a_locked_keyring_is_passed_by),
	        TEST(a_keyring_that_is_not_there),
	        TEST(the_users_command),
	        TEST(a_command_that_fails),
	        TEST(an_open_file_is_refused_all_the_same),
	        cmocka_unit_test(children),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
