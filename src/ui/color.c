#include "color.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ui/theme.h"

enum { COLOURFUL = 64 }; /* between the strongest and the weakest channel */

/* An xterm's first sixteen; terminals differ, but this is what their names promise. */
static const struct {
	const char *name;
	int32_t rgb;
} ansi[16] = {
        {"black", 0x000000},
        {"red", 0xcd0000},
        {"green", 0x00cd00},
        {"yellow", 0xcdcd00},
        {"blue", 0x0000ee},
        {"magenta", 0xcd00cd},
        {"cyan", 0x00cdcd},
        {"white", 0xe5e5e5},
        {"bright-black", 0x7f7f7f},
        {"bright-red", 0xff0000},
        {"bright-green", 0x00ff00},
        {"bright-yellow", 0xffff00},
        {"bright-blue", 0x5c5cff},
        {"bright-magenta", 0xff00ff},
        {"bright-cyan", 0x00ffff},
        {"bright-white", 0xffffff},
};

static int hex(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	if (c >= 'A' && c <= 'F') return c - 'A' + 10;
	return -1;
}

bool color_parse(const char *text, int32_t *out)
{
	size_t len = strlen(text);
	if (text[0] != '#' || (len != 7 && len != 4)) return false;
	int32_t rgb = 0;
	for (size_t i = 1; i < len; i++) {
		int digit = hex(text[i]);
		if (digit < 0) return false;
		rgb = len == 7 ? rgb << 4 | digit : rgb << 8 | digit << 4 | digit;
	}
	*out = rgb;
	return true;
}

bool color_ansi(const char *name, int32_t *out)
{
	for (int i = 0; i < 16; i++) {
		if (strcmp(ansi[i].name, name) == 0) {
			*out = COLOR_ANSI + i;
			return true;
		}
	}
	return false;
}

int32_t color_rgb(int32_t color, int32_t own)
{
	if (color < 0) return own;
	return color >= COLOR_ANSI ? ansi[color & 15].rgb : color;
}

static double channel(int32_t value)
{
	double c = value / 255.0;
	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

double color_luminance(int32_t rgb)
{
	return 0.2126 * channel(rgb >> 16 & 255) + 0.7152 * channel(rgb >> 8 & 255) +
	       0.0722 * channel(rgb & 255);
}

/* Colour i of an xterm's 256: 16 names, a cube of 6 x 6 x 6, 24 greys. */
int32_t color_palette(int i)
{
	static const int levels[6] = {0, 95, 135, 175, 215, 255};
	if (i < 16) return ansi[i].rgb;
	if (i >= 232) {
		int grey = 8 + 10 * (i - 232);
		return grey << 16 | grey << 8 | grey;
	}
	i -= 16;
	return levels[i / 36] << 16 | levels[i / 6 % 6] << 8 | levels[i % 6];
}

/* The eye sees green best and blue least; good enough to choose among neighbours. */
static int distance(int32_t a, int32_t b)
{
	int red = (a >> 16 & 255) - (b >> 16 & 255);
	int green = (a >> 8 & 255) - (b >> 8 & 255);
	int blue = (a & 255) - (b & 255);
	return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

int color_nearest(int32_t rgb, int n)
{
	/* The first 16 of 256 are what the user made of them: not for a theme's own colours. */
	int best = n == 256 ? 16 : 0;
	for (int i = best; i < n; i++) {
		if (distance(rgb, color_palette(i)) < distance(rgb, color_palette(best))) best = i;
	}
	return best;
}

/* Has a hue that is seen, and would be missed. */
static bool is_colourful(int32_t rgb)
{
	int red = rgb >> 16 & 255, green = rgb >> 8 & 255, blue = rgb & 255;
	int most = red > green ? red : green, least = red < green ? red : green;
	if (blue > most) most = blue;
	if (blue < least) least = blue;
	return most - least >= COLOURFUL;
}

/* -1: none of that kind. */
static int nearest_legible(int32_t rgb, int32_t ground, int n, bool colourful)
{
	int best = -1;
	for (int i = 0; i < n; i++) {
		int32_t here = color_palette(i);
		if (is_colourful(here) != colourful) continue;
		if (theme_contrast(here, ground) < THEME_MIN_CONTRAST) continue;
		if (best < 0 || distance(rgb, here) < distance(rgb, color_palette(best))) best = i;
	}
	return best;
}

int color_ink(int32_t rgb, int ground, int n)
{
	int32_t below = color_palette(ground);
	bool colourful = is_colourful(rgb);
	int best = nearest_legible(rgb, below, n, colourful);
	if (best < 0) best = nearest_legible(rgb, below, n, !colourful);
	return best < 0 ? color_nearest(rgb, n) : best;
}
