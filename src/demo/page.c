#include "demo/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "demo/put.h"
#include "demo/roster.h"

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

/* Where the request says that a page ends. Cursors that are no ids are plain numbers. */
static uint64_t place(const struct exchange *x, const struct listing *listing, const char *name)
{
	return listing->id == roster_cursor ? params_id(&x->params, name)
	                                    : exchange_id(x, params_str(&x->params, name));
}

size_t page_pick(const struct exchange *x, const struct listing *listing, size_t limit, size_t *out)
{
	uint64_t max = place(x, listing, "max_id"), min = place(x, listing, "min_id");
	uint64_t since = place(x, listing, "since_id");
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

void page_link(
        struct exchange *x, const char *newest, const char *oldest, bool more, const char *prev)
{
	struct str query = {0}, links = {0};
	add_query(&query, x);
	if (more)
		str_addf(&links, "<%s%s?%smax_id=%s>; rel=\"next\", ", x->base, x->path,
		        str_c(&query), oldest);
	str_addf(&links, "<%s%s?%s%s=%s>; rel=\"prev\"", x->base, x->path, str_c(&query), prev,
	        newest);
	exchange_header(x, "Link: %s", str_c(&links));
	str_finish(&query);
	str_finish(&links);
}

static void print_cursor(
        const struct exchange *x, const struct listing *listing, size_t row, char out[ID_SIZE])
{
	uint64_t id = listing->id(x, row);
	if (listing->id == roster_cursor)
		snprintf(out, ID_SIZE, "%" PRIu64, id);
	else
		software_print_id(x->world->software, out, id);
}

static void add_links(
        struct exchange *x, const struct listing *listing, const size_t *rows, size_t n, bool more)
{
	char newest[ID_SIZE], oldest[ID_SIZE];
	print_cursor(x, listing, rows[0], newest);
	print_cursor(x, listing, rows[n - 1], oldest);
	page_link(x, newest, oldest, more, listing->prev);
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
