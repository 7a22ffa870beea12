#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "archive_pages.h"
#include "base/mem.h"
#include "base/random.h"
#include "db/archive_inside.h"
#include "db/db.h"
#include "db/queue_db.h"
#include "db_dir.h"

enum { PAGE_POSTS = 10 };
static const int64_t first_ms = INT64_C(1700000000000);

/* Page n of source s: its posts say its number; letters that cannot be packed. */
static struct page *numbered_page(int n)
{
	struct page *page = page_new();
	struct random random;
	random_init(&random, (uint64_t)n + 1);
	for (int i = PAGE_POSTS; i-- > 0;) {
		char name[32], body[400];
		snprintf(name, sizeof name, "n%d-%d", n, i);
		int len = snprintf(body, sizeof body, "page%d xx ", n);
		for (int k = 0; k < 300; k++)
			body[len + k] = (char)('a' + random_below(&random, 26));
		body[len + 300] = '\0';
		page_sample(
		        page, &(struct sample){.name = name,
		                      .body = body,
		                      .at_ms = first_ms + ((int64_t)n * PAGE_POSTS + i) * 10000});
	}
	return page;
}

static void save_numbered(struct archive *archive, int n)
{
	struct err err = {0};
	char state[32];
	struct page *page = numbered_page(n);
	snprintf(state, sizeof state, "%d", n);
	if (!archive_save(archive, "s", page, state, &err)) fail_msg("%s", err.text);
	page_free(page);
}

/* Rows there are, walked in slices. */
static int count_rows(struct archive *archive)
{
	int64_t before_ms = INT64_MAX;
	int n = 0;
	for (;;) {
		struct page *page = must_load(archive, "s", before_ms, 100);
		size_t rows = page->nentries;
		if (rows > 0) before_ms = page->entries[rows - 1].sort_ms;
		page_free(page);
		if (rows == 0) return n;
		n += (int)rows;
	}
}

static void path_in(char out[256], const char *dir)
{
	snprintf(out, 256, "%s/archive.db", dir);
}

static void fill(const char *path, int pages)
{
	struct archive *archive = must_open(path);
	for (int n = 0; n < pages; n++)
		save_numbered(archive, n);
	archive_close(archive);
}

static void ruin(const char *path, off_t from, off_t to)
{
	int fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	for (off_t at = from; at < to; at += 8)
		assert_int_equal(pwrite(fd, "stoastoa", 8, at), 8);
	close(fd);
}

static void a_newer_archive_is_refused(void **state)
{
	char path[256];
	path_in(path, *state);
	fill(path, 1);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA user_version=50", NULL, NULL, NULL);
	sqlite3_close(db);

	struct archive *archive = NULL;
	char *notice = NULL;
	struct err err = {0};
	assert_false(archive_open(path, &archive, &notice, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_null(archive);
	assert_int_equal(access(path, F_OK), 0);
}

static void a_file_that_is_no_database_is_set_aside(void **state)
{
	char path[256], aside[300];
	path_in(path, *state);
	snprintf(aside, sizeof aside, "%s.damaged-1", path);
	fill(path, 3);
	ruin(path, 0, 4096);

	struct archive *archive = NULL;
	char *notice = NULL;
	struct err err = {0};
	assert_true(archive_open(path, &archive, &notice, &err));
	assert_non_null(strstr(notice, "the archive was damaged"));
	assert_non_null(strstr(notice, "archive.db.damaged-1"));
	free(notice);
	assert_int_equal(access(aside, F_OK), 0);
	assert_int_equal(count_rows(archive), 0);
	save_numbered(archive, 1);
	assert_int_equal(count_rows(archive), PAGE_POSTS);
	archive_close(archive);
}

/* Two pages in the middle of the table of posts; a page holds about ten posts. */
static void what_can_be_read_is_carried_over(void **state)
{
	char path[256];
	path_in(path, *state);
	fill(path, 60);
	sqlite3 *db;
	int64_t page_no = 0, posts = 0, bytes;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_true(db_number(db,
	        "SELECT pageno FROM dbstat WHERE name='post' AND pagetype='leaf'"
	        " ORDER BY path LIMIT 1 OFFSET 5",
	        &page_no, NULL));
	sqlite3_close(db);
	assert_true(page_no > 1);
	ruin(path, (off_t)(page_no - 1) * 4096, (off_t)page_no * 4096);

	struct archive *archive = NULL;
	char *notice = NULL;
	struct err err = {0};
	assert_true(archive_open_damaged(path, &archive, &notice, &err));
	assert_true(archive_size(archive, &posts, &bytes, &err));
	assert_true(posts < 600 && posts > 540);
	assert_int_equal(count_rows(archive), posts);
	char said[64];
	snprintf(said, sizeof said, "damaged: %d posts", (int)posts);
	assert_non_null(strstr(notice, said));
	free(notice);
	struct page *page = search_page(archive, "page59", 100, &err);
	assert_non_null(page);
	assert_int_equal(page->nentries, PAGE_POSTS);
	page_free(page);
	char *kept = NULL;
	assert_true(archive_state(archive, "s", &kept, &err));
	assert_string_equal(kept, "59");
	free(kept);
	archive_close(archive);
}

static void the_first_leaf_costs_only_itself(void **state)
{
	char path[256];
	path_in(path, *state);
	fill(path, 60);
	sqlite3 *db;
	int64_t page_no = 0, posts = 0, bytes;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_true(db_number(db,
	        "SELECT pageno FROM dbstat WHERE name='post' AND pagetype='leaf'"
	        " ORDER BY path LIMIT 1",
	        &page_no, NULL));
	sqlite3_close(db);
	ruin(path, (off_t)(page_no - 1) * 4096, (off_t)page_no * 4096);

	struct archive *archive = NULL;
	char *notice = NULL;
	struct err err = {0};
	assert_true(archive_open_damaged(path, &archive, &notice, &err));
	assert_true(archive_size(archive, &posts, &bytes, &err));
	assert_true(posts < 600 && posts > 570);
	free(notice);
	archive_close(archive);
}

static void a_full_disk_is_said_and_survived(void **state)
{
	char path[256];
	path_in(path, *state);
	struct archive *archive = must_open(path);
	struct err err = {0};
	int64_t pages = 0;
	char pragma[64];
	save_numbered(archive, 0);
	assert_true(db_number(archive->db, "PRAGMA page_count", &pages, &err));
	snprintf(pragma, sizeof pragma, "PRAGMA max_page_count=%d", (int)pages + 20);
	assert_true(db_exec(archive->db, pragma, &err));

	int n = 1;
	for (bool ok = true; ok; n += ok) {
		struct page *page = numbered_page(n);
		ok = archive_save(archive, "s", page, "late", &err);
		page_free(page);
		assert_true(n < 1000);
	}
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "database or disk is full"));
	assert_int_equal(count_rows(archive), n * PAGE_POSTS);
	assert_true(db_exec(archive->db, "PRAGMA max_page_count=100000", &err));
	save_numbered(archive, n);
	assert_int_equal(count_rows(archive), (n + 1) * PAGE_POSTS);
	archive_close(archive);
}

/* Saves pages until it is killed; the parent hears of each commit. */
static void save_for_ever(const char *path, int fd, int n)
{
	struct archive *archive = NULL;
	char *notice = NULL;
	struct err err = {0};
	if (!archive_open(path, &archive, &notice, &err) || notice) _exit(1);
	for (;; n++) {
		char number[32];
		struct page *page = numbered_page(n);
		snprintf(number, sizeof number, "%d", n);
		if (!archive_save(archive, "s", page, number, &err) || write(fd, "", 1) != 1)
			_exit(1);
		page_free(page);
		archive_tend(archive, 0);
	}
}

/* Let a child save until `pages` are committed and a little more, and kill it. */
static void save_and_kill(const char *path, int first, int pages, long more_ns)
{
	int fds[2], status = 0;
	char byte;
	assert_int_equal(pipe(fds), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(fds[0]);
		save_for_ever(path, fds[1], first);
	}
	close(fds[1]);
	for (int i = 0; i < pages; i++)
		assert_int_equal(read(fds[0], &byte, 1), 1);
	nanosleep(&(struct timespec){0, more_ns}, NULL);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	close(fds[0]);
}

static void a_killed_writer_leaves_whole_pages(void **state)
{
	char path[256];
	struct random random;
	struct err err = {0};
	int saved = 0;
	path_in(path, *state);
	random_init(&random, 11);
	for (int round = 0; round < 25; round++) {
		int pages = 1 + (int)random_below(&random, 6);
		save_and_kill(path, saved, pages, (long)random_below(&random, 3000000));

		struct archive *archive = must_open(path);
		char *kept = NULL;
		assert_true(archive_state(archive, "s", &kept, &err));
		int last = atoi(kept) + 1;
		free(kept);
		assert_true(last >= saved + pages);
		assert_int_equal(count_rows(archive), last * PAGE_POSTS);
		sqlite3_stmt *stmt;
		assert_int_equal(
		        sqlite3_prepare_v2(archive->db, "PRAGMA integrity_check", -1, &stmt, NULL),
		        SQLITE_OK);
		assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
		assert_string_equal(db_text(stmt, 0), "ok");
		sqlite3_finalize(stmt);
		archive_close(archive);
		saved = last;
	}
}

static char *read_all(const char *path, size_t *out_len)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	char *bytes = xmalloc((size_t)st.st_size);
	assert_int_equal(read(fd, bytes, (size_t)st.st_size), st.st_size);
	close(fd);
	*out_len = (size_t)st.st_size;
	return bytes;
}

static void write_all(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void flip(char *bytes, size_t len, struct random *random)
{
	size_t at = random_below(random, 4) == 0 ? random_below(random, 4096)
	                                         : random_below(random, len);
	for (uint64_t n = 1 + random_below(random, 20); n > 0 && at < len; n--, at++)
		bytes[at] ^= (char)(1 + random_below(random, 255));
}

/* Everything is tried; what it answers may be wrong, but it must answer. */
static void use_archive(const char *path)
{
	struct archive *archive = NULL;
	char *notice = NULL, *kept = NULL;
	struct err err = {0};
	if (!archive_open(path, &archive, &notice, &err)) {
		assert_true(err.text[0]);
		return;
	}
	free(notice);
	struct page *page = NULL;
	if (archive_load(archive, "s", INT64_MAX, 1000, &page, &err)) page_free(page);
	page_free(search_page(archive, "page1 OR from:ada xx", 100, &err));
	if (archive_state(archive, "s", &kept, &err)) free(kept);
	page = numbered_page(3);
	archive_save(archive, "s", page, "x", &err);
	page_free(page);
	archive_gone(archive, 0, "https://m.example/n3-3", &err);
	archive_tend(archive, first_ms + 50000);
	archive_close(archive);
}

static void unlink_all(const char *path)
{
	static const char *const suffixes[] = {
	        "", "-wal", "-shm", ".damaged-1", ".damaged-1-wal", ".damaged-1-shm"};
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		char name[300];
		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

static void flipped_bytes_never_crash(void **state)
{
	char path[256];
	struct random random;
	size_t len;
	path_in(path, *state);
	fill(path, 12);
	random_init(&random, 5);
	char *good = read_all(path, &len), *bad = xmalloc(len);
	for (int round = 0; round < 300; round++) {
		memcpy(bad, good, len);
		flip(bad, len, &random);
		unlink_all(path);
		write_all(path, bad, round % 10 ? len : random_below(&random, len));
		use_archive(path);
	}
	free(good);
	free(bad);
}

static void count_account(void *ctx, struct account *account)
{
	*(int *)ctx += 1;
	account_free(account);
}

static void count_value(void *ctx, const char *key, const char *value)
{
	(void)key;
	*(int *)ctx += value[0] != '\0';
}

/* Whatever happens to queue.db: what was in it is not lost without a word. */
static void a_flipped_queue_is_never_emptied(void **state)
{
	char path[256];
	struct random random;
	struct err err = {0};
	size_t len;
	snprintf(path, sizeof path, "%s/queue.db", (const char *)*state);
	struct queue_db *db = NULL;
	assert_true(queue_db_open(path, &db, &err));
	for (int i = 0; i < 200; i++) {
		char key[32];
		snprintf(key, sizeof key, "key%d", i);
		assert_true(queue_db_put(db, key, "a value that takes some room", &err));
	}
	queue_db_close(db);
	random_init(&random, 6);
	char *good = read_all(path, &len), *bad = xmalloc(len);
	int refused = 0;
	for (int round = 0; round < 300; round++) {
		memcpy(bad, good, len);
		flip(bad, len, &random);
		unlink_all(path);
		write_all(path, bad, len);
		int accounts = 0, values = 0;
		db = NULL;
		if (!queue_db_open(path, &db, &err)) {
			assert_true(err.text[0]);
			refused++;
		} else if (queue_db_accounts(db, count_account, &accounts, &err)) {
			assert_int_equal(accounts, 1);
			assert_true(queue_db_values(db, count_value, &values, &err));
			assert_int_equal(values, 200);
		}
		queue_db_close(db);
		assert_int_equal(access(path, F_OK), 0);
	}
	assert_true(refused > 15); /* else the harm was none */
	free(good);
	free(bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_newer_archive_is_refused, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_file_that_is_no_database_is_set_aside, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                what_can_be_read_is_carried_over, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                the_first_leaf_costs_only_itself, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_full_disk_is_said_and_survived, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_killed_writer_leaves_whole_pages, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(flipped_bytes_never_crash, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_flipped_queue_is_never_emptied, dir_make, dir_drop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
