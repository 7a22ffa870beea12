#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "model/post_json.h"
#include "store/timeline.h"

/* Write a stranger's text to a stream: cleaned (CLEAN_PLAIN). */
void out_text(FILE *stream, const char *text);

/* Print a post, as text for people or as one JSON line. */
void out_post(FILE *stream, const struct post_json *row, bool json);
/* Print a row of a store's timeline, as text for people or as one JSON line. */
void out_row(FILE *stream, const struct store *store, const struct row *row, bool json);
/* Print somebody that a search for people found: in JSON {reason, source[], profile{handle, name,
 * uri, url, bot, bio, followers}}. */
void out_person(FILE *stream, const struct store *store, const struct row *row, bool json);

/* `stoa: sentence` on stderr, cleaned. Returns CLI_FAILED. */
int out_fail(const struct err *err);
