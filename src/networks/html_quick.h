#pragma once
#include <stdbool.h>
#include <stddef.h>

#include <libxml/HTMLparser.h>

/*
 * The short way for what Mastodon's sanitiser writes (fact sheet 12): paragraphs, links,
 * spans and emphasis, closed in order, attributes in double quotes, the few entities it
 * uses. Tells `sax` what libxml2 would: start, end and characters, but no end of a br.
 * False when it is anything else; what was told by then is to be forgotten.
 */
bool html_quick(const char *html, size_t len, const htmlSAXHandler *sax, void *ctx);

/*
 * Cleaning (base/clean.h) would find nothing in it but blanks: visible ASCII, line ends,
 * and letters, signs and pictures that are common and stand for themselves.
 */
bool html_is_sound(const char *html, size_t len);
