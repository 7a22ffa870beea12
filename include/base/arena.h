#pragma once
#include <stddef.h>

/*
 * Memory that is freed all at once: what a page, a JSON answer or a frame needs
 * while it is being worked on. Zeroed is valid and empty. One thread at a time.
 */
struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes handed out since the last reset */
};

void *arena_alloc(struct arena *arena, size_t size); /* 16-byte aligned, not zeroed */
char *arena_strndup(struct arena *arena, const char *s, size_t len);
void arena_reset(struct arena *arena);  /* forget all; keeps one block for reuse */
void arena_finish(struct arena *arena); /* frees all */
