#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/*
 * A tag source's argument: "c OR zig -java" (fact sheet 4). The first word is the main
 * tag; words behind it must be there too, words behind OR may stand in its place, and
 * words with `-` must not be there. A # before a word counts for nothing.
 */
enum { MASTODON_MAX_TAGS = 4 }; /* beside the main one, of each kind; servers take no more */

struct mastodon_tags {
	char *main;
	char *all[MASTODON_MAX_TAGS], *any[MASTODON_MAX_TAGS], *none[MASTODON_MAX_TAGS];
	int nall, nany, nnone;
};

/* Read it; *out owns its strings. On failure *err says what makes no sense. */
bool mastodon_tags_parse(const char *text, struct mastodon_tags *out, struct err *err);
void mastodon_tags_finish(struct mastodon_tags *tags);

/* Append "&any[]=…" and its like, percent-encoded; nothing for a single tag. */
void mastodon_tags_query(struct str *out, const struct mastodon_tags *tags);
