#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Pictures as they came, one file each in a directory of their own (0700). A file is named
 * by the hash of its address, so that nothing of a stranger's gets into a path. What was not
 * used for longest goes when there are more bytes than the limit. Engine thread.
 */
struct picture_cache;

/* `dir` is made when the first picture comes. */
struct picture_cache *picture_cache_new(const char *dir, int64_t max_bytes);
void picture_cache_free(struct picture_cache *cache); /* NULL is fine; the files stay */

void picture_cache_limit(struct picture_cache *cache, int64_t max_bytes);

/* Where the picture of an address is, or would be; owned. */
char *picture_cache_path(const struct picture_cache *cache, const char *url);
/* Is it there? It counts as used now. */
bool picture_cache_has(struct picture_cache *cache, const char *url);
/* Keep it. */
bool picture_cache_put(struct picture_cache *cache, const char *url, const char *bytes, size_t len,
        struct err *err);
