#pragma once
#include "due.h"
#include "lineup.h"
#include "literal.h"
#include "runs.h"

/*
 * A timeline from within: what it makes of the rows of its lineup. What is shown is a stack of
 * levels: level 0 is the mutes and the stored query, each further one a longer text of the live
 * search. A level knows its hits among the rows from number `from` up to `seen`; older rows are
 * looked at by timeline_settle, newer ones when somebody looks (timeline_catch_up). Level 0 has
 * always looked at least as far as the others.
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
	size_t untold;  /* hits from the oldest on that foretell_step has not got to */
	size_t unread;  /* hits whose post is unread, but those that are folded */
	struct due due; /* when the search may say something else */
};

struct timeline {
	struct store *store;
	struct lineup *lineup;
	char *name;           /* or NULL */
	uint32_t cleared_seq; /* what came up to here was cleared away */

	uint32_t seen;       /* rows from here on were not looked at yet */
	struct hits marked;  /* rows with marks of ours (ROW_MARKS), which are their spots */
	struct hits quotas;  /* rows whose putter has a quota, wherever they stand */
	struct runs runs;    /* what is drawn of those that are held */
	struct idset opened; /* posts whose fold is open */

	struct filter *filter;    /* the stored query, or NULL */
	bool show_muted, expects; /* a search is being typed */
	struct level *levels;
	size_t nlevels, levels_cap;
	post_id keep;
	uint64_t version;  /* version_of counts */
	struct tree *tree; /* of a thread: the order in which rows are shown; else NULL */
};

/* Of rows, and of what the timeline makes of them. */
static inline uint64_t version_of(const struct timeline *timeline)
{
	return timeline->version + timeline->lineup->version;
}

static inline const struct line *line_at(const struct timeline *timeline, uint32_t row)
{
	return &timeline->lineup->rows[row];
}

/* --- mark_rows.c: what a timeline says of its rows --- */

/* Of a row that was not looked at: no more than whether it is over its quota. */
unsigned row_marks(const struct timeline *timeline, uint32_t row);
/* The row with its marks, as queries are asked about it. */
struct line row_line(const struct timeline *timeline, uint32_t row);
void row_mark(struct timeline *timeline, uint32_t row, unsigned marks);
/* Of many rows (ascending) at once. */
void rows_mark(struct timeline *timeline, const uint32_t *rows, const uint8_t *marks, size_t n);
/* Reads the marks of one row after another, from newer rows to older ones: start with `left` as
 * timeline->marked.n. */
unsigned marks_walk(const struct timeline *timeline, size_t *left, uint32_t row);

/* --- top.c: new rows --- */
/* Look at the rows that came on top. */
void look_top(struct timeline *timeline);
/* As if the rows from this one on had not been looked at; others are about to stand there. */
void unlook(struct timeline *timeline, uint32_t row);

/* --- level.c: which rows are shown --- */
enum { SLICE = 64 }; /* rows between two looks at the clock */
struct level *level_top(const struct timeline *timeline);
/* Nothing is asked of its rows: no query, search, mute or filter. */
bool timeline_is_plain(const struct timeline *timeline);
/* Its post is unread, and it is not folded. */
bool row_unread(const struct timeline *timeline, uint32_t row);
/* Likewise, of a row with these marks. */
static inline bool line_unread(
        const struct timeline *timeline, const struct line *line, unsigned marks)
{
	return !(marks & ROW_IS_HELD) && line->post &&
	       !idset_has(&timeline->store->read, line->post);
}
/* Look at rows (ascending) anew, whether they are among the hits or not; what was not got to yet
 * is left out. Returns how many are shown no more, or folded only now. */
size_t levels_look(struct timeline *timeline, const uint32_t *rows, size_t n);
/* These rows (ascending) are over their quota, or are no more. */
void levels_set_over(struct timeline *timeline, const uint32_t *rows, size_t n);
/* Rows are about to go: take them (ascending) out of all hits; or others were inserted and stand
 * now at these numbers. */
void levels_removed(struct timeline *timeline, const uint32_t *rows, size_t n);
void levels_inserted(struct timeline *timeline, const uint32_t *rows, size_t n);
/* What level 0 makes of a row that had `marks`; true when it is among the hits. */
bool row_judge(struct timeline *timeline, uint32_t row, unsigned marks, unsigned *out_marks);
/* The live search of a level matches a row that is a hit of level 0. */
bool row_matches(struct timeline *timeline, struct level *level, uint32_t row, unsigned marks);
/* Forget all hits; the newest rows are looked at again at once. */
void levels_reset(struct timeline *timeline);
/* The lineup is about to be made anew, or another one; and it was: begin. */
void timeline_forget(struct timeline *timeline);
void timeline_begin(struct timeline *timeline);
void level_finish(struct level *level);
/* --- step.c --- */
/* The folded text of a post; NULL: it has none. Its block knows where most of them stand. */
struct words {
	const char *bytes;
	size_t len;
};
struct words words_of(const struct block *block, post_id id);
/* Look at the newest rows, as far as is quickly done. */
void level_begin(struct timeline *timeline);
/* Look at up to `budget` older rows for the top level; false when none is left. */
bool level_step(struct timeline *timeline, size_t budget);

/* --- quota.c --- */
/* Rows are new, or somebody else put them there: note whether a quota is for them. */
void quota_note(struct timeline *timeline, const uint32_t *rows, size_t n);
/* Likewise of all rows. */
void quota_note_all(struct timeline *timeline);
/* Look which rows are over their quota, after others came, went or were held back. */
void quota_sweep(struct timeline *timeline);

/* --- why.c --- */
/* What holds the row back, or warns of it; a few words, borrowed until the next change. */
const char *line_why(const struct timeline *timeline, const struct line *line);
