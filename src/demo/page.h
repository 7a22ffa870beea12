#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo/exchange.h"

/* Paging by ids (fact sheet 3): max_id, since_id, min_id and limit, and the Link header. */

enum { PAGE_MAX = 80 };

/* What is paged: rows 0 … n-1 with ascending ids. */
struct listing {
	size_t n;
	uint64_t (*id)(const struct exchange *x, size_t i);
	bool (*wants)(const struct exchange *x, size_t i);
	void (*put)(struct exchange *x, size_t i);
	const char *prev; /* the parameter that the link to newer rows uses */
};

/* Answer with the array that the request's parameters ask for. */
void page_serve(struct exchange *x, const struct listing *listing, size_t limit, size_t most);
/* Only the rows: indexes newest first; returns how many. */
size_t page_pick(
        const struct exchange *x, const struct listing *listing, size_t limit, size_t *out);
size_t page_limit(const struct exchange *x, size_t limit, size_t most);
/* The Link header: to what is newer than `newest`, and when there is more to what is older. */
void page_link(
        struct exchange *x, const char *newest, const char *oldest, bool more, const char *prev);
