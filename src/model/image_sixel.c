#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/image_send.h"

/*
 * Sixels (DEC VT330/340 programmer reference, chapter 14): bands of six lines, in each of
 * them a pass for each colour. The colours are those that the picture has most of: its
 * pixels, counted by 5 bits a channel, are parted along the widest channel at the median
 * until there are as many parts as colours.
 */
enum { COLORS = 255, BITS = 5, BINS = 1 << 3 * BITS, RGBA = 4, BAND = 6, CLEAR = 128 };

struct bin {
	uint16_t at; /* red, green, blue */
	uint32_t count;
};

struct part {
	size_t from, n; /* of the bins */
	int channel;    /* the widest */
	int width;
	uint64_t count;
};

struct palette {
	unsigned char rgb[COLORS][3];
	size_t n;
	uint8_t of[BINS]; /* the colour of each bin */
};

static int bin_of(const unsigned char *p)
{
	return (p[0] >> 3) << 10 | (p[1] >> 3) << 5 | p[2] >> 3;
}

static int channel_of(const struct bin *bin, int channel)
{
	return bin->at >> (2 - channel) * BITS & 31;
}

static int by_red(const void *a, const void *b)
{
	return channel_of(a, 0) - channel_of(b, 0);
}

static int by_green(const void *a, const void *b)
{
	return channel_of(a, 1) - channel_of(b, 1);
}

static int by_blue(const void *a, const void *b)
{
	return channel_of(a, 2) - channel_of(b, 2);
}

static void measure(struct part *part, const struct bin *bins)
{
	part->width = -1;
	part->count = 0;
	for (int channel = 0; channel < 3; channel++) {
		int low = 31, high = 0;
		for (size_t i = 0; i < part->n; i++) {
			int value = channel_of(&bins[part->from + i], channel);
			if (value < low) low = value;
			if (value > high) high = value;
		}
		if (high - low > part->width) {
			part->width = high - low;
			part->channel = channel;
		}
	}
	for (size_t i = 0; i < part->n; i++)
		part->count += bins[part->from + i].count;
}

/* Half of its pixels into another part. */
static struct part split(struct part *part, struct bin *bins)
{
	static int (*const orders[])(const void *, const void *) = {by_red, by_green, by_blue};
	qsort(bins + part->from, part->n, sizeof(*bins), orders[part->channel]);
	uint64_t sum = 0;
	size_t n = 0;
	while (n + 1 < part->n && (n == 0 || sum < part->count / 2))
		sum += bins[part->from + n++].count;
	struct part other = {.from = part->from + n, .n = part->n - n};
	part->n = n;
	measure(part, bins);
	measure(&other, bins);
	return other;
}

static size_t part_them(struct part *parts, struct bin *bins, size_t nbins)
{
	size_t n = 1;
	parts[0] = (struct part){.n = nbins};
	measure(&parts[0], bins);
	while (n < COLORS) {
		struct part *most = NULL;
		for (size_t i = 0; i < n; i++) {
			if (parts[i].n < 2) continue;
			uint64_t weight = parts[i].count * (uint64_t)(parts[i].width + 1);
			if (!most || weight > most->count * (uint64_t)(most->width + 1))
				most = &parts[i];
		}
		if (!most) break;
		parts[n++] = split(most, bins);
	}
	return n;
}

static void mean(unsigned char out[3], const struct part *part, const struct bin *bins)
{
	for (int channel = 0; channel < 3; channel++) {
		uint64_t sum = 0;
		for (size_t i = 0; i < part->n; i++) {
			const struct bin *bin = &bins[part->from + i];
			sum += (uint64_t)bin->count * (unsigned)channel_of(bin, channel);
		}
		out[channel] = (unsigned char)(sum * 255 / (31 * (part->count ? part->count : 1)));
	}
}

static struct palette *choose(const struct image *image)
{
	struct palette *palette = xcalloc(1, sizeof(*palette));
	uint32_t *counts = xcalloc(BINS, sizeof(*counts));
	struct bin *bins = xcalloc(BINS, sizeof(*bins));
	struct part *parts = xcalloc(COLORS, sizeof(*parts));
	size_t nbins = 0, n = (size_t)image->width * image->height;
	for (size_t i = 0; i < n; i++) {
		const unsigned char *p = image->rgba + i * RGBA;
		if (p[3] >= CLEAR) counts[bin_of(p)]++;
	}
	for (size_t i = 0; i < BINS; i++) {
		if (counts[i]) bins[nbins++] = (struct bin){(uint16_t)i, counts[i]};
	}
	palette->n = nbins ? part_them(parts, bins, nbins) : 0;
	for (size_t i = 0; i < palette->n; i++) {
		mean(palette->rgb[i], &parts[i], bins);
		for (size_t j = 0; j < parts[i].n; j++)
			palette->of[bins[parts[i].from + j].at] = (uint8_t)i;
	}
	free(counts);
	free(bins);
	free(parts);
	return palette;
}

/* The same character so many times. */
static void put_run(struct str *out, char c, uint32_t times)
{
	if (times > 3) {
		str_addf(out, "!%u%c", times, c);
		return;
	}
	while (times-- > 0)
		str_addc(out, c);
}

/* One colour of a band; `index` has the colour of each pixel, COLORS where there is none. */
static void put_pass(
        struct str *out, const uint8_t *index, uint32_t width, uint32_t lines, size_t color)
{
	char before = 0;
	uint32_t times = 0;
	str_addf(out, "#%zu", color);
	for (uint32_t x = 0; x < width; x++) {
		int bits = 0;
		for (uint32_t y = 0; y < lines; y++)
			bits |= (index[(size_t)y * width + x] == color) << y;
		char c = (char)('?' + bits);
		if (c != before) {
			put_run(out, before, times);
			before = c;
			times = 0;
		}
		times++;
	}
	if (before != '?') put_run(out, before, times);
	str_addc(out, '$');
}

static void put_band(struct str *out, const struct image *image, const struct palette *palette,
        uint32_t top, uint8_t *index)
{
	bool used[COLORS + 1] = {false};
	uint32_t lines = image->height - top < BAND ? image->height - top : BAND;
	for (size_t i = 0; i < (size_t)lines * image->width; i++) {
		const unsigned char *p = image->rgba + ((size_t)top * image->width + i) * RGBA;
		index[i] = p[3] >= CLEAR ? palette->of[bin_of(p)] : COLORS;
		used[index[i]] = true;
	}
	for (size_t color = 0; color < palette->n; color++) {
		if (used[color]) put_pass(out, index, image->width, lines, color);
	}
	str_addc(out, '-');
}

void image_sixel(struct str *out, const struct image *image)
{
	struct palette *palette = choose(image);
	uint8_t *index = xmalloc((size_t)image->width * BAND + 1);
	str_addf(out, "\033P0;1;0q\"1;1;%u;%u", image->width, image->height);
	for (size_t i = 0; i < palette->n; i++) {
		const unsigned char *rgb = palette->rgb[i];
		str_addf(out, "#%zu;2;%d;%d;%d", i, rgb[0] * 100 / 255, rgb[1] * 100 / 255,
		        rgb[2] * 100 / 255);
	}
	for (uint32_t top = 0; top < image->height; top += BAND)
		put_band(out, image, palette, top, index);
	str_adds(out, "\033\\");
	free(index);
	free(palette);
}
