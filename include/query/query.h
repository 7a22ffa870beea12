#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "model/page.h"

/* A parsed filter such as `from:ada rust -has:media`. Immutable, freely shared on one thread. */
struct query;

/* Everything that a term may ask of a row. Borrowed. */
struct query_row {
	const struct post *post;
	const struct profile *author;
	const struct profile *actor; /* who caused the row; NULL: the author */
	enum reason reason;
	const char *network, *account, *source; /* names, or NULL */
	bool unread;
};

/*
 * Returns an owned query in *out, or false with the mistake's column (bytes from
 * the start of `text`) in *err_col. With `typing` an unfinished last term is left out.
 */
bool query_parse(const char *text, bool typing, struct query **out, int *err_col,
		struct err *err);
void query_free(struct query *query);

/* The same query in canonical words: parse of print is the identity. */
void query_print(struct str *out, const struct query *query);

bool query_match(const struct query *query, const struct query_row *row, int64_t now_ms);

/*
 * True when every row `longer` matches is also matched by `shorter`, as far as
 * their shape tells. Lets a search-as-you-type test only the previous hits.
 */
bool query_narrows(const struct query *longer, const struct query *shorter);

/* The literal words a match is to be marked with, folded; borrowed, NULL past the last. */
const char *query_needle(const struct query *query, size_t i);
