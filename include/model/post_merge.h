#pragma once
#include "model/post.h"

enum merged {
	MERGED_NOTHING, /* `old` is as it was */
	MERGED_COUNTS,  /* counts or flags of `old` were changed in place */
	MERGED_COPY,    /* *out is a new post that stands for both */
};

/*
 * Bring `old` up to date by another sight of the same post, in the store as in the archive.
 * Their authors are numbered alike, or not at all (0). Borrows both; *out is owned.
 *
 * The text is the newer edit's. At equal age it belongs to whoever showed the post
 * first, so that two servers that render it differently do not take turns; that one's
 * fresh fetch replaces it. A `stored` sight only fills in what is not known.
 */
enum merged post_merge(struct post *old, const struct post *sight, bool stored, struct post **out);
