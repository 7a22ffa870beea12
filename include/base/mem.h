#pragma once
#include <stddef.h>

/*
 * Allocation that never returns NULL: when memory is out, the program says so
 * and ends, because nothing here is worth running on half a page.
 */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s); /* NULL gives NULL */
char *xstrndup(const char *s, size_t len);

/*
 * Make room for `need` elements of `size` bytes in the array at `p`, growing by
 * half; *cap is in elements. Returns the array. Any count is checked for overflow.
 */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size);
