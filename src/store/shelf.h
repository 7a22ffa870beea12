#pragma once
#include <stdbool.h>
#include <stddef.h>

/*
 * Memory for the posts of one block, one behind the other: no header and no hole
 * between them, and a search that walks them walks memory in order. All is freed at
 * once. Zeroed is valid and empty.
 */
struct shelf {
	char **chunks;
	size_t nchunks, cap;
	size_t used; /* bytes of the last chunk */
};

/* A copy of `size` bytes, 8-byte aligned. */
void *shelf_add(struct shelf *shelf, const void *bytes, size_t size);
/* Whether `p` came from here. */
bool shelf_has(const struct shelf *shelf, const void *p);
void shelf_finish(struct shelf *shelf);
