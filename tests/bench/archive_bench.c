/*
 * What the databases cost: archive_bench [POSTS [DIR]]. One figure a line:
 * name, value (of many the middle one), unit, goal. In DIR the files are kept, and an archive that
 * is there is measured as it is; one of an older version is indexed anew first.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/archive.h"
#include "db/queue_db.h"
#include "synth.h"

enum { PAGE = 40, BATCH_PAGES = 5, SOURCES = 20, ROUNDS = 200 };

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Of this thread: what others do meanwhile is not in it. */
static double cpu_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void must(bool ok, const struct err *err)
{
	if (ok) return;
	fprintf(stderr, "archive_bench: %s\n", err->text);
	exit(1);
}

static void figure(const char *name, double value, const char *unit, const char *goal)
{
	printf("%-28s %10.3f %-8s %s\n", name, value, unit, goal);
	fflush(stdout);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double percentile(double *values, size_t n, double part)
{
	qsort(values, n, sizeof *values, by_value);
	return values[(size_t)((double)(n - 1) * part)];
}

static const char *source_name(uint64_t page)
{
	static char name[32];
	snprintf(name, sizeof name, "work/tag:t%u", (unsigned)(page % SOURCES));
	return name;
}

static struct archive *open_archive(const char *path)
{
	struct archive *archive;
	char *notice = NULL;
	struct err err = {0};
	must(archive_open(path, &archive, &notice, &err), &err);
	return archive;
}

/* Housekeeping until nothing is left to do, and how long one portion of it took at most. */
struct tending {
	double longest;
	size_t portions;
};

static bool tend_once(struct archive *archive, struct tending *tending)
{
	double start = cpu_ms();
	bool more = archive_tend(archive, 0);
	double took = cpu_ms() - start;
	if (took > tending->longest) tending->longest = took;
	tending->portions++;
	return more;
}

static void tend(struct archive *archive, struct tending *tending)
{
	while (tend_once(archive, tending))
		continue;
}

static void save(struct archive *archive, uint64_t first)
{
	struct err err = {0};
	struct page *page = synth_page(first, PAGE);
	must(archive_save(archive, source_name(first / PAGE), page, NULL, &err), &err);
	page_free(page);
}

static void build(struct archive *archive, uint64_t posts)
{
	struct tending tending = {0};
	struct err err = {0};
	double start = cpu_ms();
	for (uint64_t first = 0; first < posts;) {
		must(archive_begin(archive, &err), &err);
		for (int i = 0; i < BATCH_PAGES && first < posts; i++, first += PAGE)
			save(archive, first);
		must(archive_commit(archive, &err), &err);
		tend(archive, &tending);
	}
	figure("build, posts made included", (cpu_ms() - start) * 1e3 / (double)posts,
	        "us/post CPU", "");
	figure("longest housekeeping", tending.longest, "ms CPU", "<= 20");
}

/* What an older file, or one that was left in the middle, is still owed. */
static void index_rest(struct archive *archive, int64_t posts)
{
	struct tending tending = {0};
	struct err err = {0};
	int before = 0;
	must(archive_indexed(archive, &before, &err), &err);
	double start = cpu_ms();
	tend(archive, &tending);
	if (tending.portions <= 1) return;
	figure("indexed anew, in the background", (cpu_ms() - start) * 1e3 / (double)posts,
	        "us/post CPU", "");
	printf("%-28s %10d %% before, %zu portions\n", "", before, tending.portions);
	figure("longest portion", tending.longest, "ms CPU", "<= 20");
}

static double file_bytes(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

static void measure_open(const char *path)
{
	double values[20];
	struct err err = {0};
	for (size_t i = 0; i < 20; i++) {
		double start = now_ms();
		struct archive *archive = open_archive(path);
		struct page *page;
		must(archive_load(archive, source_name(i), INT64_MAX, PAGE, &page, &err), &err);
		values[i] = now_ms() - start;
		page_free(page);
		archive_close(archive);
	}
	figure("open + newest page p50", percentile(values, 20, 0.5), "ms",
	        "<= 30 (P7, whole start)");
}

static void measure_loads(struct archive *archive)
{
	double values[ROUNDS];
	struct err err = {0};
	for (size_t i = 0; i < ROUNDS; i++) {
		struct page *page;
		double start = now_ms();
		must(archive_load(archive, source_name(i), INT64_MAX, PAGE, &page, &err), &err);
		values[i] = now_ms() - start;
		page_free(page);
	}
	figure("newest 40 rows p50", percentile(values, ROUNDS, 0.5), "ms", "<= 1");
	int64_t before = INT64_MAX;
	size_t n = 0, posts = 0;
	for (; n < ROUNDS; n++) {
		struct page *page;
		double start = now_ms();
		must(archive_load(archive, source_name(0), before, 500, &page, &err), &err);
		values[n] = now_ms() - start;
		bool more = page->nentries > 0;
		if (more) before = page->entries[page->nentries - 1].sort_ms;
		posts += page->nposts;
		page_free(page);
		if (!more) break;
	}
	if (n > 0) figure("slice of 500 rows p50", percentile(values, n, 0.5), "ms", "");
}

static void measure_saves(struct archive *archive, uint64_t posts)
{
	double values[ROUNDS];
	struct tending tending = {0};
	struct err err = {0};
	for (size_t i = 0; i < ROUNDS; i++) {
		uint64_t first = posts + i * PAGE;
		struct page *page = synth_page(first, PAGE);
		double start = now_ms();
		must(archive_save(archive, source_name(first / PAGE), page, NULL, &err), &err);
		values[i] = now_ms() - start;
		page_free(page);
		tend_once(archive, &tending);
	}
	figure("save 40-post page p50", percentile(values, ROUNDS, 0.5), "ms", "");
	figure("save 40-post page p99", percentile(values, ROUNDS, 0.99), "ms", "");
	for (size_t i = 0; i < ROUNDS; i++) {
		uint64_t first = posts + i * PAGE;
		struct page *page = synth_page(first, PAGE);
		double start = now_ms();
		must(archive_save(archive, source_name(first / PAGE), page, NULL, &err), &err);
		values[i] = now_ms() - start;
		page_free(page);
	}
	figure("save the same page again p50", percentile(values, ROUNDS, 0.5), "ms", "");
	tend(archive, &tending);
}

/* The newest `left` hits are enough. */
static bool on_hit(void *ctx, const struct archive_hit *hit)
{
	size_t *left = ctx;
	(void)hit;
	return --*left > 0;
}

/* The newest 100, or all there are. Once cold: the file is opened anew for it. */
static double search(struct archive *archive, const char *text, size_t *out_found, int64_t *looked)
{
	struct archive_asked asked = {.now_ms = synth_time(0)};
	struct archive_place place = {.below = INT64_MAX};
	struct err err = {0};
	size_t left = 100;
	int col;
	must(query_parse(text, false, &asked.query, &col, &err), &err);
	double start = cpu_ms();
	must(archive_search(archive, &asked, &place, INT64_MAX, on_hit, &left, &err), &err);
	double took = cpu_ms() - start;
	query_free(asked.query);
	*out_found = 100 - left;
	*looked = place.looked;
	return took;
}

enum { SEARCHES = 20 };

static void measure_search(const char *path, struct archive *warm, const char *name,
        const char *text, const char *goal)
{
	double values[SEARCHES];
	size_t found = 0;
	int64_t looked = 0;
	struct archive *fresh = open_archive(path);
	double first = search(fresh, text, &found, &looked);
	archive_close(fresh);
	size_t n = first > 500 ? 3 : SEARCHES;
	for (size_t i = 0; i < n; i++)
		values[i] = search(warm, text, &found, &looked);
	char label[96];
	snprintf(label, sizeof label, "%s, newest %zu", name, found);
	figure(label, percentile(values, n, 0.5), "ms CPU", goal);
	printf("%-28s %10.3f ms CPU first after opening; %" PRId64 " posts looked at\n", "", first,
	        looked);
}

static void measure_searches(const char *path, struct archive *archive)
{
	struct str common = {0}, second = {0}, rare = {0}, text = {0};
	synth_word(&common, 0, 1);
	synth_word(&second, 0, 300);
	synth_word(&rare, 0, 20000);
	measure_search(path, archive, "common word", str_c(&common), "<= 2 (P10)");
	measure_search(path, archive, "middling word", str_c(&second), "<= 2 (P10)");
	measure_search(path, archive, "rare word", str_c(&rare), "<= 2 (P10)");
	str_addf(&text, "%s %s", str_c(&common), str_c(&second));
	measure_search(path, archive, "two words", str_c(&text), "<= 2 (P10)");
	str_clear(&text);
	str_addf(&text, "%s OR %s", str_c(&rare), str_c(&second));
	measure_search(path, archive, "either of two", str_c(&text), "<= 2 (P10)");
	str_clear(&text);
	str_addf(&text, "word:%s", str_c(&second));
	measure_search(path, archive, "whole word", str_c(&text), "<= 2 (P10)");
	str_clear(&text);
	str_addc(&text, '"');
	synth_word(&text, 0, 1);
	str_addc(&text, ' ');
	synth_word(&text, 0, 2);
	str_addc(&text, '"');
	measure_search(path, archive, "phrase", str_c(&text), "<= 10");
	measure_search(path, archive, "beginning, 2 letters", "gr", "<= 10 (P10)");
	measure_search(path, archive, "beginning, 3 letters", "gra", "<= 10 (P10)");
	measure_search(path, archive, "beginning, 5 letters", "graka", "<= 10 (P10)");
	measure_search(path, archive, "inside of words", "ingli", "<= 50 (P10)");
	str_clear(&text);
	synth_word(&text, 3, 5);
	synth_word(&text, 3, 3);
	measure_search(path, archive, "Chinese", str_c(&text), "<= 10");
	measure_search(path, archive, "regular expression", "/gra(ka|ko)\\b/", "<= 50 (P10)");
	measure_search(path, archive, "author", "from:person547", "<= 2");
	measure_search(path, archive, "author and word", "from:person547 gra", "<= 2");
	measure_search(path, archive, "tag", "#tag300", "<= 2");
	measure_search(path, archive, "nothing there", "zzqzz", "<= 2");
	measure_search(path, archive, "nothing there, by regex", "/zzqzz/", "seen through");
	str_finish(&common);
	str_finish(&second);
	str_finish(&rare);
	str_finish(&text);
}

static void measure_queue(const char *path)
{
	double values[ROUNDS];
	struct queue_db *db;
	struct err err = {0};
	must(queue_db_open(path, &db, &err), &err);
	for (size_t i = 0; i < ROUNDS; i++) {
		uint64_t key = i;
		double start = now_ms();
		must(queue_db_set_read(db, &key, 1, true, (int64_t)i, &err), &err);
		values[i] = now_ms() - start;
	}
	queue_db_close(db);
	figure("queue commit p50", percentile(values, ROUNDS, 0.5), "ms", "<= 1 (P18)");
	figure("queue commit p99", percentile(values, ROUNDS, 0.99), "ms", "");
}

static void drop(const char *dir, const char *name)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char path[512];
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s%s", dir, name, suffixes[i]);
		unlink(path);
	}
}

int main(int argc, char **argv)
{
	uint64_t posts = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
	char made[] = "/tmp/archive-bench-XXXXXX";
	const char *dir = argc > 2 ? argv[2] : mkdtemp(made);
	char path[512], queue[512];
	if (!dir || posts < PAGE) {
		fprintf(stderr, "usage: archive_bench [POSTS [DIR]]\n");
		return 2;
	}
	snprintf(path, sizeof path, "%s/archive.db", dir);
	snprintf(queue, sizeof queue, "%s/queue.db", dir);

	struct archive *archive = open_archive(path);
	struct err err = {0};
	int64_t stored, bytes;
	must(archive_size(archive, &stored, &bytes, &err), &err);
	if (stored == 0)
		build(archive, posts);
	else
		index_rest(archive, stored);
	archive_close(archive);
	figure("disk", file_bytes(path) / (double)posts, "B/post", "<= 1000 (P16)");
	measure_open(path);
	archive = open_archive(path);
	measure_loads(archive);
	measure_searches(path, archive);
	measure_saves(archive, posts);
	archive_close(archive);
	measure_queue(queue);

	if (argc <= 2) {
		drop(dir, "archive.db");
		drop(dir, "queue.db");
		rmdir(dir);
	}
	return 0;
}
