/*
 * What the store costs: store_bench [POSTS]. One figure a line: name, value, unit, goal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/timeline.h"
#include "synth.h"

enum { SLICE = 500, PAGE = 40, COLUMNS = 16, SCREEN = 60, ROUNDS = 100, BURST = 20000 };

struct bench {
	struct store *store;
	source_id home;
	struct timeline *columns[COLUMNS];
	size_t ncolumns;
	uint64_t posts; /* numbers given out so far */
};

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void figure(const char *name, double value, const char *unit, const char *goal)
{
	printf("%-44s %10.3f %-8s %s\n", name, value, unit, goal);
	fflush(stdout);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void percentiles(const char *name, double *values, size_t n, const char *goal)
{
	char label[64];

	qsort(values, n, sizeof *values, by_value);
	snprintf(label, sizeof label, "%s p50", name);
	figure(label, values[n / 2], "ms", goal);
	snprintf(label, sizeof label, "%s max", name);
	figure(label, values[n - 1], "ms", "");
}

static double rss_anon(void)
{
	char line[128];
	double kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f)) {
		if (strncmp(line, "RssAnon:", 8) == 0) kib = strtod(line + 8, NULL);
	}
	if (f) fclose(f);
	return kib * 1024;
}

static void feed(struct bench *bench, uint64_t first, size_t n)
{
	struct page *page = synth_page(first, n);

	page->source = bench->home;
	store_add_page(bench->store, page);
}

static struct timeline *add_column(struct bench *bench, const char *query)
{
	struct timeline *timeline = timeline_new(bench->store);

	timeline_set_sources(timeline, &bench->home, 1);
	timeline_set_query(timeline, query, NULL, NULL);
	timeline_settle(timeline, INT64_MAX);
	bench->columns[bench->ncolumns++] = timeline;
	return timeline;
}

/* As at a start: the archive's posts, newest first, in slices. */
static void measure_load(struct bench *bench, uint64_t posts)
{
	double before = rss_anon(), longest = 0, all = 0;

	for (uint64_t left = posts; left > 0;) {
		size_t n = left < SLICE ? left : SLICE;
		struct page *page = synth_page(left -= n, n);
		double start = now_ms(), took;

		page->source = bench->home;
		page->stored = true;
		store_add_page(bench->store, page);
		took = now_ms() - start;
		all += took;
		longest = took > longest ? took : longest;
	}
	bench->posts = posts;
	timeline_settle(bench->columns[0], INT64_MAX);
	figure("memory a post, all included", (rss_anon() - before) / (double)posts, "B",
	        "<= 900 (P15)");
	figure("memory a post by store_memory", (double)store_memory(bench->store) / (double)posts,
	        "B", "");
	figure("start: taking in a post", all * 1e3 / (double)posts, "us", "");
	figure("start: slice of 500 max", longest, "ms", "<= 2");
}

/* Until the newest hits fill a screen, then until all are there. */
static void keystroke(
        struct timeline *timeline, const char *typed, double *out_screen, double *out_all)
{
	double start = now_ms();

	timeline_narrow(timeline, typed, false, NULL, NULL);
	while (timeline_len(timeline) < SCREEN &&
	        !timeline_settle(timeline, clock_mono(&clock_system) + 1)) {
	}
	*out_screen = now_ms() - start;
	timeline_settle(timeline, INT64_MAX);
	*out_all = now_ms() - start;
}

static void type_word(struct timeline *timeline, const char *what, const char *word)
{
	size_t len = strlen(word), before = timeline_len(timeline);
	double screen, all;
	char typed[64], label[80];

	for (size_t i = 1; i <= len; i++) {
		if (((unsigned char)word[i] & 0xc0) == 0x80) continue;
		snprintf(typed, sizeof typed, "%.*s", (int)i, word);
		keystroke(timeline, typed, &screen, &all);
		if (i == 1) {
			snprintf(label, sizeof label, "%s: first key, first screen", what);
			figure(label, screen, "ms", "<= 8 (P9)");
		}
		snprintf(label, sizeof label, "%s: key %zu, all %zu of %zu", what, i,
		        timeline_len(timeline), before);
		figure(label, all, "ms", i == 1 ? "<= 16 (P9)" : "<= 2 (P9)");
		before = timeline_len(timeline);
	}
	for (size_t i = len; i-- > 1;) {
		double start = now_ms();

		snprintf(typed, sizeof typed, "%.*s", (int)i, word);
		timeline_narrow(timeline, typed, false, NULL, NULL);
		if (i == len - 1) {
			snprintf(label, sizeof label, "%s: backspace", what);
			figure(label, now_ms() - start, "ms", "<= 0.2 (P9)");
		}
	}
	timeline_narrow(timeline, NULL, false, NULL, NULL);
}

static void measure_search(struct bench *bench)
{
	struct timeline *timeline = bench->columns[0];
	struct str word = {0};
	double screen, all;

	synth_word(&word, 0, 3000);
	type_word(timeline, "rare word", str_c(&word));
	str_clear(&word);
	synth_word(&word, 0, 20);
	type_word(timeline, "common word", str_c(&word));
	str_finish(&word);
	keystroke(timeline, "zyzzogeton", &screen, &all);
	figure("pasted word that nobody wrote", all, "ms", "<= 16 (P9)");
	timeline_narrow(timeline, NULL, false, NULL, NULL);
}

static void measure_query(struct bench *bench)
{
	static const char *const queries[] = {"lang:nl -has:media", "from:nobody OR likes:>10"};
	struct timeline *timeline = bench->columns[0];

	for (size_t i = 0; i < 2; i++) {
		double start = now_ms();
		char label[64];

		timeline_set_query(timeline, queries[i], NULL, NULL);
		snprintf(label, sizeof label, "query %s: screen", queries[i]);
		figure(label, now_ms() - start, "ms", "<= 3");
		timeline_settle(timeline, INT64_MAX);
		snprintf(label, sizeof label, "query %s: all", queries[i]);
		figure(label, now_ms() - start, "ms", "<= 100 (P12)");
	}
	timeline_set_query(timeline, NULL, NULL, NULL);
	timeline_settle(timeline, INT64_MAX);
}

static void measure_mute(struct bench *bench, const char *what)
{
	const struct post *post = store_post(bench->store, 1);
	char query[256], label[64];
	size_t rows = 0;
	double start;

	snprintf(query, sizeof query, "from:%s", store_profile(bench->store, post->author)->handle);
	start = now_ms();
	store_mute(bench->store, &(struct mute){.id = "m", .query = query}, &rows, NULL);
	snprintf(label, sizeof label, "mute an author, %s (%zu rows)", what, rows);
	figure(label, now_ms() - start, "ms", "<= 16");
	start = now_ms();
	store_unmute(bench->store, "m");
	snprintf(label, sizeof label, "unmute, %s", what);
	figure(label, now_ms() - start, "ms", "<= 16");
}

static void measure_pages(struct bench *bench, const char *what)
{
	double values[ROUNDS];
	char label[64];

	for (size_t i = 0; i < ROUNDS; i++) {
		struct page *page = synth_page(bench->posts, PAGE);
		double start = now_ms();

		page->source = bench->home;
		store_add_page(bench->store, page);
		values[i] = now_ms() - start;
		bench->posts += PAGE;
	}
	snprintf(label, sizeof label, "page of 40, %s", what);
	percentiles(label, values, ROUNDS, "<= 2 (P8)");
	for (size_t i = 0; i < ROUNDS; i++) {
		struct page *page = synth_page(bench->posts - PAGE, PAGE);
		double start = now_ms();

		page->source = bench->home;
		store_add_page(bench->store, page);
		values[i] = now_ms() - start;
	}
	snprintf(label, sizeof label, "the same page again, %s", what);
	percentiles(label, values, ROUNDS, "<= 2 (P8)");
}

static void measure_burst(struct bench *bench, const char *what)
{
	double all = 0, longest = 0;
	char label[64];

	for (int i = 0; i < BURST; i++) {
		struct page *page = synth_page(bench->posts++, 1);
		double start = now_ms(), took;

		page->source = bench->home;
		store_add_page(bench->store, page);
		took = now_ms() - start;
		all += took;
		longest = took > longest ? took : longest;
	}
	snprintf(label, sizeof label, "burst: one post, %s", what);
	figure(label, all * 1e3 / BURST, "us", "<= 50 (P17: 2,000/s in 10 %)");
	snprintf(label, sizeof label, "burst: longest, %s", what);
	figure(label, longest, "ms", "<= 8 (P2)");
}

static void measure_reading(struct bench *bench)
{
	struct timeline *timeline = bench->columns[0];
	size_t n = timeline_len(timeline);
	double start = now_ms();

	for (size_t i = 0; i < n; i += 10) {
		store_set_read(bench->store, timeline_at(timeline, i).post, true);
	}
	figure("mark a post read, 16 columns", (now_ms() - start) * 1e3 / ((double)n / 10), "us",
	        "");
	start = now_ms();
	for (size_t i = 0; i < n; i += 10) {
		timeline_find(timeline, timeline_at(timeline, i).post, i);
	}
	figure("find a post's row", (now_ms() - start) * 1e3 / ((double)n / 10), "us", "");
}

static void measure_trim(struct bench *bench, size_t posts)
{
	double start = now_ms();

	store_trim(bench->store, posts);
	figure("trim: forget what is too much, 16 columns", now_ms() - start, "ms", "");
	for (int i = 0; i < 4096; i += PAGE) {
		feed(bench, bench->posts, PAGE);
		bench->posts += PAGE;
	}
	start = now_ms();
	store_trim(bench->store, posts);
	figure("trim: 4,096 posts", now_ms() - start, "ms", "");
}

int main(int argc, char **argv)
{
	static const char *const queries[] = {"rust OR lang:nl OR has:media", "-has:media lang:en",
	        "from:nobody OR likes:>10", "-has:link -is:reply"};
	uint64_t posts = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
	struct bench bench = {.store = store_new(&clock_system)};

	store_put_account(bench.store, synth_account());
	bench.home = store_source(bench.store, "work/home");
	add_column(&bench, NULL);
	measure_load(&bench, posts);
	measure_search(&bench);
	measure_query(&bench);
	measure_mute(&bench, "1 column");
	measure_pages(&bench, "1 column");
	measure_burst(&bench, "1 column");
	while (bench.ncolumns < COLUMNS) {
		add_column(&bench, queries[bench.ncolumns % 4]);
	}
	measure_mute(&bench, "16 columns");
	measure_pages(&bench, "16 columns");
	measure_burst(&bench, "16 columns");
	measure_reading(&bench);
	measure_trim(&bench, posts);
	while (bench.ncolumns > 0) {
		timeline_free(bench.columns[--bench.ncolumns]);
	}
	store_free(bench.store);
	return 0;
}
