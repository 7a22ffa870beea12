#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "tree.h"

/* What timelines are told of changes elsewhere: to posts and people, to mutes and answers. */

static int order_rows(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

	return one < two ? -1 : one > two;
}

/* Rows in any order, to be looked at. Zeroed is valid and empty. */
struct chosen {
	uint32_t *rows;
	size_t n, cap;
};

static void choose(struct chosen *chosen, uint32_t row)
{
	chosen->rows = mem_grow(chosen->rows, &chosen->cap, chosen->n + 1, sizeof *chosen->rows);
	chosen->rows[chosen->n++] = row;
}

/* Returns how many left; and forgets the rows. */
static size_t look_at(struct timeline *timeline, struct chosen *chosen)
{
	size_t left = 0;

	if (chosen->n > 0) {
		qsort(chosen->rows, chosen->n, sizeof *chosen->rows, order_rows);
		left = levels_look(timeline, chosen->rows, chosen->n);
		timeline->version++;
	}
	free(chosen->rows);
	*chosen = (struct chosen){0};
	return left;
}

/* --- mutes and answers --- */

size_t timeline_look_posts(struct timeline *timeline, const post_id *posts, size_t nposts)
{
	struct chosen chosen = {0};
	uint32_t of[REASON_COUNT];

	timeline_catch_up(timeline);
	for (size_t i = 0; i < nposts; i++) {
		size_t n = rows_of(timeline->lineup, posts[i], of);

		for (size_t k = 0; k < n; k++) {
			choose(&chosen, of[k]);
		}
	}
	return look_at(timeline, &chosen);
}

size_t timeline_look_rows(
        struct timeline *timeline, struct filter *filter, bool notices, const struct idset *actors)
{
	struct chosen chosen = {0};

	timeline_catch_up(timeline);
	if (notices && timeline->lineup->nnotices == 0) return 0;
	for (uint32_t i = timeline->levels[0].from; i < timeline->seen; i++) {
		const struct line *line = line_at(timeline, i);
		struct line row;

		if (line->flags & ROW_IS_GAP || (notices && line->post)) continue;
		if (actors && line->post && !idset_has(actors, line->actor)) continue;
		row = row_line(timeline, i);
		if (filter_test(timeline->store, filter, &row)) choose(&chosen, i);
	}
	return look_at(timeline, &chosen);
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

/* --- posts and people --- */

bool timeline_is_plain(const struct timeline *timeline)
{
	const struct store *store = timeline->store;

	return !timeline->filter && timeline->nlevels == 1 && !timeline->expects &&
	       store->nmutes == 0 && store->nrulesets == 0 && store->nquotas == 0 &&
	       !store->fold_seen;
}

/* What is drawn or asked of these rows (ascending) is another. */
static void rows_changed(struct timeline *timeline, const uint32_t *rows, size_t n)
{
	quota_note(timeline, rows, n);
	if (!timeline_is_plain(timeline)) levels_look(timeline, rows, n);
	timeline->version++;
}

void timelines_post_changed(struct store *store, post_id post)
{
	uint32_t rows[REASON_COUNT];

	for (size_t i = 0; i < store->nlineups; i++) {
		struct lineup *lineup = store->lineups[i];
		size_t n;

		lineup_catch_up(lineup);
		n = rows_of(lineup, post, rows);
		for (size_t k = 0; n > 0 && k < lineup->nusers; k++) {
			rows_changed(lineup->users[k], rows, n);
		}
	}
}

static void choose_author(const struct lineup *lineup, profile_id author, struct chosen *out)
{
	for (uint32_t i = 0; i < lineup->nrows; i++) {
		const struct line *line = &lineup->rows[i];

		if (line->actor == author || store_author(lineup->store, line->post) == author) {
			choose(out, i);
		}
	}
}

void timelines_author_changed(struct store *store, profile_id author)
{
	for (size_t i = 0; i < store->nlineups; i++) {
		struct lineup *lineup = store->lineups[i];
		struct chosen chosen = {0};

		lineup_catch_up(lineup);
		choose_author(lineup, author, &chosen);
		for (size_t k = 0; k < lineup->nusers; k++) {
			rows_changed(lineup->users[k], chosen.rows, chosen.n);
		}
		free(chosen.rows);
	}
}

/* Rows that were looked at, and are shown. */
static void count_read(struct timeline *timeline, uint32_t row, bool read)
{
	if (row_marks(timeline, row) & ROW_IS_HELD) return;
	for (size_t k = 0; k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];

		if (!hits_has(&level->hits, row)) continue;
		if (read) {
			level->unread--;
		} else {
			level->unread++;
		}
	}
}

static void read_changed(struct timeline *timeline, const uint32_t *rows, size_t n, bool read)
{
	size_t shown = level_top(timeline)->hits.n;
	bool same = tree_is_current(timeline);

	for (size_t i = 0; i < n; i++) {
		count_read(timeline, rows[i], read);
	}
	if (!timeline_is_plain(timeline)) levels_look(timeline, rows, n);
	timeline->version++;
	/* The cursor marks posts read as it goes: the tree is not made anew for that. */
	if (same && level_top(timeline)->hits.n == shown) tree_keep(timeline);
}

void timelines_read_changed(struct store *store, post_id post, bool read)
{
	uint32_t rows[REASON_COUNT];

	for (size_t i = 0; i < store->nlineups; i++) {
		struct lineup *lineup = store->lineups[i];
		size_t n = rows_of(lineup, post, rows);

		for (size_t k = 0; n > 0 && k < lineup->nusers; k++) {
			read_changed(lineup->users[k], rows, n, read);
		}
	}
}

static void seen_before(struct lineup *lineup, const struct idset *posts)
{
	struct chosen chosen = {0};

	for (uint32_t i = 0; i < lineup->nrows; i++) {
		struct line *line = &lineup->rows[i];

		if (line->reason != REASON_REPOSTED || line->flags & ROW_IS_NEWS) continue;
		if (!line->post || !idset_has(posts, line->post)) continue;
		line->flags |= ROW_IS_SEEN;
		choose(&chosen, i);
	}
	for (size_t k = 0; chosen.n > 0 && k < lineup->nusers; k++) {
		levels_look(lineup->users[k], chosen.rows, chosen.n);
		lineup->users[k]->version++;
	}
	free(chosen.rows);
}

void timelines_seen_before(struct store *store, const struct idset *posts)
{
	for (size_t i = 0; i < store->nlineups; i++) {
		lineup_catch_up(store->lineups[i]);
		seen_before(store->lineups[i], posts);
	}
}
