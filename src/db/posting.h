#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Which of a block's posts have which token. The posts of a block are numbered from 0; a
 * bucket is the lists of some tokens that lie side by side: of each the token, less the one
 * before it, the length of its list and how that is written, and the list: either how far it is
 * from one number to the next, or a bit for each post of the block. Numbers are little-endian
 * base 128. What is read may be damaged: a bucket that makes no sense ends.
 */
enum { POSTING_MAX_POSTS = 32768 };

/* Token << POSTING_SHIFT | number of the post. */
enum { POSTING_SHIFT = 16 };

/* Put them in order. */
void posting_sort(uint64_t *pairs, size_t n);

/*
 * Append the bucket of these pairs, rising, no two alike, all of tokens from `first` on. `posts`:
 * of the block.
 */
void posting_write(struct str *out, const uint64_t *pairs, size_t n, uint32_t first, size_t posts);

/* Reading one, list by list. */
struct posting {
	const unsigned char *p, *end;
	size_t posts;
	uint32_t token; /* of the list at hand */
	const unsigned char *list;
	size_t len;
	bool bits;
};
void posting_init(
        struct posting *posting, const void *bytes, size_t len, uint32_t first, size_t posts);
/* Go to the next list; false: there is none. */
bool posting_next(struct posting *posting);
/* Set the bits of the list's posts; `set` has room for all posts of the block. */
void posting_mark(const struct posting *posting, uint64_t *set);

/* Numbers of a chunk of a block's posts, falling. */
void posting_write_ids(struct str *out, const int64_t *ids, size_t n);
/* Returns how many there are, at most `max`. */
size_t posting_read_ids(const void *bytes, size_t len, int64_t *out, size_t max);
