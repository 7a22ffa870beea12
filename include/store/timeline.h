#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * The rows of one column: its sources merged by time, minus what its query, the
 * mutes or a live search leave out; a post that several sources or reposts bring
 * stands once. Row 0 is the newest. UI thread.
 */
struct timeline;

enum row_kind {
	ROW_POST,
	ROW_NOTICE, /* an entry without a post: a follow */
	ROW_GAP,    /* rows are missing here; Enter loads them */
};

struct row {
	enum row_kind kind;
	enum reason reason;
	source_id source;  /* the one that brought it first */
	post_id post;      /* 0 for a notice or a gap */
	profile_id actor;  /* who caused it; 0: the author */
	uint32_t more;     /* how many further rows of the same post stand folded into this one */
	int64_t sort_ms;
	const char *cursor; /* of a gap: what its JOB_GAP wants. Borrowed until the next change */
};

struct timeline *timeline_new(struct store *store);
void timeline_free(struct timeline *timeline);

/* Replace the sources. Cheap when they are the same. */
void timeline_set_sources(struct timeline *timeline, const source_id *sources, size_t n);

/* The stored query, "" or NULL for none. On failure the old one stays; *err_col is its column. */
bool timeline_set_query(struct timeline *timeline, const char *text, int *err_col,
		struct err *err);

/*
 * Narrow by what has been typed so far; NULL ends the search. Each longer text
 * that query_narrows looks only at the last hits; a shorter one pops.
 */
bool timeline_narrow(struct timeline *timeline, const char *typed, bool complete, int *err_col,
		struct err *err);
const char *timeline_narrowed(const struct timeline *timeline);   /* NULL: no search */
const struct query *timeline_query(const struct timeline *timeline); /* of the live search, for marking; or NULL */

/* Rows hidden here by mutes shown anyway (the key H). */
void timeline_show_muted(struct timeline *timeline, bool on);
bool timeline_shows_muted(const struct timeline *timeline);

/* Forget the rows there are now (the key C); new ones come as ever. */
void timeline_clear(struct timeline *timeline);

size_t timeline_len(const struct timeline *timeline);
struct row timeline_at(const struct timeline *timeline, size_t row);
size_t timeline_unread(const struct timeline *timeline);
/* Row of a post; SIZE_MAX when it does not stand here. `near` is a guess that makes it quick. */
size_t timeline_find(const struct timeline *timeline, post_id post, size_t near);

/*
 * Do waiting work (merging, filtering), newest rows first, until `until_ms` of the
 * monotonic clock. Returns true when nothing waits any more.
 */
bool timeline_settle(struct timeline *timeline, int64_t until_ms);

/* Grows with each change of rows, read marks or posts that stand here: redraw when it moved. */
uint64_t timeline_version(const struct timeline *timeline);
