/*
 * A key in a post of 64 KB, for an account of each network, in CPU time: the edit, the rows,
 * what each network counts and finds in the text, and the frame. compose_bench
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/measure.h"
#include "model/draft.h"
#include "synth.h"
#include "ui/composer_view.h"
#include "ui/theme.h"

enum { KEYS = 100, ROWS = 60, COLS = 200, BYTES = 64 * 1024 };

struct stage {
	const char *name;
	double us[KEYS];
};

static double cpu_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void say(struct stage *stage)
{
	qsort(stage->us, KEYS, sizeof(*stage->us), by_value);
	printf("compose_%s p50 %.3f ms p99 %.3f ms\n", stage->name, stage->us[KEYS / 2] / 1000,
	        stage->us[KEYS * 99 / 100] / 1000);
}

static void count(void *ctx, const struct facet *facet)
{
	(void)facet;
	++*(size_t *)ctx;
}

static void measure(struct account *const *accounts, const char *text, size_t len)
{
	size_t found = 0;
	for (int i = 0; i < 2; i++) {
		struct draft *draft = draft_new();
		free(draft->parts[0].text);
		draft->parts[0].text = xstrdup(text);
		struct outgoing *item =
		        outgoing_of(draft, 0, accounts[i]->id, accounts[i]->network);
		struct measure out;
		struct err err;
		measure_item(accounts[i], item, &out);
		measure_check(accounts[i], item, &err);
		outgoing_free(item);
		draft_free(draft);
	}
	measure_detect(accounts[0], text, len, count, &found);
}

static void run(const char *name, const char *filling, struct ui *ui, struct grid *grid,
        struct account *const *accounts)
{
	struct text_edit edit = {0};
	struct str text = {0};
	while (text.len < BYTES)
		str_adds(&text, filling);
	text_edit_set(&edit, text.p);
	edit.cursor = 0;
	static struct stage keys, counting, frame;
	struct rect area = {0, 0, ROWS, 90};
	const char *const starts[] = {""};
	struct composer_view view = {.title = "New post",
	        .state = "",
	        .part_starts = starts,
	        .nparts = 1,
	        .edit = &edit,
	        .fits = 500,
	        .settings = "",
	        .hints = "",
	        .focus = -1};
	for (int i = 0; i < KEYS; i++) {
		int row, col;
		double start = cpu_us();
		text_edit_key(&edit, i % 7 == 3 ? "<Down>" : "x", composer_view_cols(area));
		double typed = cpu_us();
		measure(accounts, edit.text.p, edit.text.len);
		double counted = cpu_us();
		arena_reset(&ui->scratch);
		composer_view_draw(&view, ui, grid, area, &row, &col);
		keys.us[i] = typed - start;
		counting.us[i] = counted - typed;
		frame.us[i] = cpu_us() - counted;
	}
	printf("%s\n", name);
	keys.name = "key";
	counting.name = "count";
	frame.name = "frame";
	say(&keys);
	say(&counting);
	say(&frame);
	str_finish(&text);
	text_edit_finish(&edit);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	struct grid grid;
	struct ui ui = {.theme = theme_new(), .clock = &clock_system};
	struct account *accounts[] = {account_new("work", "mastodon", "home.example"),
	        account_new("sky", "bluesky", "pds.example")};
	for (int i = 0; i < 2; i++) {
		accounts[i]->id = (account_id)(2 + i);
		accounts[i]->caps = CAP_POST;
	}
	grid_init(&grid, ROWS, COLS);
	run("words and lines",
	        "Words of a post, #tags, @ada@sea.example and https://example.org/x.\n", &ui, &grid,
	        accounts);
	run("one line without a blank", "漢字漢字", &ui, &grid, accounts);
	run("one word", "aaaaaaaaaaaaaaaa", &ui, &grid, accounts);
	for (int i = 0; i < 2; i++)
		account_free(accounts[i]);
	grid_finish(&grid);
	theme_free(ui.theme);
	arena_finish(&ui.scratch);
	return 0;
}
