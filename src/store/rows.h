#pragma once
#include "due.h"
#include "literal.h"
#include "private.h"
#include "runs.h"

/*
 * A timeline from within. `rows` holds all that its sources bring, folded, oldest
 * first, whether shown or not. What is shown is a stack of levels: level 0 is the
 * mutes and the stored query, each further one a longer text of the live search. A
 * level knows its hits among the rows from number `from` on; older rows are looked at
 * by timeline_settle. Level 0 has always looked at least as far as the others.
 *
 * Rows that mutes and quotas fold are hits like others; what stands next to one another of
 * them is drawn as one row (runs.h).
 */
struct level {
	char *typed; /* NULL: level 0 */
	struct query *query;
	struct literals literals; /* words that each hit holds; spots are of the last */
	size_t base;              /* the level whose hits hold all of ours */
	struct hits hits;
	uint32_t from;
	size_t unread;  /* hits whose post is unread, but those that are folded */
	struct due due; /* when the search may say something else */
};

struct timeline {
	struct store *store;
	char *name; /* or NULL */
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
	struct hits muted;   /* rows that are hidden, as far as level 0 has looked */
	struct hits held;    /* rows that are folded, as far as level 0 has looked */
	struct hits quotas;  /* rows whose putter has a quota, wherever they stand */
	struct runs runs;    /* what is drawn of `held` */
	struct idset opened; /* posts whose fold is open */

	struct filter *filter; /* the stored query, or NULL */
	bool show_muted, building;
	struct level *levels;
	size_t nlevels, levels_cap;
	post_id keep;
	uint64_t version;
	struct tree *tree; /* of a thread: the order in which rows are shown; else NULL */
};

/* --- rows.c: the array, and where a post stands in it --- */

/* Rows of one post and one class are folded: 0 for reading, else the reason of the news. */
unsigned line_class(const struct line *line);
int line_order(const struct line *a, const struct line *b);
/* First row that does not order before `line`. */
size_t rows_lower(const struct timeline *timeline, const struct line *line);
/* Number of the row, or SIZE_MAX. */
size_t rows_find(const struct timeline *timeline, post_id post, unsigned class);
bool rows_place(
        const struct timeline *timeline, post_id post, unsigned class, int64_t *out_sort_ms);
/* Remember, or forget, that the row stands in `rows` or is about to. */
void rows_note(struct timeline *timeline, const struct line *line, bool on);
/* All rows of a post, ascending; room for REASON_COUNT. */
size_t rows_of(const struct timeline *timeline, post_id post, uint32_t *out);
/* Insert lines (in order), or remove rows (ascending); the levels are renumbered. */
void rows_insert(struct timeline *timeline, const struct line *lines, size_t n, uint32_t *out_at);
void rows_remove(struct timeline *timeline, const uint32_t *rows, size_t n);

/* The flags that tell which rows of a post fold. */
struct line line_of(const struct timeline *timeline, const struct item *item);

/* --- level.c: which rows are shown --- */
enum { SLICE = 256 }; /* rows between two looks at the clock */
struct level *level_top(const struct timeline *timeline);
/* Nothing is asked of its rows: no query, search, mute or filter. */
bool timeline_is_plain(const struct timeline *timeline);
/* Its post is unread, and it is not folded. */
bool row_unread(const struct timeline *timeline, uint32_t row);
/* Look at rows (ascending) anew, whether they are among the hits or not; what level 0 has not
 * got to yet is left out. Returns how many are shown no more, or folded only now. */
size_t levels_look(struct timeline *timeline, const uint32_t *rows, size_t n);
/* These rows (ascending) are over their quota, or are no more. */
void levels_set_over(struct timeline *timeline, const uint32_t *rows, size_t n);
/* Take rows out of all hits. */
void levels_withdraw(struct timeline *timeline, const uint32_t *rows, size_t n);
/* What level 0 says of a row, into its flags; true when it is among the hits. */
bool row_judge(struct timeline *timeline, uint32_t row);
/* The live search of a level matches a row that is a hit of level 0. */
bool row_matches(struct timeline *timeline, struct level *level, uint32_t row);
/* Forget all hits; the newest rows are looked at again at once. */
void levels_reset(struct timeline *timeline);
void level_finish(struct level *level);
/* --- step.c --- */
/* Look at the newest rows, as far as is quickly done. */
void level_begin(struct timeline *timeline);
/* Look at up to `budget` older rows for the top level; false when none is left. */
bool level_step(struct timeline *timeline, size_t budget);

/* --- quota.c --- */
/* Rows are new, or somebody else put them there: note whether a quota is for them. */
void quota_note(struct timeline *timeline, const uint32_t *rows, size_t n);
/* Look which rows are over their quota, after others came, went or were held back. */
void quota_sweep(struct timeline *timeline);

/* --- why.c --- */
/* What holds the row back, or warns of it; a few words, borrowed until the next change. */
const char *line_why(const struct timeline *timeline, const struct line *line);
