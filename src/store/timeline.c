#include "store/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "tree.h"

struct timeline *timeline_new(struct store *store)
{
	struct timeline *timeline = xcalloc(1, sizeof *timeline);

	timeline->store = store;
	timeline->marked.spotted = true;
	timeline->levels = mem_grow(NULL, &timeline->levels_cap, 1, sizeof *timeline->levels);
	timeline->levels[timeline->nlevels++] = (struct level){0};
	lineup_join(store, NULL, 0, 0, timeline);
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
	lineup_leave(timeline);
	tree_free(timeline->tree);
	hits_finish(&timeline->marked);
	hits_finish(&timeline->quotas);
	runs_finish(&timeline->runs);
	idset_finish(&timeline->opened);
	free(timeline->name);
	free(timeline->levels);
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

bool timeline_has_source(const struct timeline *timeline, source_id source)
{
	return lineup_has_source(timeline->lineup, source);
}

/* One thread alone is shown as a tree. */
static void choose_order(struct timeline *timeline)
{
	const struct lineup *lineup = timeline->lineup;
	const struct source *source =
	        lineup->nsources == 1 ? store_source_row(timeline->store, lineup->sources[0])
	                              : NULL;

	tree_free(timeline->tree);
	timeline->tree = source && source->thread ? tree_new(source->thread) : NULL;
}

/* Stand over the lineup of these sources, each once. */
static void move_over(struct timeline *timeline, const source_id *sources, size_t n)
{
	struct lineup *old = timeline->lineup;
	uint64_t version = version_of(timeline);

	/* The old one stays until the new one is there: it may be the same. */
	timeline_forget(timeline);
	lineup_join(timeline->store, sources, n, timeline->cleared_seq, timeline);
	struct lineup *now = timeline->lineup;

	timeline->lineup = old;
	lineup_leave(timeline);
	timeline->lineup = now;
	/* What it counts together with the lineup goes on. */
	timeline->version = version + 1 - now->version;
	timeline_begin(timeline);
}

/* Each that is there, once; owned. */
static source_id *known_sources(
        const struct store *store, const source_id *sources, size_t n, size_t *out_n)
{
	source_id *known = xmalloc((n + 1) * sizeof *known);
	struct idset there = {0};

	*out_n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!store_source_row(store, sources[i]) || idset_has(&there, sources[i])) continue;
		idset_put(&there, sources[i], true);
		known[(*out_n)++] = sources[i];
	}
	idset_finish(&there);
	return known;
}

/* Its own lineup may just have some more: then their rows join those that are there. */
static bool can_extend(const struct timeline *timeline, const source_id *sources, size_t n)
{
	const struct lineup *lineup = timeline->lineup;
	const struct store *store = timeline->store;
	size_t there = 0;

	for (size_t i = 0; i < n; i++) {
		there += lineup_has_source(lineup, sources[i]);
	}
	if (lineup->nusers > 1 || lineup->nsources == 0 || there < lineup->nsources) return false;
	for (size_t i = 0; i < store->nlineups; i++) {
		if (lineup_is(store->lineups[i], sources, n, timeline->cleared_seq)) return false;
	}
	return true;
}

void timeline_set_sources(struct timeline *timeline, const source_id *sources, size_t n)
{
	source_id *known;
	size_t nknown;

	timeline_catch_up(timeline);
	known = known_sources(timeline->store, sources, n, &nknown);
	if (!lineup_is(timeline->lineup, known, nknown, timeline->cleared_seq)) {
		if (can_extend(timeline, known, nknown)) {
			lineup_extend(timeline->lineup, known, nknown);
			timeline_catch_up(timeline);
			timeline->version++;
		} else {
			move_over(timeline, known, nknown);
		}
		choose_order(timeline);
	}
	free(known);
}

void timeline_clear(struct timeline *timeline)
{
	struct lineup *lineup = timeline->lineup;
	size_t n = lineup->nsources;
	source_id *sources = xmalloc((n + 1) * sizeof *sources);

	if (n > 0) memcpy(sources, lineup->sources, n * sizeof *sources);
	timeline->cleared_seq = timeline->store->last_seq;
	move_over(timeline, sources, n);
	free(sources);
}

/* --- what is shown --- */

/* Rows that are hidden. Owned. */
static size_t muted_rows(const struct timeline *timeline, uint32_t **out)
{
	const struct hits *marked = &timeline->marked;
	size_t n = 0;

	*out = xmalloc((marked->n + 1) * sizeof **out);
	for (size_t i = 0; i < marked->n; i++) {
		if (hits_spot(marked, i) & ROW_IS_MUTED) (*out)[n++] = hits_at(marked, i);
	}
	return n;
}

void timeline_show_muted(struct timeline *timeline, bool on)
{
	uint32_t *rows;
	size_t n;

	if (timeline->show_muted == on) return;
	timeline_catch_up(timeline);
	timeline->show_muted = on;
	store_now(timeline->store);
	n = muted_rows(timeline, &rows);
	levels_look(timeline, rows, n);
	free(rows);
	timeline->runs.fresh = false;
	timeline->version++;
}

bool timeline_shows_muted(const struct timeline *timeline)
{
	return timeline->show_muted;
}

void timeline_keep(struct timeline *timeline, post_id post)
{
	timeline->keep = post;
}

post_id timeline_kept(const struct timeline *timeline)
{
	return timeline->keep;
}

void timeline_drop_block(struct timeline *timeline, size_t block)
{
	idset_drop_block(&timeline->opened, block);
}

size_t timeline_memory(const struct timeline *timeline)
{
	const struct hits *marked = &timeline->marked;
	size_t bytes = sizeof *timeline + timeline->quotas.cap * sizeof(uint32_t);

	bytes += marked->cap * (sizeof *marked->room + sizeof *marked->spots);
	bytes += idset_memory(&timeline->opened) + timeline->runs.cap * sizeof(struct run);
	for (size_t k = 0; k < timeline->nlevels; k++) {
		const struct hits *hits = &timeline->levels[k].hits;

		bytes += hits->cap * (sizeof *hits->room + (hits->spots ? sizeof *hits->spots : 0));
	}
	return bytes;
}
