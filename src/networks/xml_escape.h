#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Append text as it may stand in XML or HTML; with `quotes` also inside "…" (XML 1.0, section 2.4).
 */
void xml_escape(struct str *out, const char *p, size_t len, bool quotes);
