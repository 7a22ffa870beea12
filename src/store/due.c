#include "due.h"

#include <stdlib.h>

#include "base/mem.h"

void due_finish(struct due *due)
{
	free(due->heap);
	idset_finish(&due->has);
	*due = (struct due){0};
}

void due_put(struct due *due, uint32_t post, int64_t at_ms)
{
	size_t i = due->n;

	if (idset_has(&due->has, post)) return;
	idset_put(&due->has, post, true);
	due->heap = mem_grow(due->heap, &due->cap, ++due->n, sizeof *due->heap);
	for (; i > 0 && due->heap[(i - 1) / 2].at_ms > at_ms; i = (i - 1) / 2) {
		due->heap[i] = due->heap[(i - 1) / 2];
	}
	due->heap[i] = (struct due_item){at_ms, post};
}

/* The last item finds its place, beginning at the top. */
static void sink(struct due *due)
{
	struct due_item item = due->heap[due->n];
	size_t i = 0;

	for (size_t kid; (kid = 2 * i + 1) < due->n; i = kid) {
		if (kid + 1 < due->n && due->heap[kid + 1].at_ms < due->heap[kid].at_ms) kid++;
		if (due->heap[kid].at_ms >= item.at_ms) break;
		due->heap[i] = due->heap[kid];
	}
	due->heap[i] = item;
}

uint32_t due_take(struct due *due, int64_t now_ms)
{
	uint32_t post;

	if (due->n == 0 || due->heap[0].at_ms > now_ms) return 0;
	post = due->heap[0].post;
	due->n--;
	sink(due);
	idset_put(&due->has, post, false);
	return post;
}

size_t due_memory(const struct due *due)
{
	return due->cap * sizeof *due->heap + idset_memory(&due->has);
}
