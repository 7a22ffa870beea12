#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "model/page.h"

/*
 * A parsed filter such as `from:ada rust -has:media`. Immutable, freely shared on one thread.
 *
 *	query = both { "OR" both }        both = one { one }
 *	one   = "-" one | "(" query ")" | word | "phrase" | #tag | @handle | field:value
 *
 * Words and phrases are found anywhere in the folded text (base/fold.h). A value or
 * phrase in quotes may hold \" and \\. The empty query matches everything.
 */
struct query;

enum { QUERY_MAX_LEN = 4096, QUERY_MAX_DEPTH = 64 }; /* bytes; parentheses and minus signs */

/* Everything that a term may ask of a row. Borrowed. */
struct query_row {
	const struct post *post;      /* NULL: a notice; terms about the post do not match it */
	const struct profile *author; /* of a notice: the actor; NULL: unknown */
	const struct profile *actor;  /* who caused the row; NULL: the author */
	enum reason reason;
	const char *network, *account, *source; /* names, or NULL */
	bool unread;
};

/*
 * Returns an owned query in *out, or false with the mistake's column (bytes from
 * the start of `text`) in *err_col. With `typing` an unfinished last term is left
 * out, an open phrase or parenthesis counts as closed.
 */
bool query_parse(const char *text, bool typing, struct query **out, int *err_col, struct err *err);
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

/* What the answer depends on; only these parts of a query_row need be filled. */
enum query_needs {
	QUERY_NEEDS_POST = 1 << 0,
	QUERY_NEEDS_AUTHOR = 1 << 1,
	QUERY_NEEDS_ACTOR = 1 << 2,  /* the reason too */
	QUERY_NEEDS_ORIGIN = 1 << 3, /* network, account, source */
	QUERY_NEEDS_UNREAD = 1 << 4,
};
unsigned query_needs(const struct query *query); /* 0: the empty query */

/* The fields, for help, completion and documents: name without its colon; NULL past the last. */
struct query_word {
	const char *name, *help;
};
const struct query_word *query_field(size_t i);
/* The words that the field takes (`media` of has:); NULL past the last, or when it takes any. */
const struct query_word *query_field_value(const char *field, size_t i);
