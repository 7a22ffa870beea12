#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8, grapheme clusters (UAX #29 by utf8proc, so without GB9c: a Devanagari conjunct
 * is one cluster a consonant) and their widths in cells as this program draws them.
 *
 * Widths are what ncurses advances, which asks libc; a locale must be set (setlocale),
 * and where it is not a UTF-8 one utf8proc's widths stand in.
 */

/*
 * Decode one code point of at least 1 byte of text. Returns the bytes it took
 * (1..4) and sets *cp; a faulty maximal subpart gives U+FFFD (Unicode 3.9, D93b).
 */
size_t utf8_decode(const char *p, size_t len, int32_t *cp);
size_t utf8_encode(char out[4], int32_t cp);
bool utf8_valid(const char *p, size_t len);

/* What sort of character: General_Category L and Nl, M, Nd, Pc, all else. */
enum utf8_kind { UTF8_OTHER, UTF8_LETTER, UTF8_MARK, UTF8_DIGIT, UTF8_CONNECTOR };
enum utf8_kind utf8_kind(int32_t cp);

/* The longest prefix of at most `max` bytes that ends on a cluster's edge. */
size_t utf8_prefix(const char *p, size_t len, size_t max);

/* One grapheme cluster. */
struct cluster {
	size_t len;   /* bytes; 0 only at the end of the text */
	int width;    /* cells: 0, 1 or 2 */
	int32_t base; /* its first code point */
};

/* The cluster at p; len 0 at the end. Fast for ASCII. */
struct cluster utf8_cluster(const char *p, size_t len);

/* Cells that the text takes on one line, after utf8_show (below). */
size_t utf8_width(const char *p, size_t len);

/* Number of grapheme clusters. */
size_t utf8_clusters(const char *p, size_t len);

/*
 * The form of a cluster that every terminal and ncurses agree on, at most 15 bytes, not
 * NUL-terminated: the first emoji of a ZWJ sequence, no variation selector, no skin tone,
 * a tag flag as its plain flag, a keycap as its digit, at most 4 combining marks to a
 * character, unknown code points as U+FFFD, control and zero-width clusters as nothing.
 * Returns its length and sets *width to the cells that it takes (0 when it shows nothing).
 *
 * Most of the time that is one character of width 1 or 2 with its marks. It is two
 * characters of width 1, which take two cells of ncurses, for a country's flag (shown as
 * its two letters, "NL") and for a letter with a spacing vowel sign (Hindi का, Thai กำ):
 * utf8_spacing says where the second begins.
 */
size_t utf8_show(char out[15], const char *cluster, size_t len, int *width);

/*
 * Of a cluster from utf8_show: the bytes of its first spacing character with its marks;
 * what is left, if any, is the second one. Sets *width to its cells.
 */
size_t utf8_spacing(const char *shown, size_t len, int *width);

/*
 * ASCII stand-in for a cluster that takes `width` cells, for terminals that are not UTF-8:
 * always that many characters ("e" for é, "?" when there is none, "NL" for a flag).
 */
size_t utf8_ascii(char out[15], const char *cluster, size_t len, int width);
