#pragma once
#include "base/random.h"
#include "base/str.h"

/*
 * Append a query in the language of query/query.h about what random_post.h writes: terms of
 * every field, and, or, not, parentheses to `depth`. Always well-formed for an env whose
 * `saved` is random_query_saved.
 */
void random_query(struct str *out, struct random *random, int depth);

/* One term of it. */
void random_term(struct str *out, struct random *random);

/* Anything that a keyboard can give, mostly pieces of queries; nearly never well-formed. */
void random_garbage(struct str *out, struct random *random);

/* For struct query_env: three names, one of them within another. */
const char *random_query_saved(void *ctx, const char *name);
