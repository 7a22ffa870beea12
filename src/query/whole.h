#pragma once
#include <stdbool.h>

#include "model/post.h"

/*
 * Whether a word or phrase (folded) stands whole in a text of the post: where it begins or
 * ends with a word character (base/fold.h) it begins or ends at the edge of a word. As
 * Mastodon's filters do, but whatever the accents and invisible characters.
 */
bool whole_in_post(const struct post *post, const char *folded);
