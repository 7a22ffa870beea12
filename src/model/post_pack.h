#pragma once
#include "model/post.h"

/*
 * A post is one block:
 *
 *	struct post | viewers | media | facets | offsets of the strings | strings
 *
 * A string that the post has is number popcount(has & bits below its own) in the table
 * of offsets, which is one longer than there are strings; a string ends, its NUL
 * included, where the next begins. Behind them lie the strings of the arrays, except
 * those that are the end of a longer one: a server's id is often the end of the URI.
 * Offsets count from the block's start; 0 is none.
 */

/* Longer addresses are kept whole. */
enum { POST_LINK_MAX = 1024, POST_OFFSET_MASK = 0xffffff };

/* Offsets of strings have 24 bits: with the limits of post.h no post comes near 16 MiB. */
struct packed_viewer {
	uint64_t remote_id : 24, account : 24, flags : 16;
};

struct packed_media {
	uint32_t url : 24, kind : 8;
	uint32_t alt, type, preview;
	uint16_t width, height;
};

struct packed_facet {
	uint16_t start, len; /* of a body of at most 65535 bytes */
	uint32_t target : 24, kind : 8;
};

static inline struct packed_viewer *post_viewers_of(const struct post *post)
{
	return (struct packed_viewer *)(post + 1);
}

static inline struct packed_media *post_media_of(const struct post *post)
{
	return (struct packed_media *)(post_viewers_of(post) + post->nviewers);
}

static inline struct packed_facet *post_facets_of(const struct post *post)
{
	return (struct packed_facet *)(post_media_of(post) + post->nmedia);
}

static inline void *post_offsets_of(const struct post *post)
{
	return post_facets_of(post) + post->nfacets;
}
