/* Golden screens of the views (golden.h). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fixture.h"
#include "golden.h"
#include "ui/layout.h"

enum { COLUMNS = 4 };

struct deck {
	struct fixture fx;
	struct timeline *timelines[COLUMNS];
	struct column_view views[COLUMNS];
};

static void say(
        struct deck *deck, const char *name, const char *handle, int minutes, const char *text)
{
	struct fixture_post post = {.name = name, .handle = handle, .minutes = minutes};
	post.parts.str[POST_BODY] = text;
	post.parts.likes = (uint32_t)(minutes % 13);
	post.parts.replies = (uint32_t)(minutes % 3);
	fixture_add(&deck->fx, &post);
}

static void fill_home(struct deck *deck)
{
	struct fixture *fx = &deck->fx;
	static const char text[] =
	        "New tea at https://tea.example/oolong today #tea for @grace@navy.example";
	struct facet facets[] = {{FACET_LINK, 11, 37, "https://tea.example/oolong"},
	        {FACET_TAG, 44, 48, "tea"}, {FACET_MENTION, 53, 72, "https://navy.example/grace"}};
	struct viewer viewer = {.account = 2, .flags = VIEWER_LIKED};
	struct fixture_post post = {.minutes = 2};
	post.parts.str[POST_BODY] = text;
	post.parts.facets = facets;
	post.parts.nfacets = 3;
	post.parts.likes = 1234;
	post.parts.reposts = 7;
	post.parts.viewers = &viewer;
	post.parts.nviewers = 1;
	fixture_add(fx, &post);
	post = (struct fixture_post){.name = "Σωκράτης",
	        .handle = "socrates@agora.example",
	        .minutes = 12,
	        .reason = REASON_REPOSTED,
	        .actor = "Grace Hopper"};
	post.parts.str[POST_BODY] = "Ἓν οἶδα ὅτι οὐδὲν οἶδα.";
	post.parts.str[POST_REPLY_TO] = "https://example.org/x";
	post.parts.str[POST_REPLY_NAME] = "plato@agora.example";
	fixture_add(fx, &post);
	post = (struct fixture_post){
	        .name = "山田花子", .handle = "hanako@jp.example", .minutes = 45};
	post.parts.str[POST_BODY] =
	        "今日の夕食はカレーです。「おいしい」と言われました🍛 レシピはあとで。";
	post.parts.str[POST_WARNING] = "食べ物";
	fixture_add(fx, &post);
	struct media media[] = {
	        {.kind = MEDIA_IMAGE, .url = "u", .alt = "A heron on one leg, looking offended"},
	        {.kind = MEDIA_VIDEO, .url = "u"}};
	post = (struct fixture_post){.minutes = 130};
	post.parts.str[POST_BODY] = "Pictures from the harbour.";
	post.parts.media = media;
	post.parts.nmedia = 2;
	post.parts.str[POST_POLL] =
	        "12\tHeron\n+4\tStork\n0\tI cannot tell them apart at this distance";
	post.parts.str[POST_QUOTE_OF] = "https://example.org/post/1";
	fixture_add(fx, &post);
	say(deck, "Łukasz", "lukasz@pl.example", 60 * 30,
	        "Zażółć gęślą jaźń 👩‍👩‍👧 🇵🇱 ❤️ e\xcc\x81");
}

static void fill_mentions(struct deck *deck)
{
	say(deck, "Bob", "bob@example.net", 5, "@ada do you have time on Friday?");
	say(deck, "Dr. Noor de Vries", "noor@social.example", 50,
	        "Gezocht: een aannemer voor een aanbouw in Hilversum. Wie kent een goede, die ook "
	        "belt "
	        "als hij zegt dat hij belt? Reacties graag voor het eind van de maand.");
	say(deck, "ليلى", "leila@example.com", 300, "صباح الخير يا أصدقاء");
}

static void fill_feeds(struct deck *deck)
{
	struct fixture_post post = {.name = "Kernel news", .handle = "lwn.example", .minutes = 20};
	post.parts.str[POST_TITLE] = "What every program should know about terminals";
	post.parts.str[POST_BODY] =
	        "A terminal is a grid of cells. That is where the trouble begins: "
	        "nobody agrees how many of them an emoji takes.\n\nThis article measures it.";
	post.parts.flags = POST_IS_ARTICLE;
	fixture_add(&deck->fx, &post);
	post = (struct fixture_post){.name = "", .handle = "blog.example", .minutes = 60 * 24 * 9};
	post.parts.str[POST_TITLE] = "Nothing but a title";
	post.parts.str[POST_CARD_URL] = "https://www.cards.example/a/b";
	post.parts.str[POST_CARD_TITLE] = "A card";
	fixture_add(&deck->fx, &post);
}

static void deck_init(struct deck *deck)
{
	static const char *const titles[COLUMNS] = {"Home", "Mentions", "Feeds", "Search"};
	static void (*const fill[COLUMNS])(struct deck *) = {
	        fill_home, fill_mentions, fill_feeds, NULL};
	fixture_init(&deck->fx);
	for (int i = 0; i < COLUMNS; i++) {
		deck->fx.source = store_source(deck->fx.store, titles[i]);
		if (fill[i]) fill[i](deck);
		deck->timelines[i] = timeline_new(deck->fx.store);
		timeline_set_sources(deck->timelines[i], &deck->fx.source, 1);
		while (!timeline_settle(deck->timelines[i], INT64_MAX))
			continue;
		column_view_init(&deck->views[i], deck->timelines[i]);
		deck->views[i].title = titles[i];
		deck->views[i].account = i == 2 ? "feeds" : "work";
	}
	deck->views[0].health.kind = HEALTH_LIVE;
	deck->views[0].marker = timeline_at(deck->timelines[0], 1).post;
	deck->views[1].health = (struct health){HEALTH_STALE, deck->fx.clock.wall - 300000, 0, ""};
	snprintf(deck->views[1].trouble, sizeof(deck->views[1].trouble),
	        "no answer from social.example within 20 s; next try in 40 s");
	deck->views[2].health.kind = HEALTH_POLLING;
	store_set_read(deck->fx.store, timeline_at(deck->timelines[0], 3).post, true);
}

static void deck_finish(struct deck *deck)
{
	for (int i = 0; i < COLUMNS; i++) {
		column_view_finish(&deck->views[i]);
		timeline_free(deck->timelines[i]);
	}
	fixture_finish(&deck->fx);
}

static void draw(struct deck *deck, struct grid *grid, size_t focus)
{
	struct layout_out layout;
	int rows = grid->rows - 1;
	layout_columns(
	        &(struct layout_in){
	                .n = COLUMNS, .focus = focus, .cols = grid->cols, .rows = rows, .like = 39},
	        &layout);
	grid->ascii = deck->fx.ui.ascii;
	for (size_t i = 0; i < layout.count; i++) {
		struct column_view *view = &deck->views[layout.first + i];
		view->focused = layout.first + i == focus;
		column_view_draw(view, &deck->fx.ui, grid, layout.rects[i]);
	}
	borders_draw(&deck->fx.ui, grid, layout.rects, layout.count, focus - layout.first);
	status_view_draw(&(struct status_view){.left = "ada@example.org  @ada@example.org",
	                         .right = "2›",
	                         .keys = "? keys"},
	        &deck->fx.ui, grid, (struct rect){rows, 0, 1, grid->cols});
	free(layout.rects);
}

static void test_deck(const char *name, int rows, int cols, size_t focus, bool ascii)
{
	struct deck deck;
	struct grid grid;
	deck_init(&deck);
	deck.fx.ui.ascii = ascii;
	grid_init(&grid, rows, cols);
	draw(&deck, &grid, focus);
	expect_screen(deck.fx.ui.theme, &grid, name);
	grid_finish(&grid);
	deck_finish(&deck);
}

static void test_deck_80x24(void **state)
{
	(void)state;
	test_deck("deck-80x24", 24, 80, 0, false);
}

static void test_deck_40x15(void **state)
{
	(void)state;
	test_deck("deck-40x15", 15, 40, 2, false);
}

static void test_deck_200x60(void **state)
{
	(void)state;
	test_deck("deck-200x60", 60, 200, 1, false);
}

static void test_deck_in_ascii(void **state)
{
	(void)state;
	test_deck("deck-ascii-80x24", 24, 80, 0, true);
}

static void test_list_over_the_deck(void **state)
{
	(void)state;
	struct deck deck;
	struct grid grid;
	struct list_view list = {.title = xstrdup("This post"), .focus = 1};
	deck_init(&deck);
	grid_init(&grid, 24, 80);
	draw(&deck, &grid, 0);
	list_view_add(&list, &(struct list_item){.text = (char[]){"Answer"}, .heading = true});
	list_view_add(&list, &(struct list_item){.key = (char[]){"r"}, .text = (char[]){"reply"}});
	list_view_add(&list, &(struct list_item){.key = (char[]){"f"},
	                             .text = (char[]){"like"},
	                             .detail = (char[]){"you did"}});
	list_view_add(&list, &(struct list_item){.key = (char[]){"b"},
	                             .text = (char[]){"repost"},
	                             .detail = (char[]){"the account cannot"},
	                             .dim = true});
	list_view_draw(&list, &deck.fx.ui, &grid, (struct rect){0, 0, 23, 80});
	expect_screen(deck.fx.ui.theme, &grid, "list-80x24");
	list_view_finish(&list);
	grid_finish(&grid);
	deck_finish(&deck);
}

static void test_article_over_the_deck(void **state)
{
	(void)state;
	static const char text[] =
	        "A heading\n\nA terminal is a grid of cells. That is where the trouble "
	        "begins: nobody agrees how many of them an emoji takes (see the table), and "
	        "中文和日本語 take two each.\n\nint main(void);\n\nThe end.";
	struct deck deck;
	struct grid grid;
	deck_init(&deck);
	grid_init(&grid, 24, 100);
	draw(&deck, &grid, 2);
	uint32_t table = (uint32_t)(strstr(text, "the table") - text);
	struct facet facets[] = {{FACET_HEADING, 0, 9, NULL}, {FACET_STRONG, 13, 21, NULL},
	        {FACET_LINK, table, table + 9, "https://example.org/table"}};
	struct article_view article = {.post = timeline_at(deck.timelines[2], 0).post,
	        .utf8 = text,
	        .len = strlen(text),
	        .facets = facets,
	        .nfacets = 3};
	article_view_draw(&article, &deck.fx.ui, &grid, (struct rect){0, 0, 23, 100});
	expect_screen(deck.fx.ui.theme, &grid, "article-100x24");
	grid_finish(&grid);
	deck_finish(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_deck_80x24),
	        cmocka_unit_test(test_deck_40x15),
	        cmocka_unit_test(test_deck_200x60),
	        cmocka_unit_test(test_deck_in_ascii),
	        cmocka_unit_test(test_list_over_the_deck),
	        cmocka_unit_test(test_article_over_the_deck),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
