#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "model/post.h"

/*
 * Ask `found` of each text of a post by itself, as it was written: title, body, warning,
 * each poll option, each alt text; what is empty is left out. True once it says so.
 */
bool texts_any(
        const struct post *post, bool (*found)(void *ctx, const char *utf8, size_t len), void *ctx);
