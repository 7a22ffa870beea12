#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "ui/color.h"
#include "ui/theme.h"

enum { MAX_THEMES = 64 };

struct file {
	char name[64];
	struct str text;
};

static struct file files[MAX_THEMES];
static size_t nfiles;

static void read_file(struct str *out, const char *path)
{
	char buffer[4096];
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	size_t n;
	while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
		str_add(out, buffer, n);
	fclose(file);
}

static int read_themes(void **state)
{
	(void)state;
	const char *source = getenv("STOA_SOURCE");
	struct str path = {0};
	str_addf(&path, "%s/themes", source ? source : ".");
	DIR *dir = opendir(path.p);
	if (!dir) return -1;
	struct dirent *entry;
	while ((entry = readdir(dir)) && nfiles < MAX_THEMES) {
		if (!strstr(entry->d_name, ".theme")) continue;
		struct str file = {0};
		str_addf(&file, "%s/%s", path.p, entry->d_name);
		snprintf(files[nfiles].name, sizeof(files[nfiles].name), "%.60s", entry->d_name);
		read_file(&files[nfiles++].text, file.p);
		str_finish(&file);
	}
	closedir(dir);
	str_finish(&path);
	return 0;
}

static int forget_themes(void **state)
{
	(void)state;
	for (size_t i = 0; i < nfiles; i++)
		str_finish(&files[i].text);
	return 0;
}

static void on_error(void *ctx, const char *sentence)
{
	(void)ctx;
	fail_msg("%s", sentence);
}

static struct theme *load(const struct file *file)
{
	struct theme *theme = theme_new();
	theme_clear(theme);
	theme_load(theme, file->name, file->text.p, file->text.len, on_error, NULL);
	return theme;
}

static void test_every_theme_loads(void **state)
{
	(void)state;
	assert_true(nfiles >= 7);
	for (size_t i = 0; i < nfiles; i++) {
		theme_free(load(&files[i]));
		/* `palette` and `style` and nothing else */
		for (const char *p = files[i].text.p; p;
		        p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
			bool known = !*p || *p == '\n' || *p == '#' ||
			             strncmp(p, "palette ", 8) == 0 || strncmp(p, "style ", 6) == 0;
			if (!known) fail_msg("%s: %.20s", files[i].name, p);
		}
	}
}

/* Lines and frames are no text. */
static bool is_text(enum role role)
{
	return role != ROLE_COLUMN_BORDER && role != ROLE_COLUMN_BORDER_FOCUS &&
	       role != ROLE_POST_RULE && role != ROLE_MENU_BORDER;
}

static void check_contrast(
        const struct file *file, struct theme *theme, enum role role, enum role under)
{
	struct style look = theme_look(theme, theme_style(theme, role, under));
	if (look.fg == COLOR_OWN || look.bg == COLOR_OWN) return;
	double contrast = theme_contrast(look.fg, look.bg);
	if (contrast < 4.5)
		fail_msg("%s: %s on %s: %.2f", file->name, role_name(role), role_name(under),
		        contrast);
}

static void test_every_text_can_be_read(void **state)
{
	(void)state;
	static const enum role grounds[] = {ROLE_DEFAULT, ROLE_POST_FOCUS, ROLE_POST_FOCUS_HEAD,
	        ROLE_COLUMN_TITLE, ROLE_COLUMN_TITLE_FOCUS, ROLE_STATUS, ROLE_MENU, ROLE_MENU_FOCUS,
	        ROLE_ARTICLE, ROLE_PROMPT};
	for (size_t i = 0; i < nfiles; i++) {
		struct theme *theme = load(&files[i]);
		for (int role = 0; role < ROLE_COUNT; role++) {
			for (size_t j = 0; j < 10 && is_text((enum role)role); j++) {
				check_contrast(&files[i], theme, (enum role)role, grounds[j]);
			}
		}
		theme_free(theme);
	}
}

/* The roles on the background they are set for keep their own colour there: it is legible by
 * itself. */
static void test_colours_are_legible_without_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < nfiles; i++) {
		struct theme *theme = load(&files[i]);
		for (int role = 0; role < ROLE_COUNT; role++) {
			if (!is_text((enum role)role) || role_name((enum role)role)[0] != 'p')
				continue;
			struct style plain = theme_look(
			        theme, theme_style(theme, (enum role)role, ROLE_DEFAULT));
			struct style focus = theme_look(
			        theme, theme_style(theme, (enum role)role, ROLE_POST_FOCUS_HEAD));
			struct style ground = theme_look(
			        theme, theme_style(theme, ROLE_POST_FOCUS_HEAD, ROLE_DEFAULT));
			if (plain.bg == ground.bg || focus.bg != ground.bg) continue;
			struct style base = theme_look(theme, 0);
			if (plain.fg != base.fg && plain.fg != focus.fg)
				fail_msg("%s: %s cannot be read in the selected post",
				        files[i].name, role_name((enum role)role));
		}
		theme_free(theme);
	}
}

static size_t collect_colors(const struct file *file, int32_t *out, size_t cap)
{
	size_t n = 0;
	for (const char *p = strchr(file->text.p, '#'); p && n < cap; p = strchr(p + 1, '#')) {
		char text[8] = {0};
		int32_t color;
		memcpy(text, p, strnlen(p, 7));
		if (color_parse(text, &color)) out[n++] = color;
	}
	return n;
}

static void test_no_two_share_half_their_colours(void **state)
{
	(void)state;
	int32_t a[256], b[256];
	for (size_t i = 0; i < nfiles; i++) {
		size_t na = collect_colors(&files[i], a, 256);
		for (size_t j = 0; j < i; j++) {
			size_t nb = collect_colors(&files[j], b, 256), same = 0;
			for (size_t k = 0; k < na * nb; k++)
				same += a[k / nb] == b[k % nb];
			if (na && nb && 2 * same >= (na < nb ? na : nb))
				fail_msg("%s and %s", files[i].name, files[j].name);
		}
	}
}

static void test_there_are_light_and_dark_ones(void **state)
{
	(void)state;
	int light = 0, dark = 0;
	for (size_t i = 0; i < nfiles; i++) {
		struct theme *theme = load(&files[i]);
		light += theme_is_light(theme) == 1;
		dark += theme_is_light(theme) == 0;
		theme_free(theme);
	}
	assert_true(light >= 2 && dark >= 3);
}

static void test_an_unset_role_looks_like_its_fallback(void **state)
{
	(void)state;
	struct theme *theme = theme_new();
	theme_clear(theme);
	const char *bold[] = {"bold"};
	assert_true(theme_set(theme, "default", "#ffffff", "#000000", NULL, 0, NULL));
	assert_true(theme_set(theme, "post.link", "#8080ff", "default", bold, 1, NULL));
	struct style look = theme_look(theme, theme_style(theme, ROLE_POST_TAG, ROLE_DEFAULT));
	assert_int_equal(look.fg, 0x8080ff);
	assert_int_equal(look.bg, 0x000000);
	assert_int_equal(look.attrs, ATTR_BOLD);
	theme_free(theme);
}

static void test_a_role_takes_the_background_it_stands_on(void **state)
{
	(void)state;
	struct theme *theme = theme_new();
	theme_clear(theme);
	theme_set(theme, "default", "#ffffff", "#000000", NULL, 0, NULL);
	theme_set(theme, "post.focus", "#ffff00", "#000080", NULL, 0, NULL);
	theme_set(theme, "post.link", "#80ffff", "default", NULL, 0, NULL);
	theme_set(theme, "post.tag", "#000090", "default", NULL, 0, NULL);
	theme_set(theme, "match", "#000000", "#00ff00", NULL, 0, NULL);
	struct style look = theme_look(theme, theme_style(theme, ROLE_POST_LINK, ROLE_POST_FOCUS));
	assert_int_equal(look.fg, 0x80ffff);
	assert_int_equal(look.bg, 0x000080);
	/* what cannot be read there takes the other's foreground */
	look = theme_look(theme, theme_style(theme, ROLE_POST_TAG, ROLE_POST_FOCUS));
	assert_int_equal(look.fg, 0xffff00);
	look = theme_look(theme, theme_style(theme, ROLE_MATCH, ROLE_POST_FOCUS));
	assert_int_equal(look.bg, 0x00ff00);
	theme_free(theme);
}

static void test_styles_keep_their_number(void **state)
{
	(void)state;
	struct theme *theme = theme_new();
	uint16_t link = theme_style(theme, ROLE_POST_LINK, ROLE_DEFAULT);
	uint16_t focused = theme_restyle(theme, link, ROLE_POST_FOCUS);
	assert_int_equal(theme_style(theme, ROLE_DEFAULT, ROLE_DEFAULT), 0);
	theme_clear(theme);
	theme_set(theme, "post.link", "red", "default", NULL, 0, NULL);
	assert_int_equal(theme_style(theme, ROLE_POST_LINK, ROLE_DEFAULT), link);
	assert_int_equal(theme_style(theme, ROLE_POST_LINK, ROLE_POST_FOCUS), focused);
	assert_int_equal(theme_look(theme, link).fg, COLOR_ANSI + 1);
	theme_free(theme);
}

static void expect_error(const char *line, const char *sentence);

static void keep_sentence(void *ctx, const char *sentence)
{
	str_adds(ctx, sentence);
}

static void expect_error(const char *line, const char *sentence)
{
	struct theme *theme = theme_new();
	struct str told = {0};
	assert_int_equal(theme_load(theme, "x.theme", line, strlen(line), keep_sentence, &told), 1);
	assert_string_equal(str_c(&told), sentence);
	str_finish(&told);
	theme_free(theme);
}

static void test_mistakes_are_told(void **state)
{
	(void)state;
	expect_error("style post.lnk red default",
	        "x.theme:1: no role 'post.lnk'; did you mean 'post.link'?");
	expect_error("style post sae default", "x.theme:1: no colour 'sae': neither #rrggbb, nor "
	                                       "in the palette, nor one of the 16 names");
	expect_error("style post red default blink",
	        "x.theme:1: no attribute 'blink': bold, dim, italic, underline, reverse or strike");
	expect_error("\npalette sea blue", "x.theme:2: 'blue' is not a colour: write #rrggbb");
	expect_error("palette red #ff0000",
	        "x.theme:1: 'red' means a colour already: take another name");
}

static void test_contrast_is_that_of_the_standard(void **state)
{
	(void)state;
	assert_true(theme_contrast(0x000000, 0xffffff) > 20.99);
	assert_true(theme_contrast(0x777777, 0xffffff) < 4.49 &&
	            theme_contrast(0x777777, 0xffffff) > 4.47);
	assert_true(theme_contrast(0x123456, 0x123456) < 1.001);
}

static void test_nearest_colours(void **state)
{
	(void)state;
	assert_int_equal(color_nearest(0x000000, 256), 16);
	assert_int_equal(color_nearest(0xffffff, 256), 231);
	assert_int_equal(color_nearest(0x5f87af, 256), 67);
	assert_int_equal(color_nearest(0x767676, 256), 243);
	assert_int_equal(color_nearest(0xfe0101, 16), 9);
	assert_int_equal(color_nearest(0xfe0101, 8), 1);
}

static void test_few_colours_are_chosen_to_be_read(void **state)
{
	(void)state;
	/* The nearest to olive is a grey, to a dark teal black. */
	assert_int_equal(color_nearest(0xa3be72, 16), 8);
	assert_int_equal(color_ink(0xa3be72, 0, 16), 3);
	assert_int_equal(color_ink(0x005f5f, 15, 16), 12);
	/* A grey stays one as long as it can be read. */
	assert_int_equal(color_ink(0x9aa7b7, 0, 16), 8);
	assert_int_equal(color_ink(0x9aa7b7, 15, 16), 0);
	for (int ground = 0; ground < 16; ground++) {
		int32_t below = color_palette(ground), ink = color_ink(0x79b8ff, ground, 16);
		assert_true(theme_contrast(color_palette(ink), below) >= THEME_MIN_CONTRAST);
	}
}

static void test_what_is_not_set_looks_like_the_header_it_is_in(void **state)
{
	(void)state;
	struct theme *theme = theme_new();
	theme_clear(theme);
	const char *underline[] = {"underline"}, *reverse[] = {"reverse"};
	theme_set(theme, "column.title", "default", "default", underline, 1, NULL);
	theme_set(theme, "column.title.focus", "default", "default", reverse, 1, NULL);
	uint16_t health = theme_style(theme, ROLE_COLUMN_HEALTH, ROLE_COLUMN_TITLE_FOCUS);
	assert_int_equal(theme_look(theme, health).attrs, ATTR_REVERSE);
	health = theme_style(theme, ROLE_COLUMN_HEALTH, ROLE_COLUMN_TITLE);
	assert_int_equal(theme_look(theme, health).attrs, ATTR_UNDERLINE);
	theme_free(theme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_every_theme_loads),
	        cmocka_unit_test(test_every_text_can_be_read),
	        cmocka_unit_test(test_colours_are_legible_without_help),
	        cmocka_unit_test(test_no_two_share_half_their_colours),
	        cmocka_unit_test(test_there_are_light_and_dark_ones),
	        cmocka_unit_test(test_an_unset_role_looks_like_its_fallback),
	        cmocka_unit_test(test_a_role_takes_the_background_it_stands_on),
	        cmocka_unit_test(test_styles_keep_their_number),
	        cmocka_unit_test(test_mistakes_are_told),
	        cmocka_unit_test(test_contrast_is_that_of_the_standard),
	        cmocka_unit_test(test_nearest_colours),
	        cmocka_unit_test(test_few_colours_are_chosen_to_be_read),
	        cmocka_unit_test(test_what_is_not_set_looks_like_the_header_it_is_in),
	};
	return cmocka_run_group_tests(tests, read_themes, forget_themes);
}
