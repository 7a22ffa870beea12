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

/* Is what the author wrote under a warning that nobody has opened? */
bool part_is_covered(const struct block_in *in);
/* Warning, title and body: at most so many lines of it, 0: as many as the option says. */
void part_text(struct block_pen *pen, const struct block_in *in, size_t lines);
/* Only title and body. */
void part_written(struct block_pen *pen, const struct block_in *in, size_t lines);
/* What goes with it; not to be drawn while it is covered. */
void part_media(struct block_pen *pen, const struct block_in *in);
void part_poll(struct block_pen *pen, const struct block_in *in);
void part_quote(struct block_pen *pen, const struct block_in *in);
void part_card(struct block_pen *pen, const struct post *post);

/* Replies, reposts and likes, and what you did; nothing when there is none of it. */
void part_counts(struct block_pen *pen, const struct post *post);

/* How a profile is called: its name, else its handle, else "somebody". */
const char *profile_called(const struct profile *profile);

/* The mark in front of a reason, and what somebody did then: "reposted". */
enum mark part_reason_mark(enum reason reason);
const char *part_reason_did(enum reason reason);
/* "https://www.example.org/a" is "example.org" to a reader. */
void part_host(struct str *out, const char *url);
/* "999", "1.2k", "34k", "5M" */
void part_number(char out[16], uint32_t n);
