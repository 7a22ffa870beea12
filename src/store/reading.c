#include "foretell.h"
#include "tree.h"

/* Timelines as the screen reads them: row by row, the newest first. */

size_t timeline_len(const struct timeline *timeline)
{
	timeline_catch_up(timeline);
	if (timeline->tree) return tree_of(timeline)->nrows;
	return level_top(timeline)->hits.n - runs_of(timeline)->saved;
}

size_t timeline_unread(const struct timeline *timeline)
{
	timeline_catch_up(timeline);
	return level_top(timeline)->unread;
}

static const char *gap_cursor(const struct timeline *timeline, const struct line *line)
{
	const struct source *source = store_source_row(timeline->store, line->source);

	for (size_t i = 0; i < source->ngaps; i++) {
		if (source->gaps[i].sort_ms == line->sort_ms) return source->gaps[i].cursor;
	}
	return NULL;
}

/* The newest hit of what stands in a row, and how many are folded into it; SIZE_MAX: nothing
 * stands there. */
static size_t hit_of(const struct timeline *timeline, size_t row, size_t *out_folded)
{
	size_t len = timeline_len(timeline), hit;
	const struct run *run;

	*out_folded = 0;
	if (row >= len) return SIZE_MAX;
	if (timeline->tree) {
		*out_folded = tree_of(timeline)->rows[row].held;
		return tree_of(timeline)->rows[row].hit;
	}
	run = runs_at(runs_of(timeline), len - 1 - row, &hit);
	if (run) *out_folded = run->n;
	return hit;
}

static void fill_tree(const struct timeline *timeline, size_t row, struct row *out)
{
	const struct tree_row *it = &tree_of(timeline)->rows[row];

	out->depth = it->depth;
	out->guides = it->guides;
	out->below = it->below;
	out->folded = it->folded;
	out->folded_unread = it->folded_unread;
	out->orphan = it->orphan;
	out->opened = it->opened;
}

static void fill_kind(const struct timeline *timeline, const struct line *line, struct row *out)
{
	if (line->flags & ROW_IS_GAP) {
		out->kind = ROW_GAP;
		out->cursor = gap_cursor(timeline, line);
	} else if (!line->post) {
		out->kind = ROW_NOTICE;
	}
}

struct row timeline_at(const struct timeline *timeline, size_t row)
{
	size_t folded, hit = hit_of(timeline, row, &folded);
	struct row out = {.kind = ROW_POST};
	struct line line;

	if (hit == SIZE_MAX) return (struct row){.kind = ROW_NOTICE};
	line = row_line(timeline, hits_at(&level_top(timeline)->hits, hit));
	fill_kind(timeline, &line, &out);
	out.reason = line.reason;
	out.source = line.source;
	out.post = line.post;
	out.actor = line.actor;
	out.more = line.more;
	out.sort_ms = line.sort_ms;
	if (folded > 0) {
		out.kind = ROW_FOLD;
		out.more = (uint32_t)folded;
	} else {
		out.muted = line.flags & ROW_IS_MUTED ||
		            (timeline->show_muted && line.flags & ROW_IS_HELD);
		out.unfolded = !out.muted && line.flags & ROW_IS_HELD;
		out.filtered = line.flags & ROW_IS_FILTERED && !out.muted;
		out.highlight = highlight_of(timeline->store, timeline->name, &line);
	}
	if (folded > 0 || out.muted || out.unfolded || out.filtered) {
		out.why = line_why(timeline, &line);
	}
	if (timeline->tree) fill_tree(timeline, row, &out);
	return out;
}

size_t timeline_find(const struct timeline *timeline, post_id post, size_t near)
{
	const struct hits *hits = &level_top(timeline)->hits;
	uint32_t rows[REASON_COUNT];
	size_t n, best = SIZE_MAX, best_off = SIZE_MAX;

	timeline_catch_up(timeline);
	n = post ? rows_of(timeline->lineup, post, rows) : 0;
	for (size_t i = 0; i < n; i++) {
		size_t hit = hits_below(hits, rows[i]), row, off;

		if (hit == hits->n || hits_at(hits, hit) != rows[i]) continue;
		row = timeline->tree
		              ? tree_find(timeline, (uint32_t)hit)
		              : timeline_len(timeline) - 1 - runs_row(runs_of(timeline), hit);
		off = row > near ? row - near : near - row;
		if (off < best_off) {
			best = row;
			best_off = off;
		}
	}
	return best;
}

bool timeline_settle(struct timeline *timeline, int64_t until_ms)
{
	size_t len = timeline_len(timeline);
	bool waits = level_top(timeline)->from > 0;

	while (waits && clock_mono(timeline->store->clock) < until_ms) {
		waits = level_step(timeline, SLICE);
	}
	if (timeline_len(timeline) != len) timeline->version++;
	/* Then what the next key may ask. */
	if (!waits && timeline->expects) {
		do {
			waits = foretell_step(timeline, SLICE);
		} while (waits && clock_mono(timeline->store->clock) < until_ms);
	}
	return !waits;
}

size_t timeline_unsearched(const struct timeline *timeline)
{
	timeline_catch_up(timeline);
	return level_top(timeline)->from;
}

uint64_t timeline_version(const struct timeline *timeline)
{
	timeline_catch_up(timeline);
	return version_of(timeline);
}
