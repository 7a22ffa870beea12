#include "demo/paint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/png.h"
#include "demo/world.h"

/* Painted one over the other; places and sizes in thousandths of the picture. */
struct shape {
	enum { FADE, BOX, DISC } kind; /* FADE: a box from one colour at its top to another */
	int x, y, width, height;
	uint32_t color, below; /* 0xRRGGBB; below: of a FADE */
};

enum { MAX_SHAPES = 12, WHOLE = 1000, RGB = 3 };

static const struct scene {
	const char *name;
	struct shape shapes[MAX_SHAPES]; /* ended by one without a width */
} scenes[] = {
        {"harbour", {{FADE, 0, 0, 1000, 450, 0x9fb8cc, 0xe8dcc0},
                            {FADE, 0, 450, 1000, 550, 0x5b7c88, 0x6b5d43},
                            {BOX, 0, 380, 1000, 70, 0x7a5a48, 0},
                            {DISC, 120, 560, 260, 120, 0xb23a2e, 0},
                            {BOX, 235, 330, 14, 260, 0x3a2d22, 0},
                            {DISC, 420, 660, 240, 110, 0x2f6b4f, 0},
                            {BOX, 530, 420, 14, 270, 0x3a2d22, 0},
                            {DISC, 690, 580, 230, 110, 0xe0b040, 0},
                            {BOX, 800, 360, 14, 250, 0x3a2d22, 0}}},
        {"clouds", {{FADE, 0, 0, 1000, 1000, 0x2b5fa8, 0xd8c8c0},
                           {DISC, 250, 250, 500, 420, 0xf2f2f6, 0},
                           {DISC, 120, 420, 400, 320, 0xe4e6ee, 0},
                           {DISC, 470, 400, 430, 340, 0xeceef4, 0},
                           {FADE, 150, 680, 720, 90, 0xf0a050, 0xd87830}}},
        {"bread",
                {{FADE, 0, 0, 1000, 1000, 0x4a4038, 0x2c2622}, {BOX, 0, 720, 1000, 14, 0x9a9a9a, 0},
                        {BOX, 0, 790, 1000, 14, 0x9a9a9a, 0},
                        {DISC, 80, 230, 400, 520, 0x9c5a22, 0},
                        {DISC, 520, 260, 400, 490, 0xa8642a, 0},
                        {DISC, 160, 320, 240, 90, 0xd8a860, 0},
                        {DISC, 600, 350, 240, 90, 0xd8a860, 0}}},
        {"tram",
                {{FADE, 0, 0, 1000, 700, 0xb8c0c8, 0xd8d8d4}, {BOX, 0, 700, 1000, 300, 0x55585c, 0},
                        {BOX, 120, 260, 760, 480, 0xd03030, 0},
                        {BOX, 160, 320, 190, 180, 0x203848, 0},
                        {BOX, 400, 320, 190, 180, 0x203848, 0},
                        {BOX, 640, 320, 190, 180, 0x203848, 0},
                        {DISC, 210, 690, 110, 120, 0x181818, 0},
                        {DISC, 680, 690, 110, 120, 0x181818, 0}}},
        {"cat", {{FADE, 0, 0, 1000, 1000, 0xe8d8b8, 0xc8a878}, {BOX, 0, 720, 1000, 60, 0x6a4020, 0},
                        {DISC, 350, 250, 340, 400, 0x7c8088, 0},
                        {DISC, 380, 180, 90, 170, 0x7c8088, 0},
                        {DISC, 570, 180, 90, 170, 0x7c8088, 0},
                        {DISC, 430, 370, 50, 70, 0xe0e060, 0},
                        {DISC, 560, 370, 50, 70, 0xe0e060, 0}}},
        {"bridge",
                {{FADE, 0, 0, 1000, 640, 0x503a68, 0xf0a068},
                        {FADE, 0, 640, 1000, 360, 0x705868, 0x28283c},
                        {BOX, 80, 420, 60, 360, 0x20202a, 0}, {BOX, 860, 420, 60, 360, 0x20202a, 0},
                        {BOX, 80, 400, 260, 40, 0x20202a, 0}, {BOX, 660, 400, 260, 40, 0x20202a, 0},
                        {BOX, 330, 200, 30, 240, 0x20202a, 0},
                        {BOX, 640, 200, 30, 240, 0x20202a, 0}}},
        {"attic",
                {{FADE, 0, 0, 1000, 400, 0x9cc4e8, 0xdce8f0},
                        {FADE, 0, 400, 1000, 600, 0x8a6a48, 0x503820},
                        {BOX, 100, 100, 60, 800, 0xc89860, 0}, {BOX, 470, 60, 60, 840, 0xe0b878, 0},
                        {BOX, 840, 100, 60, 800, 0xc89860, 0}, {BOX, 60, 330, 880, 60, 0xd8a868, 0},
                        {BOX, 540, 130, 300, 220, 0x3060b0, 0}}},
};

static const struct scene *scene_of(const char *name)
{
	size_t len = strcspn(name, ".");
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
		if (strlen(scenes[i].name) == len && strncmp(scenes[i].name, name, len) == 0)
			return &scenes[i];
	}
	return NULL;
}

/* The proportions that the world's table tells of it. */
static int height_for(const struct scene *scene, int width)
{
	size_t len = strlen(scene->name);
	for (size_t i = 0; i < npictures; i++) {
		if (strncmp(pictures[i].name, scene->name, len) == 0 && pictures[i].width)
			return width * pictures[i].height / pictures[i].width;
	}
	return width;
}

static bool covers(const struct shape *shape, int x, int y)
{
	if (x < shape->x || x >= shape->x + shape->width || y < shape->y ||
	        y >= shape->y + shape->height)
		return false;
	if (shape->kind != DISC) return true;
	/* The middle of the ellipse as the origin, twice as large. */
	long long a = shape->width, b = shape->height;
	long long dx = 2LL * (x - shape->x) - a, dy = 2LL * (y - shape->y) - b;
	return dx * dx * b * b + dy * dy * a * a <= a * a * b * b;
}

static uint32_t color_at(const struct scene *scene, int x, int y)
{
	uint32_t color = 0;
	for (const struct shape *shape = scene->shapes; shape->width; shape++) {
		if (!covers(shape, x, y)) continue;
		color = shape->color;
		if (shape->kind != FADE) continue;
		uint32_t mixed = 0;
		for (int shift = 16; shift >= 0; shift -= 8) {
			int from = (int)(shape->color >> shift & 255);
			int to = (int)(shape->below >> shift & 255);
			int now = from + (to - from) * (y - shape->y) / shape->height;
			mixed |= (uint32_t)now << shift;
		}
		color = mixed;
	}
	return color;
}

bool paint_png(struct str *out, const char *name, int width)
{
	const struct scene *scene = scene_of(name);
	if (!scene) return false;
	int height = height_for(scene, width);
	unsigned char *pixels = xmalloc((size_t)width * (size_t)height * RGB), *p = pixels;
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			uint32_t color = color_at(scene, x * WHOLE / width, y * WHOLE / height);
			for (int shift = 16; shift >= 0; shift -= 8)
				*p++ = (unsigned char)(color >> shift & 255);
		}
	}
	png_store(out, (uint32_t)width, (uint32_t)height, RGB, pixels);
	free(pixels);
	return true;
}
