#pragma once
#include "private.h"

/*
 * All that a set of sources brings, folded, oldest first, whether somebody shows it or not.
 * Timelines over the same sources that were cleared at the same time share one: a new row is
 * merged in once, and each timeline adds no more than what it makes of it. What timelines say
 * of a row does not stand here (struct timeline).
 */
struct lineup {
	struct store *store;
	source_id *sources;
	size_t nsources, sources_cap;
	struct idset source_set;
	uint32_t cleared_seq; /* what came up to here was cleared away */
	uint64_t taken;       /* arrivals that were taken in, or are none of ours */

	struct line *rows;
	size_t nrows, rows_cap, nnews;
	struct idset has;    /* posts that have a row that is no news */
	struct table places; /* post and class to sort_ms, where it is not the post's own time */
	size_t nnotices;     /* rows without a post */
	uint64_t version;    /* grows when rows change that stood here */

	struct timeline **users;
	size_t nusers, users_cap;
};

/* --- lineup.c --- */
/* The one of these sources (each once, all there), made at first use. It goes with the last who
 * leaves. */
void lineup_join(struct store *store, const source_id *sources, size_t n, uint32_t cleared_seq,
        struct timeline *user);
void lineup_leave(struct timeline *user);
bool lineup_is(
        const struct lineup *lineup, const source_id *sources, size_t n, uint32_t cleared_seq);
/* Its sources have these too: their rows join those that are there. */
void lineup_extend(struct lineup *lineup, const source_id *sources, size_t n);
bool lineup_has_source(const struct lineup *lineup, source_id source);
/* Its sources lost rows. */
void lineup_rebuild(struct lineup *lineup);
/* Entries before sort_ms are gone from the sources, but those of kept posts. */
void lineup_trim(struct lineup *lineup, int64_t sort_ms, const struct idset *keep);
void lineup_drop_gap(struct lineup *lineup, source_id source, int64_t sort_ms);
void lineup_drop_post(struct lineup *lineup, post_id post);
size_t lineup_memory(const struct lineup *lineup);

/* --- fold.c --- */
/* New items of its sources, in any order. */
void lineup_add(struct lineup *lineup, const struct item *items, size_t n);

/* --- rows.c: the array, and where a post stands in it --- */

/* The flags that tell which rows of a post fold. */
struct line line_of(const struct lineup *lineup, const struct item *item);
/* Rows of one post and one class are folded: 0 for reading, else the reason of the news. */
unsigned line_class(const struct line *line);
int line_order(const struct line *a, const struct line *b);
/* First row that does not order before `line`. */
size_t rows_lower(const struct lineup *lineup, const struct line *line);
/* Number of the row, or SIZE_MAX. */
size_t rows_find(const struct lineup *lineup, post_id post, unsigned class);
bool rows_place(const struct lineup *lineup, post_id post, unsigned class, int64_t *out_sort_ms);
/* Remember, or forget, that the row stands in `rows` or is about to. */
void rows_note(struct lineup *lineup, const struct line *line, bool on);
/* All rows of a post, ascending; room for REASON_COUNT. */
size_t rows_of(const struct lineup *lineup, post_id post, uint32_t *out);
/* Insert lines (in order), or remove rows (ascending); the timelines are renumbered. */
void rows_insert(struct lineup *lineup, const struct line *lines, size_t n, uint32_t *out_at);
void rows_remove(struct lineup *lineup, const uint32_t *rows, size_t n);
