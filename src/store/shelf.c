#include "shelf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { CHUNK = 256 * 1024 };

void *shelf_add(struct shelf *shelf, const void *bytes, size_t size)
{
	size_t room = (size + 7) & ~(size_t)7;
	char *p;

	if (shelf->nchunks == 0 || shelf->used + room > CHUNK) {
		shelf->chunks = mem_grow(
		        shelf->chunks, &shelf->cap, shelf->nchunks + 1, sizeof *shelf->chunks);
		shelf->chunks[shelf->nchunks++] = xmalloc(room > CHUNK ? room : CHUNK);
		shelf->used = 0;
	}
	p = shelf->chunks[shelf->nchunks - 1] + shelf->used;
	shelf->used += room;
	memcpy(p, bytes, size);
	return p;
}

bool shelf_has(const struct shelf *shelf, const void *p)
{
	uintptr_t at = (uintptr_t)p;

	for (size_t i = 0; i < shelf->nchunks; i++) {
		uintptr_t start = (uintptr_t)shelf->chunks[i];

		if (at >= start && at < start + CHUNK) return true;
	}
	return false;
}

void shelf_finish(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->nchunks; i++) {
		free(shelf->chunks[i]);
	}
	free(shelf->chunks);
	*shelf = (struct shelf){0};
}
