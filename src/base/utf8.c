#include "base/utf8.h"

#include <string.h>
#include <wchar.h>

#include <utf8proc.h>

/*
 * What stands in a cell is decided by two libraries: utf8proc says where clusters end,
 * and libc's wcwidth, which ncurses uses to advance, says how wide a character is. A
 * character that libc does not know would come out as a blank of unknown width, so it is
 * shown as U+FFFD. Where the locale is not UTF-8 libc knows nothing above ASCII; then
 * utf8proc's widths stand in.
 */

enum { REPLACEMENT = 0xfffd, ZWJ = 0x200d, KEYCAP = 0x20e3, SHOW_MAX = 15, SHOW_MAX_MARKS = 4 };
/* Code points of a cluster that are looked at; the rest cannot change what is shown. */
enum { SHOW_LOOK = 16 };

size_t utf8_decode(const char *p, size_t len, int32_t *cp)
{
	const unsigned char *b = (const unsigned char *)p;
	unsigned char low = 0x80, high = 0xbf;
	size_t want;
	int32_t value;

	if (b[0] < 0x80) {
		*cp = b[0];
		return 1;
	}
	*cp = REPLACEMENT;
	if (b[0] >= 0xc2 && b[0] <= 0xdf) {
		want = 2;
		value = b[0] & 0x1f;
	} else if (b[0] >= 0xe0 && b[0] <= 0xef) {
		want = 3;
		value = b[0] & 0x0f;
		if (b[0] == 0xe0) low = 0xa0;
		if (b[0] == 0xed) high = 0x9f;
	} else if (b[0] >= 0xf0 && b[0] <= 0xf4) {
		want = 4;
		value = b[0] & 0x07;
		if (b[0] == 0xf0) low = 0x90;
		if (b[0] == 0xf4) high = 0x8f;
	} else {
		return 1;
	}
	for (size_t i = 1; i < want; i++) {
		if (i >= len || b[i] < low || b[i] > high) return i;
		value = value << 6 | (b[i] & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	*cp = value;
	return want;
}

size_t utf8_encode(char out[4], int32_t cp)
{
	if (cp < 0 || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff)) cp = REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

enum utf8_kind utf8_kind(int32_t cp)
{
	switch (cp < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL:
		return UTF8_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return UTF8_MARK;
	case UTF8PROC_CATEGORY_ND:
		return UTF8_DIGIT;
	case UTF8PROC_CATEGORY_PC:
		return UTF8_CONNECTOR;
	default:
		return UTF8_OTHER;
	}
}

bool utf8_valid(const char *p, size_t len)
{
	int32_t cp;

	for (size_t i = 0; i < len;) {
		if ((unsigned char)p[i] < 0x80) {
			i++;
			continue;
		}
		size_t n = utf8_decode(p + i, len - i, &cp);
		/* The replacement character itself, when it was written, took 3 bytes of its own.
		 */
		if (cp == REPLACEMENT && (n != 3 || memcmp(p + i, "\xef\xbf\xbd", 3) != 0)) {
			return false;
		}
		i += n;
	}
	return true;
}

/* Printable ASCII. */
static bool is_ascii(int32_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Bytes at p that are each a cluster of one cell: printable ASCII with ASCII behind it. */
static size_t ascii_run(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && is_ascii(p[n]))
		n++;
	/* A mark may stand behind the last one. */
	return n > 0 && n < len && (unsigned char)p[n] >= 0x80 ? n - 1 : n;
}

size_t utf8_prefix(const char *p, size_t len, size_t max)
{
	if (len <= max) return len;

	size_t n = ascii_run(p, len);
	for (;;) {
		if (n >= max) return max;
		struct cluster cluster = utf8_cluster(p + n, len - n);
		if (n + cluster.len > max) return n;
		n += cluster.len;
		n += ascii_run(p + n, len - n);
	}
}

size_t utf8_width(const char *p, size_t len)
{
	size_t i = ascii_run(p, len), cells = i;

	while (i < len) {
		struct cluster cluster = utf8_cluster(p + i, len - i);
		size_t run = ascii_run(p + i + cluster.len, len - i - cluster.len);
		cells += (size_t)cluster.width + run;
		i += cluster.len + run;
	}
	return cells;
}

size_t utf8_clusters(const char *p, size_t len)
{
	size_t i = ascii_run(p, len), n = i;

	while (i < len) {
		i += utf8_cluster(p + i, len - i).len;
		size_t run = ascii_run(p + i, len - i);
		i += run;
		n += 1 + run;
	}
	return n;
}

static bool is_regional(int32_t cp)
{
	return cp >= 0x1f1e6 && cp <= 0x1f1ff;
}

static bool is_skin(int32_t cp)
{
	return cp >= 0x1f3fb && cp <= 0x1f3ff;
}

static bool is_emoji(int32_t cp)
{
	return utf8proc_get_property(cp)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Cells that ncurses advances for one code point; -1: it does not know it. */
static int cells_of(int32_t cp)
{
	/* Only a UTF-8 locale knows that this Han character is wide. */
	if (wcwidth(0x6f22) == 2) return wcwidth((wchar_t)cp);

	const utf8proc_property_t *property = utf8proc_get_property(cp);
	switch (property->category) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return -1;
	case UTF8PROC_CATEGORY_CO:
		return 1;
	case UTF8PROC_CATEGORY_MC:
		return 1;
	default:
		return property->charwidth;
	}
}

/* Never drawn: controls, joiners, selectors, fillers, bidi marks, tags. */
static bool is_invisible(int32_t cp)
{
	const utf8proc_property_t *property = utf8proc_get_property(cp);

	return property->ignorable || property->boundclass == UTF8PROC_BOUNDCLASS_CONTROL ||
	       property->boundclass == UTF8PROC_BOUNDCLASS_CR ||
	       property->boundclass == UTF8PROC_BOUNDCLASS_LF;
}

/* Most characters stand for themselves and start nothing: no rule but GB999 is about them. */
static bool is_alone(int32_t cp)
{
	return is_ascii(cp) || utf8proc_get_property(cp)->boundclass == UTF8PROC_BOUNDCLASS_OTHER;
}

/* Cells of a cluster of one code point, as utf8_show shows it. */
static int cells_of_one(int32_t cp)
{
	if (is_ascii(cp)) return 1;
	if (is_invisible(cp)) return 0;
	int cells = is_regional(cp) ? 1 : cells_of(cp);
	return cells < 0 ? 1 : cells;
}

struct cluster utf8_cluster(const char *p, size_t len)
{
	struct cluster cluster = {0};
	char shown[SHOW_MAX];
	int32_t cp, next = ' ', state = 0;

	if (len == 0) return cluster;
	if (is_ascii(p[0]) && (len == 1 || (unsigned char)p[1] < 0x80)) {
		return (struct cluster){.len = 1, .width = 1, .base = p[0]};
	}
	size_t n = utf8_decode(p, len, &cp), more = 0;
	cluster.base = cp;
	if (n < len) more = utf8_decode(p + n, len - n, &next);
	if (is_alone(cp) && is_alone(next)) {
		cluster.len = n;
		cluster.width = cells_of_one(cp);
		return cluster;
	}
	while (n < len && !utf8proc_grapheme_break_stateful(cp, next, &state)) {
		n += more;
		cp = next;
		if (n < len) more = utf8_decode(p + n, len - n, &next);
	}
	cluster.len = n;
	utf8_show(shown, p, n, &cluster.width);
	return cluster;
}

static size_t look(const char *p, size_t len, int32_t cps[SHOW_LOOK])
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < SHOW_LOOK; n++)
		i += utf8_decode(p + i, len - i, &cps[n]);
	return n;
}

/* Keep what is to be drawn of a cluster; returns how many are left. */
static size_t simplify(int32_t cps[SHOW_LOOK], size_t n)
{
	bool emoji = n > 0 && is_emoji(cps[0]), keycap = false;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		int32_t cp = cps[i];
		if (emoji && cp == ZWJ) break;
		if (cp == KEYCAP) keycap = true;
		if (is_invisible(cp) || (i > 0 && is_skin(cp))) continue;
		cps[kept++] = cp;
	}
	if (keycap && kept > 0 && is_ascii(cps[0])) return 1;
	if (kept > 1 && is_regional(cps[0])) kept = 2;
	for (size_t i = 0; i < kept; i++) {
		if (is_regional(cps[i])) cps[i] = 'A' + cps[i] - 0x1f1e6;
	}
	return kept;
}

size_t utf8_show(char out[15], const char *cluster, size_t len, int *width)
{
	int32_t cps[SHOW_LOOK];
	int cells = 0, marks = 0;
	size_t used = 0;

	*width = 0;
	if (len == 0) return 0;
	if (len == 1 && is_ascii((unsigned char)cluster[0])) {
		out[0] = cluster[0];
		*width = 1;
		return 1;
	}
	size_t n = simplify(cps, look(cluster, len, cps));
	/* Composed forms take less room in a cell, and Hangul then is one character. */
	utf8proc_ssize_t composed = utf8proc_normalize_utf32(
	        cps, (utf8proc_ssize_t)n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	if (composed > 0) n = (size_t)composed;
	for (size_t i = 0; i < n; i++) {
		char bytes[4];
		int32_t cp = cps[i];
		int w = cells_of(cp);
		if (w < 0) {
			cp = REPLACEMENT;
			w = 1;
		}
		bool fits = w > 0 ? cells + w <= 2 : cells > 0 && marks < SHOW_MAX_MARKS;
		size_t size = utf8_encode(bytes, cp);
		if (!fits || used + size > SHOW_MAX) continue;
		memcpy(out + used, bytes, size);
		used += size;
		cells += w;
		marks = w > 0 ? 0 : marks + 1;
	}
	*width = cells;
	return used;
}

size_t utf8_spacing(const char *shown, size_t len, int *width)
{
	size_t n = 0;

	*width = 0;
	while (n < len) {
		int32_t cp;
		size_t more = utf8_decode(shown + n, len - n, &cp);
		int cells = is_ascii(cp) ? 1 : cells_of(cp);
		if (cells > 0 && *width > 0) break;
		if (cells > 0) *width = cells;
		n += more;
	}
	return n;
}

/* What ASCII has for signs that Unicode does not decompose. Sorted by code point. */
static const struct stand_in {
	int32_t first, last;
	char ascii;
} stand_ins[] = {
        {0x00a6, 0x00a6, '|'},
        {0x00ab, 0x00ab, '"'},
        {0x00ad, 0x00ad, '-'},
        {0x00b7, 0x00b7, '.'},
        {0x00bb, 0x00bb, '"'},
        {0x00c6, 0x00c6, 'A'},
        {0x00d0, 0x00d0, 'D'},
        {0x00d7, 0x00d7, 'x'},
        {0x00d8, 0x00d8, 'O'},
        {0x00df, 0x00df, 's'},
        {0x00e6, 0x00e6, 'a'},
        {0x00f0, 0x00f0, 'd'},
        {0x00f7, 0x00f7, '/'},
        {0x00f8, 0x00f8, 'o'},
        {0x0110, 0x0110, 'D'},
        {0x0111, 0x0111, 'd'},
        {0x0131, 0x0131, 'i'},
        {0x0141, 0x0141, 'L'},
        {0x0142, 0x0142, 'l'},
        {0x0152, 0x0152, 'O'},
        {0x0153, 0x0153, 'o'},
        {0x2010, 0x2015, '-'},
        {0x2018, 0x201b, '\''},
        {0x201c, 0x201f, '"'},
        {0x2020, 0x2021, '+'},
        {0x2022, 0x2022, '*'},
        {0x2024, 0x2026, '.'},
        {0x2030, 0x2031, '%'},
        {0x2032, 0x2032, '\''},
        {0x2033, 0x2033, '"'},
        {0x2039, 0x2039, '<'},
        {0x203a, 0x203a, '>'},
        {0x2044, 0x2044, '/'},
        {0x20ac, 0x20ac, 'E'},
        {0x2190, 0x2190, '<'},
        {0x2191, 0x2191, '^'},
        {0x2192, 0x2192, '>'},
        {0x2193, 0x2193, 'v'},
        {0x21a9, 0x21a9, '<'},
        {0x21aa, 0x21aa, '>'},
        {0x21ba, 0x21bb, 'o'},
        {0x2212, 0x2212, '-'},
        {0x2215, 0x2215, '/'},
        {0x2219, 0x2219, '.'},
        {0x2500, 0x2501, '-'},
        {0x2502, 0x2503, '|'},
        {0x2504, 0x2505, '-'},
        {0x2506, 0x2507, '|'},
        {0x2508, 0x2509, '-'},
        {0x250a, 0x250b, '|'},
        {0x250c, 0x254b, '+'},
        {0x254c, 0x254d, '-'},
        {0x254e, 0x254f, '|'},
        {0x2550, 0x2550, '='},
        {0x2551, 0x2551, '|'},
        {0x2552, 0x2570, '+'},
        {0x2571, 0x2571, '/'},
        {0x2572, 0x2572, '\\'},
        {0x2573, 0x2573, 'X'},
        {0x2574, 0x2574, '-'},
        {0x2575, 0x2575, '|'},
        {0x2576, 0x2576, '-'},
        {0x2577, 0x2577, '|'},
        {0x2578, 0x2578, '-'},
        {0x2579, 0x2579, '|'},
        {0x257a, 0x257a, '-'},
        {0x257b, 0x257b, '|'},
        {0x257c, 0x257c, '-'},
        {0x257d, 0x257d, '|'},
        {0x257e, 0x257e, '-'},
        {0x257f, 0x257f, '|'},
        {0x2580, 0x259f, '#'},
        {0x25a0, 0x25a1, '#'},
        {0x25aa, 0x25ab, '#'},
        {0x25b2, 0x25b4, '^'},
        {0x25b6, 0x25b8, '>'},
        {0x25bc, 0x25be, 'v'},
        {0x25c0, 0x25c2, '<'},
        {0x25c6, 0x25c7, '*'},
        {0x25cb, 0x25cf, 'o'},
        {0x2605, 0x2606, '*'},
        {0x2610, 0x2610, '_'},
        {0x2611, 0x2612, 'x'},
        {0x2665, 0x2665, '*'},
        {0x2713, 0x2714, 'v'},
        {0x2715, 0x2718, 'x'},
        {0x2764, 0x2764, '*'},
        {0x2771, 0x2771, '>'},
        {0x276f, 0x276f, '>'},
        {0x27e8, 0x27e8, '<'},
        {0x27e9, 0x27e9, '>'},
};

static char stand_in(int32_t cp)
{
	for (size_t i = 0; i < sizeof stand_ins / sizeof *stand_ins; i++) {
		if (cp < stand_ins[i].first) break;
		if (cp <= stand_ins[i].last) return stand_ins[i].ascii;
	}
	return 0;
}

size_t utf8_ascii(char out[15], const char *cluster, size_t len, int width)
{
	int32_t cps[SHOW_LOOK], parts[SHOW_LOOK];
	int bound = 0;
	size_t cells = width > 0 ? (size_t)width : 0, used = 0;
	if (cells >= SHOW_MAX) cells = SHOW_MAX - 1;
	size_t n = simplify(cps, look(cluster, len, cps));

	for (size_t i = 0; i < n && used <= cells; i++) {
		utf8proc_ssize_t nparts = 1;
		parts[0] = cps[i];
		if (!stand_in(cps[i])) {
			nparts = utf8proc_decompose_char(cps[i], parts, SHOW_LOOK,
			        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK, &bound);
		}
		if (nparts > SHOW_LOOK) nparts = 0;
		for (utf8proc_ssize_t k = 0; k < nparts && used <= cells; k++) {
			char c = is_ascii(parts[k]) ? (char)parts[k] : stand_in(parts[k]);
			out[used++] = c ? c : '?';
		}
	}
	/* What does not come out in its room is better unknown than half said. */
	if (used > cells || used == 0) {
		memset(out, '?', cells);
	} else {
		memset(out + used, memchr(out, '?', used) ? '?' : ' ', cells - used);
	}
	return cells;
}
