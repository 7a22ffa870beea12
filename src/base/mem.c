#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void)
{
	static const char text[] = "stoa: out of memory\n";

	fwrite(text, 1, sizeof text - 1, stderr);
	abort();
}

static void *checked(void *p)
{
	if (!p) out_of_memory();
	return p;
}

void *xmalloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
	return checked(n && size ? calloc(n, size) : calloc(1, 1));
}

void *xrealloc(void *p, size_t size)
{
	return checked(realloc(p, size ? size : 1));
}

char *xstrdup(const char *s)
{
	return s ? xstrndup(s, strlen(s)) : NULL;
}

char *xstrndup(const char *s, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len > 0) memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void *mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap && p) return p;

	size_t most = SIZE_MAX / 2 / (size ? size : 1);
	if (need > most) out_of_memory();
	size_t room = *cap + *cap / 2;
	if (room < 8) room = 8;
	if (room < need) room = need;
	if (room > most) room = most;
	p = xrealloc(p, room * size);
	*cap = room;
	return p;
}
