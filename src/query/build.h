#pragma once
#include "ast.h"
#include "lex.h"

/*
 * Make a term of a token. On failure *col is where in `text` the mistake is. While
 * typing, a phrase may be open.
 */
bool term_build(struct term *term, const char *text, const struct token *token, bool typing,
        size_t *col, struct err *err);
