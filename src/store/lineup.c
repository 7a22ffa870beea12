#include "lineup.h"

#include <stdlib.h>
#include <string.h>

#include "rows.h"

/* --- which there are --- */

bool lineup_has_source(const struct lineup *lineup, source_id source)
{
	return idset_has(&lineup->source_set, source);
}

bool lineup_is(
        const struct lineup *lineup, const source_id *sources, size_t n, uint32_t cleared_seq)
{
	if (lineup->nsources != n || lineup->cleared_seq != cleared_seq) return false;
	for (size_t i = 0; i < n; i++) {
		if (!lineup_has_source(lineup, sources[i])) return false;
	}
	return true;
}

/* All items of its source number i that were not cleared away, appended. */
static struct item *items_of(
        const struct lineup *lineup, size_t i, struct item *items, size_t *n, size_t *cap)
{
	return source_items(lineup->store, lineup->sources[i], lineup->cleared_seq, items, n, cap);
}

static void add_source(struct lineup *lineup, source_id source)
{
	lineup->sources = mem_grow(lineup->sources, &lineup->sources_cap, lineup->nsources + 1,
	        sizeof *lineup->sources);
	lineup->sources[lineup->nsources++] = source;
	idset_put(&lineup->source_set, source, true);
}

/* Everything that there is, in an empty one. */
static void build(struct lineup *lineup)
{
	struct item *items = NULL;
	size_t n = 0, cap = 0;

	lineup->taken = lineup->store->arrivals_gone + lineup->store->narrivals;
	for (size_t i = 0; i < lineup->nsources; i++) {
		items = items_of(lineup, i, items, &n, &cap);
	}
	lineup_add(lineup, items, n);
	free(items);
}

static struct lineup *lineup_new(
        struct store *store, const source_id *sources, size_t n, uint32_t cleared_seq)
{
	struct lineup *lineup = xcalloc(1, sizeof *lineup);

	lineup->store = store;
	lineup->cleared_seq = cleared_seq;
	for (size_t i = 0; i < n; i++) {
		add_source(lineup, sources[i]);
	}
	build(lineup);
	store->lineups = mem_grow(
	        store->lineups, &store->lineups_cap, store->nlineups + 1, sizeof(struct lineup *));
	store->lineups[store->nlineups++] = lineup;
	return lineup;
}

static void lineup_free(struct lineup *lineup)
{
	struct store *store = lineup->store;
	size_t i = 0;

	while (store->lineups[i] != lineup) {
		i++;
	}
	store->lineups[i] = store->lineups[--store->nlineups];
	idset_finish(&lineup->source_set);
	idset_finish(&lineup->has);
	table_finish(&lineup->places);
	free(lineup->sources);
	free(lineup->rows);
	free(lineup->users);
	free(lineup);
}

void lineup_join(struct store *store, const source_id *sources, size_t n, uint32_t cleared_seq,
        struct timeline *user)
{
	struct lineup *lineup = NULL;

	for (size_t i = 0; i < store->nlineups && !lineup; i++) {
		if (lineup_is(store->lineups[i], sources, n, cleared_seq)) {
			lineup = store->lineups[i];
		}
	}
	if (!lineup) lineup = lineup_new(store, sources, n, cleared_seq);
	lineup_catch_up(lineup);
	lineup->users = mem_grow(
	        lineup->users, &lineup->users_cap, lineup->nusers + 1, sizeof(struct timeline *));
	lineup->users[lineup->nusers++] = user;
	user->lineup = lineup;
}

void lineup_leave(struct timeline *user)
{
	struct lineup *lineup = user->lineup;
	size_t i = 0;

	while (lineup->users[i] != user) {
		i++;
	}
	lineup->users[i] = lineup->users[--lineup->nusers];
	if (lineup->nusers == 0) lineup_free(lineup);
}

size_t lineup_memory(const struct lineup *lineup)
{
	return sizeof *lineup + lineup->rows_cap * sizeof *lineup->rows +
	       idset_memory(&lineup->has) + table_memory(&lineup->places);
}

/* --- sources change --- */

void lineup_extend(struct lineup *lineup, const source_id *sources, size_t n)
{
	struct item *items = NULL;
	size_t nitems = 0, cap = 0;

	for (size_t i = 0; i < n; i++) {
		if (lineup_has_source(lineup, sources[i])) continue;
		add_source(lineup, sources[i]);
		items = items_of(lineup, lineup->nsources - 1, items, &nitems, &cap);
	}
	lineup_add(lineup, items, nitems);
	free(items);
}

void lineup_rebuild(struct lineup *lineup)
{
	for (size_t i = 0; i < lineup->nusers; i++) {
		timeline_forget(lineup->users[i]);
	}
	lineup->nrows = lineup->nnews = lineup->nnotices = 0;
	idset_finish(&lineup->has);
	table_finish(&lineup->places);
	build(lineup);
	lineup->version++;
	for (size_t i = 0; i < lineup->nusers; i++) {
		timeline_begin(lineup->users[i]);
	}
}

/* --- rows go --- */

static void drop_rows(struct lineup *lineup, const uint32_t *rows, size_t n)
{
	if (n == 0) return;
	for (size_t i = 0; i < n; i++) {
		rows_note(lineup, &lineup->rows[rows[i]], false);
	}
	rows_remove(lineup, rows, n);
	for (size_t i = 0; i < lineup->nusers; i++) {
		if (lineup->users[i]->quotas.n > 0) quota_sweep(lineup->users[i]);
	}
	lineup->version++;
}

void lineup_drop_gap(struct lineup *lineup, source_id source, int64_t sort_ms)
{
	struct line gap = {.sort_ms = sort_ms, .source = source, .flags = ROW_IS_GAP};
	uint32_t row;

	lineup_catch_up(lineup);
	row = (uint32_t)rows_lower(lineup, &gap);
	if (row < lineup->nrows && line_order(&lineup->rows[row], &gap) == 0) {
		drop_rows(lineup, &row, 1);
	}
}

void lineup_drop_post(struct lineup *lineup, post_id post)
{
	uint32_t rows[REASON_COUNT];

	lineup_catch_up(lineup);
	drop_rows(lineup, rows, rows_of(lineup, post, rows));
}

/* Items of these posts that the sources still have and no row stands for. */
static void add_again(struct lineup *lineup, const struct idset *posts)
{
	struct item *items = NULL;
	size_t n = 0, cap = 0;

	for (size_t s = 0; s < lineup->nsources; s++) {
		source_id id = lineup->sources[s];
		const struct source *source = store_source_row(lineup->store, id);

		for (size_t i = 0; i < source->nentries; i++) {
			struct item item = item_of(id, &source->entries[i]);
			struct line line = line_of(lineup, &item);
			int64_t sort_ms;

			if (!line.post || !idset_has(posts, line.post)) continue;
			if (rows_place(lineup, line.post, line_class(&line), &sort_ms)) continue;
			items = mem_grow(items, &cap, n + 1, sizeof *items);
			items[n++] = item;
		}
	}
	lineup_add(lineup, items, n);
	free(items);
}

/* A row goes when its own entry is gone; one that others were folded into is built anew. */
void lineup_trim(struct lineup *lineup, int64_t sort_ms, const struct idset *keep)
{
	uint32_t *rows = xmalloc((lineup->nrows + 1) * sizeof *rows);
	struct idset again = {0};
	size_t n = 0;

	for (size_t i = 0; i < lineup->nrows; i++) {
		const struct line *line = &lineup->rows[i];
		bool old = line->sort_ms < sort_ms;

		if (!old && lineup->nnews == 0) break;
		if (line->post && idset_has(keep, line->post)) continue;
		if (!old && !(line->flags & ROW_IS_NEWS && line->more > 0)) continue;
		if (line->more > 0) idset_put(&again, line->post, true);
		rows[n++] = (uint32_t)i;
	}
	drop_rows(lineup, rows, n);
	if (again.nblocks > 0) add_again(lineup, &again);
	idset_finish(&again);
	free(rows);
}
