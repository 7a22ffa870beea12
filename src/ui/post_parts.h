#pragma once
#include "block_pen.h"
#include "post_block.h"

/* The parts of a post below its head, in the order in which they stand. */

/* Why the post stands here: "↩ to @grace", "↻ Bob reposted". Nothing when it was just posted. */
void part_reason(struct block_pen *pen, const struct block_in *in);

/* What hides the row, or warns of it; nothing when nothing does. */
void part_why(struct block_pen *pen, const struct block_in *in);

/* "▸ 12 replies, 3 new": what is folded away under a post of a thread. */
void part_fold(struct block_pen *pen, const struct row *row);

/* Of a row without a post: what somebody says of themselves, and who follows them. */
void part_person(struct block_pen *pen, const struct profile *profile);

/* Warning, title, body, media, poll, quote, card: what the author wrote. */
void part_content(struct block_pen *pen, const struct block_in *in);

/* Replies, reposts and likes, and what you did; nothing when there is none of it. */
void part_counts(struct block_pen *pen, const struct post *post);

/* How a profile is called: its name, else its handle, else "somebody". */
const char *profile_called(const struct profile *profile);
