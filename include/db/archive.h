#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/page.h"

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
 * Full-text search: up to `limit` posts, newest first, that have all words; "…" is a
 * phrase; the last word may be the beginning of one. An empty page when there are none
 * or `words` has no word. For tests, benches and the archive source to come.
 */
bool archive_search(
        struct archive *archive, const char *words, int limit, struct page **out, struct err *err);
