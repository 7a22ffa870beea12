#pragma once
#include "ast.h"
#include "lex.h"

/* What the token stands in. */
struct building {
	const char *text;
	const struct query_env *env; /* or NULL */
	bool typing;                 /* a phrase or regular expression may be open */
};

/* Make a term of a token. On failure *col is where in the text the mistake is. */
bool term_build(struct term *term, const struct building *in, const struct token *token,
        size_t *col, struct err *err);
