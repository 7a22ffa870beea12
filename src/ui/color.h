#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Colours as themes and terminals name them. Values as in struct style. */

/* "#rrggbb" or "#rgb". */
bool color_parse(const char *text, int32_t *out);
/* One of the 16 names. */
bool color_ansi(const char *name, int32_t *out);
/* What a colour looks like, as 0xRRGGBB; `own` for the terminal's own. */
int32_t color_rgb(int32_t color, int32_t own);
/* Relative luminance by WCAG 2.1, 0 … 1. */
double color_luminance(int32_t rgb);

/* The nearest of the first `n` (8, 16 or 256) colours of an xterm's palette. */
int color_nearest(int32_t rgb, int n);
/*
 * Likewise for a text on colour `ground` of them: one that can be read there, and has a hue
 * when `rgb` has one. For n = 8 or 16, where the nearest may be neither.
 */
int color_ink(int32_t rgb, int ground, int n);
/* Colour i of those 256. */
int32_t color_palette(int i);
