#pragma once
#include "base/str.h"
#include "networks/feed.h"

/*
 * The document as UTF-8 that XML allows: valid, no control characters but TAB, LF
 * and CR, no byte order mark. *out_text borrows from in->bytes when nothing had to be
 * changed, else from `buf`. Precedence: byte order mark, Content-Type, the pattern of
 * UTF-16/32, XML declaration, UTF-8, what it looks like (feeds.md 4). *out_damaged: some
 * bytes made no sense.
 */
void feed_decode(const struct feed_input *in, struct str *buf, const char **out_text,
        size_t *out_len, bool *out_damaged);
