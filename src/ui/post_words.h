#pragma once
#include "block_pen.h"
#include "post_block.h"

/*
 * A row of a timeline for whoever has it read aloud (the option linear): plain lines, in
 * which words say what colours, marks and places say elsewhere.
 */
void words_post(struct block_pen *pen, const struct block_in *in);
void words_notice(struct block_pen *pen, const struct block_in *in);
void words_gap(struct block_pen *pen, const struct block_in *in);
void words_fold(struct block_pen *pen, const struct block_in *in);
