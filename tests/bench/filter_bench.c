/*
 * What filters cost: filter_bench [POSTS [SECTION…]]. One figure a line: name, value, unit,
 * goal. Sections: search query words mute arrive columns; all of them when none is named.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/automaton.h"
#include "store/timeline.h"
#include "synth.h"

enum {
	SLICE = 500,
	SCREEN = 60,
	BURST = 20000,
	TURN = 32,
	TURN_MS = 3,
	MAX_COLUMNS = 50,
	PAUSE_MS = 100
};

struct bench {
	struct store *store;
	source_id home;
	struct timeline *columns[MAX_COLUMNS];
	size_t ncolumns;
	uint64_t posts; /* numbers given out so far */
};

/* Of this program alone, whatever else runs. */
static double cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

__attribute__((format(printf, 4, 5))) static void figure(
        double value, const char *unit, const char *goal, const char *fmt, ...)
{
	char name[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(name, sizeof name, fmt, args);
	va_end(args);
	printf("%-56s %10.3f %-4s %s\n", name, value, unit, goal);
	fflush(stdout);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof *values, by_value);
	return values[n / 2];
}

/* --- the deck --- */

static void load(struct bench *bench, uint64_t posts)
{
	size_t bytes = 0;

	for (uint64_t left = posts; left > 0;) {
		size_t n = left < SLICE ? left : SLICE;
		struct page *page = synth_page(left -= n, n);

		page->source = bench->home;
		page->stored = true;
		store_add_page(bench->store, page);
	}
	bench->posts = posts;
	for (post_id id = 1; id <= posts; id++) {
		bytes += post_len(store_post(bench->store, id), POST_FOLDED);
	}
	figure((double)bytes / (double)posts, "B", "", "folded text of a post, on average");
}

static struct timeline *add_column(struct bench *bench, const char *query)
{
	struct timeline *timeline = timeline_new(bench->store);
	struct err err = {0};

	timeline_set_sources(timeline, &bench->home, 1);
	if (!timeline_set_query(timeline, query, NULL, &err)) puts(err.text);
	timeline_settle(timeline, INT64_MAX);
	bench->columns[bench->ncolumns++] = timeline;
	return timeline;
}

static void drop_columns(struct bench *bench, size_t left)
{
	while (bench->ncolumns > left) {
		timeline_free(bench->columns[--bench->ncolumns]);
	}
}

/* --- a live search --- */

/* Until the newest hits fill a screen, then until all are there, as turns of the loop do it. */
static void keystroke(struct timeline *timeline, const char *typed, double *out_screen,
        double *out_all, double *out_longest)
{
	double start = now_ms(), turn;

	timeline_narrow(timeline, typed, false, NULL, NULL);
	*out_screen = 0;
	*out_longest = now_ms() - start;
	for (;;) {
		if (*out_screen == 0 && timeline_len(timeline) >= SCREEN) {
			*out_screen = now_ms() - start;
		}
		if (timeline_unsearched(timeline) == 0) break;
		turn = now_ms();
		timeline_settle(timeline, clock_mono(&clock_system) + TURN_MS);
		if (now_ms() - turn > *out_longest) *out_longest = now_ms() - turn;
	}
	*out_all = now_ms() - start;
	if (*out_screen == 0) *out_screen = *out_all;
}

/* What is done while the typist is on the way to the next key. */
static void pause_typing(struct timeline *timeline, double *out_longest, double *out_ms)
{
	double start = now_ms();
	bool done = false;

	while (!done && now_ms() - start < PAUSE_MS) {
		double turn = now_ms();

		done = timeline_settle(timeline, clock_mono(&clock_system) + TURN_MS);
		if (now_ms() - turn > *out_longest) *out_longest = now_ms() - turn;
	}
	if (now_ms() - start > *out_ms) *out_ms = now_ms() - start;
}

/* A word key by key, and back; of each key the median of several rounds. `pauses`: as somebody
 * types, who presses `/` first; else all keys at once. */
static void type_keys(struct timeline *timeline, const char *what, const char *word, bool pauses)
{
	enum { ROUNDS = 9, MAX_KEYS = 32 };
	double screen[MAX_KEYS][ROUNDS], all[MAX_KEYS][ROUNDS], back[MAX_KEYS][ROUNDS];
	double longest = 0, thought = 0;
	size_t len = strlen(word), keys = 0, hits[MAX_KEYS];
	const char *how = pauses ? "" : " at once";
	char typed[64];

	for (size_t round = 0; round < ROUNDS; round++) {
		keys = 0;
		timeline_expect(timeline, pauses);
		for (size_t i = 1; i <= len && keys < MAX_KEYS; i++) {
			double turn;

			if (i < len && ((unsigned char)word[i] & 0xc0) == 0x80) continue;
			if (pauses) pause_typing(timeline, &longest, &thought);
			snprintf(typed, sizeof typed, "%.*s", (int)i, word);
			keystroke(timeline, typed, &screen[keys][round], &all[keys][round], &turn);
			hits[keys++] = timeline_len(timeline);
			if (turn > longest) longest = turn;
		}
		for (size_t i = len, key = keys; i-- > 1;) {
			double start = now_ms();

			if (((unsigned char)word[i] & 0xc0) == 0x80) continue;
			snprintf(typed, sizeof typed, "%.*s", (int)i, word);
			timeline_narrow(timeline, typed, false, NULL, NULL);
			back[--key][round] = now_ms() - start;
		}
		timeline_narrow(timeline, NULL, false, NULL, NULL);
		timeline_expect(timeline, false);
	}
	for (size_t key = 0; key < keys; key++) {
		figure(median(screen[key], ROUNDS), "ms", key == 0 ? "<= 8 (P9)" : "",
		        "%s%s: key %zu, screen", what, how, key + 1);
		figure(median(all[key], ROUNDS), "ms", key == 0 ? "<= 16 (P9)" : "<= 2 (P9)",
		        "%s%s: key %zu, complete, %zu hits", what, how, key + 1, hits[key]);
	}
	if (keys > 1) {
		figure(median(back[1], ROUNDS), "ms", "<= 0.2 (P9)", "%s%s: backspace", what, how);
	}
	figure(longest, "ms", "3 a turn", "%s%s: longest turn", what, how);
	if (pauses) figure(thought, "ms", "< 100", "%s: most thought between two keys", what);
}

static void type_word(struct timeline *timeline, const char *what, const char *word)
{
	type_keys(timeline, what, word, true);
	type_keys(timeline, what, word, false);
}

static void measure_search(struct bench *bench)
{
	static const struct {
		const char *what;
		int script;
		uint64_t rank;
	} words[] = {{"common word", 0, 20}, {"rare word", 0, 3000}, {"Cyrillic word", 1, 300}};
	struct timeline *timeline = bench->columns[0];
	struct str word = {0};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		str_clear(&word);
		synth_word(&word, words[i].script, words[i].rank);
		type_word(timeline, words[i].what, str_c(&word));
	}
	type_word(timeline, "nobody's word", "z");
	str_clear(&word);
	synth_word(&word, 0, 20);
	str_adds(&word, " -has:media");
	type_word(timeline, "word -has:media", str_c(&word));
	str_finish(&word);
}

/* --- a stored query that was edited --- */

static void measure_query(struct bench *bench)
{
	static const char *const queries[] = {"tare -has:media", "from:nobody OR likes:>10",
	        "nota OR tamon lang:en -is:repost", "/no+ta/ has:link"};
	struct timeline *timeline = bench->columns[0];

	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		double start = now_ms(), turn, longest = 0;
		bool done = false;

		timeline_set_query(timeline, queries[i], NULL, NULL);
		figure(now_ms() - start, "ms", "<= 3", "query %s: screen", queries[i]);
		while (!done) {
			turn = now_ms();
			done = timeline_settle(timeline, clock_mono(&clock_system) + TURN_MS);
			if (now_ms() - turn > longest) longest = now_ms() - turn;
		}
		figure(now_ms() - start, "ms", "<= 100 (P12)", "query %s: all", queries[i]);
		figure(longest, "ms", "3 a turn", "query %s: longest turn", queries[i]);
	}
	timeline_set_query(timeline, NULL, NULL, NULL);
	timeline_settle(timeline, INT64_MAX);
}

/* --- words alone --- */

/* Words as people mute them: some are there often, most never. */
static void some_word(struct str *out, uint64_t i)
{
	str_clear(out);
	synth_word(out, (int)(i % 10 == 9 ? 1 : 0), i % 3 ? 700 + i * 37 : 20000 + i * 11);
	if (i % 3 == 0) str_addc(out, (char)('a' + i % 26));
}

static void measure_words(struct bench *bench)
{
	static const size_t counts[] = {10, 100, 1000};
	static const char *const goals[] = {"", "<= 1 (P11)", "<= 2 (P11)"};

	for (size_t c = 0; c < 3; c++) {
		struct automaton_word *words = xcalloc(counts[c], sizeof *words);
		struct slots slots = {0};
		struct automaton *automaton;
		double start = now_ms(), made;
		size_t bytes = 0, posts = 20000, found = 0;

		for (size_t i = 0; i < counts[c]; i++) {
			struct str word = {0};

			some_word(&word, i);
			words[i].len = word.len;
			words[i].bytes = str_take(&word);
			words[i].slot = (uint32_t)i + 1;
		}
		automaton = automaton_new(words, counts[c]);
		made = now_ms() - start;
		start = now_ms();
		for (post_id id = 1; id <= posts; id++) {
			const struct post *post = store_post(bench->store, id);
			size_t len = post_len(post, POST_FOLDED);

			slots_clear(&slots, counts[c] + 1);
			automaton_find(automaton, post_str(post, POST_FOLDED), len, &slots);
			bytes += len;
			found += slots.n;
		}
		figure((now_ms() - start) * 1e3 / (double)bytes * 300, "us", goals[c],
		        "%zu words in 300 B of text (%.2f found a post)", counts[c],
		        (double)found / (double)posts);
		figure(made, "ms", "", "%zu words: made, %.0f KiB", counts[c],
		        (double)automaton_memory(automaton) / 1024);
		automaton_free(automaton);
		slots_finish(&slots);
		for (size_t i = 0; i < counts[c]; i++) {
			free((char *)words[i].bytes);
		}
		free(words);
	}
}

/* --- arriving posts --- */

/* Distinct queries of three terms and more; half of the posts and more pass half of them. */
static void column_query(char *out, size_t size, size_t i)
{
	struct str word = {0};

	some_word(&word, i * 7 + 1);
	switch (i % 5) {
	case 0:
		snprintf(out, size, "-%s -is:reply lang:en", str_c(&word));
		break;
	case 1:
		snprintf(out, size, "%s OR from:person%zu OR tag:tag%zu", str_c(&word), i, i);
		break;
	case 2:
		snprintf(out, size, "(ta OR no OR %s) -has:poll", str_c(&word));
		break;
	case 3:
		snprintf(out, size, "%s has:media -from:person%zu", str_c(&word), i);
		break;
	default:
		snprintf(out, size, "likes:>%zu OR %s OR link:news%zu.example", i % 20,
		        str_c(&word), i);
	}
	str_finish(&word);
}

/* Posts one by one, as a stream brings them; after each TURN of them the columns are read, as
 * the screen reads them. Microseconds of this program a post. */
static double arrive_some(struct bench *bench, size_t posts, size_t turn)
{
	struct page **pages = xmalloc(posts * sizeof *pages);
	double all;

	for (size_t i = 0; i < posts; i++) {
		pages[i] = synth_page(bench->posts++, 1);
		pages[i]->source = bench->home;
	}
	all = -cpu_ms();
	for (size_t i = 0; i < posts; i++) {
		store_add_page(bench->store, pages[i]);
		if ((i + 1) % turn > 0) continue;
		for (size_t c = 0; c < bench->ncolumns; c++) {
			timeline_settle(bench->columns[c], INT64_MAX);
			timeline_at(bench->columns[c], 0);
		}
	}
	all += cpu_ms();
	free(pages);
	return all * 1e3 / (double)posts;
}

static double arrive(struct bench *bench, size_t turn)
{
	return arrive_some(bench, BURST, turn);
}

static double shown_part(const struct bench *bench)
{
	double shown = 0;

	for (size_t c = 0; c < bench->ncolumns; c++) {
		shown += (double)timeline_len(bench->columns[c]);
	}
	return shown * 100 / (double)bench->ncolumns / (double)bench->posts;
}

static void set_columns(struct bench *bench, size_t n)
{
	char query[256];

	drop_columns(bench, 0);
	for (size_t i = 0; i < n; i++) {
		column_query(query, sizeof query, i);
		add_column(bench, query);
	}
}

static void mute_words(struct bench *bench, size_t from, size_t n)
{
	for (size_t i = from; i < n; i++) {
		struct str word = {0};
		char id[32], query[128];
		struct mute mute = {.id = id, .query = query};

		some_word(&word, i * 3 + 5000);
		snprintf(id, sizeof id, "m%zu", i);
		if (i % 4 == 3) {
			snprintf(query, sizeof query, "from:nobody%zu", i);
		} else {
			snprintf(query, sizeof query, "\"%s\"", str_c(&word));
		}
		store_mute(bench->store, &mute, NULL, NULL);
		str_finish(&word);
	}
}

static void unmute_all(struct bench *bench)
{
	const struct mute *mutes;

	while (store_mutes(bench->store, &mutes) > 0) {
		store_unmute(bench->store, mutes[0].id);
	}
}

static void measure_arrive(struct bench *bench)
{
	set_columns(bench, 50);
	figure(arrive(bench, TURN), "us", "", "arriving post: 50 columns, no mutes");
	mute_words(bench, 0, 100);
	figure(arrive(bench, TURN), "us", "", "arriving post: 50 columns, 100 mutes");
	mute_words(bench, 100, 1000);
	figure(arrive(bench, TURN), "us", "about as 100", "arriving post: 50 columns, 1,000 mutes");
	unmute_all(bench);
}

/* Looked at and filtered alone; then with all columns read after so many posts. Two stores take
 * the same posts by turns, so that a noisy machine is noisy for both; the median counts. */
static void measure_columns(struct bench *bench)
{
	enum { ROUNDS = 25, POSTS = 640 };
	static const struct {
		size_t turn;
		const char *what, *goal;
	} turns[] = {{POSTS + 1, "filtered", "<= 20"}, {TURN, "in turns of 32", "<= 20"},
	        {1, "in turns of 1", ""}};
	struct bench other = {.store = store_new(&clock_system)};

	store_put_account(other.store, synth_account());
	other.home = store_source(other.store, "work/home");
	load(&other, bench->posts);
	set_columns(bench, 5);
	set_columns(&other, MAX_COLUMNS);
	for (size_t t = 0; t < sizeof turns / sizeof *turns; t++) {
		double few[ROUNDS], many[ROUNDS], more;

		for (size_t i = 0; i < ROUNDS; i++) {
			few[i] = arrive_some(bench, POSTS, turns[t].turn);
			many[i] = arrive_some(&other, POSTS, turns[t].turn);
		}
		more = median(many, ROUNDS) * 100 / median(few, ROUNDS) - 100;
		figure(median(few, ROUNDS), "us", "", "arriving post %s: 5 columns (%.0f %% pass)",
		        turns[t].what, shown_part(bench));
		figure(median(many, ROUNDS), "us", "",
		        "arriving post %s: 50 columns (%.0f %% pass)", turns[t].what,
		        shown_part(&other));
		figure(more, "%", turns[t].goal, "50 columns cost more, %s", turns[t].what);
	}
	drop_columns(&other, 0);
	store_free(other.store);
	drop_columns(bench, 0);
	add_column(bench, NULL);
}

/* --- mutes --- */

static void measure_mute(struct bench *bench)
{
	enum { ROUNDS = 9 };
	static const char *const queries[] = {"from:%s", "by:%s is:repost", "nota", "tag:tag7"};
	const char *handle;

	set_columns(bench, 16);
	handle = store_profile(bench->store, store_post(bench->store, 1)->author)->handle;
	for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
		double on[ROUNDS], off[ROUNDS];
		struct str query = {0};
		size_t rows = 0;
		struct mute mute = {.id = "m"};

		str_adds(&query, queries[q]);
		if (strstr(queries[q], "%s")) {
			str_clear(&query);
			str_addf(&query, q == 0 ? "from:%s" : "by:%s is:repost", handle);
		}
		mute.query = str_c(&query);
		for (size_t i = 0; i < ROUNDS; i++) {
			double start = now_ms();

			store_mute(bench->store, &mute, &rows, NULL);
			on[i] = now_ms() - start;
			start = now_ms();
			store_unmute(bench->store, "m");
			off[i] = now_ms() - start;
		}
		figure(median(on, ROUNDS), "ms", q < 2 ? "<= 16" : "",
		        "mute %s, 16 columns (%zu rows)", queries[q], rows);
		figure(median(off, ROUNDS), "ms", q < 2 ? "<= 16" : "", "unmute %s", queries[q]);
		str_finish(&query);
	}
	drop_columns(bench, 0);
	add_column(bench, NULL);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct bench *bench);
	} sections[] = {{"search", measure_search}, {"query", measure_query},
	        {"words", measure_words}, {"mute", measure_mute}, {"arrive", measure_arrive},
	        {"columns", measure_columns}};
	uint64_t posts = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
	struct bench bench = {.store = store_new(&clock_system)};

	store_put_account(bench.store, synth_account());
	bench.home = store_source(bench.store, "work/home");
	add_column(&bench, NULL);
	load(&bench, posts);
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		bool wanted = argc <= 2;

		for (int k = 2; k < argc; k++) {
			wanted |= strcmp(argv[k], sections[i].name) == 0;
		}
		if (wanted) sections[i].run(&bench);
	}
	drop_columns(&bench, 0);
	store_free(bench.store);
	return 0;
}
