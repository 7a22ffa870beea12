#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/archive_inside.h"
#include "db/archive_tokens.h"

/*
 * The posts that the index finds, newest first, each once; a block is only asked when it is its
 * turn. What is found may be of an earlier text, or of a post that is gone. Nothing may be
 * written to the archive meanwhile.
 */
struct walk;

/* Of the posts below `below` and not below `from`. Borrows need. */
bool walk_open(struct archive *archive, const struct need *need, int64_t below, int64_t from,
        struct walk **out, struct err *err);
void walk_close(struct walk *walk);
/* The next post's number: 1; there is none: 0; an error: -1 with err set. */
int walk_next(struct walk *walk, int64_t *out_id, struct err *err);
