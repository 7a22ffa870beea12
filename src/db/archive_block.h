#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/archive_inside.h"
#include "db/archive_tokens.h"
#include "db/posting.h"

/*
 * The index of the archive. A post that was saved is at first `fresh`: one row with its tokens.
 * Of some hundred of these a block is made, and of BLOCK_MERGE blocks a greater one: for each
 * bucket of tokens a row of `posting` (posting.h). Blocks are made in portions, and searches go
 * by what they are made of until they are whole; then they never change. So a post that is
 * changed is fresh once more, and what is left of it in a block, as of one that is gone, is
 * found for nothing.
 *
 * SQLite's own full-text index was here before: of a million posts it stepped through the long
 * lists of a word's common pieces for 219 ms, and merged its parts in pieces of 229 ms.
 *
 * A row of `posting` has the block's number << BLOCK_SHIFT, and below that the bucket, or from
 * BLOCK_IDS on which chunk of the posts' numbers it holds, from the newest down.
 */
enum { BLOCK_POSTS = 512, BLOCK_MERGE = 64, BLOCK_CHUNK = 256 };
enum { BLOCK_SHIFT = 16, BLOCK_IDS = 0x8000 };
enum block_state { BLOCK_MAKING, BLOCK_LIVE, BLOCK_DEAD };

struct block {
	int64_t id, top, low; /* the newest and the oldest of its posts */
	size_t posts;
};

/* From columns 0 to 3: id, posts, top, low. */
void block_read(struct block *block, sqlite3_stmt *row);
/* A bucket's tokens have all but these bits in common. */
int block_shift(const struct block *block);
static inline int64_t block_row(const struct block *block, uint32_t bucket)
{
	return block->id << BLOCK_SHIFT | bucket;
}

/* The numbers of all posts of a block, newest first; *out owned. */
bool block_ids(struct archive *archive, const struct block *block, int64_t **out, struct err *err);

/* It makes no sense: archive_index_tend begins it anew. Returns false. */
bool block_is_broken(struct archive *archive, struct err *err);

/* What is to be done next for blocks, a portion of it; *out_did: there was something. In a
 * batch. */
bool block_tend(struct archive *archive, bool *out_did, struct err *err);
