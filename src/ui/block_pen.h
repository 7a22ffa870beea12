#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/text.h"
#include "query/query.h"
#include "ui/grid.h"
#include "ui/view.h"
#include "ui/wrap.h"

/* Draws line after line into a grid that grows downwards. */
struct block_pen {
	struct ui *ui;
	struct arena *scratch;
	struct grid *grid;
	const struct query *search; /* marked wherever it matches, or NULL */
	int left, width;            /* cells that text may take */
	enum role under;            /* on whose background; ROLE_DEFAULT for none */
};

enum { BLOCK_MAX_LINES = 2000 };

/* Append an empty line; returns its row, or -1 when there are too many. */
int pen_line(struct block_pen *pen);

/* Text at `col` cells behind the left edge, shortened to `max` cells. Returns the cells used. */
int pen_puts(struct block_pen *pen, int row, int col, enum role role, const char *utf8, int max);

/* A line of its own, shortened to fit. */
void pen_say(struct block_pen *pen, enum role role, const char *utf8);

/* The same, with what a search found marked. */
void pen_say_marked(struct block_pen *pen, enum role role, const char *utf8);

/* Fill a line with a horizontal rule. */
void pen_rule(struct block_pen *pen, int row);

/* What a text to be wrapped needs besides itself. Zeroed is plain. */
struct pen_text {
	enum role role;
	const struct facet *facets;
	size_t nfacets;
	enum role heading; /* role of FACET_HEADING; ROLE_DEFAULT: post.title */
	size_t skip;       /* bytes at the start that are left out */
	size_t max_lines;  /* 0: all */
	enum mark prefix;  /* drawn before each line when has_prefix */
	bool has_prefix;
};
/* Wrapped lines with facets and matches marked. Returns false when lines were left out. */
bool pen_wrap(struct block_pen *pen, const struct pen_text *how, const char *utf8, size_t len);

/* For texts that are not kept in a grid: the role of each byte (in the scratch arena) … */
uint8_t *pen_roles(struct block_pen *pen, const struct pen_text *how, const char *utf8, size_t len);
/* … and one wrapped line, drawn at `col` cells behind the left edge. */
void pen_draw_line(struct block_pen *pen, int row, int col, const uint8_t *roles, const char *utf8,
        const struct wrap_line *line);
