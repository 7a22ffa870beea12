#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * The rows of one column: its sources merged by time, minus what its query, the
 * mutes or a live search leave out. Row 0 is the newest. UI thread.
 *
 * A post that several sources or reposts bring stands once, at its earliest row, so
 * that a new repost moves nothing. What others did to it (liked, reposted as told by a
 * notifications source, a poll that ended …) is news: such rows are folded by post and
 * reason, and stand at the latest. Gaps pass the stored query but no live search.
 * The outcome never depends on the order in which pages came.
 */
struct timeline;

enum row_kind {
	ROW_POST,
	ROW_NOTICE, /* an entry without a post: a follow */
	ROW_GAP,    /* rows are missing here; Enter loads them */
	ROW_FOLD,   /* rows that mutes and quotas fold, one after the other: one grey line */
};

struct row {
	enum row_kind kind;
	enum reason reason;
	source_id source;  /* the one that brought it first */
	post_id post;      /* 0 for a notice or a gap */
	profile_id actor;  /* who caused it; 0: the author */
	uint8_t highlight; /* 1 + place in store_rules of the first highlight that matches; 0: none
	                    */
	uint32_t more; /* of a fold: how many rows are in it; else how many further rows of the same
	                  post stand folded into this one */
	bool muted;    /* here only because timeline_show_muted is on */
	bool unfolded; /* here only because its fold was opened */
	bool filtered; /* one of the account's filters says to warn of it */
	const char *why; /* of a fold: what folds its newest row; muted, unfolded: the mute's
	                    query, the filter's title or what else holds it back; filtered: the
	                    filter's title; else NULL. Borrowed until the next change */
	/* Of a thread, see timeline_is_thread; else 0. */
	uint16_t depth;  /* 0: on the way to the post that was opened */
	bool opened;     /* it is that post */
	bool orphan;     /* what it answers is missing: it stands under the nearest that is not */
	uint32_t guides; /* bit i: at depth i + 1 one more answer to the same post follows */
	uint32_t below;  /* rows under it */
	uint32_t folded, folded_unread; /* of those, how many are folded away, and unread */
	int64_t sort_ms;
	const char *cursor; /* of a gap: what its JOB_GAP wants. Borrowed until the next change */
};

/* Timelines are freed before their store. */
struct timeline *timeline_new(struct store *store);
void timeline_free(struct timeline *timeline);

/* By which mutes and rules name it; NULL: none. Copied. */
void timeline_set_name(struct timeline *timeline, const char *name);

/* Replace the sources. Cheap when they are the same. */
void timeline_set_sources(struct timeline *timeline, const source_id *sources, size_t n);

/* The stored query, "" or NULL for none. On failure the old one stays; *err_col is its column. */
bool timeline_set_query(struct timeline *timeline, const char *text, int *err_col, struct err *err);

/*
 * Narrow by what has been typed so far; NULL ends the search. Each longer text
 * that query_narrows looks only at the last hits; a shorter one pops. `complete`:
 * Enter was pressed, so an unfinished term is a mistake. On failure the last good
 * search stays; *err_col is the mistake's column.
 */
bool timeline_narrow(
        struct timeline *timeline, const char *typed, bool complete, int *err_col, struct err *err);
const char *timeline_narrowed(const struct timeline *timeline); /* NULL: no search */
/*
 * A search is being typed, or is about to be (off: no more): while nobody types, timeline_settle
 * finds out what the next key would leave, so that it need not read all texts again.
 */
void timeline_expect(struct timeline *timeline, bool on);
/* How many rows were not asked yet; 0: timeline_len is all. */
size_t timeline_unsearched(const struct timeline *timeline);
/* Of the live search, for marking; or NULL. */
const struct query *timeline_query(const struct timeline *timeline);

/* Rows hidden here by mutes shown anyway (the key H). */
void timeline_show_muted(struct timeline *timeline, bool on);
bool timeline_shows_muted(const struct timeline *timeline);

/*
 * A fold is drawn as one row that stands where its newest does, and is found under each post
 * in it. What is folded counts as unread nowhere. Open the fold that a post stands in (its
 * news may stand in more), or close it again: false when it stands in none, or that is so
 * already. What comes next to
 * the rows of an open one stands open, too.
 */
bool timeline_open_fold(struct timeline *timeline, post_id post, bool on);
/* Every mute, quota and server's filter that hits the row: a sentence each. */
void timeline_why(struct timeline *timeline, const struct row *row,
        void (*each)(void *ctx, const char *sentence), void *ctx);

/* Who fills this timeline: of all rows since `since_ms` that its sources brought and its stored
 * query lets in, muted or not. By most rows first; the number of them all comes back, up to
 * `max` are in `out`. */
struct noise {
	profile_id profile;     /* who put the rows here */
	uint32_t rows, reposts; /* of these, how many were reposts */
	uint32_t acted;         /* how many of them one of our accounts liked, reposted ... */
	uint32_t muted;         /* are not shown now */
};
size_t timeline_noise(struct timeline *timeline, int64_t since_ms, struct noise *out, size_t max,
        size_t *out_rows /* all rows */, int64_t *out_span_ms /* they are spread over */);

/* Forget the rows there are now (the key C); new ones come as ever. */
void timeline_clear(struct timeline *timeline);

size_t timeline_len(const struct timeline *timeline);
struct row timeline_at(const struct timeline *timeline, size_t row);
size_t timeline_unread(const struct timeline *timeline);
/* Row of a post; SIZE_MAX when it does not stand here. Of several, the one nearest to `near`. */
size_t timeline_find(const struct timeline *timeline, post_id post, size_t near);

/*
 * A timeline over one thread source alone is a tree in reading order: row 0 is where the
 * conversation began. The way to the post that the source names stands at depth 0; what
 * else answers one of its posts follows that one, oldest first, before the way goes on.
 */
bool timeline_is_thread(const struct timeline *timeline);
/* Where a reader begins: at the post that was opened; 0 in all that is no thread. */
size_t timeline_home(const struct timeline *timeline);
/* Fold away what stands under a post, or show it. False when there is nothing of the kind. */
bool timeline_fold(struct timeline *timeline, post_id post, bool on);
/* Likewise under every post but those at depth 0. False when it is no thread. */
bool timeline_fold_all(struct timeline *timeline, bool on);

/* Keep this post (where the cursor is) when store_trim forgets; 0: none. */
void timeline_keep(struct timeline *timeline, post_id post);

/*
 * Do waiting work (merging, filtering), newest rows first, until `until_ms` of the
 * monotonic clock. Returns true when nothing waits any more.
 */
bool timeline_settle(struct timeline *timeline, int64_t until_ms);

/* Grows with each change of rows, read marks or posts that stand here: redraw when it moved. */
uint64_t timeline_version(const struct timeline *timeline);
