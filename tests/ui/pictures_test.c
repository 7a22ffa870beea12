/* Pictures in posts and over the deck, and links that do not say where they lead. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fixture.h"
#include "ui/images.h"

enum { COLS = 42, ROWS = 30 };

static void begin(struct fixture *fx, enum images_when when)
{
	const struct images_look look = {.when = when, .colors = 256};
	fixture_init(fx);
	fx->ui.images = images_new();
	images_configure(fx->ui.images, &look);
}

static void end(struct fixture *fx)
{
	struct images *images = fx->ui.images;
	fixture_finish(fx);
	images_free(images);
}

static post_id add_pictured(struct fixture *fx, int n, const char *warning)
{
	char url[64];
	snprintf(url, sizeof(url), "https://m.example/%d.png", n);
	struct media media = {.kind = MEDIA_IMAGE,
	        .url = url,
	        .preview = url,
	        .alt = "A heron",
	        .width = 400,
	        .height = 200};
	struct fixture_post post = {.minutes = n};
	post.parts.str[POST_BODY] = "Look";
	post.parts.str[POST_WARNING] = warning;
	post.parts.media = &media;
	post.parts.nmedia = 1;
	return fixture_add(fx, &post);
}

static void draw(struct fixture *fx, struct grid *grid)
{
	grid_init(grid, ROWS, COLS);
	column_view_draw(&fx->view, &fx->ui, grid, (struct rect){0, 0, ROWS, COLS});
}

static size_t inked(const struct grid *grid)
{
	size_t n = 0;
	for (int i = 0; i < grid->rows * grid->cols; i++)
		n += grid->cells[i].style == CELL_INKED;
	return n;
}

static size_t look(struct fixture *fx)
{
	struct grid grid;
	struct str wrong = {0};
	draw(fx, &grid);
	size_t n = inked(&grid);
	if (!grid_check(&grid, &wrong)) fail_msg("%s", str_c(&wrong));
	grid_finish(&grid);
	return n;
}

/* What the engine would: every picture that is wanted, in one colour. Returns how many. */
static unsigned bring(struct fixture *fx)
{
	static job_id job = 1;
	struct image_key key;
	struct image_wish wish;
	size_t place;
	unsigned n = 0;
	for (; images_next(fx->ui.images, &key, &wish, &place); n++) {
		struct image *image = image_new_cells(wish.width, wish.height);
		for (uint32_t i = 0; i < wish.width * wish.height; i++)
			image->cells[i] = (struct image_cell){0x2580, {1, 2, 3}, {4, 5, 6}};
		images_asked(fx->ui.images, place, ++job);
		assert_true(images_came(fx->ui.images, job, image));
	}
	return n;
}

/* The line on which `text` begins, or -1. */
static int line_of(struct fixture *fx, const char *text)
{
	char *screen = fixture_screen(fx, ROWS, COLS), *at = strstr(screen, text);
	int line = at ? 0 : -1;
	for (const char *p = screen; at && p < at; p++)
		line += *p == '\n';
	free(screen);
	return line;
}

static void nothing_moves_when_it_comes(void **state)
{
	(void)state;
	struct fixture fx;
	begin(&fx, IMAGES_ALWAYS);
	add_pictured(&fx, 1, NULL);
	fixture_say(&fx, 5, "The post below");
	assert_int_equal(look(&fx), 0);
	int before = line_of(&fx, "The post below");
	assert_in_range(before, 12, ROWS - 1);
	assert_int_equal(bring(&fx), 1);
	/* 400 to 200 in 40 columns: ten rows. */
	assert_int_equal(look(&fx), 40 * 10);
	assert_int_equal(line_of(&fx, "The post below"), before);
	/* What it shows is said in words too. */
	assert_int_not_equal(line_of(&fx, "A heron"), -1);
	end(&fx);
}

static void only_on_demand(void **state)
{
	(void)state;
	struct fixture fx;
	begin(&fx, IMAGES_DEMAND);
	post_id id = add_pictured(&fx, 1, NULL);
	assert_int_equal(look(&fx), 0);
	assert_int_equal(bring(&fx), 0);
	column_view_toggle(&fx.view, id);
	look(&fx);
	assert_int_equal(bring(&fx), 1);
	assert_int_equal(look(&fx), 400);
	end(&fx);
}

/* Off, without colours, in ASCII and in plain lines there are words alone. */
static void words_alone(void **state)
{
	(void)state;
	for (int how = 0; how < 4; how++) {
		struct fixture fx;
		begin(&fx, how == 0 ? IMAGES_OFF : IMAGES_ALWAYS);
		const struct images_look none = {.when = IMAGES_ALWAYS};
		if (how == 1) images_configure(fx.ui.images, &none);
		if (how == 2) fx.ui.ascii = true;
		if (how == 3) fx.options.linear = true;
		post_id id = add_pictured(&fx, 1, NULL);
		column_view_toggle(&fx.view, id);
		char *screen = fixture_screen(&fx, ROWS, COLS);
		assert_non_null(strstr(screen, "A heron"));
		free(screen);
		assert_int_equal(images_wanted(fx.ui.images), 0);
		end(&fx);
	}
}

static void what_is_covered_is_not_fetched(void **state)
{
	(void)state;
	struct fixture fx;
	begin(&fx, IMAGES_ALWAYS);
	post_id id = add_pictured(&fx, 1, "Gore");
	look(&fx);
	assert_int_equal(images_wanted(fx.ui.images), 0);
	column_view_toggle(&fx.view, id);
	look(&fx);
	assert_int_equal(images_wanted(fx.ui.images), 1);
	end(&fx);
}

/* P1: past twenty pictures and back, each is asked for once, and none is made anew. */
static void scrolling_asks_once(void **state)
{
	(void)state;
	struct fixture fx;
	begin(&fx, IMAGES_ALWAYS);
	for (int i = 0; i < 20; i++)
		add_pictured(&fx, i, NULL);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 20; i++) {
			look(&fx);
			bring(&fx);
			assert_true(look(&fx) >= 400);
			column_view_move(&fx.view, &fx.ui, round % 2 ? -1 : 1, ROWS, COLS);
		}
	}
	assert_int_equal(images_wanted(fx.ui.images), 20);
	end(&fx);
}

static void why_it_does_not_come(void **state)
{
	(void)state;
	struct fixture fx;
	struct image_key key;
	struct image_wish wish;
	size_t place;
	begin(&fx, IMAGES_ALWAYS);
	add_pictured(&fx, 1, NULL);
	look(&fx);
	assert_true(images_next(fx.ui.images, &key, &wish, &place));
	images_asked(fx.ui.images, place, 77);
	assert_false(images_failed(fx.ui.images, 78, "another"));
	assert_true(images_failed(fx.ui.images, 77, "the server answers 404"));
	assert_int_not_equal(line_of(&fx, "▣ the server answers 404"), -1);
	/* Not again and again; but when it is asked for anew. */
	assert_false(images_next(fx.ui.images, &key, &wish, &place));
	images_forgive(fx.ui.images);
	look(&fx);
	column_view_toggle(&fx.view, 1);
	look(&fx);
	assert_true(images_next(fx.ui.images, &key, &wish, &place));
	end(&fx);
}

static void only_so_many_are_kept(void **state)
{
	(void)state;
	struct fixture fx;
	begin(&fx, IMAGES_ALWAYS);
	for (int i = 0; i < 3 * IMAGES_MAX; i++) {
		char url[64];
		snprintf(url, sizeof(url), "https://m.example/%d", i);
		const struct image_key key = {.url = url, .width = 2, .height = 2};
		images_find(fx.ui.images, &key, NULL);
		bring(&fx);
		assert_non_null(images_find(fx.ui.images, &key, NULL));
	}
	const struct image_key first = {.url = "https://m.example/0", .width = 2, .height = 2};
	assert_null(images_find(fx.ui.images, &first, NULL));
	end(&fx);
}

/* -- links -- */

static void expect_text(const char *body, struct facet facet, bool ours, const char *want)
{
	struct fixture fx;
	struct viewer viewer = {.account = 2};
	struct fixture_post post = {.minutes = 1};
	fixture_init(&fx);
	post.parts.str[POST_BODY] = body;
	post.parts.facets = &facet;
	post.parts.nfacets = 1;
	post.parts.viewers = &viewer;
	post.parts.nviewers = ours;
	fixture_add(&fx, &post);
	char *screen = fixture_screen(&fx, 8, 60);
	if (!strstr(screen, want)) fail_msg("'%s' is not in:\n%s", want, screen);
	free(screen);
	fixture_finish(&fx);
}

static void where_links_lead(void **state)
{
	(void)state;
	const struct facet bank = {FACET_LINK, 4, 16, "https://evil.example/"};
	const struct facet name = {FACET_LINK, 4, 16, "https://bank.example@evil.example/"};
	const struct facet same = {FACET_LINK, 4, 16, "https://bank.example/login"};
	const struct facet here = {FACET_LINK, 4, 8, "https://evil.example/"};
	expect_text("See bank.example now", bank, true, "See bank.example ▲→ evil.example now");
	expect_text("See bank.example now", name, true, "See bank.example ▲→ evil.example now");
	expect_text("See bank.example now", same, true, "See bank.example now");
	expect_text("See here now", here, true, "See here (evil.example) now");
	expect_text("See here now", here, false, "See here now");
	expect_text("See bank.example now", bank, false, "See bank.example ▲→ evil.example now");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_moves_when_it_comes),
	        cmocka_unit_test(only_on_demand),
	        cmocka_unit_test(words_alone),
	        cmocka_unit_test(what_is_covered_is_not_fetched),
	        cmocka_unit_test(scrolling_asks_once),
	        cmocka_unit_test(why_it_does_not_come),
	        cmocka_unit_test(only_so_many_are_kept),
	        cmocka_unit_test(where_links_lead),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
