/*
 * What a frame costs: four columns at 200x60 through ncurses into a pseudo-terminal that
 * a thread reads. A key is written to the terminal, read, acted upon, drawn and shown;
 * the time counts until the reader has the last byte. Lines `name value unit goal`.
 */
#define _GNU_SOURCE /* openpty's header asks for it */
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "synth.h"
#include "ui/column_view.h"
#include "ui/images.h"
#include "ui/layout.h"
#include "ui/term.h"
#include "ui/views.h"

enum { ROWS = 60, COLS = 200, COLUMNS = 4, POSTS = 2000, KEYS = 400 };

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* --- the terminal's far end --- */

static struct {
	int master;
	atomic_ullong bytes, last_ns, reads;
	atomic_bool idle;
} far;

static void *read_all(void *arg)
{
	static char buffer[65536];
	(void)arg;
	for (;;) {
		struct pollfd fd = {.fd = far.master, .events = POLLIN};
		if (poll(&fd, 1, 0) == 0) {
			atomic_store(&far.idle, true);
			if (poll(&fd, 1, -1) < 0) continue;
		}
		atomic_store(&far.idle, false);
		ssize_t n = read(far.master, buffer, sizeof(buffer));
		if (n <= 0) return NULL;
		atomic_store(&far.last_ns, now_ns());
		atomic_fetch_add(&far.bytes, (unsigned long long)n);
		atomic_fetch_add(&far.reads, 1);
	}
}

/* Something came since there were `before` bytes, and nothing more is on its way. */
static void wait_quiet(uint64_t before)
{
	uint64_t started = now_ns();
	while (atomic_load(&far.bytes) == before && now_ns() - started < 1000000000)
		usleep(100);
	uint64_t seen = atomic_load(&far.bytes), since = now_ns();
	while (now_ns() - since < 1500000) {
		usleep(100);
		if (atomic_load(&far.bytes) != seen || !atomic_load(&far.idle)) {
			seen = atomic_load(&far.bytes);
			since = now_ns();
		}
	}
}

/* --- the deck --- */

struct deck {
	struct ui ui;
	struct options options;
	struct store *store;
	struct column_view views[COLUMNS];
	struct timeline *timelines[COLUMNS];
	struct layout_out layout;
	struct grid grid;
	struct term term;
};

static int64_t bench_wall(void *ctx)
{
	(void)ctx;
	return synth_time(COLUMNS * POSTS) + 60000;
}

static int64_t bench_mono(void *ctx)
{
	(void)ctx;
	return (int64_t)(now_ns() / 1000000);
}

static const struct clock bench_clock = {bench_wall, bench_mono, NULL};

static void deck_fill(struct deck *deck)
{
	static const char *const titles[COLUMNS] = {"Home", "Mentions", "Search", "Feeds"};
	deck->store = store_new(&bench_clock);
	for (int i = 0; i < COLUMNS; i++) {
		char name[32];
		snprintf(name, sizeof(name), "work/tag:t%d", i);
		source_id source = store_source(deck->store, name);
		for (int at = 0; at < POSTS; at += 50) {
			struct page *page = synth_page((uint64_t)(i * POSTS + at), 50);
			page->source = source;
			store_add_page(deck->store, page);
		}
		deck->timelines[i] = timeline_new(deck->store);
		timeline_set_sources(deck->timelines[i], &source, 1);
		while (!timeline_settle(deck->timelines[i], INT64_MAX))
			continue;
		column_view_init(&deck->views[i], deck->timelines[i]);
		deck->views[i].title = titles[i];
		deck->views[i].account = "work";
		deck->views[i].focused = i == 1;
		deck->views[i].health.kind = HEALTH_LIVE;
	}
}

static void deck_init(struct deck *deck)
{
	*deck = (struct deck){0};
	deck_fill(deck);
	options_init(&deck->options);
	deck->ui = (struct ui){.store = deck->store,
	        .theme = theme_new(),
	        .options = &deck->options,
	        .clock = &bench_clock};
	grid_init(&deck->grid, ROWS, COLS);
	struct layout_in in = {
	        .n = COLUMNS, .focus = 1, .cols = COLS, .rows = ROWS - 1, .like = 39};
	layout_columns(&in, &deck->layout);
}

static void deck_draw_all(struct deck *deck)
{
	for (int i = 0; i < COLUMNS; i++) {
		column_view_draw(&deck->views[i], &deck->ui, &deck->grid, deck->layout.rects[i]);
	}
	borders_draw(&deck->ui, &deck->grid, deck->layout.rects, COLUMNS, 1);
	struct status_view status = {.left = "Home · work", .right = "12:00", .keys = "? help"};
	status_view_draw(&status, &deck->ui, &deck->grid, (struct rect){ROWS - 1, 0, 1, COLS});
}

static void deck_show(struct deck *deck)
{
	while (!deck->term.ops->show(deck->term.ctx, &deck->grid, deck->ui.theme, -1, -1)) {
		usleep(50);
	}
}

static void act(struct deck *deck, char key)
{
	struct column_view *view = &deck->views[1];
	int rows = ROWS - 1, cols = deck->layout.rects[1].cols;
	if (key == 'j') column_view_move(view, &deck->ui, 1, rows, cols);
	if (key == 'k') column_view_move(view, &deck->ui, -1, rows, cols);
	if (key == 'r') {
		deck->term.ops->redraw(deck->term.ctx);
		deck_draw_all(deck);
		return;
	}
	if (key == 'e') {
		/* The next post to the top: all lines of the column move. */
		column_view_select(view, &deck->ui, view->row + 1, rows, cols);
		view->top = 0;
		deck->options.scroll_off = 0;
	}
	column_view_draw(view, &deck->ui, &deck->grid, deck->layout.rects[1]);
}

/* What the engine does beside the deck: the pictures that the last frame lacked, each cell in
 * colours of its own. Not timed. */
static void bring_pictures(struct deck *deck)
{
	static job_id job;
	static uint32_t seed = 1;
	struct image_key key;
	struct image_wish wish;
	size_t place;
	while (deck->ui.images && images_next(deck->ui.images, &key, &wish, &place)) {
		struct image *image = image_new_cells(wish.width, wish.height);
		for (uint32_t i = 0; i < wish.width * wish.height; i++) {
			struct image_cell *cell = &image->cells[i];
			cell->code = 0x2580;
			for (int channel = 0; channel < 3; channel++) {
				seed = seed * 1664525 + 1013904223;
				cell->fg[channel] = (unsigned char)(seed >> 24);
				cell->bg[channel] = (unsigned char)(seed >> 16);
			}
		}
		images_asked(deck->ui.images, place, ++job);
		images_came(deck->ui.images, job, image);
	}
}

static void show_pictures(struct deck *deck)
{
	const struct images_look look = {.when = IMAGES_ALWAYS, .colors = 256};
	deck->ui.images = images_new();
	images_configure(deck->ui.images, &look);
	for (int i = 0; i < 2; i++) {
		deck_draw_all(deck);
		bring_pictures(deck);
	}
	uint64_t before = atomic_load(&far.bytes);
	deck_show(deck);
	wait_quiet(before);
}

/* --- measuring --- */

static int by_value(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;
	return (one > other) - (one < other);
}

static void report(FILE *out, const char *name, double *values, size_t n, const char *unit,
        const char *goal50, const char *goal99)
{
	qsort(values, n, sizeof(*values), by_value);
	fprintf(out, "frame.%s.p50 %.3f %s %s\n", name, values[n / 2], unit, goal50);
	fprintf(out, "frame.%s.p99 %.3f %s %s\n", name, values[n * 99 / 100], unit, goal99);
}

struct goals {
	const char *ms50, *ms99, *bytes;
};

static void measure(
        FILE *out, struct deck *deck, const char *name, const char *keys, const struct goals *goals)
{
	static double ms[KEYS], bytes[KEYS], cpu[KEYS];
	for (size_t i = 0; i < KEYS; i++) {
		struct term_event event;
		char key = keys[i % strlen(keys)];
		uint64_t before = atomic_load(&far.bytes), start = now_ns();
		if (write(far.master, &key, 1) != 1) exit(1);
		struct pollfd fd = {.fd = deck->term.fd, .events = POLLIN};
		poll(&fd, 1, -1);
		uint64_t woken = now_ns();
		deck->term.ops->read(deck->term.ctx, &event);
		if (event.kind != TERM_KEY) exit(1);
		act(deck, event.key[0]);
		deck_show(deck);
		cpu[i] = (double)(now_ns() - woken) / 1e6;
		wait_quiet(before);
		ms[i] = (double)(atomic_load(&far.last_ns) - start) / 1e6;
		bytes[i] = (double)(atomic_load(&far.bytes) - before);
		bring_pictures(deck);
	}
	char label[64];
	report(out, name, ms, KEYS, "ms", goals->ms50, goals->ms99);
	snprintf(label, sizeof(label), "%s.work", name);
	report(out, label, cpu, KEYS, "ms", "-", "-");
	snprintf(label, sizeof(label), "%s.bytes", name);
	report(out, label, bytes, KEYS, "B", goals->bytes, "-");
}

int main(void)
{
	struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
	int slave;
	pthread_t reader;
	FILE *out = fdopen(dup(STDOUT_FILENO), "w");
	struct deck deck;
	struct err err = {0};
	setlocale(LC_ALL, "C.UTF-8");
	setenv("TERM", "xterm-256color", 1);
	deck_init(&deck);
	if (!out || openpty(&far.master, &slave, NULL, NULL, &size) != 0) return 1;
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	pthread_create(&reader, NULL, read_all, NULL);
	struct term_options opts = {.colors = "auto", .mouse = true};
	if (!term_curses_open(&deck.term, &opts, &err)) {
		fprintf(out, "frame_bench: %s\n", err.text);
		return 1;
	}
	deck_draw_all(&deck);
	deck_show(&deck);
	wait_quiet(0);
	measure(out, &deck, "full", "r", &(struct goals){"2", "-", "20000"});
	measure(out, &deck, "move", "jjjkkk", &(struct goals){"0.6", "3", "1000"});
	measure(out, &deck, "scroll", "e", &(struct goals){"0.9", "-", "5500"});
	/* The same with pictures in the posts: what is on the screen is drawn from cells that are
	 * here. How many bytes they are is the terminal's colours. */
	show_pictures(&deck);
	measure(out, &deck, "pictures.move", "jjjkkk", &(struct goals){"0.6", "3", "-"});
	measure(out, &deck, "pictures.scroll", "e", &(struct goals){"0.9", "-", "-"});
	fprintf(out, "frame.pictures.asked %u - -\n", images_wanted(deck.ui.images));
	images_free(deck.ui.images);
	deck.term.ops->free(deck.term.ctx);
	fclose(out);
	return 0;
}
