#pragma once
#include "base/str.h"
#include "model/text.h"

/* Append the bytes for the disk of a text with its facets. */
void article_encode(struct str *out, const struct text *text);

/* Set *out (zeroed) from bytes that are never trusted; false when they make no sense. */
bool article_decode(struct text *out, const void *bytes, size_t len);
