#pragma once
#include "due.h"
#include "private.h"

/*
 * One filter for each distinct query. What depends on the post alone (and its author) is
 * asked once when the post comes or changes, for all filters together. The answers of those
 * that columns and rules keep stand in two bitsets: which posts were asked, and which match;
 * of older posts it is asked when somebody looks. Mutes note theirs by group (mute.c).
 */
struct filter {
	char *text; /* canonical */
	struct query *query;
	char **saved; /* names of the saved queries in it, however deep */
	size_t nsaved, saved_cap;
	unsigned needs, changes; /* enum query_needs, enum query_volatile */
	unsigned asked, kept;    /* how many use it so: enum filter_use */
	struct idset known, match;
	struct due due;
};
