#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>

#include "base/random.h"
#include "fixture.h"
#include "ui/layout.h"

/* What must hold of every screen, whatever strangers wrote and however small it is. */

static const char *const pieces[] = {"word ", "a ", "漢字", "。", "「", "한국어 ", "Ελλάδα ",
        "привет ", "שלום ", "مرحبا ", "क्षत्रिय ", "ไทย", "👩‍👩‍👧‍👦", "🇳🇱", "❤️",
        "1️⃣", "🏽", "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85", "\n", "\n\n",
        "https://example.org/a/long/path?with=query ", "#tag ", "@someone@example.net ", "ﷺ",
        "\xe2\x80\xae"
        "rtl",
        "\033]0;title\a",
        "\xc2\x9b"
        "31m",
        "\xff\xfe", "\t", "zero\xe2\x80\x8bwidth ", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "𝕏", "ﬃ",
        "verylongwordwithoutanyplacetobreakitatall"};
enum { PIECES = sizeof(pieces) / sizeof(pieces[0]), MAX_TEXT = 4096 };

static char *random_text(struct random *random, uint32_t most)
{
	struct str out = {0};
	for (uint64_t n = random_below(random, most + 1); n > 0; n--) {
		str_adds(&out, pieces[random_below(random, PIECES)]);
	}
	return str_take(&out);
}

/* A post of which everything that a stranger can write is random. */
static void add_random(struct fixture *fx, struct random *random, int minutes)
{
	static const enum post_string texts[] = {POST_TITLE, POST_WARNING, POST_REPLY_NAME,
	        POST_REPLY_TO, POST_CARD_URL, POST_CARD_TITLE, POST_POLL, POST_QUOTE_OF};
	char *owned[16], *name = random_text(random, 5), *handle = random_text(random, 3);
	struct fixture_post post = {.name = name, .handle = handle, .minutes = minutes};
	struct media media[3];
	size_t n = 0;
	post.parts.str[POST_BODY] = owned[n++] = random_text(random, 40);
	for (size_t i = 0; i < 8; i++) {
		if (random_below(random, 4) > 0) continue;
		post.parts.str[texts[i]] = owned[n++] = random_text(random, 8);
	}
	if (random_below(random, 3) == 0)
		post.parts.str[POST_QUOTE_OF] = "https://example.org/post/1";
	if (random_below(random, 3) == 0) post.parts.str[POST_POLL] = "3\tyes 漢字\n-1\tno\nbroken";
	for (size_t i = 0; i < 3; i++) {
		media[i] =
		        (struct media){.kind = (enum media_kind)random_below(random, MEDIA_NKINDS),
		                .url = "u",
		                .alt = i ? post.parts.str[POST_BODY] : NULL};
	}
	struct facet facets[] = {{FACET_LINK, 0, 3, "https://example.org/"},
	        {FACET_STRONG, 2, 9, NULL}, {FACET_TAG, 4, 4000, "x"}};
	post.parts.facets = facets;
	post.parts.nfacets = 3;
	post.parts.media = media;
	post.parts.nmedia = random_below(random, 4);
	post.parts.likes = (uint32_t)random_below(random, 5000000);
	post.parts.replies = POST_UNKNOWN;
	post.parts.flags = (unsigned)random_below(random, 32);
	post.reason = (enum reason)random_below(random, REASON_COUNT);
	if (random_below(random, 2)) post.actor = pieces[random_below(random, PIECES)];
	fixture_add(fx, &post);
	for (size_t i = 0; i < n; i++)
		free(owned[i]);
	free(name);
	free(handle);
}

static void check(const struct grid *grid)
{
	struct str fault = {0};
	if (!grid_check(grid, &fault)) fail_msg("%s", fault.p);
	str_finish(&fault);
}

/* Draw a column into the middle of a screen of dots; the dots must stay. */
static void draw_among_dots(struct fixture *fx, int rows, int cols)
{
	struct grid grid;
	struct rect area = {1, 2, rows, cols};
	grid_init(&grid, rows + 2, cols + 4);
	grid.ascii = fx->ui.ascii;
	for (int row = 0; row < grid.rows; row++) {
		for (int col = 0; col < grid.cols; col++) {
			grid_put(&grid, (struct rect){0, 0, grid.rows, grid.cols}, row, col, 0, 0,
			        ".", 1, 1);
		}
	}
	column_view_draw(&fx->view, &fx->ui, &grid, area);
	check(&grid);
	for (int row = 0; row < grid.rows; row++) {
		for (int col = 0; col < grid.cols; col++) {
			const struct cell *cell = grid_at(&grid, row, col);
			bool in = row >= 1 && row <= rows && col >= 2 && col < 2 + cols;
			if (!in && cell->utf8[0] != '.')
				fail_msg("%dx%d: outside at %d,%d", rows, cols, row, col);
			if (fx->ui.ascii && cell->len > 0)
				assert_true(cell->len == 1 && cell->utf8[0] < 127);
		}
	}
	grid_finish(&grid);
}

/* One layout after the other, marks of authors in some. */
static void lay_out(struct fixture *fx, int i)
{
	static const char *const layouts[] = {"cosy", "compact", "wide",
	        "time mark reason text > media handle counts name | poll | close indent=7"};
	free(fx->options.layout);
	fx->options.layout = xstrdup(layouts[i % 4]);
	fx->options.avatars = i % 3 == 0;
	fx->options.linear = i % 11 == 0;
	assert_true(post_template_read(layouts[i % 4], &fx->ui.layout, NULL));
}

static void test_no_cell_outside_its_column(void **state)
{
	(void)state;
	static const int heights[] = {1, 2, 3, 9, 30};
	struct random random;
	struct fixture fx;
	random_init(&random, 11);
	fixture_init(&fx);
	for (int i = 0; i < 60; i++)
		add_random(&fx, &random, i);
	for (int cols = 1; cols <= 60; cols++) {
		int rows = heights[cols % 5];
		lay_out(&fx, cols);
		fx.ui.ascii = cols % 7 == 0;
		fx.options.post_lines = cols % 4 * 4;
		fx.view.focused = cols % 3 > 0;
		column_view_move(&fx.view, &fx.ui, (int)random_below(&random, 9) - 4, rows, cols);
		draw_among_dots(&fx, rows, cols);
		column_view_scroll(
		        &fx.view, &fx.ui, (int)random_below(&random, 40) - 20, rows, cols);
		draw_among_dots(&fx, rows, cols);
		assert_true(fx.view.row < timeline_len(fx.timeline));
	}
	fixture_finish(&fx);
}

static void expect_cursor_in_view(struct fixture *fx, int round, int rows, int cols)
{
	bool seen = false;
	for (int line = 0; line < rows; line++) {
		size_t row = column_view_row_at(&fx->view, &fx->ui, line, rows, cols);
		seen = seen || row == fx->view.row;
	}
	if (!seen)
		fail_msg("round %d: row %zu, top %d of %dx%d", round, fx->view.row, fx->view.top,
		        rows, cols);
}

/* Some line of the selected post is always on the screen. */
static void test_the_cursor_is_always_in_view(void **state)
{
	(void)state;
	struct random random;
	struct fixture fx;
	random_init(&random, 12);
	fixture_init(&fx);
	for (int i = 0; i < 40; i++)
		add_random(&fx, &random, i);
	for (int round = 0; round < 1500; round++) {
		int rows = 2 + (int)random_below(&random, 40),
		    cols = 1 + (int)random_below(&random, 60);
		int by = (int)random_below(&random, 61) - 30;
		switch (random_below(&random, 5)) {
		case 0:
			column_view_move(&fx.view, &fx.ui, by, rows, cols);
			break;
		case 1:
			column_view_move(&fx.view, &fx.ui, by < 0 ? -1 : 1, rows, cols);
			break;
		case 2:
			column_view_scroll(&fx.view, &fx.ui, by, rows, cols);
			break;
		case 3:
			column_view_select(&fx.view, &fx.ui, random_below(&random, 45), rows, cols);
			break;
		default:
			column_view_move_unread(&fx.view, &fx.ui, by < 0 ? -1 : 1, rows, cols);
			break;
		}
		expect_cursor_in_view(&fx, round, rows, cols);
		/* and when the window shrinks or grows under it */
		expect_cursor_in_view(&fx, round, 2 + (int)random_below(&random, 40), cols);
	}
	fixture_finish(&fx);
}

/* All that can be on a screen at once, at one size. */
static void draw_everything(struct fixture *fx, struct list_view *list,
        struct article_view *article, int rows, int cols)
{
	struct grid grid;
	struct layout_out layout;
	struct rect all = {0, 0, rows, cols};
	int row, col;
	const char *const completions[] = {"column add", "column close"};
	struct edit edit = {0};
	edit_set(&edit, "column 漢字 and a long line that does not fit");
	grid_init(&grid, rows, cols);
	layout_columns(
	        &(struct layout_in){.n = 3, .focus = 1, .cols = cols, .rows = rows - 1, .like = 20},
	        &layout);
	for (size_t i = 0; i < layout.count; i++) {
		column_view_draw(&fx->view, &fx->ui, &grid, layout.rects[i]);
	}
	borders_draw(&fx->ui, &grid, layout.rects, layout.count, 0);
	check(&grid);
	for (size_t i = 1; i < layout.count; i++) {
		for (int line = 0; line < rows - 1; line++) {
			assert_string_equal(
			        grid_at(&grid, line, layout.rects[i].col - 1)->utf8, "│");
		}
	}
	list_view_draw(list, &fx->ui, &grid, all);
	check(&grid);
	article_view_draw(article, &fx->ui, &grid, all);
	article_view_scroll(article, &fx->ui, 7, all);
	check(&grid);
	status_view_draw(&(struct status_view){.left = "漢字 left",
	                         .right = "right 漢",
	                         .keys = "g",
	                         .message = cols % 2 ? "a message" : NULL},
	        &fx->ui, &grid, (struct rect){rows - 1, 0, 1, cols});
	check(&grid);
	prompt_view_draw(&(struct prompt_view){.label = ":",
	                         .edit = &edit,
	                         .err_at = 8,
	                         .hint = "what",
	                         .completions = completions,
	                         .ncompletions = 2,
	                         .focus = 1},
	        &fx->ui, &grid, all, &row, &col);
	check(&grid);
	assert_true(row >= 0 && col >= 0 && (rows < 1 || row < rows) && (cols < 1 || col < cols));
	edit_finish(&edit);
	free(layout.rects);
	grid_finish(&grid);
}

static void test_every_size_from_nothing_to_500x200(void **state)
{
	(void)state;
	struct random random;
	struct fixture fx;
	struct list_view list = {0};
	random_init(&random, 13);
	fixture_init(&fx);
	for (int i = 0; i < 20; i++)
		add_random(&fx, &random, i);
	list.title = xstrdup("keys 漢");
	for (int i = 0; i < 30; i++) {
		list_view_add(&list, &(struct list_item){.key = (char[]){"<C-漢>"},
		                             .text = (char[]){"what 漢字 does"},
		                             .detail = (char[]){"a command line"},
		                             .heading = i % 10 == 0});
	}
	struct text body = {0};
	char *words = random_text(&random, 300);
	text_clean(&body, words, strlen(words), NULL, 0);
	struct facet link = {FACET_LINK, 0, 4, "https://example.org/"};
	struct article_view article = {.post = 1,
	        .utf8 = str_c(&body.utf8),
	        .len = body.utf8.len,
	        .facets = &link,
	        .nfacets = 1};
	for (int rows = 0; rows < 12; rows++) {
		for (int cols = 0; cols < 14; cols++)
			draw_everything(&fx, &list, &article, rows, cols);
	}
	draw_everything(&fx, &list, &article, 24, 80);
	draw_everything(&fx, &list, &article, 200, 500);
	draw_everything(&fx, &list, &article, 1, 500);
	draw_everything(&fx, &list, &article, 200, 1);
	free(words);
	text_finish(&body);
	list_view_finish(&list);
	fixture_finish(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_no_cell_outside_its_column),
	        cmocka_unit_test(test_the_cursor_is_always_in_view),
	        cmocka_unit_test(test_every_size_from_nothing_to_500x200),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
