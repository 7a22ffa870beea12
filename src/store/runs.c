#include "runs.h"

#include <stdlib.h>

#include "rows.h"

void runs_finish(struct runs *runs)
{
	free(runs->closed);
	*runs = (struct runs){0};
}

/* The hits [first, end) are folded; drawn one by one when any of them was opened. */
static void run_end(struct runs *runs, size_t first, size_t end, bool opened)
{
	if (first == end || opened) return;
	runs->closed = mem_grow(runs->closed, &runs->cap, runs->n + 1, sizeof *runs->closed);
	runs->closed[runs->n++] = (struct run){
	        .first = (uint32_t)first, .n = (uint32_t)(end - first), .saved = runs->saved};
	runs->saved += (uint32_t)(end - first - 1);
}

static void build(struct runs *runs, const struct timeline *timeline)
{
	const struct hits *hits = &level_top(timeline)->hits, *marked = &timeline->marked;
	size_t first = 0, end = 0;
	bool opened = false;

	runs->n = runs->saved = 0;
	runs->fresh = true;
	if (timeline->show_muted) return;
	for (size_t i = 0; i < marked->n; i++) {
		uint32_t row = hits_at(marked, i);
		post_id post = line_at(timeline, row)->post;
		size_t at = end;

		if (!(hits_spot(marked, i) & ROW_IS_HELD)) continue;
		if (at == hits->n || hits_at(hits, at) != row) {
			at = hits_below(hits, row);
			if (at == hits->n || hits_at(hits, at) != row) continue;
			run_end(runs, first, end, opened);
			first = at;
			opened = false;
		}
		end = at + 1;
		opened |= idset_has(&timeline->opened, post);
	}
	run_end(runs, first, end, opened);
}

const struct runs *runs_of(const struct timeline *timeline)
{
	struct runs *runs = (struct runs *)&timeline->runs;

	if (!runs->fresh) build(runs, timeline);
	return runs;
}

size_t runs_row(const struct runs *runs, size_t hit)
{
	size_t low = 0, high = runs->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (runs->closed[mid].first <= hit) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	if (low == 0) return hit;
	const struct run *run = &runs->closed[low - 1];

	if (hit < run->first + run->n) return run->first - run->saved;
	return hit - run->saved - (run->n - 1);
}

const struct run *runs_at(const struct runs *runs, size_t row, size_t *out_hit)
{
	size_t low = 0, high = runs->n;
	const struct run *run;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (runs->closed[mid].first - runs->closed[mid].saved <= row) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	*out_hit = row;
	if (low == 0) return NULL;
	run = &runs->closed[low - 1];
	*out_hit = row + run->saved + run->n - 1;
	return run->first - run->saved == row ? run : NULL;
}
