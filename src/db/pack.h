#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * A post repeats itself: its URI, its URL, its server's id and its links share most of
 * their bytes. pack() writes each repetition as a reference to the first, or to a few
 * strings that all posts have. About a fifth smaller, a microsecond a post.
 */
void pack(struct str *out, const void *bytes, size_t len);

/* Append the bytes that were packed. False, with nothing appended, when it makes no sense. */
bool unpack(struct str *out, const void *bytes, size_t len);
