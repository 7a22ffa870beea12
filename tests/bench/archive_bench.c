/*
 * What the databases cost: archive_bench [POSTS [DIR]]. One figure a line:
 * name, value, unit, goal. In DIR the files are kept.
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

static void tend(struct archive *archive)
{
	while (archive_tend(archive, 0))
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
	struct err err = {0};
	double start = now_ms(), longest = 0;
	for (uint64_t first = 0; first < posts;) {
		must(archive_begin(archive, &err), &err);
		for (int i = 0; i < BATCH_PAGES && first < posts; i++, first += PAGE)
			save(archive, first);
		must(archive_commit(archive, &err), &err);
		double before = now_ms();
		bool more = archive_tend(archive, 0);
		double took = now_ms() - before;
		longest = took > longest ? took : longest;
		if (more && first % 20000 == 0) tend(archive);
	}
	tend(archive);
	figure("build, posts made included", (now_ms() - start) * 1e3 / (double)posts, "us/post",
	        "");
	figure("longest housekeeping", longest, "ms", "<= 20");
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
	struct err err = {0};
	for (size_t i = 0; i < ROUNDS; i++) {
		uint64_t first = posts + i * PAGE;
		struct page *page = synth_page(first, PAGE);
		double start = now_ms();
		must(archive_save(archive, source_name(first / PAGE), page, NULL, &err), &err);
		values[i] = now_ms() - start;
		page_free(page);
		archive_tend(archive, 0);
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
	tend(archive);
}

static void measure_search(
        struct archive *archive, const char *name, const char *words, const char *goal)
{
	double values[20];
	struct err err = {0};
	size_t found = 0;
	for (size_t i = 0; i < 20; i++) {
		struct page *page;
		double start = now_ms();
		must(archive_search(archive, words, 100, &page, &err), &err);
		values[i] = now_ms() - start;
		found = page->nentries;
		page_free(page);
	}
	char label[64];
	snprintf(label, sizeof label, "%s (%zu found) p50", name, found);
	figure(label, percentile(values, 20, 0.5), "ms", goal);
}

static void measure_searches(struct archive *archive)
{
	struct str words = {0};
	synth_word(&words, 0, 1);
	measure_search(archive, "common word", str_c(&words), "<= 2");
	str_addc(&words, ' ');
	synth_word(&words, 0, 300);
	str_addc(&words, ' ');
	measure_search(archive, "two words", str_c(&words), "<= 2");
	str_clear(&words);
	synth_word(&words, 0, 20000);
	str_addc(&words, ' ');
	measure_search(archive, "rare word", str_c(&words), "<= 2");
	str_clear(&words);
	str_addc(&words, '"');
	synth_word(&words, 0, 1);
	str_addc(&words, ' ');
	synth_word(&words, 0, 2);
	str_addc(&words, '"');
	measure_search(archive, "phrase", str_c(&words), "<= 10");
	measure_search(archive, "prefix of 2", "gr", "<= 10");
	measure_search(archive, "prefix of 3", "gra", "<= 10");
	measure_search(archive, "prefix of 5", "graka", "<= 10");
	str_clear(&words);
	synth_word(&words, 3, 5);
	synth_word(&words, 3, 3);
	measure_search(archive, "two Chinese characters", str_c(&words), "<= 10");
	str_finish(&words);
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
	build(archive, posts);
	archive_close(archive);
	figure("disk", file_bytes(path) / (double)posts, "B/post", "<= 1000 (P16)");
	measure_open(path);
	archive = open_archive(path);
	measure_loads(archive);
	measure_searches(archive);
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
