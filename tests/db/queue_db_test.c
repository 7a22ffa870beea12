#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/db.h"
#include "db/queue_db.h"
#include "db/queue_record.h"
#include "db_dir.h"

static const int64_t day_ms = INT64_C(86400000);
static const int64_t now_ms = INT64_C(1790000000000); /* 2026-09-21 */

static struct queue_db *open_queue(const char *path)
{
	struct queue_db *db = NULL;
	struct err err = {0};
	if (!queue_db_open(path, &db, &err)) fail_msg("%s", err.text);
	return db;
}

static void see_account(void *ctx, struct account *account)
{
	str_addf(ctx, "%u %s %s %s %s %s %u;", account->id, account->name, account->network,
	        account->host, account->handle, account->uri, account->caps);
	account_free(account);
}

static void see_feed(void *ctx, struct feed *feed)
{
	str_addf(ctx, "%s %s %s %s %s;", feed->name, feed->url, feed->title, feed->groups,
	        feed->site);
	feed_free(feed);
}

static void see_value(void *ctx, const char *key, const char *value)
{
	str_addf(ctx, "%s=%s;", key, value);
}

static struct account *ada(const char *name)
{
	struct account account = {.name = (char *)(uintptr_t)name,
	        .network = (char *)(uintptr_t) "mastodon",
	        .host = (char *)(uintptr_t) "m.example",
	        .handle = (char *)(uintptr_t) "ada@m.example",
	        .uri = (char *)(uintptr_t) "https://m.example/users/ada",
	        .caps = 3};
	return account_copy(&account);
}

static void accounts_keep_their_numbers(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct account *work = ada("work"), *home = ada("home"), *again = ada("work");
	struct str seen = {0};
	struct err err = {0};

	assert_true(queue_db_put_account(db, work, &err));
	assert_int_equal(work->id, 2);
	assert_false(queue_db_put_account(db, again, &err));
	assert_string_equal(err.text, "there is an account called 'work' already");
	assert_true(queue_db_drop_account(db, work->id, &err));
	assert_true(queue_db_put_account(db, home, &err));
	assert_int_equal(home->id, 3);
	free(home->handle);
	home->handle = xstrdup("ada@new.example");
	assert_true(queue_db_put_account(db, home, &err));
	assert_false(queue_db_drop_account(db, ACCOUNT_FEEDS, &err));
	assert_true(queue_db_accounts(db, see_account, &seen, &err));
	assert_string_equal(str_c(&seen),
	        "1 feeds feed    0;"
	        "3 home mastodon m.example ada@new.example https://m.example/users/ada 3;");
	str_finish(&seen);
	account_free(work);
	account_free(home);
	account_free(again);
	queue_db_close(db);
}

static void see_all(void *ctx, struct account *account)
{
	const struct limits *limits = &account->limits;
	if (account->id != ACCOUNT_FEEDS)
		str_addf(ctx, "%s %s %s %s %u %u/%u/%u %llu %lld;", account->name,
		        account->remote_id, account->software, account->streaming, account->api,
		        limits->text, limits->poll_max_s, limits->alt_text,
		        (unsigned long long)limits->video_bytes, (long long)account->learned_ms);
	account_free(account);
}

static void what_a_server_was_found_to_be_is_kept(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct account *work = ada("work");
	struct str seen = {0};
	struct err err = {0};
	account_set(&work->remote_id, "0042");
	account_set(&work->software, "mastodon 4.5.2");
	account_set(&work->streaming, "wss://s.m.example");
	work->api = 7;
	work->limits = (struct limits){
	        .text = UINT32_MAX, .poll_max_s = 300, .video_bytes = INT64_C(1) << 40};
	work->learned_ms = now_ms;
	assert_true(queue_db_put_account(db, work, &err));
	assert_true(queue_db_accounts(db, see_all, &seen, &err));
	assert_string_equal(str_c(&seen),
	        "work 0042 mastodon 4.5.2 wss://s.m.example 7 4294967295/300/0 1099511627776"
	        " 1790000000000;");
	str_finish(&seen);
	account_free(work);
	queue_db_close(db);
}

/* The file as the first release wrote it, an account in it, and a column that makes no sense. */
static void an_older_file_learns_the_new_columns(void **state)
{
	char path[600];
	snprintf(path, sizeof(path), "%s/queue.db", (char *)*state);
	struct str seen = {0};
	struct err err = {0};
	struct account *work = ada("work");
	struct queue_db *db = open_queue(path);
	assert_true(queue_db_put_account(db, work, &err));
	queue_db_close(db);
	sqlite3 *raw = NULL;
	assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
	static const char *const columns[][2] = {
	        {"account", "remote_id"},
	        {"account", "software"},
	        {"account", "streaming"},
	        {"account", "api"},
	        {"account", "limits"},
	        {"account", "learned_ms"},
	        {"account", "labels"},
	        {"attention", "remote_id"},
	        {"metric", "followers"},
	};
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		char sql[80];
		snprintf(sql, sizeof(sql), "ALTER TABLE %s DROP COLUMN %s", columns[i][0],
		        columns[i][1]);
		assert_int_equal(sqlite3_exec(raw, sql, NULL, NULL, NULL), SQLITE_OK);
	}
	assert_int_equal(sqlite3_exec(raw,
	                         "DROP TABLE draft; DROP TABLE outgoing; DROP TABLE outgoing_change;"
	                         "DROP TABLE hold",
	                         NULL, NULL, NULL),
	        SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, "PRAGMA user_version=1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(raw);

	db = open_queue(path);
	assert_true(queue_db_accounts(db, see_all, &seen, &err));
	assert_string_equal(str_c(&seen), "work    0 0/0/0 0 0;");
	work->api = 2;
	assert_true(queue_db_put_account(db, work, &err));
	queue_db_close(db);
	assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
	assert_int_equal(
	        sqlite3_exec(raw,
	                "UPDATE account SET limits='{\"text\":-5,\"alt_text\":99999999999'", NULL,
	                NULL, NULL),
	        SQLITE_OK);
	sqlite3_close(raw);
	db = open_queue(path);
	str_clear(&seen);
	assert_true(queue_db_accounts(db, see_all, &seen, &err));
	assert_string_equal(str_c(&seen), "work    2 0/0/0 0 0;");
	queue_db_close(db);
	str_finish(&seen);
	account_free(work);
}

static void put_feed(struct queue_db *db, const char *name, const char *url, const char *title,
        const char *wanted_name)
{
	struct feed feed = {.name = xstrdup(name),
	        .url = (char *)(uintptr_t)url,
	        .title = (char *)(uintptr_t)title};
	struct err err = {0};
	assert_true(queue_db_put_feed(db, &feed, &err));
	assert_string_equal(feed.name, wanted_name);
	free(feed.name);
}

static void one_url_has_one_name(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct str seen = {0};
	struct err err = {0};
	bool was_there = false;

	put_feed(db, "lwn", "https://lwn.example/rss", "LWN", "lwn");
	put_feed(db, "news", "https://lwn.example/rss", "LWN.net", "lwn");
	put_feed(db, "xkcd", "https://xkcd.example/rss", "xkcd", "xkcd");
	put_feed(db, "xkcd", "https://xkcd.example/atom", "xkcd", "xkcd");
	assert_true(queue_db_feeds(db, see_feed, &seen, &err));
	assert_string_equal(str_c(&seen), "lwn https://lwn.example/rss LWN.net  ;"
	                                  "xkcd https://xkcd.example/atom xkcd  ;");
	assert_true(queue_db_has_feed(db, "lwn"));
	assert_true(queue_db_drop_feed(db, "lwn", &was_there, &err));
	assert_true(was_there);
	assert_true(queue_db_drop_feed(db, "lwn", &was_there, &err));
	assert_false(was_there);
	assert_false(queue_db_has_feed(db, "lwn"));
	str_finish(&seen);
	queue_db_close(db);
}

static void values_are_replaced_and_forgotten(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct str seen = {0};
	struct err err = {0};

	assert_true(queue_db_put(db, "b", "1", &err));
	assert_true(queue_db_put(db, "a", "1", &err));
	assert_true(queue_db_put(db, "a", "2", &err));
	assert_true(queue_db_put(db, "b", "", &err));
	assert_true(queue_db_put(db, "c", NULL, &err));
	assert_true(queue_db_values(db, see_value, &seen, &err));
	assert_string_equal(str_c(&seen), "a=2;");
	str_finish(&seen);
	queue_db_close(db);
}

static void newest_read_keys_come_back(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	uint64_t old[] = {UINT64_MAX, 2}, new[] = {1}, *keys = NULL;
	struct err err = {0};
	size_t n = 0;

	assert_true(queue_db_set_read(db, old, 2, true, 10, &err));
	assert_true(queue_db_set_read(db, new, 1, true, 20, &err));
	assert_true(queue_db_read_keys(db, 1, &keys, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(keys[0], 1);
	free(keys);
	assert_true(queue_db_set_read(db, &old[1], 1, false, 30, &err));
	assert_true(queue_db_read_keys(db, SIZE_MAX, &keys, &n, &err));
	assert_int_equal(n, 2);
	assert_true(keys[0] == 1 && keys[1] == UINT64_MAX);
	free(keys);
	assert_true(queue_db_set_read(db, NULL, 0, true, 40, &err));
	queue_db_close(db);
}

static int64_t number(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	int64_t n = -1;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_true(db_number(db, sql, &n, NULL));
	sqlite3_close(db);
	return n;
}

/* The state that it then has, times ten, and 1 when that is new. */
static int owe(struct queue_db *db, const char *uri, account_id account, enum attention state,
        int64_t at_ms)
{
	const struct attention_row row = {.uri = uri,
	        .remote_id = strrchr(uri, '/') + 1,
	        .account = account,
	        .state = state,
	        .at_ms = at_ms};
	bool changed = false;
	enum attention now = ATTENTION_NONE;
	assert_true(queue_db_attention(db, &row, &now, &changed, NULL));
	return 10 * (int)now + changed;
}

static void add_owed(void *ctx, const struct attention_row *row)
{
	str_addf(ctx, "%s %u %d;", row->uri, row->account, (int)row->state);
}

/* The URI of what was answered, "" when none is told. Until the next call. */
static const char *answer(struct queue_db *db, account_id account, const char *parent)
{
	static char text[100];
	char *uri = NULL;
	assert_true(queue_db_answered(db, account, parent, 5, &uri, NULL));
	snprintf(text, sizeof text, "%s", uri ? uri : "");
	free(uri);
	return text;
}

static void an_answer_is_found_by_address_or_by_the_servers_id(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);
	struct str all = {0};

	owe(db, "https://h/1", 2, ATTENTION_NEW, 1);
	owe(db, "https://h/1", 3, ATTENTION_NEW, 1);
	owe(db, "https://h/2", 2, ATTENTION_DONE, 2);
	/* Another server's post of that number is another post. */
	assert_string_equal(answer(db, 4, "1"), "");
	assert_string_equal(answer(db, 2, "1"), "https://h/1");
	assert_string_equal(answer(db, 2, "https://h/1"), "");
	/* All that waits, and only the newest of the rest. */
	owe(db, "https://h/3", 2, ATTENTION_NEW, 9);
	assert_true(queue_db_attentions(db, 100, add_owed, &all, NULL));
	assert_string_equal(
	        all.p, "https://h/2 2 3;https://h/1 2 2;https://h/1 3 2;https://h/3 2 0;");
	str_clear(&all);
	assert_true(queue_db_attentions(db, 1, add_owed, &all, NULL));
	assert_non_null(strstr(all.p, "https://h/3 2 0;"));
	assert_null(strstr(all.p, "https://h/2"));
	str_finish(&all);
	queue_db_close(db);
}

static void an_answer_may_be_seen_before_what_it_answers(void **state)
{
	(void)state;
	struct queue_db *db = open_queue(NULL);

	assert_string_equal(answer(db, 2, "8"), "");
	assert_string_equal(answer(db, 2, "https://h/9"), "https://h/9");
	assert_int_equal(owe(db, "https://h/8", 3, ATTENTION_NEW, 6), 10 * ATTENTION_NEW + 1);
	assert_int_equal(owe(db, "https://h/8", 2, ATTENTION_NEW, 6), 10 * ATTENTION_ANSWERED + 1);
	assert_int_equal(owe(db, "https://h/9", 2, ATTENTION_NEW, 6), 10 * ATTENTION_NEW);
	queue_db_close(db);
}

static void records_of_attention_add_up(void **state)
{
	const char *dir = *state;
	char path[256];
	snprintf(path, sizeof path, "%s/queue.db", dir);
	struct queue_db *db = open_queue(path);
	struct err err = {0};

	assert_true(queue_db_tally(db, "work/home", 3600000, 5, 4, &err));
	assert_true(queue_db_tally(db, "work/home", 3600000, 2, 1, &err));
	assert_int_equal(owe(db, "https://a", 2, ATTENTION_NEW, 1), 10 * ATTENTION_NEW + 1);
	assert_int_equal(owe(db, "https://a", 2, ATTENTION_DONE, 2), 10 * ATTENTION_DONE + 1);
	assert_int_equal(owe(db, "https://a", 2, ATTENTION_NEW, 3), 10 * ATTENTION_NEW);
	const struct metric first = {1, 1, 2, 3, -1}, second = {2, 1, 2, 4, -1};
	assert_true(queue_db_put_metric(db, "https://a", &first, &err));
	assert_true(queue_db_put_metric(db, "https://a", &second, &err));
	assert_true(queue_db_visit(db, "Home", 5, 60, &err));
	assert_true(queue_db_visit(db, "Home", 5, 90, &err));
	queue_db_close(db);

	assert_int_equal(number(path, "SELECT posts*100+authors FROM tally"), 704);
	assert_int_equal(
	        number(path, "SELECT state*100+at_ms FROM attention"), ATTENTION_DONE * 100 + 2);
	assert_int_equal(number(path, "SELECT sum(likes) FROM metric"), 7);
	assert_int_equal(number(path, "SELECT sum(seconds) FROM visit"), 90);
}

static int files_with(const char *dir, const char *part, mode_t *out_mode)
{
	int n = 0;
	DIR *open = opendir(dir);
	assert_non_null(open);
	for (struct dirent *entry; (entry = readdir(open));) {
		if (!strstr(entry->d_name, part)) continue;
		char path[512];
		struct stat st;
		snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		assert_int_equal(stat(path, &st), 0);
		*out_mode = st.st_mode & 0777;
		n++;
	}
	closedir(open);
	return n;
}

static void a_week_of_backups_is_kept(void **state)
{
	const char *dir = *state;
	char path[256], newest[300], oldest[300];
	snprintf(path, sizeof path, "%s/queue.db", dir);
	snprintf(newest, sizeof newest, "%s.backup-2026-09-30", path);
	snprintf(oldest, sizeof oldest, "%s.backup-2026-09-24", path);
	umask(0);
	struct queue_db *db = open_queue(path);
	struct err err = {0};
	mode_t mode = 0;

	for (int day = 0; day < 10; day++) {
		assert_true(queue_db_put(db, "day", day % 2 ? "odd" : "even", &err));
		assert_true(queue_db_backup(db, now_ms + day * day_ms, &err));
		assert_true(queue_db_backup(db, now_ms + day * day_ms + 1000, &err));
	}
	queue_db_close(db);
	assert_int_equal(files_with(dir, ".backup-", &mode), 7);
	assert_int_equal(mode, 0600);
	assert_int_equal(files_with(dir, "queue.db", &mode), 8);
	assert_int_equal(mode, 0600);
	assert_int_equal(access(oldest, F_OK), 0);
	assert_int_equal(number(newest, "SELECT value='odd' FROM state"), 1);
}

/* Overwrite all of a file but its first bytes. */
static void ruin(const char *path, off_t from)
{
	struct stat st;
	int fd = open(path, O_WRONLY);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	for (off_t at = from; at < st.st_size; at += 7)
		assert_int_equal(pwrite(fd, "stoastoa", 7, at), 7);
	close(fd);
}

static void a_damaged_file_is_refused_with_its_backup(void **state)
{
	const char *dir = *state;
	char path[256], bad[300];
	snprintf(path, sizeof path, "%s/queue.db", dir);
	snprintf(bad, sizeof bad, "%s.backup-2026-09-22", path);
	struct queue_db *db = open_queue(path);
	struct err err = {0};
	assert_true(queue_db_backup(db, now_ms, &err));
	assert_true(queue_db_backup(db, now_ms + day_ms, &err));
	queue_db_close(db);

	ruin(bad, 100);
	ruin(path, 4096);
	db = NULL;
	assert_false(queue_db_open(path, &db, &err));
	assert_null(db);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.text, "is damaged"));
	assert_non_null(strstr(err.text, "queue.db.backup-2026-09-21"));
	assert_int_equal(access(path, F_OK), 0);

	assert_int_equal(truncate(path, 0), 0);
	assert_false(queue_db_open(path, &db, &err));
	assert_non_null(strstr(err.text, "it is empty"));
}

static void a_newer_file_is_refused_and_left_alone(void **state)
{
	const char *dir = *state;
	char path[256];
	snprintf(path, sizeof path, "%s/queue.db", dir);
	queue_db_close(open_queue(path));
	assert_int_equal(number(path, "PRAGMA user_version=99"), 0);
	struct queue_db *db = NULL;
	struct err err = {0};

	assert_false(queue_db_open(path, &db, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "a newer stoa wrote it"));
	assert_int_equal(number(path, "PRAGMA user_version"), 99);
}

static void what_cannot_be_opened_is_said(void **state)
{
	const char *dir = *state;
	struct queue_db *db = NULL;
	struct err err = {0};

	assert_false(queue_db_open("/nonexistent/queue.db", &db, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "/nonexistent/queue.db"));
	assert_false(queue_db_open(dir, &db, &err));
	assert_non_null(strstr(err.text, "is not a plain file"));
	queue_db_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(accounts_keep_their_numbers),
	        cmocka_unit_test(what_a_server_was_found_to_be_is_kept),
	        cmocka_unit_test_setup_teardown(
	                an_older_file_learns_the_new_columns, dir_make, dir_drop),
	        cmocka_unit_test(one_url_has_one_name),
	        cmocka_unit_test(values_are_replaced_and_forgotten),
	        cmocka_unit_test(newest_read_keys_come_back),
	        cmocka_unit_test_setup_teardown(records_of_attention_add_up, dir_make, dir_drop),
	        cmocka_unit_test(an_answer_is_found_by_address_or_by_the_servers_id),
	        cmocka_unit_test(an_answer_may_be_seen_before_what_it_answers),
	        cmocka_unit_test_setup_teardown(a_week_of_backups_is_kept, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_damaged_file_is_refused_with_its_backup, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(
	                a_newer_file_is_refused_and_left_alone, dir_make, dir_drop),
	        cmocka_unit_test_setup_teardown(what_cannot_be_opened_is_said, dir_make, dir_drop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
