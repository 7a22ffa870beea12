#include "tree.h"

/* Folds of what is held back: opened and closed, wherever a post of theirs stands. */

static bool open_post(struct timeline *timeline, post_id post, bool on)
{
	if (idset_has(&timeline->opened, post) == on) return false;
	idset_put(&timeline->opened, post, on);
	return true;
}

static bool is_held(const struct timeline *timeline, size_t hit)
{
	uint32_t row = hits_at(&level_top(timeline)->hits, hit);

	return row_marks(timeline, row) & ROW_IS_HELD;
}

/* All that stand next to one another around a hit. */
static bool open_around(struct timeline *timeline, size_t hit, bool on)
{
	const struct hits *hits = &level_top(timeline)->hits;
	bool changed = false;
	size_t at = hit;

	if (!is_held(timeline, hit)) return false;
	while (at > 0 && is_held(timeline, at - 1)) {
		at--;
	}
	for (; at < hits->n && is_held(timeline, at); at++) {
		changed |= open_post(timeline, line_at(timeline, hits_at(hits, at))->post, on);
	}
	return changed;
}

bool timeline_open_fold(struct timeline *timeline, post_id post, bool on)
{
	const struct hits *hits = &level_top(timeline)->hits;
	uint32_t rows[REASON_COUNT];
	bool changed = false;
	size_t n;

	timeline_catch_up(timeline);
	n = timeline->show_muted || !post ? 0 : rows_of(timeline->lineup, post, rows);
	for (size_t i = 0; i < n; i++) {
		size_t hit = hits_below(hits, rows[i]);

		if (hit == hits->n || hits_at(hits, hit) != rows[i]) continue;
		if (timeline->tree) {
			changed |= tree_open_fold(timeline, tree_find(timeline, (uint32_t)hit), on);
		} else {
			changed |= open_around(timeline, hit, on);
		}
	}
	if (!changed) return false;
	timeline->runs.fresh = false;
	timeline->version++;
	return true;
}
