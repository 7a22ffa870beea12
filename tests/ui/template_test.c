/* How posts are laid out: what a template says, and what becomes of a post. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <locale.h>
#include <cmocka.h>

#include "fixture.h"

static void lay_out(struct fixture *fx, const char *layout)
{
	struct err err = {0};
	if (!post_template_read(layout, &fx->ui.layout, &err)) fail_msg("%s", err.text);
	free(fx->options.layout);
	fx->options.layout = xstrdup(layout);
}

static void expect(struct fixture *fx, int rows, int cols, const char *want)
{
	char *screen = fixture_screen(fx, rows, cols);
	const char *posts = strchr(screen, '\n') + 1;
	if (strcmp(posts, want) != 0) fail_msg("not as expected:\n%s", posts);
	free(screen);
}

static void add_post(struct fixture *fx)
{
	struct viewer viewer = {.account = 2, .flags = VIEWER_LIKED};
	struct media media[] = {{.kind = MEDIA_IMAGE, .url = "u", .alt = "A heron"}};
	struct fixture_post post = {.minutes = 5, .reason = REASON_REPOSTED, .actor = "Bob"};
	post.parts.str[POST_BODY] = "One line\nand another that is somewhat longer";
	post.parts.media = media;
	post.parts.nmedia = 1;
	post.parts.likes = 2;
	post.parts.viewers = &viewer;
	post.parts.nviewers = 1;
	fixture_add(fx, &post);
}

static void test_every_named_layout_can_be_read(void **state)
{
	(void)state;
	for (const struct post_layout *row = post_layouts; row->name; row++) {
		struct post_template by_name, by_text;
		assert_true(post_template_read(row->name, &by_name, NULL));
		assert_true(post_template_read(row->text, &by_text, NULL));
		assert_memory_equal(&by_name, &by_text, sizeof(by_name));
	}
}

static void test_a_line_for_each_thing(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	add_post(&fx);
	expect(&fx, 8, 44,
	        "●Ada Lovelace @ada@example.org           5m\n"
	        "▌↻ Bob reposted\n"
	        "▌One line\n"
	        "▌and another that is somewhat longer\n"
	        "▌▣ A heron\n"
	        "▌♥ 2 you\n"
	        "\n");
	fixture_finish(&fx);
}

static void test_a_post_in_one_line(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	add_post(&fx);
	fixture_say(&fx, 9, "Short");
	lay_out(&fx, "compact");
	/* Nothing parts them; what does not fit is said to go on. */
	expect(&fx, 5, 50,
	        "●AL Ada Lovelace ↻ Bob One line and anoth… ▣1  5m\n"
	        "●AL Ada Lovelace Short                         9m\n"
	        "\n"
	        "\n");
	/* One that was opened shows all that it has. */
	column_view_toggle(&fx.view, fx.view.cursor);
	char *screen = fixture_screen(&fx, 10, 50);
	assert_non_null(strstr(screen, "▌and another that is somewhat longer\n"));
	assert_non_null(strstr(screen, "▌▣ A heron\n"));
	free(screen);
	fixture_finish(&fx);
}

static void test_where_reading_stopped_has_a_line(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	post_id newer = fixture_say(&fx, 1, "New");
	fixture_say(&fx, 2, "Old");
	lay_out(&fx, "name text | close");
	fx.view.marker = newer;
	expect(&fx, 5, 30,
	        "●Ada Lovelace New\n"
	        "── read until here ───────────\n"
	        "●Ada Lovelace Old\n"
	        "\n");
	fixture_finish(&fx);
}

static void test_a_template_of_ones_own(void **state)
{
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	add_post(&fx);
	lay_out(&fx, "name=5 > counts | text=1 | indent=4");
	expect(&fx, 5, 40,
	        "●Ada …                          ♥ 2 you\n"
	        "▌    One line\n"
	        "▌    … x shows all\n"
	        "\n");
	/* What hides a post, and what its author covered, no template leaves out. */
	struct fixture_post post = {.minutes = 1};
	post.parts.str[POST_BODY] = "the end of the film";
	post.parts.str[POST_WARNING] = "film";
	fixture_add(&fx, &post);
	char *screen = fixture_screen(&fx, 12, 40);
	assert_non_null(strstr(screen, "▲ film — x shows"));
	assert_null(strstr(screen, "the end of"));
	free(screen);
	lay_out(&fx, "name text");
	screen = fixture_screen(&fx, 12, 40);
	assert_non_null(strstr(screen, "Ada Lovelace ▲ film"));
	assert_null(strstr(screen, "the end of"));
	free(screen);
	fixture_finish(&fx);
}

static void test_marks_of_authors(void **state)
{
	static const struct {
		const char *name, *mark;
	} cases[] = {{"Iris van Dam", "IV "}, {"élodie", "É  "}, {"山田 花子", "山 "},
	        {"⚡ Bob", "B  "}, {"ada x", "AX "}, {"⚡", "?  "}, {"a 山", "A  "}};
	(void)state;
	struct fixture fx;
	fixture_init(&fx);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fixture_post post = {
		        .name = cases[i].name, .minutes = (int)i, .handle = cases[i].name};
		post.parts.str[POST_BODY] = "x";
		fixture_add(&fx, &post);
	}
	fx.options.avatars = true;
	char *screen = fixture_screen(&fx, 40, 60);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str line = {0};
		str_addf(&line, "●%s%s", cases[i].mark, cases[i].name);
		if (!strstr(screen, line.p)) fail_msg("no '%s' in:\n%s", line.p, screen);
		str_finish(&line);
	}
	free(screen);
	fixture_finish(&fx);
}

static void test_mistakes_are_named(void **state)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
	        {"name | nmae",
	                "a layout is compact, cosy, wide, or made of: card counts handle mark "
	                "media name poll quote reason text time close indent=N; not 'nmae'"},
	        {"name poll", "`poll` has lines of its own: `| poll |`"},
	        {"text=0", "after `text=` a number from 1 to 200 is wanted, not '0'"},
	        {"text=2x", "after `text=` a number from 1 to 200 is wanted, not '2x'"},
	        {"", "a layout needs a line at least"},
	        {"| close |", "a layout needs a line at least"},
	        {"name name name name name name name name name",
	                "a line of a layout has at most 8 fields"},
	        {"text|text",
	                "a layout is compact, cosy, wide, or made of: card counts handle mark "
	                "media name poll quote reason text time close indent=N; not "
	                "'text|text'"},
	        {"name|", "a layout is compact, cosy, wide, or made of: card counts handle mark "
	                  "media "
	                  "name poll quote reason text time close indent=N; not 'name|'"},
	        {"text | text | text | text | text | text | text | text | text | text | text | "
	         "text | "
	         "text",
	                "a layout has at most 12 lines"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct post_template before = {.nlines = 1}, same = before;
		struct err err = {0};
		assert_false(post_template_read(cases[i].text, &before, &err));
		assert_string_equal(err.text, cases[i].sentence);
		assert_memory_equal(&before, &same, sizeof(before));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_every_named_layout_can_be_read),
	        cmocka_unit_test(test_a_line_for_each_thing),
	        cmocka_unit_test(test_a_post_in_one_line),
	        cmocka_unit_test(test_where_reading_stopped_has_a_line),
	        cmocka_unit_test(test_a_template_of_ones_own),
	        cmocka_unit_test(test_marks_of_authors),
	        cmocka_unit_test(test_mistakes_are_named),
	};
	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
