#include "private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/color.h"

static const struct {
	enum style_attr attr;
	attr_t curses;
} attr_rows[] = {
        {ATTR_BOLD, A_BOLD},
        {ATTR_DIM, A_DIM},
        {ATTR_UNDERLINE, A_UNDERLINE},
        {ATTR_REVERSE, A_REVERSE},
#ifdef A_ITALIC
        {ATTR_ITALIC, A_ITALIC},
#endif
};

static int terminal_depth(const struct colors *colors)
{
	if (!has_colors()) return 0;
	if (colors->direct) return COLORS_DIRECT;
	return COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
}

static bool wants_no_color(void)
{
	const char *value = getenv("NO_COLOR");
	return value && value[0];
}

void colors_choose(struct colors *colors, const char *option)
{
	char rgb[] = "RGB";
	colors->direct = has_colors() && COLORS >= COLORS_DIRECT &&
	                 (tigetflag(rgb) > 0 || tigetnum(rgb) > 0);
	int able = terminal_depth(colors), wanted = COLORS_DIRECT;
	if (strcmp(option, "none") == 0) wanted = 0;
	if (strcmp(option, "16") == 0) wanted = 16;
	if (strcmp(option, "256") == 0) wanted = 256;
	if (strcmp(option, "auto") == 0 && wants_no_color()) wanted = 0;
	colors->depth = wanted < able ? wanted : able;
	/* All inks are made anew. */
	colors->ninks = 0;
}

void colors_finish(struct colors *colors)
{
	free(colors->inks);
	free(colors->pairs);
	*colors = (struct colors){0};
}

/* The terminal's number for a colour; -1 for its own. */
static int color_number(const struct colors *colors, int32_t color)
{
	if (color == COLOR_OWN) return -1;
	int ansi = color >= COLOR_ANSI ? color & 15 : -1;
	if (ansi >= 0 && !colors->direct && ansi < colors->depth) return ansi;
	int32_t rgb = color_rgb(color, 0);
	if (colors->depth < COLORS_DIRECT) {
		int n = color_nearest(rgb, colors->depth);
		if (!colors->direct) return n;
		rgb = color_palette(n);
	}
	/* On direct terminals 0 to 7 are still names. */
	return rgb > 0 && rgb < 8 ? 8 : rgb;
}

enum { MANY_PAIRS = 32768 };

/* A picture has hundreds of pairs. */
static int *slot_of(struct colors *colors, int fg, int bg)
{
	uint32_t hash = (uint32_t)fg * 0x9e3779b1u ^ (uint32_t)bg * 0x85ebca77u;
	return &colors->slots[(hash ^ hash >> 15) % PAIR_SLOTS];
}

static int pair_for(struct colors *colors, int fg, int bg)
{
	int *slot = slot_of(colors, fg, bg);
	for (int at = *slot; at; at = colors->pairs[at - 1].next) {
		if (colors->pairs[at - 1].fg == fg && colors->pairs[at - 1].bg == bg) return at;
	}
	int pair = (int)colors->npairs + 1;
	/* Where there are few, beginning anew would be for each frame. */
	if (pair >= COLOR_PAIRS) colors->full = COLOR_PAIRS >= MANY_PAIRS;
	/* An ERR leaves the pair black on black: then the terminal's own colours are better. */
	if (pair >= COLOR_PAIRS || init_extended_pair(pair, fg, bg) == ERR) return 0;
	colors->pairs = mem_grow(
	        colors->pairs, &colors->pairs_cap, colors->npairs + 1, sizeof(*colors->pairs));
	colors->pairs[colors->npairs++] = (struct color_pair){fg, bg, *slot};
	*slot = pair;
	return pair;
}

/* All pairs were given away, mostly to pictures that are long gone. */
static void forget_pairs(struct colors *colors)
{
	reset_color_pairs();
	memset(colors->slots, 0, sizeof(colors->slots));
	colors->npairs = colors->ninks = 0;
	colors->full = false;
}

static struct ink make_ink(
        struct colors *colors, const struct style *look, const struct style *plain)
{
	struct ink ink = {.look = *look};
	for (size_t i = 0; i < sizeof(attr_rows) / sizeof(attr_rows[0]); i++) {
		if (look->attrs & attr_rows[i].attr) ink.attrs |= attr_rows[i].curses;
	}
	if (colors->depth == 0) {
		/* What has a background of its own still stands out. */
		if (look->bg != plain->bg) ink.attrs |= A_REVERSE;
		return ink;
	}
	int fg = color_number(colors, look->fg), bg = color_number(colors, look->bg);
	bool few = colors->depth <= 16 && !colors->direct;
	if (few && bg >= 0 && look->fg >= 0 && look->fg < COLOR_ANSI)
		fg = color_ink(look->fg, bg, colors->depth);
	if (fg == bg && fg >= 0 && look->fg != look->bg) {
		/* Too few colours to tell them apart. */
		fg = color_luminance(color_rgb(look->bg, 0)) > 0.2 ? 0 : 7;
	}
	ink.pair = fg < 0 && bg < 0 ? 0 : pair_for(colors, fg, bg);
	return ink;
}

static bool same_look(const struct style *a, const struct style *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

/* The nearest of the 240 that all terminals show alike: where it stands is counted, not sought. */
static int palette_number(int32_t rgb)
{
	int at[3], far = 0, mean = 0;
	for (int i = 0; i < 3; i++) {
		int value = rgb >> (16 - 8 * i) & 255;
		at[i] = value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
		mean += value;
	}
	int cube = 16 + 36 * at[0] + 6 * at[1] + at[2];
	int grey = (mean / 3 - 3) / 10;
	grey = 232 + (grey < 0 ? 0 : grey > 23 ? 23 : grey);
	for (int i = 0; i < 3; i++) {
		int shift = 16 - 8 * i, value = rgb >> shift & 255;
		far += abs((color_palette(cube) >> shift & 255) - value) -
		       abs((color_palette(grey) >> shift & 255) - value);
	}
	return far <= 0 ? cube : grey;
}

static int picture_color(const struct colors *colors, const char *bytes)
{
	const unsigned char *p = (const unsigned char *)bytes;
	int32_t rgb = p[0] << 16 | p[1] << 8 | p[2];
	return colors->depth == 256 && !colors->direct ? palette_number(rgb)
	                                               : color_number(colors, rgb);
}

struct ink colors_ink(struct colors *colors, const struct cell *cell)
{
	struct ink ink = {0};
	if (colors->depth == 0) return ink;
	const char *inks = cell->utf8 + CELL_INKS;
	int fg = picture_color(colors, inks), bg = picture_color(colors, inks + 3);
	ink.look = (struct style){.fg = fg, .bg = bg};
	ink.pair = pair_for(colors, fg, bg);
	return ink;
}

bool colors_learn(struct colors *colors, const struct theme *theme)
{
	bool changed = colors->full;
	if (colors->full) forget_pairs(colors);
	size_t n = theme_styles(theme);
	struct style plain = theme_look(theme, 0);
	colors->inks = mem_grow(colors->inks, &colors->inks_cap, n, sizeof(*colors->inks));
	for (size_t i = 0; i < n; i++) {
		struct style look = theme_look(theme, (uint16_t)i);
		if (i < colors->ninks && same_look(&look, &colors->inks[i].look)) continue;
		/* Without colours the default's background decides who stands out. */
		changed = changed || i < colors->ninks;
		colors->inks[i] = make_ink(colors, &look, &plain);
	}
	colors->ninks = n;
	return changed;
}
