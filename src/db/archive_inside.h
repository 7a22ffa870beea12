#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/err.h"
#include "base/str.h"
#include "db/archive.h"
#include "model/page.h"

/*
 * The archive's insides, shared by archive*.c.
 *
 * A post's row number is the second in which it was written, moved on to the next
 * that is free: so the newest posts are the last ones in every index, and search
 * finds the newest without sorting. Posts are found by `key`: 48 bits of a salted
 * hash of their URI, or of an account and the id by which it knows the post; the
 * post itself tells whether it is the one. That spares a second copy of each URI.
 */

/* X(NAME, "SQL"). Prepared at first use, kept until the archive is closed. */
#define STATEMENTS(X)                                                                              \
	X(KEY_FIND, "SELECT post FROM key WHERE hash=?")                                           \
	X(KEY_ADD, "INSERT OR IGNORE INTO key(hash, post) VALUES(?, ?)")                           \
	X(KEY_DROP, "DELETE FROM key WHERE hash=? AND post=?")                                     \
	X(POST_GET, "SELECT author, body FROM post WHERE id=?")                                    \
	X(POST_TAKEN, "SELECT 1 FROM post WHERE id=?")                                             \
	X(POST_ADD, "INSERT INTO post(id, author, body) VALUES(?, ?, ?)")                          \
	X(POST_CHANGE, "UPDATE post SET author=?2, body=?3 WHERE id=?1")                           \
	X(POST_DROP, "DELETE FROM post WHERE id=?")                                                \
	X(POST_AFTER, "SELECT id, author, body FROM post WHERE id>? ORDER BY id LIMIT 1")          \
	X(POST_BELOW, "SELECT id, author, body FROM post WHERE id<? ORDER BY id DESC LIMIT 1")     \
	X(POSTS_DOWN, "SELECT id, author, body FROM post WHERE id<? AND id>=? ORDER BY id DESC")   \
	X(META_SET, "INSERT OR REPLACE INTO meta VALUES(?, ?)")                                    \
	X(FRESH_PUT, "INSERT OR REPLACE INTO fresh(post, turn, tokens) VALUES(?, ?, ?)")           \
	X(FRESH_DROP, "DELETE FROM fresh WHERE post=?")                                            \
	X(FRESH_DOWN, "SELECT post, tokens FROM fresh WHERE post<? AND post>=?"                    \
	              " ORDER BY post DESC")                                                       \
	X(FRESH_NEWEST, "SELECT post FROM fresh ORDER BY post DESC LIMIT ?")                       \
	X(FRESH_OF, "SELECT post, tokens FROM fresh WHERE post<=? AND post>=? AND turn<?"          \
	            " ORDER BY post DESC")                                                         \
	X(FRESH_TAKEN, "DELETE FROM fresh WHERE post<=? AND post>=? AND turn<?")                   \
	X(BLOCK_LAST, "SELECT coalesce(max(id), 0) FROM block")                                    \
	X(BLOCK_ADD, "INSERT INTO block(id, state, posts, top, low) VALUES(?, ?, ?, ?, ?)")        \
	X(BLOCK_STATE, "UPDATE block SET state=?2 WHERE id=?1")                                    \
	X(BLOCK_DONE, "UPDATE block SET done=?2 WHERE id=?1")                                      \
	X(BLOCK_GOAL, "UPDATE block SET goal=?2 WHERE id=?1")                                      \
	X(BLOCK_OLD, "UPDATE block SET state=?2 WHERE goal=?1")                                    \
	X(BLOCK_DROP, "DELETE FROM block WHERE id=?")                                              \
	X(BLOCK_IN, "SELECT id, posts, top, low, done FROM block WHERE state=?"                    \
	            " ORDER BY id LIMIT 1")                                                        \
	X(BLOCKS_FOR, "SELECT id, posts, top, low FROM block WHERE goal=? ORDER BY id")            \
	X(BLOCKS_SMALL, "SELECT id, posts, top, low FROM block WHERE state=? AND posts<=?"         \
	                " ORDER BY id LIMIT ?")                                                    \
	X(BLOCKS_DOWN, "SELECT id, posts, top, low FROM block WHERE state=? AND low<? AND top>=?"  \
	               " ORDER BY top DESC")                                                       \
	X(BLOCK_OLDER, "SELECT id, posts, top, low FROM block WHERE state=? AND id>? AND top<?"    \
	               " AND goal=0 ORDER BY id LIMIT 1")                                          \
	X(POSTING_PUT, "INSERT INTO posting(id, lists) VALUES(?, ?)")                              \
	X(POSTING_GET, "SELECT lists FROM posting WHERE id=?")                                     \
	X(POSTINGS, "SELECT id, lists FROM posting WHERE id>=? AND id<=? ORDER BY id")             \
	X(POSTINGS_DROP, "DELETE FROM posting WHERE id IN"                                         \
	                 " (SELECT id FROM posting WHERE id>=? AND id<=? LIMIT ?)")                \
	X(AUTHORS, "SELECT id FROM profile WHERE handle COLLATE NOCASE=?1"                         \
	           " OR (handle COLLATE NOCASE>=?2 AND handle COLLATE NOCASE<?3)")                 \
	X(SOURCE_NAME, "SELECT name FROM source WHERE id=?")                                       \
	X(ENTRIES_OF, "SELECT source, reason, actor FROM entry WHERE post=? AND post<>0")          \
	X(PROFILE_FIND, "SELECT id, uri, handle, name, url, bio, followers, bot"                   \
	                " FROM profile WHERE hash=?")                                              \
	X(PROFILE_GET, "SELECT id, uri, handle, name, url, bio, followers, bot"                    \
	               " FROM profile WHERE id=?")                                                 \
	X(PROFILE_ADD, "INSERT INTO profile(hash, uri, handle, name, url, bio, followers, bot)"    \
	               " VALUES(?, ?, ?, ?, ?, ?, ?, ?)")                                          \
	X(PROFILE_CHANGE, "UPDATE profile SET handle=?2, name=?3, url=?4, bio=?5, followers=?6,"   \
	                  " bot=?7 WHERE id=?1")                                                   \
	X(SOURCE_FIND, "SELECT id, state, title, site FROM source WHERE name=?")                   \
	X(SOURCE_ADD, "INSERT INTO source(name) VALUES(?)")                                        \
	X(SOURCE_STATE, "UPDATE source SET state=?2 WHERE id=?1")                                  \
	X(SOURCE_TITLE, "UPDATE source SET title=coalesce(?2, title), site=coalesce(?3, site)"     \
	                " WHERE id=?1")                                                            \
	X(ENTRY_ADD, "INSERT OR IGNORE INTO entry(source, sort_ms, post, reason, actor, cursor)"   \
	             " VALUES(?, ?, ?, ?, ?, ?)")                                                  \
	X(ENTRY_LOAD, "SELECT sort_ms, post, reason, actor, cursor FROM entry"                     \
	              " WHERE source=? AND sort_ms<? AND sort_ms>=?"                               \
	              " ORDER BY sort_ms DESC, post DESC")                                         \
	X(ENTRY_DROP, "DELETE FROM entry WHERE post=? AND post<>0")                                \
	X(GAP_ADD, "INSERT OR REPLACE INTO gap(source, cursor, sort_ms) VALUES(?, ?, ?)")          \
	X(GAP_FIND, "SELECT sort_ms FROM gap WHERE source=? AND cursor=?")                         \
	X(GAP_DROP, "DELETE FROM gap WHERE source=? AND cursor=?")                                 \
	X(GAP_BELOW, "SELECT sort_ms, cursor FROM gap WHERE source=? AND sort_ms<?"                \
	             " ORDER BY sort_ms DESC LIMIT 1")                                             \
	X(GAP_TEND, "DELETE FROM gap WHERE sort_ms<?")                                             \
	X(ENTRY_TEND, "DELETE FROM entry WHERE post=0 AND sort_ms<?"                               \
	              " AND source IN (SELECT id FROM source)")                                    \
	X(ARTICLE_PUT, "INSERT OR REPLACE INTO article(post, text) VALUES(?, ?)")                  \
	X(ARTICLE_GET, "SELECT text FROM article WHERE post=?")                                    \
	X(ARTICLE_DROP, "DELETE FROM article WHERE post=?")

#define X(name, sql) STMT_##name,
enum statement { STATEMENTS(X) STMT_COUNT };
#undef X

struct archive {
	sqlite3 *db;
	sqlite3_stmt *stmts[STMT_COUNT];
	char *path;           /* NULL: in memory */
	uint64_t salt;        /* of `key` */
	bool in_batch;        /* between archive_begin and archive_commit */
	int wal_pages;        /* in the write-ahead log after the last commit */
	size_t block_posts;   /* of a small block of the index; archive_block.h */
	int64_t posts;        /* in it, when they were counted; 0: not yet */
	int64_t turn;         /* the last block that was begun */
	int64_t indexed_from; /* posts below are not in the index; INT64_MIN: all are */
	bool index_broken;    /* it makes no sense, and is to be made anew */
	int64_t swept_id;     /* posts up to here have been looked at for rolling off */
	int64_t swept_ms;     /* the last sweep was for what was seen before this */
	bool retiring;        /* the sweep is over, and blocks are looked at */
	int64_t retired;      /* up to this one they have been */
	size_t retire_at;     /* posts of the next one that are fresh again */
};

/* The statement, reset and bound as by db_run; NULL with err set when it cannot be. */
sqlite3_stmt *archive_stmt(
        struct archive *archive, enum statement which, struct err *err, const char *types, ...);
/* Run one that gives no rows. */
bool archive_exec(
        struct archive *archive, enum statement which, struct err *err, const char *types, ...);
/* Step to a row: 1; the end: 0 (the statement is reset); an error: -1 with err set. */
int archive_step(struct archive *archive, sqlite3_stmt *stmt, struct err *err);

/* 48 bits for a URI (account 0) or an account's remote id. */
int64_t archive_hash(const struct archive *archive, account_id account, const char *name);

/* A post as the file has it. */
struct stored_post {
	int64_t id;        /* 0: none */
	int64_t author;    /* profile row, or 0 */
	struct post *post; /* owned */
};
/* The post in a column of `row`, owned; NULL when it makes no sense. */
struct post *archive_body_decode(sqlite3_stmt *row, int column);
/* Read one by its number; *out zeroed when there is none or it cannot be read. */
bool archive_post(struct archive *archive, int64_t id, struct stored_post *out, struct err *err);
/* Find one by URI, or by the id by which an account knows it. */
bool archive_find(struct archive *archive, account_id account, const char *name,
        struct stored_post *out, struct err *err);
/* Delete a post with all that hangs on it. */
bool archive_drop(struct archive *archive, const struct stored_post *stored, struct err *err);

/* Write one post (new, or merged into the one with its URI); *out_id is its number. */
bool archive_put_post(struct archive *archive, const struct post *post, int64_t author,
        int64_t *out_id, struct err *err);
/* Write a post that is new under a number that is free. */
bool archive_add_post(struct archive *archive, int64_t id, const struct post *post, int64_t author,
        struct err *err);
bool archive_put_profile(
        struct archive *archive, const struct profile *profile, int64_t *out_id, struct err *err);
/* The number of a source; with `make`, made when it is new, else *out_id 0. */
bool archive_source(
        struct archive *archive, const char *name, bool make, int64_t *out_id, struct err *err);

/* A profile by the number of its row, added to a page; *out its place + 1, 0: there is none. */
bool archive_profile(
        struct archive *archive, int64_t id, struct page *page, uint32_t *out, struct err *err);

/*
 * What posts need for a query to match them, from what the index knows; nothing when it
 * cannot say and every post has to be looked at. *out_none: there can be no such post.
 */
struct need;
bool archive_narrow(struct archive *archive, struct query *query, struct need *out, bool *out_none,
        struct err *err);

/* Put a post into the index, in place of what it had of it, or take it out; author: the number of
 * its row. */
bool archive_index(struct archive *archive, int64_t id, const struct post *post, int64_t author,
        struct err *err);
bool archive_unindex(struct archive *archive, int64_t id, struct err *err);
/* When a file is opened: the index is begun anew when it is of other rules than those of now. */
bool archive_index_open(struct archive *archive, struct err *err);
/* How far it is, as the file says: another process may have gone on with it. */
bool archive_index_read(struct archive *archive, struct err *err);
/* A little of what is to be done for it: blocks, posts that it has not yet, what is of no use any
 * more. True when there is more. */
bool archive_index_tend(struct archive *archive);

/* Whether a post is kept for good: our own, bookmarked, answered by us; in doubt it is. */
bool archive_is_kept(struct archive *archive, const struct post *post, bool *out, struct err *err);
/* A portion of making blocks anew whose posts, all under `before`, have mostly rolled off. In a
 * batch. */
bool archive_retire(struct archive *archive, int64_t before, bool *out_more, struct err *err);
