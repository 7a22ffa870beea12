#pragma once
#include "block_pen.h"
#include "post_block.h"

/*
 * A line of a template with several fields side by side: what stands at the right end gives
 * way before what it is about, the text takes what is left.
 */
void head_draw(struct block_pen *pen, const struct block_in *in, const struct profile *profile,
        const struct template_line *line);

/* "IV": the mark of somebody, and the role in which it stands. */
enum role head_avatar(struct str *out, const struct profile *profile);
