#include "store/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "tree.h"

struct timeline *timeline_new(struct store *store)
{
	struct timeline *timeline = xcalloc(1, sizeof *timeline);

	timeline->store = store;
	timeline->taken = store->arrivals_gone + store->narrivals;
	timeline->levels = mem_grow(NULL, &timeline->levels_cap, 1, sizeof *timeline->levels);
	timeline->levels[timeline->nlevels++] = (struct level){0};
	store->timelines = mem_grow(store->timelines, &store->timelines_cap, store->ntimelines + 1,
	        sizeof *store->timelines);
	store->timelines[store->ntimelines++] = timeline;
	return timeline;
}

void timeline_free(struct timeline *timeline)
{
	struct store *store;
	size_t i = 0;

	if (!timeline) return;
	store = timeline->store;
	while (store->timelines[i] != timeline) {
		i++;
	}
	store->timelines[i] = store->timelines[--store->ntimelines];
	while (timeline->nlevels > 0) {
		level_finish(&timeline->levels[--timeline->nlevels]);
	}
	filter_put(store, FILTER_KEPT, timeline->filter);
	tree_free(timeline->tree);
	idset_finish(&timeline->source_set);
	idset_finish(&timeline->has);
	table_finish(&timeline->places);
	hits_finish(&timeline->muted);
	hits_finish(&timeline->held);
	hits_finish(&timeline->quotas);
	runs_finish(&timeline->runs);
	idset_finish(&timeline->opened);
	free(timeline->name);
	free(timeline->levels);
	free(timeline->sources);
	free(timeline->rows);
	free(timeline);
}

void timeline_set_name(struct timeline *timeline, const char *name)
{
	char *old = timeline->name;

	if (old == name || (old && name && strcmp(old, name) == 0)) return;
	timeline->name = xstrdup(name);
	free(old);
	timeline_refilter(timeline);
}

const char *timeline_name(const struct timeline *timeline)
{
	return timeline->name;
}

/* --- sources --- */

void timeline_rebuild(struct timeline *timeline)
{
	struct item *items = NULL;
	size_t n = 0, cap = 0;

	timeline->taken = timeline->store->arrivals_gone + timeline->store->narrivals;
	hits_clear(&timeline->muted);
	hits_clear(&timeline->held);
	hits_clear(&timeline->quotas);
	timeline->nrows = timeline->nnews = timeline->nnotices = 0;
	idset_finish(&timeline->has);
	table_finish(&timeline->places);
	for (size_t i = 0; i < timeline->nsources; i++) {
		items = source_items(timeline->store, timeline->sources[i], timeline->cleared_seq,
		        items, &n, &cap);
	}
	levels_reset(timeline);
	timeline->building = true;
	timeline_add(timeline, items, n);
	timeline->building = false;
	free(items);
	levels_reset(timeline);
	timeline->version++;
}

bool timeline_has_source(const struct timeline *timeline, source_id source)
{
	return idset_has(&timeline->source_set, source);
}

/* Only new ones: their rows join those that are there. */
static bool add_sources(struct timeline *timeline, const source_id *sources, size_t n)
{
	struct item *items = NULL;
	size_t nitems = 0, cap = 0, known = 0;

	for (size_t i = 0; i < n; i++) {
		known += timeline_has_source(timeline, sources[i]);
	}
	if (known < timeline->nsources) return false;
	for (size_t i = 0; i < n; i++) {
		if (!store_source_row(timeline->store, sources[i]) ||
		        timeline_has_source(timeline, sources[i])) {
			continue;
		}
		timeline->sources = mem_grow(timeline->sources, &timeline->sources_cap,
		        timeline->nsources + 1, sizeof *timeline->sources);
		timeline->sources[timeline->nsources++] = sources[i];
		idset_put(&timeline->source_set, sources[i], true);
		items = source_items(
		        timeline->store, sources[i], timeline->cleared_seq, items, &nitems, &cap);
	}
	timeline_add(timeline, items, nitems);
	free(items);
	return true;
}

/* One thread alone is shown as a tree. */
static void choose_order(struct timeline *timeline)
{
	const struct source *source =
	        timeline->nsources == 1 ? store_source_row(timeline->store, timeline->sources[0])
	                                : NULL;

	tree_free(timeline->tree);
	timeline->tree = source && source->thread ? tree_new(source->thread) : NULL;
}

void timeline_set_sources(struct timeline *timeline, const source_id *sources, size_t n)
{
	timeline_catch_up(timeline);
	if (timeline->nsources > 0 && add_sources(timeline, sources, n)) {
		if (timeline->tree && timeline->nsources > 1) choose_order(timeline);
		return;
	}
	idset_finish(&timeline->source_set);
	timeline->nsources = 0;
	for (size_t i = 0; i < n; i++) {
		if (!store_source_row(timeline->store, sources[i]) ||
		        timeline_has_source(timeline, sources[i])) {
			continue;
		}
		timeline->sources = mem_grow(timeline->sources, &timeline->sources_cap,
		        timeline->nsources + 1, sizeof *timeline->sources);
		timeline->sources[timeline->nsources++] = sources[i];
		idset_put(&timeline->source_set, sources[i], true);
	}
	choose_order(timeline);
	timeline_rebuild(timeline);
}

void timeline_clear(struct timeline *timeline)
{
	timeline->cleared_seq = timeline->store->last_seq;
	timeline_rebuild(timeline);
}

/* --- what is shown --- */

/* Numbers of rows in a list of them. Owned. */
static size_t rows_in(const struct hits *list, uint32_t **out)
{
	*out = xmalloc((list->n + 1) * sizeof **out);
	for (size_t i = 0; i < list->n; i++) {
		(*out)[i] = hits_at(list, i);
	}
	return list->n;
}

void timeline_show_muted(struct timeline *timeline, bool on)
{
	uint32_t *rows;
	size_t n;

	if (timeline->show_muted == on) return;
	timeline_catch_up(timeline);
	timeline->show_muted = on;
	store_now(timeline->store);
	n = rows_in(&timeline->muted, &rows);
	levels_look(timeline, rows, n);
	free(rows);
	timeline->runs.fresh = false;
	timeline->version++;
}

bool timeline_shows_muted(const struct timeline *timeline)
{
	return timeline->show_muted;
}

static int order_rows(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

	return one < two ? -1 : one > two;
}

/* Takes `rows`, in any order. Returns how many left. */
static size_t look_at(struct timeline *timeline, uint32_t *rows, size_t n)
{
	size_t left = 0;

	if (n > 0) {
		qsort(rows, n, sizeof *rows, order_rows);
		left = levels_look(timeline, rows, n);
		timeline->version++;
	}
	free(rows);
	return left;
}

size_t timeline_look_posts(struct timeline *timeline, const post_id *posts, size_t nposts)
{
	uint32_t *rows = NULL, of[REASON_COUNT];
	size_t n = 0, cap = 0;

	timeline_catch_up(timeline);
	for (size_t i = 0; i < nposts; i++) {
		size_t nrows = rows_of(timeline, posts[i], of);

		if (nrows == 0) continue;
		rows = mem_grow(rows, &cap, n + nrows, sizeof *rows);
		memcpy(rows + n, of, nrows * sizeof *rows);
		n += nrows;
	}
	return look_at(timeline, rows, n);
}

size_t timeline_look_rows(
        struct timeline *timeline, struct filter *filter, bool notices, const struct idset *actors)
{
	uint32_t *rows = NULL;
	size_t n = 0, cap = 0;

	timeline_catch_up(timeline);
	if (notices && timeline->nnotices == 0) return 0;
	for (size_t i = timeline->levels[0].from; i < timeline->nrows; i++) {
		const struct line *line = &timeline->rows[i];

		if (line->flags & ROW_IS_GAP || (notices && line->post)) continue;
		if (actors && line->post && !idset_has(actors, line->actor)) continue;
		if (!filter_test(timeline->store, filter, line)) continue;
		rows = mem_grow(rows, &cap, n + 1, sizeof *rows);
		rows[n++] = (uint32_t)i;
	}
	return look_at(timeline, rows, n);
}

void timeline_seen_before(struct timeline *timeline, const struct idset *posts)
{
	uint32_t *rows = NULL;
	size_t n = 0, cap = 0;

	timeline_catch_up(timeline);
	for (size_t i = 0; i < timeline->nrows; i++) {
		struct line *line = &timeline->rows[i];

		if (line->reason != REASON_REPOSTED || line->flags & ROW_IS_NEWS) continue;
		if (!line->post || !idset_has(posts, line->post)) continue;
		line->flags |= ROW_IS_SEEN;
		rows = mem_grow(rows, &cap, n + 1, sizeof *rows);
		rows[n++] = (uint32_t)i;
	}
	look_at(timeline, rows, n);
}

void timeline_touch(struct timeline *timeline)
{
	timeline->version++;
}

void timeline_refilter(struct timeline *timeline)
{
	timeline_catch_up(timeline);
	levels_reset(timeline);
	timeline->version++;
}

/* --- changes of what stands here --- */

bool timeline_is_plain(const struct timeline *timeline)
{
	const struct store *store = timeline->store;

	return !timeline->filter && timeline->nlevels == 1 && store->nmutes == 0 &&
	       store->nrulesets == 0 && store->nquotas == 0 && !store->fold_seen;
}

void timeline_post_changed(struct timeline *timeline, post_id post)
{
	uint32_t rows[REASON_COUNT];
	size_t n;

	timeline_catch_up(timeline);
	n = rows_of(timeline, post, rows);
	if (n == 0) return;
	quota_note(timeline, rows, n);
	if (!timeline_is_plain(timeline)) levels_look(timeline, rows, n);
	timeline->version++;
}

void timeline_author_changed(struct timeline *timeline, profile_id author)
{
	bool plain = timeline_is_plain(timeline);
	uint32_t *rows = NULL;
	size_t n = 0, cap = 0;

	timeline_catch_up(timeline);
	timeline->version++;
	for (size_t i = 0; !plain && i < timeline->nrows; i++) {
		const struct line *line = &timeline->rows[i];

		if (line->actor != author && store_author(timeline->store, line->post) != author) {
			continue;
		}
		rows = mem_grow(rows, &cap, n + 1, sizeof *rows);
		rows[n++] = (uint32_t)i;
	}
	quota_note(timeline, rows, n);
	look_at(timeline, rows, n);
}

void timeline_read_changed(struct timeline *timeline, post_id post, bool read)
{
	uint32_t rows[REASON_COUNT];
	size_t n, shown;
	bool same;

	timeline_catch_up(timeline);
	n = rows_of(timeline, post, rows);
	shown = level_top(timeline)->hits.n;
	same = tree_is_current(timeline);
	for (size_t i = 0; i < n; i++) {
		if (timeline->rows[rows[i]].flags & ROW_IS_HELD) continue;
		for (size_t k = 0; k < timeline->nlevels; k++) {
			struct level *level = &timeline->levels[k];

			if (!hits_has(&level->hits, rows[i])) continue;
			if (read) {
				level->unread--;
			} else {
				level->unread++;
			}
		}
	}
	if (n == 0) return;
	if (!timeline_is_plain(timeline)) levels_look(timeline, rows, n);
	timeline->version++;
	/* The cursor marks posts read as it goes: the tree is not made anew for that. */
	if (same && level_top(timeline)->hits.n == shown) tree_keep(timeline);
}

/* --- reading it --- */

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
	const struct line *line;
	struct row out = {.kind = ROW_POST};

	if (hit == SIZE_MAX) return (struct row){.kind = ROW_NOTICE};
	line = &timeline->rows[hits_at(&level_top(timeline)->hits, hit)];
	fill_kind(timeline, line, &out);
	out.reason = line->reason;
	out.source = line->source;
	out.post = line->post;
	out.actor = line->actor;
	out.more = line->more;
	out.sort_ms = line->sort_ms;
	if (folded > 0) {
		out.kind = ROW_FOLD;
		out.more = (uint32_t)folded;
	} else {
		out.muted = line->flags & ROW_IS_MUTED ||
		            (timeline->show_muted && line->flags & ROW_IS_HELD);
		out.unfolded = !out.muted && line->flags & ROW_IS_HELD;
		out.filtered = line->flags & ROW_IS_FILTERED && !out.muted;
		out.highlight = highlight_of(timeline->store, timeline->name, line);
	}
	if (folded > 0 || out.muted || out.unfolded || out.filtered) {
		out.why = line_why(timeline, line);
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
	n = post ? rows_of(timeline, post, rows) : 0;
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

void timeline_keep(struct timeline *timeline, post_id post)
{
	timeline->keep = post;
}

post_id timeline_kept(const struct timeline *timeline)
{
	return timeline->keep;
}

bool timeline_settle(struct timeline *timeline, int64_t until_ms)
{
	size_t len = timeline_len(timeline);
	bool waits = level_top(timeline)->from > 0;

	while (waits && clock_mono(timeline->store->clock) < until_ms) {
		waits = level_step(timeline, SLICE);
	}
	if (timeline_len(timeline) != len) timeline->version++;
	return !waits;
}

uint64_t timeline_version(const struct timeline *timeline)
{
	timeline_catch_up(timeline);
	return timeline->version;
}

void timeline_drop_block(struct timeline *timeline, size_t block)
{
	idset_drop_block(&timeline->has, block);
	idset_drop_block(&timeline->opened, block);
}

size_t timeline_memory(const struct timeline *timeline)
{
	size_t bytes = sizeof *timeline + timeline->rows_cap * sizeof *timeline->rows;

	bytes += idset_memory(&timeline->has) + table_memory(&timeline->places);
	bytes += idset_memory(&timeline->opened) + timeline->runs.cap * sizeof(struct run);
	bytes += (timeline->muted.cap + timeline->held.cap + timeline->quotas.cap) *
	         sizeof(uint32_t);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		bytes += timeline->levels[k].hits.cap * sizeof(uint32_t);
	}
	return bytes;
}
