#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/queue.h"
#include "base/str.h"
#include "db/archive.h"
#include "engine/archiver.h"
#include "engine/message.h"

/* What the archive thread said, in its order, until the test reads it. */
struct heard {
	struct event *event;
	struct archiver_answer *answer;
};

struct fixture {
	struct archiver *archiver;
	struct queue *queue;
	int fds[2];
	int gate[2]; /* the archive thread waits here with its first word while `held` */
	bool held;   /* set before the thread starts, then its own */
	struct archiver_options opts;
	char dir[64], path[96];
};

static void wake(void *ctx)
{
	const struct fixture *fixture = ctx;
	assert_int_equal(write(fixture->fds[1], "", 1), 1);
}

static void hear(struct fixture *fixture, struct event *event, struct archiver_answer *answer)
{
	if (fixture->held) {
		char byte;
		fixture->held = read(fixture->gate[0], &byte, 1) != 1;
	}
	struct heard *heard = xmalloc(sizeof *heard);
	*heard = (struct heard){event, answer};
	queue_push(fixture->queue, heard);
}

static void on_event(void *ctx, struct event *event)
{
	hear(ctx, event, NULL);
}

static void on_answer(void *ctx, struct archiver_answer *answer)
{
	hear(ctx, NULL, answer);
}

static void heard_free(void *message)
{
	struct heard *heard = message;
	event_free(heard->event);
	archiver_answer_free(heard->answer);
	free(heard);
}

/* The next thing said; waits for it. */
static struct heard *next(struct fixture *fixture)
{
	struct heard *heard;
	while (!(heard = queue_pop(fixture->queue))) {
		struct pollfd fd = {.fd = fixture->fds[0], .events = POLLIN};
		char byte;
		assert_int_equal(poll(&fd, 1, 60000), 1);
		assert_int_equal(read(fd.fd, &byte, 1), 1);
	}
	return heard;
}

static struct event *next_event(struct fixture *fixture, enum event_kind kind)
{
	struct heard *heard = next(fixture);
	struct event *event = heard->event;
	assert_non_null(event);
	assert_int_equal(event->kind, kind);
	free(heard);
	return event;
}

static struct archiver_answer *next_answer(struct fixture *fixture)
{
	struct heard *heard = next(fixture);
	struct archiver_answer *answer = heard->answer;
	assert_non_null(answer);
	free(heard);
	return answer;
}

static void expect_page(struct fixture *fixture, source_id source, const char *rows)
{
	struct event *event = next_event(fixture, EVENT_PAGE);
	struct page *page = event->page;
	struct str text = {0};
	assert_int_equal(event->source, source);
	assert_int_equal(page->source, source);
	assert_true(page->stored);
	for (size_t i = 0; i < page->nentries; i++)
		str_addf(&text, "%s%s", i > 0 ? " " : "",
		        post_str(page->posts[page->entries[i].post - 1], POST_BODY));
	assert_string_equal(str_c(&text), rows);
	str_finish(&text);
	event_free(event);
}

static void expect_answer(
        struct fixture *fixture, source_id source, job_id job, size_t rows, const char *state)
{
	struct archiver_answer *answer = next_answer(fixture);
	assert_int_equal(answer->source, source);
	assert_int_equal(answer->job, job);
	assert_int_equal(answer->rows, rows);
	assert_string_equal(answer->state ? answer->state : "-", state);
	archiver_answer_free(answer);
}

static void expect_notice(struct fixture *fixture, const char *part)
{
	struct event *event = next_event(fixture, EVENT_NOTICE);
	if (!strstr(event->text, part)) fail_msg("'%s' does not say '%s'", event->text, part);
	event_free(event);
}

static void start(struct fixture *fixture)
{
	struct err err = {0};
	if (!archiver_start(&fixture->opts, &fixture->archiver, &err)) fail_msg("%s", err.text);
}

static void stop(struct fixture *fixture)
{
	archiver_stop(fixture->archiver);
	fixture->archiver = NULL;
}

/* Let the thread go on once all has been asked that it is to know. */
static void release(struct fixture *fixture)
{
	assert_int_equal(write(fixture->gate[1], "", 1), 1);
}

static int setup(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof *fixture);
	snprintf(fixture->dir, sizeof fixture->dir, "/tmp/stoa-test-XXXXXX");
	if (!mkdtemp(fixture->dir) || pipe(fixture->fds) != 0 || pipe(fixture->gate) != 0)
		return -1;
	snprintf(fixture->path, sizeof fixture->path, "%s/archive.db", fixture->dir);
	fixture->queue = queue_new(wake, fixture);
	fixture->opts = (struct archiver_options){.path = fixture->path,
	        .clock = &clock_system,
	        .ctx = fixture,
	        .on_event = on_event,
	        .on_answer = on_answer};
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	static const char *const suffixes[] = {
	        "", "-wal", "-shm", ".damaged-1", ".damaged-1-wal", ".damaged-1-shm"};
	struct fixture *fixture = *state;
	stop(fixture);
	queue_free(fixture->queue, heard_free);
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		char name[128];
		snprintf(name, sizeof name, "%s%s", fixture->path, suffixes[i]);
		unlink(name);
	}
	rmdir(fixture->dir);
	close(fixture->fds[0]);
	close(fixture->fds[1]);
	close(fixture->gate[0]);
	close(fixture->gate[1]);
	free(fixture);
	return 0;
}

/* Posts `first` … `last`, newest first; post n has the text "n", the id n and the time n minutes.
 */
static struct page *page_of(int first, int last)
{
	struct page *page = page_new();
	struct profile author = {
	        .uri = "https://m.example/ada", .handle = "ada@m.example", .name = ""};
	for (int n = last; n >= first; n--) {
		char uri[64], body[16];
		snprintf(uri, sizeof uri, "https://m.example/%d", n);
		snprintf(body, sizeof body, "%d", n);
		struct viewer viewer = {.account = 2, .remote_id = body};
		struct post_parts parts = {.str = {[POST_URI] = uri, [POST_BODY] = body},
		        .viewers = &viewer,
		        .nviewers = 1,
		        .author = page_add_profile(page, &author),
		        .created_ms = n * INT64_C(60000)};
		struct entry entry = {.post = page_add_post(page, &parts),
		        .sort_ms = n * INT64_C(60000),
		        .cursor = body};
		page_add_entry(page, &entry);
	}
	return page;
}

static void save(
        struct fixture *fixture, const char *source, int first, int last, const char *state)
{
	struct page *page = page_of(first, last);
	archiver_save(fixture->archiver, source, page, state);
	page_free(page);
}

static void what_was_saved_is_read(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	archiver_watch(fixture->archiver, 1, "work/home", 2);
	expect_answer(fixture, 1, 0, 0, "-");
	save(fixture, "work/home", 1, 3, "S");
	save(fixture, "work/local", 7, 7, NULL);
	archiver_older(fixture->archiver, 1, "work/home", INT64_C(180000), 40, 9);
	expect_page(fixture, 1, "2 1");
	expect_answer(fixture, 1, 9, 2, "-");
	archiver_older(fixture->archiver, 1, "work/home", INT64_C(60000), 40, 10);
	expect_answer(fixture, 1, 10, 0, "-");
}

static void a_search_is_read_downwards_and_goes_on_upwards(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "a", 9, 12, NULL);
	save(fixture, "b", 20, 21, NULL);
	stop(fixture);
	start(fixture);
	archiver_watch(fixture->archiver, 1, "archive/search:1", 2);
	expect_page(fixture, 1, "21 12");
	expect_answer(fixture, 1, 0, 2, "-");
	archiver_older(fixture->archiver, 1, "archive/search:1", 1, 40, 7);
	expect_page(fixture, 1, "11 10");
	expect_answer(fixture, 1, 7, 2, "-");
	archiver_older(fixture->archiver, 1, "archive/search:1", 1, 40, 8);
	expect_answer(fixture, 1, 8, 0, "-");
	save(fixture, "a", 30, 31, NULL);
	expect_page(fixture, 1, "31");
	archiver_unwatch(fixture->archiver, 1);
	save(fixture, "a", 41, 41, NULL);
	stop(fixture);
	assert_null(queue_pop(fixture->queue));
}

static void what_the_archive_cannot_know_is_not_searched(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "a", 1, 3, NULL);
	stop(fixture);
	start(fixture);
	archiver_search(fixture->archiver, 1, "archive/search:\"-is:waiting 1\"", "", 60);
	expect_answer(fixture, 1, 0, 0, "-");
}

/* Portions of searches and writes by turns. */
static void a_long_search_holds_no_other_up(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "a", 1, 3000, NULL);
	stop(fixture);
	fixture->held = true;
	start(fixture);
	archiver_search(fixture->archiver, 1, "archive/search:/^x.x$/", "", 60);
	archiver_search(fixture->archiver, 2, "archive/search:/^2[9].9$/", "", 1);
	save(fixture, "a", 3001, 3001, NULL);
	archiver_search(fixture->archiver, 3, "archive/search:/^3001$/", "", 60);
	release(fixture);
	expect_page(fixture, 3, "3001");
	expect_page(fixture, 2, "2999");
	expect_answer(fixture, 2, 0, 1, "-");
	expect_page(fixture, 3, "3001");
	expect_answer(fixture, 3, 0, 1, "-");
	expect_answer(fixture, 1, 0, 0, "-");
}

static void what_names_in_a_search_mean_is_told_with_it(void **state)
{
	static const char name[] = "archive/search:\"saved:one network:mastodon\"";
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "work/home", 10, 12, NULL);
	save(fixture, "play/home", 13, 14, NULL);
	stop(fixture);
	start(fixture);
	archiver_search(fixture->archiver, 1, name,
	        "saved one\t1\nnetwork work\tmastodon\nnetwork play\tbluesky\n", 60);
	expect_page(fixture, 1, "12 11 10");
	expect_answer(fixture, 1, 0, 3, "-");
	save(fixture, "play/home", 15, 15, NULL);
	save(fixture, "work/home", 16, 16, NULL);
	expect_page(fixture, 1, "16");
	archiver_search(fixture->archiver, 1, name, "saved one\t5\nnetwork play\tmastodon\n", 60);
	expect_page(fixture, 1, "15");
	expect_answer(fixture, 1, 0, 1, "-");
}

/* Whoever waits for a search that is given up is told so. */
static void a_search_that_nobody_watches_is_answered(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "a", 1, 1000, NULL);
	stop(fixture);
	fixture->held = true;
	start(fixture);
	archiver_watch(fixture->archiver, 1, "archive/search:/^999$/", 60);
	archiver_article(fixture->archiver, "https://m.example/none", 3);
	archiver_unwatch(fixture->archiver, 1);
	release(fixture);
	event_free(next_event(fixture, EVENT_ARTICLE));
	expect_answer(fixture, 0, 3, 0, "-");
	expect_answer(fixture, 1, 0, 0, "-");
}

static void a_start_brings_newest_rows_state_and_then_the_rest(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "a", 1, 4, "of a");
	save(fixture, "b", 3, 5, "of b");
	stop(fixture);
	fixture->held = true;
	start(fixture);
	archiver_watch(fixture->archiver, 1, "a", 1);
	archiver_watch(fixture->archiver, 2, "b", 1);
	release(fixture);
	expect_page(fixture, 1, "4");
	expect_answer(fixture, 1, 0, 1, "of a");
	expect_page(fixture, 2, "5");
	expect_answer(fixture, 2, 0, 1, "of b");
	expect_page(fixture, 2, "4 3");
	expect_page(fixture, 1, "3 2 1");
}

static void the_reader_is_filled_up_to_its_limit(void **state)
{
	struct fixture *fixture = *state;
	fixture->opts.reader_max = 600;
	start(fixture);
	save(fixture, "a", 1, 2000, NULL);
	archiver_watch(fixture->archiver, 1, "a", 10);
	struct event *event = next_event(fixture, EVENT_PAGE);
	assert_int_equal(event->page->nentries, 10);
	event_free(event);
	expect_answer(fixture, 1, 0, 10, "-");
	for (int i = 0; i < 2; i++) {
		event = next_event(fixture, EVENT_PAGE);
		assert_int_equal(event->page->nentries, ARCHIVER_SLICE);
		event_free(event);
	}
	archiver_article(fixture->archiver, "https://m.example/none", 3);
	event_free(next_event(fixture, EVENT_ARTICLE));
	expect_answer(fixture, 0, 3, 0, "-");
	stop(fixture);
	assert_null(queue_pop(fixture->queue));
}

static void an_unwatched_source_is_not_filled(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "a", 1, 3, NULL);
	stop(fixture);
	fixture->held = true;
	start(fixture);
	archiver_watch(fixture->archiver, 1, "a", 1);
	archiver_unwatch(fixture->archiver, 1);
	archiver_article(fixture->archiver, "https://m.example/none", 3);
	release(fixture);
	expect_page(fixture, 1, "3");
	expect_answer(fixture, 1, 0, 1, "-");
	event_free(next_event(fixture, EVENT_ARTICLE));
	expect_answer(fixture, 0, 3, 0, "-");
	stop(fixture);
	assert_null(queue_pop(fixture->queue));
}

static void the_whole_article_is_read(void **state)
{
	struct fixture *fixture = *state;
	struct page *page = page_of(1, 1);
	struct text text = {0};
	str_adds(&text.utf8, "all of it");
	text_facet(&text, FACET_STRONG, 0, 3, NULL);
	page_add_article(page, 1, &text);
	start(fixture);
	archiver_save(fixture->archiver, "a", page, NULL);
	page_free(page);
	archiver_older(fixture->archiver, 1, "a", INT64_MAX, 1, 1);
	expect_page(fixture, 1, "1");
	expect_answer(fixture, 1, 1, 1, "-");

	archiver_article(fixture->archiver, "https://m.example/1", 5);
	struct event *event = next_event(fixture, EVENT_ARTICLE);
	assert_int_equal(event->reply_to, 5);
	assert_string_equal(event->text, "https://m.example/1");
	assert_string_equal(str_c(&event->article->utf8), "all of it");
	assert_int_equal(event->article->nfacets, 1);
	event_free(event);
	expect_answer(fixture, 0, 5, 1, "-");
}

static void a_deleted_post_is_gone_after_a_restart(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	save(fixture, "a", 1, 3, NULL);
	archiver_gone(fixture->archiver, 2, "2");
	archiver_gone(fixture->archiver, 0, "https://m.example/1");
	stop(fixture);
	start(fixture);
	archiver_watch(fixture->archiver, 1, "a", 40);
	expect_page(fixture, 1, "3");
}

static void a_gap_survives_the_thread(void **state)
{
	struct fixture *fixture = *state;
	struct page *page = page_of(5, 6);
	page->gap = true;
	page->older = page_str(page, "c5");
	start(fixture);
	save(fixture, "a", 1, 1, NULL);
	archiver_save(fixture->archiver, "a", page, NULL);
	page_free(page);
	archiver_older(fixture->archiver, 1, "a", INT64_MAX, 40, 1);
	struct event *event = next_event(fixture, EVENT_PAGE);
	assert_true(event->page->gap);
	assert_string_equal(event->page->older, "c5");
	assert_int_equal(event->page->nentries, 2);
	event_free(event);
}

static void stop_loses_nothing(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	for (int i = 0; i < 50; i++)
		save(fixture, "a", i * 10 + 1, i * 10 + 10, NULL);
	stop(fixture);

	struct archive *archive;
	char *notice;
	struct err err;
	int64_t posts, bytes;
	assert_true(archive_open(fixture->path, &archive, &notice, &err));
	assert_true(archive_size(archive, &posts, &bytes, &err));
	assert_int_equal(posts, 500);
	archive_close(archive);
}

static void without_a_file_it_lives_in_memory(void **state)
{
	struct fixture *fixture = *state;
	fixture->opts.path = "/nonexistent/archive.db";
	start(fixture);
	expect_notice(fixture, "posts are kept in memory only, until stoa ends: cannot make");
	save(fixture, "a", 1, 2, "S");
	archiver_watch(fixture->archiver, 1, "a", 40);
	expect_page(fixture, 1, "2 1");
	expect_answer(fixture, 1, 0, 2, "S");
}

static void a_damaged_file_is_told_and_replaced(void **state)
{
	struct fixture *fixture = *state;
	FILE *file = fopen(fixture->path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("no database at all", file);
	fclose(file);
	start(fixture);
	expect_notice(fixture, "the archive was damaged");
	save(fixture, "a", 1, 1, NULL);
	archiver_watch(fixture->archiver, 1, "a", 40);
	expect_page(fixture, 1, "1");
}

/* Damage in the middle shows only when it is met. */
static void damage_met_later_is_salvaged(void **state)
{
	struct fixture *fixture = *state;
	start(fixture);
	for (int i = 0; i < 100; i++)
		save(fixture, "a", i * 40 + 1, i * 40 + 40, NULL);
	stop(fixture);
	struct stat st;
	assert_int_equal(stat(fixture->path, &st), 0);
	FILE *file = fopen(fixture->path, "r+");
	for (long at = 40 * 4096; at < st.st_size; at += 3 * 4096) {
		fseek(file, at, SEEK_SET);
		for (int i = 0; i < 200; i++)
			fputs("stoa", file);
	}
	fclose(file);

	start(fixture);
	archiver_older(fixture->archiver, 1, "a", INT64_MAX, 4000, 1);
	expect_notice(fixture, "the archive was damaged");
	save(fixture, "b", 5000, 5000, NULL);
	archiver_older(fixture->archiver, 2, "b", INT64_MAX, 40, 2);
	struct heard *heard = next(fixture);
	while (!heard->event || heard->event->source != 2) {
		heard_free(heard);
		heard = next(fixture);
	}
	assert_int_equal(heard->event->page->nentries, 1);
	heard_free(heard);
	expect_answer(fixture, 2, 2, 1, "-");
}

/* No file may grow: as on a full disk. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void what_a_full_disk_refused_is_saved_later(void **state)
{
	struct fixture *fixture = *state;
	signal(SIGXFSZ, SIG_IGN);
	start(fixture);
	save(fixture, "a", 1, 1, NULL);
	archiver_watch(fixture->archiver, 1, "a", 40);
	expect_page(fixture, 1, "1");
	expect_answer(fixture, 1, 0, 1, "-");
	limit_files(4096);
	for (int i = 0; i < 5; i++)
		save(fixture, "a", 2 + i * 100, 101 + i * 100, NULL);
	expect_notice(fixture, "posts cannot be archived for now");
	limit_files(RLIM_INFINITY);
	archiver_article(fixture->archiver, "https://m.example/1", 4);
	event_free(next_event(fixture, EVENT_ARTICLE));
	expect_answer(fixture, 0, 4, 0, "-");
	stop(fixture);
	expect_notice(fixture, "posts are archived again");

	start(fixture);
	archiver_older(fixture->archiver, 1, "a", INT64_MAX, 1000, 2);
	struct event *event = next_event(fixture, EVENT_PAGE);
	assert_int_equal(event->page->nentries, 501);
	event_free(event);
}

static void nothing_is_fine(void **state)
{
	struct fixture *fixture = *state;
	struct page *page = page_new();
	start(fixture);
	archiver_unwatch(fixture->archiver, 9);
	archiver_save(fixture->archiver, "a", page, NULL);
	archiver_gone(fixture->archiver, 2, "");
	archiver_older(fixture->archiver, 1, "a", INT64_MAX, 40, 1);
	expect_answer(fixture, 1, 1, 0, "-");
	page_free(page);
	archiver_stop(NULL);
	archiver_answer_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(what_was_saved_is_read, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_search_is_read_downwards_and_goes_on_upwards, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_search_that_nobody_watches_is_answered, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_long_search_holds_no_other_up, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_the_archive_cannot_know_is_not_searched, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_names_in_a_search_mean_is_told_with_it, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_start_brings_newest_rows_state_and_then_the_rest, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                the_reader_is_filled_up_to_its_limit, setup, teardown),
	        cmocka_unit_test_setup_teardown(an_unwatched_source_is_not_filled, setup, teardown),
	        cmocka_unit_test_setup_teardown(the_whole_article_is_read, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_deleted_post_is_gone_after_a_restart, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_gap_survives_the_thread, setup, teardown),
	        cmocka_unit_test_setup_teardown(stop_loses_nothing, setup, teardown),
	        cmocka_unit_test_setup_teardown(without_a_file_it_lives_in_memory, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_damaged_file_is_told_and_replaced, setup, teardown),
	        cmocka_unit_test_setup_teardown(damage_met_later_is_salvaged, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_a_full_disk_refused_is_saved_later, setup, teardown),
	        cmocka_unit_test_setup_teardown(nothing_is_fine, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
