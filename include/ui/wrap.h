#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Line breaking (rendering.md 8): by cells, never inside a cluster. Pure. */

/* Bytes [start, end) of the text stand on one line, `cells` wide (trailing blanks left out). */
struct wrap_line {
	uint32_t start, end;
	int cells;
};

struct wrap {
	struct wrap_line *lines; /* in the arena */
	size_t nlines;
};

/*
 * Wrap text to at most `cols` cells (>= 1). LF ends a line. Breaks after blanks,
 * hyphens, in URLs after / ? & = - . _, around wide characters, not before closing nor
 * after opening punctuation; a longer word is cut at a cluster's edge. At most
 * `max_lines` lines (0: all).
 */
struct wrap wrap_text(
        struct arena *arena, const char *utf8, size_t len, int cols, size_t max_lines);
