#include <stdlib.h>

#include "rows.h"

/* What a timeline says of its rows: few have marks, so they are a list beside the rows. */

unsigned row_marks(const struct timeline *timeline, uint32_t row)
{
	const struct hits *marked = &timeline->marked;
	size_t at;

	if (marked->n == 0) return 0;
	at = hits_below(marked, row);
	return at < marked->n && hits_at(marked, at) == row ? hits_spot(marked, at) : 0;
}

struct line row_line(const struct timeline *timeline, uint32_t row)
{
	struct line line = *line_at(timeline, row);

	line.flags |= (uint8_t)row_marks(timeline, row);
	return line;
}

void row_mark(struct timeline *timeline, uint32_t row, unsigned marks)
{
	struct hits *marked = &timeline->marked;
	bool is = marks != 0, was = hits_has(marked, row);

	if (was && !is) hits_drop(marked, &row, 1);
	if (!is) return;
	if (!was) hits_add(marked, &row, 1);
	hits_set_spot(marked, row, (uint16_t)marks);
}

void rows_mark(struct timeline *timeline, const uint32_t *rows, const uint8_t *marks, size_t n)
{
	struct hits *marked = &timeline->marked;
	uint32_t *in = xmalloc((2 * n + 1) * sizeof *in), *out = in + n;
	size_t nin = 0, nout = 0;

	for (size_t i = 0; i < n; i++) {
		bool was = hits_has(marked, rows[i]);

		if (was && !marks[i]) out[nout++] = rows[i];
		if (!was && marks[i]) in[nin++] = rows[i];
	}
	hits_drop(marked, out, nout);
	hits_add(marked, in, nin);
	for (size_t i = 0; i < n; i++) {
		if (marks[i]) hits_set_spot(marked, rows[i], marks[i]);
	}
	free(in);
}

unsigned marks_walk(const struct timeline *timeline, size_t *left, uint32_t row)
{
	const struct hits *marked = &timeline->marked;

	while (*left > 0 && hits_at(marked, *left - 1) > row) {
		--*left;
	}
	return *left > 0 && hits_at(marked, *left - 1) == row ? hits_spot(marked, *left - 1) : 0;
}
