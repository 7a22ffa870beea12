#pragma once
#include <stddef.h>

#include "base/str.h"

enum { PUNYCODE_MAX = 63 }; /* characters of a label that is encoded; a longer one is cut */

/*
 * One label of a host's name as it goes over the wire: "xn--…" (RFC 3492), or as it is when
 * it is ASCII. `label` is UTF-8 in lower case.
 */
void punycode_label(struct str *out, const char *label, size_t len);
