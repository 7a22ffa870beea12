#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* What stands before the first element: declarations, comments, a DOCTYPE, junk. None of it is
 * parsed. */
struct feed_prolog {
	size_t root;        /* where the first element begins; the length when there is none */
	bool junk;          /* text stood before it */
	bool netscape;      /* the DOCTYPE of Netscape's RSS 0.91 */
	bool html;          /* a web page */
	const char *subset; /* of the DOCTYPE, borrowed; NULL when there is none */
	size_t subset_len;
};
void feed_prolog_read(const char *text, size_t len, struct feed_prolog *out);

/*
 * A reference like `&#39;` or `&eacute;` at p: its bytes, or 0 when the & is just
 * one. HTML's names count, because feeds use them without a DTD.
 */
size_t feed_reference(const char *p, const char *end, int32_t *out_cp);

/*
 * Append the value of an attribute as libxml2's SAX2 events give it: references
 * are left in there for the tree builder, which we have not.
 */
void feed_attr_value(struct str *out, const char *p, size_t len);

/* No tag is so large that libxml2 would take long over it; one that is must be repaired first. */
bool feed_is_sane(const char *text, size_t len);

/*
 * Append what a tolerant reader makes of faulty XML: tags balanced, attributes
 * quoted and unique, bare & and < escaped, HTML's named characters decoded, no
 * comments or instructions. Bounded in time and depth: what is beyond is left out.
 */
void feed_repair(struct str *out, const char *text, size_t len);
