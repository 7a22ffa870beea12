#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* The words of one line, one after the other. Borrows the line. */
struct lexer {
	const char *p;     /* what comes next */
	const char *start; /* of the line, for messages */
};

enum lex_kind {
	LEX_WORD,
	LEX_SEP, /* `;` */
	LEX_END, /* the end, or a comment */
	LEX_ERROR,
};

struct lex_word {
	enum lex_kind kind;
	bool quoted; /* any part of it was: never a keyword */
	bool open;   /* a quote was not closed (LEX_ERROR) */
	size_t at;   /* bytes from the line's start */
};

/* Take the next word; its text replaces *out. Errors say where. */
struct lex_word lex_next(struct lexer *lexer, struct str *out, struct err *err);

/* What is left of the line without blanks around it; the lexer is then at its end. */
void lex_rest(struct lexer *lexer, struct str *out);
