#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "db/db.h"
#include "db_dir.h"

static const char *const first_steps[] = {"CREATE TABLE a(n); INSERT INTO a VALUES(1);", NULL};
static const char *const more_steps[] = {"CREATE TABLE a(n); INSERT INTO a VALUES(1);",
        "CREATE TABLE b(n); INSERT INTO b SELECT n+1 FROM a;", "UPDATE b SET n=n+1;", NULL};
static const char *const wrong_steps[] = {"CREATE TABLE a(n); INSERT INTO a VALUES(1);",
        "INSERT INTO a VALUES(2); INSERT INTO nowhere VALUES(1);", NULL};
static const struct db_schema first = {first_steps, "FULL", false};
static const struct db_schema more = {more_steps, "NORMAL", false};
static const struct db_schema wrong = {wrong_steps, "NORMAL", false};
static const struct db_schema spared = {more_steps, "NORMAL", true};

static int64_t number(sqlite3 *db, const char *sql)
{
	int64_t n = -1;
	struct err err = {0};
	if (!db_number(db, sql, &n, &err)) fail_msg("%s", err.text);
	return n;
}

static sqlite3 *must_open_db(const char *path, const struct db_schema *schema)
{
	sqlite3 *db = NULL;
	struct err err = {0};
	if (!db_open(path, schema, &db, &err)) fail_msg("%s", err.text);
	return db;
}

static void no_copy_is_kept_where_none_is_wanted(void **state)
{
	const char *dir = *state;
	char path[256], copy[300];
	snprintf(path, sizeof path, "%s/x.db", dir);
	snprintf(copy, sizeof copy, "%s.before-2", path);
	db_close(must_open_db(path, &first));
	sqlite3 *db = must_open_db(path, &spared);
	assert_int_equal(number(db, "SELECT n FROM b"), 3);
	db_close(db);
	assert_int_not_equal(access(copy, F_OK), 0);
}

static void an_older_file_is_migrated_and_a_copy_kept(void **state)
{
	const char *dir = *state;
	char path[256], copy[300];
	snprintf(path, sizeof path, "%s/x.db", dir);
	snprintf(copy, sizeof copy, "%s.before-2", path);
	sqlite3 *db = must_open_db(path, &first);
	assert_int_equal(number(db, "PRAGMA user_version"), 1);
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	db_close(db);
	assert_int_not_equal(access(copy, F_OK), 0);

	db = must_open_db(path, &more);
	assert_int_equal(number(db, "PRAGMA user_version"), 3);
	assert_int_equal(number(db, "SELECT n FROM b"), 3);
	assert_int_equal(number(db, "PRAGMA synchronous"), 1);
	assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
	db_close(db);
	assert_int_equal(access(copy, F_OK), 0);
	db = must_open_db(copy, &first);
	assert_int_equal(number(db, "SELECT n FROM a"), 1);
	db_close(db);
}

static void a_failed_step_leaves_the_old_file(void **state)
{
	const char *dir = *state;
	char path[256];
	snprintf(path, sizeof path, "%s/x.db", dir);
	db_close(must_open_db(path, &first));
	sqlite3 *db = NULL;
	struct err err = {0};
	assert_false(db_open(path, &wrong, &db, &err));
	assert_null(db);
	assert_non_null(strstr(err.text, "no such table: nowhere"));

	db = must_open_db(path, &first);
	assert_int_equal(number(db, "SELECT sum(n) FROM a"), 1);
	db_close(db);
}

/* A file that was made before there were versions, or by something else. */
static void a_file_without_a_version_gets_all_steps(void **state)
{
	const char *dir = *state;
	char path[256];
	sqlite3 *db;
	snprintf(path, sizeof path, "%s/x.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE other(n)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);

	db = must_open_db(path, &more);
	assert_int_equal(number(db, "SELECT n FROM b"), 3);
	db_close(db);
}

static void a_newer_file_is_left_alone(void **state)
{
	const char *dir = *state;
	char path[256];
	snprintf(path, sizeof path, "%s/x.db", dir);
	db_close(must_open_db(path, &more));
	sqlite3 *db = NULL;
	struct err err = {0};
	assert_false(db_open(path, &first, &db, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "format 3 and this stoa knows up to 1"));
}

static void what_is_no_database_is_said(void **state)
{
	const char *dir = *state;
	char path[256];
	snprintf(path, sizeof path, "%s/x.db", dir);
	FILE *file = fopen(path, "w");
	for (int i = 0; i < 200; i++)
		fputs("this is a diary\n", file);
	fclose(file);
	sqlite3 *db = NULL;
	struct err err = {0};
	assert_false(db_open(path, &first, &db, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.text, "not a database"));
}

static void only_the_owner_may_read_it(void **state)
{
	const char *dir = *state;
	char path[256];
	struct stat st;
	snprintf(path, sizeof path, "%s/x.db", dir);
	umask(0);
	db_close(must_open_db(path, &first));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(chmod(path, 0644), 0);
	db_close(must_open_db(path, &first));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void errors_name_their_kind(void **state)
{
	(void)state;
	sqlite3 *db = must_open_db(NULL, &first);
	struct err err = {0};
	assert_false(db_exec(db, "nonsense", &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_true(db_exec(db, "PRAGMA max_page_count=1", &err));
	assert_false(db_run(db, "cannot save", &err, "INSERT INTO a VALUES(zeroblob(?))", "i",
	        (int64_t)100000));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.text, "cannot save: database or disk is full");
	assert_true(db_check(db, &err));
	db_close(db);
	db_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                an_older_file_is_migrated_and_a_copy_kept, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                no_copy_is_kept_where_none_is_wanted, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_failed_step_leaves_the_old_file, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_file_without_a_version_gets_all_steps, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(a_newer_file_is_left_alone, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(what_is_no_database_is_said, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(only_the_owner_may_read_it, dir_make, dir_drop),
	        cmocka_unit_test(errors_name_their_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
