#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* What stands before the first element: declarations, comments, a DOCTYPE, junk. None of it is parsed. */
struct feed_prolog {
	size_t root;   /* where the first element begins; the length when there is none */
	bool junk;     /* text stood before it */
	bool netscape; /* the DOCTYPE of Netscape's RSS 0.91 */
	bool html;     /* a web page */
};
void feed_prolog_read(const char *text, size_t len, struct feed_prolog *out);

/*
 * Append what a tolerant reader makes of faulty XML: tags balanced, attributes
 * quoted and unique, bare & and < escaped, HTML's named characters decoded, no
 * comments or instructions. Bounded in time and depth: what is beyond is left out.
 */
void feed_repair(struct str *out, const char *text, size_t len);
