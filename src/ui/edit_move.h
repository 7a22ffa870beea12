#pragma once
#include <stddef.h>

/*
 * Places in a text that is being typed: edges of clusters and of words. Bytes; `at` stands
 * on a cluster's edge, and so does what comes back. Pure.
 */

size_t edit_next(const char *p, size_t len, size_t at);
size_t edit_prev(const char *p, size_t len, size_t at);
/* The end of the word at or after a place, the start of the one before it. */
size_t edit_word_end(const char *p, size_t len, size_t at);
size_t edit_word_start(const char *p, size_t len, size_t at);
/* What C-w takes: back to the blank before the word, as a shell does. */
size_t edit_blank_start(const char *p, size_t at);
