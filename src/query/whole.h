#pragma once
#include <stdbool.h>

#include "base/str.h"
#include "model/post.h"

/*
 * Whether a word or phrase (folded) stands whole in a text of the post: where it begins or
 * ends with a word character (base/fold.h) it begins or ends at the edge of a word. As
 * Mastodon's filters do, but whatever the accents and invisible characters.
 */
bool whole_in_post(const struct post *post, const char *folded);

/*
 * Whether the word that stands at `start` of a text's fold stands there whole: `map` leads from
 * the fold to the text (fold_map).
 */
bool whole_at(const char *word, const struct str *folded, const uint32_t *map, const char *utf8,
        size_t len, size_t start);
