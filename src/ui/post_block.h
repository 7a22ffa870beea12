#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "query/query.h"
#include "ui/grid.h"
#include "ui/view.h"

/*
 * One row of a timeline as it stands in a column: cells to be copied, drawn on the
 * plain background with an empty first cell for the bar and the unread mark. The last
 * line is the rule to the next block, empty when the theme has none; a layout may do without.
 */

/* What a block depends on, gathered once; all borrowed. */
struct block_in {
	struct row row;
	const struct post *post;              /* NULL: a notice or a gap */
	const struct profile *author, *actor; /* NULL: unknown */
	const struct post *quote;             /* the quoted post when it is here, or NULL */
	const struct profile *quote_author;
	const struct query *search; /* words to be marked, or NULL */
	enum role highlight; /* of the first highlight rule that matches; ROLE_DEFAULT: none */
	bool unread, opened;
	bool selected; /* said in words, where there are only words */
	bool rule;     /* it ends with the line that parts it from the next */
	bool thread;   /* a row of a tree: guides at its left say what it answers */
	int cols;
	char time[32];
};

/* Gather a row. `opened`: what a warning hides is shown, and all lines of a long post. */
void block_gather(struct block_in *out, const struct ui *ui, const struct timeline *timeline,
        const struct row *row, bool opened, int cols);

/* A number that changes when the block would look otherwise. */
uint64_t block_hash(const struct block_in *in, const struct ui *ui);

/* Draw into `out` (initialised here; at least one line). `scratch` is used and reset. */
void block_draw(const struct block_in *in, struct ui *ui, struct arena *scratch, struct grid *out);
