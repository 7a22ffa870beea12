/* Rows of posts on their way out: who may change them, and what a bad disk does to them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/random.h"
#include "base/str.h"
#include "db/queue_db.h"
#include "db/queue_outbox.h"
#include "db_dir.h"

enum { NOW_MS = 1000000 };

/* In place of libc's: SQLite is linked to this one. */
static bool sync_fails;

int fdatasync(int fd)
{
	if (!sync_fails) return fsync(fd);
	errno = EIO;
	return -1;
}

static struct queue_db *open_queue(const char *path)
{
	struct queue_db *db = NULL;
	struct err err = {0};
	if (!queue_db_open(path, &db, &err)) fail_msg("%s", err.text);
	return db;
}

static struct queue_db *open_in(void *const *state, char path[600])
{
	snprintf(path, 600, "%s/queue.db", (char *)*state);
	return open_queue(path);
}

static struct outgoing *a_post(const char *text)
{
	struct outgoing *item = xcalloc(1, sizeof(*item));
	item->account = 2;
	item->text = xstrdup(text);
	item->key = xstrdup("key");
	item->at.utc_ms = 500;
	item->media = xcalloc(1, sizeof(*item->media));
	return item;
}

static int64_t put(struct queue_db *db, const char *text)
{
	struct err err = {0};
	struct outgoing *item = a_post(text);
	if (!queue_db_send(db, &item, 1, 0, NOW_MS, &err)) fail_msg("%s", err.text);
	int64_t id = item->id;
	outgoing_free(item);
	return id;
}

static void all_of_it_comes_back(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct err err = {0};
	struct outgoing *item = a_post("text \"with\" quotes");
	item->warning = xstrdup("w");
	item->lang = xstrdup("nl");
	item->visibility = VIS_DIRECT;
	item->visibility_set = item->sensitive = item->keep = true;
	item->late = DRAFT_LATE_DROP;
	item->via = DRAFT_VIA_SERVER;
	strcpy(item->at.wall, "2026-12-24 08:00");
	strcpy(item->at.zone, "Europe/Amsterdam");
	item->nmedia = 1;
	item->media[0] = (struct outgoing_media){
	        .path = xstrdup("/p"), .alt = xstrdup("a"), .made = xstrdup("{\"x\":1}")};
	item->poll = xcalloc(1, sizeof(*item->poll));
	item->poll->options = xcalloc(2, sizeof(char *));
	item->poll->options[0] = xstrdup("yes");
	item->poll->options[1] = xstrdup("no");
	item->poll->noptions = 2;
	item->poll->for_s = 3600;
	assert_true(queue_db_send(db, &item, 1, 0, NOW_MS, &err));
	struct outgoing *back = queue_db_outgoing(db, item->id, &err);
	struct str before = {0}, after = {0};
	outgoing_print(&before, item);
	outgoing_print(&after, back);
	assert_string_equal(before.p, after.p);
	assert_false(back->damaged);
	assert_string_equal(back->at.zone, "Europe/Amsterdam");
	assert_int_equal(back->keep, 1);
	str_finish(&before);
	str_finish(&after);
	outgoing_free(item);
	outgoing_free(back);
	queue_db_close(db);
}

static void of_two_writers_the_second_is_told(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct err err = {0};
	int64_t id = put(db, "x");
	struct outgoing *a = queue_db_outgoing(db, id, &err);
	struct outgoing *b = queue_db_outgoing(db, id, &err);
	a->state = OUTGOING_CANCELLED;
	assert_int_equal(queue_db_step(db, a, 0, NOW_MS, &err), QUEUE_STEP_DONE);
	b->state = OUTGOING_SENDING;
	assert_int_equal(queue_db_step(db, b, 0, NOW_MS, &err), QUEUE_STEP_LOST);
	outgoing_free(a);
	a = queue_db_outgoing(db, id, &err);
	assert_int_equal(a->state, OUTGOING_CANCELLED);
	outgoing_free(a);
	outgoing_free(b);
	queue_db_close(db);
}

static void a_hold_stops_the_step_itself(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct err err = {0};
	struct outgoing *item = queue_db_outgoing(db, put(db, "x"), &err);
	assert_true(queue_db_hold(db, 2, true, NOW_MS, &err));
	item->state = OUTGOING_SENDING;
	assert_int_equal(
	        queue_db_step(db, item, QUEUE_STEP_UNLESS_HELD, NOW_MS, &err), QUEUE_STEP_HELD);
	assert_true(queue_db_hold(db, 0, false, NOW_MS, &err));
	assert_int_equal(
	        queue_db_step(db, item, QUEUE_STEP_UNLESS_HELD, NOW_MS, &err), QUEUE_STEP_DONE);
	outgoing_free(item);
	queue_db_close(db);
}

/* Several processes claim what is due, without any lock: each row goes to one of them. */
static void claim_all(const char *path, const char *log)
{
	struct queue_db *db = open_queue(path);
	FILE *out = fopen(log, "a");
	setvbuf(out, NULL, _IOLBF, 0); /* a line is one write, which none of another splits */
	for (int idle = 0; idle < 3;) {
		struct outgoing **items = NULL;
		size_t n = 0;
		struct err err = {0};
		if (!queue_db_due(db, NOW_MS, 5, &items, &n, &err)) continue;
		idle = n ? 0 : idle + 1;
		for (size_t i = 0; i < n; i++) {
			items[i]->state = OUTGOING_CLAIMED;
			if (queue_db_step(db, items[i], QUEUE_STEP_LAZY, NOW_MS, &err) ==
			        QUEUE_STEP_DONE)
				fprintf(out, "%lld\n", (long long)items[i]->id);
		}
		outgoing_list_free(items, n);
	}
	fclose(out);
	queue_db_close(db);
}

static void no_row_is_claimed_twice(void **state)
{
	const char *wanted = getenv("STOA_CLAIMS");
	const int rows = wanted ? atoi(wanted) : 500;
	enum { PROCESSES = 4 };
	char path[600], log[620];
	struct queue_db *db = open_in(state, path);
	struct outgoing **items = xcalloc((size_t)rows, sizeof(*items));
	struct err err = {0};
	for (int i = 0; i < rows; i++)
		items[i] = a_post("x");
	assert_true(queue_db_send(db, items, (size_t)rows, 0, NOW_MS, &err));
	outgoing_list_free(items, (size_t)rows);
	queue_db_close(db);
	snprintf(log, sizeof(log), "%s.claims", path);
	pid_t pids[PROCESSES];
	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			claim_all(path, log);
			_exit(0);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;
		waitpid(pids[i], &status, 0);
		assert_int_equal(status, 0);
	}
	FILE *in = fopen(log, "r");
	int *times = xcalloc((size_t)rows + 1, sizeof(*times)), id;
	while (fscanf(in, "%d", &id) == 1) {
		assert_in_range(id, 1, rows);
		times[id]++;
	}
	fclose(in);
	for (int i = 1; i <= rows; i++)
		assert_int_equal(times[i], 1);
	free(times);
}

static void after_a_failed_sync_nothing_more_is_written(void **state)
{
	char path[600];
	struct queue_db *db = open_in(state, path);
	struct err err = {0};
	struct outgoing *item = queue_db_outgoing(db, put(db, "x"), &err);
	sync_fails = true;
	item->state = OUTGOING_SENDING;
	assert_int_equal(queue_db_step(db, item, 0, NOW_MS, &err), QUEUE_STEP_FAILED);
	sync_fails = false;
	assert_true(queue_db_is_broken(db));
	assert_int_equal(queue_db_step(db, item, 0, NOW_MS, &err), QUEUE_STEP_FAILED);
	assert_non_null(strstr(err.text, "nothing more is sent"));
	outgoing_free(item);
	queue_db_close(db);
}

/* -- damage -- */

static void count_rows(void *ctx, struct outgoing *item)
{
	size_t *counts = ctx;
	counts[0]++;
	counts[1] += item->damaged;
	/* What is not called damaged is what was written. */
	if (!item->damaged && strncmp(item->text, "precious", 8) != 0) counts[2]++;
	if (!item->damaged && item->at.utc_ms != 500) counts[2]++;
	outgoing_free(item);
}

static char *bytes_of(const char *path, unsigned long *len)
{
	char *bytes = NULL;
	assert_true(paths_read(path, 64 << 20, &bytes, len, NULL));
	return bytes;
}

/* However a byte is turned: refused with a sentence, or all rows are there, or called damaged. */
static void no_turned_byte_goes_unseen(void **state)
{
	const char *wanted = getenv("STOA_FLIPS");
	const int flips = wanted ? atoi(wanted) : 300;
	enum { ROWS = 40 };
	char path[600];
	struct queue_db *db = open_in(state, path);
	for (int i = 0; i < ROWS; i++) {
		char text[300];
		snprintf(text, sizeof(text), "precious %0200d", i);
		put(db, text);
	}
	queue_db_close(db);
	unsigned long len;
	char *good = bytes_of(path, &len), wal[620];
	struct random random;
	random_init(&random, 7);
	int refused = 0, seen = 0, harmless = 0;
	for (int i = 0; i < flips; i++) {
		struct err err = {0};
		size_t counts[3] = {0}, at = random_below(&random, len);
		int64_t seq = 0;
		char was = good[at];
		good[at] = (char)(was ^ (1 << random_below(&random, 8)));
		assert_true(paths_write(path, good, len, 0600, NULL));
		good[at] = was;
		db = NULL;
		bool ok = queue_db_open(path, &db, &err) &&
		          queue_db_changed(db, &seq, 200, count_rows, counts, &err);
		if (ok) {
			assert_int_equal(counts[2], 0);
			assert_int_equal(counts[0], ROWS);
			*(counts[1] ? &seen : &harmless) += 1;
		} else {
			assert_true(strlen(err.text) > 10);
			refused++;
		}
		queue_db_close(db);
		for (int j = 0; j < 2; j++) {
			snprintf(wal, sizeof(wal), "%s-%s", path, j ? "shm" : "wal");
			unlink(wal);
		}
	}
	print_message("%d bytes turned: %d refused, %d rows called damaged, %d without harm\n",
	        flips, refused, seen, harmless);
	assert_true(refused > 0 && seen > 0);
	free(good);
}

static void a_damaged_queue_is_recovered(void **state)
{
	char path[600];
	struct err err = {0};
	struct queue_db *db = open_in(state, path);
	for (int i = 0; i < 60; i++) {
		char text[600];
		snprintf(text, sizeof(text), "precious %0500d", i);
		put(db, text);
	}
	assert_true(queue_db_backup(db, 1795000000000, &err));
	put(db, "precious, and newer than the backup");
	queue_db_close(db);
	int fd = open(path, O_WRONLY);
	char junk[4096];
	memset(junk, 0x5a, sizeof(junk));
	assert_int_equal(pwrite(fd, junk, sizeof(junk), 6 * 4096), (int)sizeof(junk));
	close(fd);
	assert_false(queue_db_open(path, &db, &err));
	assert_non_null(strstr(err.text, "backup"));
	char *said = NULL;
	if (!queue_db_recover(path, NOW_MS, &said, &err)) fail_msg("%s", err.text);
	assert_non_null(strstr(said, "damaged-1"));
	free(said);
	db = open_queue(path);
	size_t counts[3] = {0};
	int64_t seq = 0;
	assert_true(queue_db_changed(db, &seq, 200, count_rows, counts, &err));
	assert_true(counts[0] >= 60);
	assert_int_equal(counts[1] + counts[2], 0);
	struct outgoing **items = NULL;
	size_t n = 0;
	assert_true(queue_db_in_state(db, OUTGOING_NEEDS_YOU, 0, &items, &n, &err));
	for (size_t i = 0; i < n; i++)
		assert_non_null(strstr(items[i]->cause, "backup"));
	outgoing_list_free(items, n);
	queue_db_close(db);
	char aside[640];
	snprintf(aside, sizeof(aside), "%s.damaged-1", path);
	assert_int_equal(access(aside, F_OK), 0);
	said = NULL;
	assert_true(queue_db_recover(path, NOW_MS, &said, &err));
	assert_string_equal(said, "nothing is damaged");
	free(said);
}

static void a_copy_can_be_read_and_refuses_posts(void **state)
{
	char path[600];
	struct err err = {0};
	struct queue_db *db = open_in(state, path), *copy = NULL;
	put(db, "precious");
	queue_db_close(db);
	assert_true(queue_db_open_copy(path, "the disk is read-only", &copy, &err));
	size_t counts[3] = {0};
	int64_t seq = 0;
	assert_true(queue_db_changed(copy, &seq, 200, count_rows, counts, &err));
	assert_int_equal(counts[0], 1);
	struct outgoing *item = a_post("no");
	assert_false(queue_db_send(copy, &item, 1, 0, NOW_MS, &err));
	assert_string_equal(err.text, "the disk is read-only");
	outgoing_free(item);
	queue_db_close(copy);
}

int main(void)
{
#define DISK(f) cmocka_unit_test_setup_teardown(f, dir_make, dir_drop)
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(all_of_it_comes_back),
	        cmocka_unit_test(of_two_writers_the_second_is_told),
	        cmocka_unit_test(a_hold_stops_the_step_itself),
	        DISK(no_row_is_claimed_twice),
	        DISK(after_a_failed_sync_nothing_more_is_written),
	        DISK(no_turned_byte_goes_unseen),
	        DISK(a_damaged_queue_is_recovered),
	        DISK(a_copy_can_be_read_and_refuses_posts),
	};
#undef DISK
	return cmocka_run_group_tests(tests, NULL, NULL);
}
