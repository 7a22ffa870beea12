#include "demo/page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "demo/put.h"

size_t page_limit(const struct exchange *x, size_t limit, size_t most)
{
	uint64_t asked = params_id(&x->params, "limit");
	if (asked == 0) asked = limit;
	return asked < most ? (size_t)asked : most;
}

/* Index of the first row whose id is above `id`. */
static size_t above(const struct exchange *x, const struct listing *listing, uint64_t id)
{
	size_t low = 0, high = listing->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (listing->id(x, middle) > id)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

size_t page_pick(const struct exchange *x, const struct listing *listing, size_t limit, size_t *out)
{
	uint64_t max = params_id(&x->params, "max_id"), min = params_id(&x->params, "min_id");
	uint64_t since = params_id(&x->params, "since_id");
	size_t end = params_get(&x->params, "max_id") ? above(x, listing, max ? max - 1 : 0)
	                                              : listing->n;
	size_t start = above(x, listing, min > since ? min : since), n = 0;
	if (!params_get(&x->params, "min_id")) {
		for (size_t i = end; i > start && n < limit; i--) {
			if (listing->wants(x, i - 1)) out[n++] = i - 1;
		}
		return n;
	}
	/* The page just above min_id, still newest first. */
	for (size_t i = start; i < end && n < limit; i++) {
		if (listing->wants(x, i)) out[n++] = i;
	}
	for (size_t i = 0; i < n / 2; i++) {
		size_t swap = out[i];
		out[i] = out[n - 1 - i];
		out[n - 1 - i] = swap;
	}
	return n;
}

/* The request's own parameters, but for those that say where in the list we are. */
static void add_query(struct str *out, const struct exchange *x)
{
	for (const char *p = x->query; *p;) {
		size_t n = strcspn(p, "&");
		bool place = strncmp(p, "max_id=", 7) == 0 || strncmp(p, "min_id=", 7) == 0 ||
		             strncmp(p, "since_id=", 9) == 0;
		if (n && !place) {
			str_add(out, p, n);
			str_addc(out, '&');
		}
		p += n;
		p += *p == '&';
	}
}

static void add_links(
        struct exchange *x, const struct listing *listing, const size_t *rows, size_t n, bool more)
{
	struct str query = {0}, links = {0};
	add_query(&query, x);
	if (more)
		str_addf(&links, "<%s%s?%smax_id=%" PRIu64 ">; rel=\"next\", ", x->base, x->path,
		        str_c(&query), listing->id(x, rows[n - 1]));
	str_addf(&links, "<%s%s?%s%s=%" PRIu64 ">; rel=\"prev\"", x->base, x->path, str_c(&query),
	        listing->prev, listing->id(x, rows[0]));
	exchange_header(x, "Link: %s", str_c(&links));
	str_finish(&query);
	str_finish(&links);
}

void page_serve(struct exchange *x, const struct listing *listing, size_t limit, size_t most)
{
	size_t rows[PAGE_MAX];
	limit = page_limit(x, limit, most);
	size_t n = page_pick(x, listing, limit, rows);
	if (n) add_links(x, listing, rows, n, n == limit);
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < n; i++)
		listing->put(x, rows[i]);
	put_close(&x->body, ']');
}
