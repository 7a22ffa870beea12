#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Runs of folded rows among the hits that are shown, each drawn as one row; made anew when
 * the hits changed. Zeroed is valid, and stale.
 */
struct run {
	uint32_t first, n; /* hits; first is the oldest */
	uint32_t saved;    /* rows that the runs below it save */
};

struct runs {
	struct run *closed; /* oldest first */
	size_t n, cap;
	uint32_t saved; /* rows that all of them save */
	bool fresh;
};

struct timeline;

void runs_finish(struct runs *runs);
/* As they are now; borrowed until the timeline changes. */
const struct runs *runs_of(const struct timeline *timeline);
/* Rows are counted from the oldest here. The row of a hit, and the newest hit of a row. */
size_t runs_row(const struct runs *runs, size_t hit);
/* The run that is drawn as this row, or NULL; *out_hit is the newest hit that stands in it. */
const struct run *runs_at(const struct runs *runs, size_t row, size_t *out_hit);
