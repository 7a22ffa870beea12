#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "query/query.h"

/*
 * The literal words that stand in the folded text of whatever a query matches, for a search
 * that is typed: looking for them is quicker than asking the query.
 */
enum { LITERALS_MAX = 8 };

struct literal {
	char *bytes; /* owned */
	size_t len;
};

struct literals {
	struct literal all[LITERALS_MAX]; /* in the order that they were typed */
	size_t n;
	bool decide; /* they are all that the query asks */
};

void literals_find(struct literals *out, const struct query *query);
void literals_finish(struct literals *literals);

/* Where the literal begins in a text; SIZE_MAX: nowhere. */
size_t literal_in(const struct literal *literal, const char *text, size_t len);
