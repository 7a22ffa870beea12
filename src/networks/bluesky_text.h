#pragma once
#include <stddef.h>
#include <stdint.h>

#include "model/measure.h"
#include "model/text.h"

/* A post's text as Bluesky takes it (fact sheet 5.1). Pure; texts are UTF-8 and borrowed. */

/*
 * What the official library finds in a text, the same to the byte: facets in the order of
 * their starts, lent until `each` returns. A mention's target is the handle as written, a
 * tag's has no mark but `$` of a cashtag, a link's is its address with a scheme (or, where
 * a word begins with "http", that word: see bluesky_is_uri). They may overlap.
 */
void bluesky_detect(const char *text, size_t len,
        void (*each)(void *ctx, const struct facet *facet), void *ctx);

/* Does a server take this as the address of a link? */
bool bluesky_is_uri(const char *uri);

/* Grapheme clusters as the server counts them. */
uint32_t bluesky_graphemes(const char *text, size_t len);
/* As many bytes of the text as hold `most` clusters and `bytes` bytes at most. */
size_t bluesky_fits(const char *text, size_t len, uint32_t most, size_t bytes);
