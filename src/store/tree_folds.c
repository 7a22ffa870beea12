#include "tree.h"

/* What of a thread is folded away, by hand or by mutes. */

bool timeline_is_thread(const struct timeline *timeline)
{
	return timeline->tree != NULL;
}

size_t timeline_home(const struct timeline *timeline)
{
	timeline_catch_up(timeline);
	return timeline->tree ? tree_of(timeline)->home : 0;
}

bool timeline_fold(struct timeline *timeline, post_id post, bool on)
{
	struct tree *tree = timeline->tree;
	size_t row = tree ? timeline_find(timeline, post, 0) : SIZE_MAX;

	if (row == SIZE_MAX || tree->rows[row].below == 0) return false;
	if (timeline_at(timeline, row).post != post) return false;
	if (idset_has(&tree->folded, post) == on) return false;
	idset_put(&tree->folded, post, on);
	timeline->version++;
	return true;
}

bool timeline_fold_all(struct timeline *timeline, bool on)
{
	struct tree *tree = timeline->tree;

	if (!tree) return false;
	timeline_catch_up(timeline);
	idset_finish(&tree->folded);
	timeline->version++;
	for (size_t i = 0; on && i < tree_of(timeline)->nrows; i++) {
		const struct tree_row *row = &tree->rows[i];
		uint32_t at = hits_at(&level_top(timeline)->hits, row->hit);

		if (row->depth == 0 || row->below == 0) continue;
		idset_put(&tree->folded, line_at(timeline, at)->post, true);
	}
	timeline->version++;
	return true;
}

/* The row is no fold, but would be in one. */
static bool is_unfolded(const struct timeline *timeline, size_t row)
{
	uint32_t at = hits_at(&level_top(timeline)->hits, timeline->tree->rows[row].hit);

	return timeline->tree->rows[row].held == 0 && row_marks(timeline, at) & ROW_IS_HELD;
}

static bool open_row(struct timeline *timeline, size_t row, bool on)
{
	const struct hits *hits = &level_top(timeline)->hits;
	bool changed = false;

	for (size_t hit = 0; hit < hits->n; hit++) {
		uint32_t at = hits_at(hits, hit);
		post_id post = line_at(timeline, at)->post;

		if (timeline->tree->place[hit] != row) continue;
		if (!(row_marks(timeline, at) & ROW_IS_HELD)) continue;
		changed |= idset_has(&timeline->opened, post) != on;
		idset_put(&timeline->opened, post, on);
	}
	return changed;
}

bool tree_open_fold(struct timeline *timeline, size_t row, bool on)
{
	const struct tree *tree = tree_of(timeline);
	size_t first = row, end = row + 1;
	bool changed = false;

	if (on) return tree->rows[row].held > 0 && open_row(timeline, row, true);
	if (!is_unfolded(timeline, row)) return false;
	while (first > 0 && is_unfolded(timeline, first - 1)) {
		first--;
	}
	while (end < tree->nrows && is_unfolded(timeline, end)) {
		end++;
	}
	for (; first < end; first++) {
		changed |= open_row(timeline, first, false);
	}
	return changed;
}
