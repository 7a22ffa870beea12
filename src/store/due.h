#pragma once
#include "idset.h"

/*
 * Posts whose answer may be another at a moment, the earliest first; each stands once,
 * with the moment that it was put with first. Zeroed is valid and empty.
 */
struct due_item {
	int64_t at_ms; /* wall clock */
	uint32_t post;
};

struct due {
	struct due_item *heap;
	size_t n, cap;
	struct idset has;
};

void due_finish(struct due *due);
void due_put(struct due *due, uint32_t post, int64_t at_ms);
/* Take one whose moment has come; 0: there is none. */
uint32_t due_take(struct due *due, int64_t now_ms);
size_t due_memory(const struct due *due);
