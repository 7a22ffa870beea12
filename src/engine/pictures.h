#pragma once
#include "engine/core.h"

/*
 * Pictures that somebody wants to see: from the cache, or fetched and kept there; then
 * decoded by another process, at most PICTURES_AT_ONCE at a time, those that somebody waits
 * for first. Nothing is sent along with the question, and a stranger's post leads nowhere
 * into our own networks (quality.md S16): only what lies on the very server that the account
 * was signed in at may be local, as that server is.
 */
struct pictures;

enum { PICTURES_AT_ONCE = 2, PICTURES_MAX_WAITING = 256, PICTURE_MAX_BYTES = 16 << 20 };

/* `program` decodes; NULL: stoa-media, where it is. */
struct pictures *pictures_new(
        struct core *core, const char *cache_dir, int64_t max_bytes, const char *program);
void pictures_free(struct pictures *pictures); /* NULL is fine, here and below */

void pictures_limit(struct pictures *pictures, int64_t max_bytes);
job_function pictures_want;
/* Nobody wants it any more. */
void pictures_forget(struct pictures *pictures, job_id job);
/* Take what was decoded, begin what waits. */
void pictures_tick(struct pictures *pictures);
