#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/page.h"
#include "query/query.h"

/*
 * archive.db: every post ever fetched, its rows, its full-text index, articles, and
 * what each source's fetches remember. WAL, synchronous=NORMAL, written in batches.
 * Archive thread only (engine/archiver.h runs it).
 */
struct archive;

/* path NULL: in memory. A damaged file is set aside as `archive.db.damaged-N`, and *out_notice
 * (owned, may be NULL) says so; what SQLite can still read of it is carried over. */
bool archive_open(const char *path, struct archive **out, char **out_notice, struct err *err);
/* Damage came to light later, and the file is closed: do now what archive_open does then. */
bool archive_open_damaged(
        const char *path, struct archive **out, char **out_notice, struct err *err);
void archive_close(struct archive *archive);

/*
 * Store a page under its source's canonical name: posts (newer text replaces, full-text
 * index kept in step), profiles, rows (no doubles by source, reason, actor, post), articles,
 * the gap. `state` is the source's opaque fetch state (engine's encoding), NULL to leave it.
 * One transaction, or part of the batch between archive_begin and archive_commit.
 */
bool archive_save(struct archive *archive, const char *source, const struct page *page,
        const char *state, struct err *err);
bool archive_begin(struct archive *archive, struct err *err);
bool archive_commit(struct archive *archive, struct err *err);
/* Give the batch up; a call that failed in it has done so already. */
void archive_rollback(struct archive *archive);

/*
 * Up to `limit` rows of a source older than before_ms (INT64_MAX: the newest), newest
 * first, with their posts (quoted ones too) and profiles; an empty page when there are
 * none. Rows of one time are not torn apart, so there may be a few more. Where rows are
 * known to be missing the page ends early, with page->gap set and the gap's cursor in
 * page->older; so the next slice always begins below the last row's time.
 */
bool archive_load(struct archive *archive, const char *source, int64_t before_ms, int limit,
        struct page **out, struct err *err);

/* The source's fetch state, owned; NULL when there is none. */
bool archive_state(struct archive *archive, const char *source, char **out, struct err *err);

/* The post of that URI, with its author, as a page without rows; an empty one: it is not here. */
bool archive_get(struct archive *archive, const char *uri, struct page **out, struct err *err);

/* The whole text of an article; *out NULL when there is none. */
bool archive_article(struct archive *archive, const char *uri, struct text **out, struct err *err);

/* A post was deleted at its server: by an account's remote id, or with account 0 by URI. */
bool archive_gone(
        struct archive *archive, account_id account, const char *remote_id, struct err *err);

/*
 * A little housekeeping (index merge, checkpoint, rolling off posts first seen before
 * keep_ms, 0: none); at most about 20 ms. True when there is more. Does nothing in a batch.
 */
bool archive_tend(struct archive *archive, int64_t keep_ms);

/* Posts in it and bytes on the disk, for doctor and benchmarks. */
bool archive_size(struct archive *archive, int64_t *out_posts, int64_t *out_bytes, struct err *err);

/*
 * How much of them the index has by now, in percent; posts that it has not are searched one by
 * one. Below 100 only while the file of an older stoa is indexed anew (archive_tend does it).
 */
bool archive_indexed(struct archive *archive, int *out_percent, struct err *err);

/* --- search: by a query, newest first --- */

struct archive_asked {
	struct query *query; /* borrowed; a search binds its atoms (query_bind) */
	int64_t now_ms;      /* wall clock */
	int64_t since_ms;    /* only posts written then or later; 0: all */
	/* Put into the row what is not in the archive: network, unread, muted, attention; NULL: it
	 * stays empty. Called for every post that is looked at. */
	void (*complete)(void *ctx, struct query_row *row);
	void *ctx;
};

/* How far down a search has come. */
struct archive_place {
	int64_t below;  /* only posts under this number are left; at first INT64_MAX */
	int64_t looked; /* posts that were looked at so far */
	bool over;      /* there are no more */
};

/* A post that matches. Borrowed until the call returns. */
struct archive_hit {
	int64_t number; /* greater ones are newer */
	const struct post *post;
	const struct profile *author, *actor; /* or NULL */
	enum reason reason;         /* of the first of the ways by which it came that matches */
	const char *const *sources; /* canonical names of all of them */
	size_t nsources;
};

/*
 * Go on from `place` and give each post that matches to on_hit, newest first, until that
 * returns false, `most` posts were looked at, or there are no more. A post matches when
 * query_match says so of one of the ways by which it came (source, reason, actor); one that
 * came by none (quoted, or of a thread) is asked as what its author posted. What the index can
 * say narrows the search, so that few posts are looked at; the rest is looked at one by one.
 */
bool archive_search(struct archive *archive, const struct archive_asked *asked,
        struct archive_place *place, int64_t most,
        bool (*on_hit)(void *ctx, const struct archive_hit *hit), void *ctx, struct err *err);
