#pragma once
#include <stddef.h>

/*
 * What bytes beyond ASCII are probably written in, by the way they lie: for documents
 * that do not say, or say what cannot be. A name for iconv, never NULL; "UTF-8" when most of
 * it is that and a few bytes are broken, WINDOWS-1252 when nothing tells otherwise.
 */
const char *feed_charset_guess(const char *bytes, size_t len);
