#include <stdlib.h>

#include "mute.h"
#include "rows.h"

/*
 * Rows that came on top since somebody looked last. With many columns over one lineup this is
 * all that each of them does for a post that comes: so as a rule it takes one bit of the filter's
 * answers, and one of each group of mutes.
 */

enum { MAX_GROUPS = 8 };

/* How a row may be judged at once: what its post says decides. */
struct quickly {
	const struct mute_group *groups[MAX_GROUPS]; /* that hold here */
	size_t ngroups;
	const struct idset *match; /* NULL: all are let in */
	post_id since;             /* the filter's answers stand for posts above this one */
	bool can;
};

static struct quickly quickly_for(const struct timeline *timeline)
{
	struct store *store = timeline->store;
	struct quickly quickly = {.can = timeline->nlevels == 1 && !timeline->expects &&
	                                 store->nrulesets == 0 && !store->fold_seen};

	for (size_t i = 0; i < store->nmute_groups && quickly.can; i++) {
		const struct mute_group *group = store->mute_groups[i];

		if (!columns_name(group->columns, timeline->name)) continue;
		quickly.can = quickly.ngroups < MAX_GROUPS && !group->by_actor && group->nrows == 0;
		if (quickly.can) quickly.groups[quickly.ngroups++] = group;
	}
	if (timeline->filter && quickly.can) {
		quickly.match = filter_answers(store, timeline->filter, &quickly.since);
		quickly.can = quickly.match != NULL;
	}
	return quickly;
}

static inline bool is_quick(const struct quickly *quickly, const struct line *line)
{
	if (!line->post || line->post <= quickly->since || line->flags & ROW_IS_GAP) return false;
	for (size_t i = 0; i < quickly->ngroups; i++) {
		if (group_verdict(quickly->groups[i], line->post) != VERDICT_SHOW) return false;
	}
	return true;
}

/* It is shown, or said something of. */
static bool look_at(struct timeline *timeline, uint32_t row)
{
	const struct line *line = line_at(timeline, row);
	unsigned marks = 0;
	bool base = row_judge(timeline, row, 0, &marks);

	if (marks) hits_append(&timeline->marked, row, (uint16_t)marks);
	for (size_t k = 0; base && k < timeline->nlevels; k++) {
		struct level *level = &timeline->levels[k];

		if (k > 0 && !row_matches(timeline, level, row, marks)) continue;
		hits_append(&level->hits, row, 0);
		level->unread += line_unread(timeline, line, marks);
	}
	return base || marks;
}

/* Reads a set at ids that are mostly near to one another. */
struct reader {
	const struct idset *set; /* NULL: it has all */
	size_t block;
	const uint64_t *words; /* of the block; NULL: it has none */
};

static struct reader reader_of(const struct idset *set)
{
	return (struct reader){.set = set, .block = SIZE_MAX};
}

/* 0 or 1: half of them are set, and to guess which costs more than to ask. */
static inline uint32_t bit_of(struct reader *reader, uint32_t id)
{
	size_t block = id / IDSET_BLOCK;

	if (block != reader->block) {
		reader->block = block;
		reader->words = block < reader->set->nblocks ? reader->set->blocks[block] : NULL;
	}
	if (!reader->words) return 0;
	return (uint32_t)(reader->words[id % IDSET_BLOCK / 64] >> id % 64 & 1);
}

/* Rows from `first` on, as far as they may be judged at once; returns the first that may not. */
static uint32_t look_quickly(
        struct timeline *timeline, const struct quickly *quickly, uint32_t first)
{
	const struct line *rows = timeline->lineup->rows;
	struct reader match = reader_of(quickly->match), read = reader_of(&timeline->store->read);
	struct level *base = &timeline->levels[0];
	uint32_t row = first, end = timeline->seen, n = 0, unread = 0;
	uint32_t *room = hits_reserve(&base->hits, end - first);

	for (; row < end && is_quick(quickly, &rows[row]); row++) {
		post_id post = rows[row].post;
		uint32_t in = match.set ? bit_of(&match, post) : 1;

		room[n] = row;
		n += in;
		unread += in & ~bit_of(&read, post);
	}
	base->hits.n += n;
	base->unread += unread;
	return row;
}

/* The rows from `first` on. True when some are shown. */
static bool look_at_all(struct timeline *timeline, uint32_t first)
{
	struct quickly quickly = quickly_for(timeline);
	size_t shown = timeline->levels[0].hits.n;
	bool some = false;

	for (uint32_t row = first; row < timeline->seen;) {
		if (quickly.can) row = look_quickly(timeline, &quickly, row);
		if (row < timeline->seen) some |= look_at(timeline, row++);
	}
	return some || timeline->levels[0].hits.n > shown;
}

static void note_quotas(struct timeline *timeline, uint32_t first)
{
	size_t n = timeline->seen - first;
	uint32_t *rows;

	if (timeline->store->nquotas == 0 && timeline->quotas.n == 0) return;
	rows = xmalloc((n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		rows[i] = first + (uint32_t)i;
	}
	quota_note(timeline, rows, n);
	quota_sweep(timeline);
	free(rows);
}

void look_top(struct timeline *timeline)
{
	uint32_t first = timeline->seen;

	timeline->seen = (uint32_t)timeline->lineup->nrows;
	if (look_at_all(timeline, first) || timeline->tree) {
		timeline->runs.fresh = false;
		timeline->version++;
	}
	note_quotas(timeline, first);
}

/* True when some were there. */
static bool cut_hits(struct timeline *timeline, struct level *level, uint32_t row)
{
	struct hits *hits = &level->hits;
	size_t before = hits->n;

	while (hits->n > 0 && hits_at(hits, hits->n - 1) >= row) {
		level->unread -= row_unread(timeline, hits_at(hits, --hits->n));
	}
	if (level->from > row) level->from = row;
	return hits->n < before;
}

static void cut_list(struct hits *list, uint32_t row)
{
	while (list->n > 0 && hits_at(list, list->n - 1) >= row) {
		list->n--;
	}
}

void unlook(struct timeline *timeline, uint32_t row)
{
	bool some = false;

	if (timeline->seen <= row) return;
	for (size_t k = 0; k < timeline->nlevels; k++) {
		some |= cut_hits(timeline, &timeline->levels[k], row);
	}
	cut_list(&timeline->marked, row);
	cut_list(&timeline->quotas, row);
	timeline->seen = row;
	timeline->runs.fresh = false;
	if (some) timeline->version++;
}
