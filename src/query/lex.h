#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Cuts a query's text into tokens. Bytes that mean nothing special belong to words. */

enum token_kind { TOKEN_END, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_OR, TOKEN_NOT, TOKEN_TERM };

struct token {
	enum token_kind kind;
	size_t start, end; /* bytes in the text */
	char sigil;        /* '#', '@', '/' or 0 */
	size_t field_len;  /* bytes of the field's name at `start`; 0: no field */
	bool quoted, open; /* in quotes; the closing quote (or slash) is missing */
	bool trailed;      /* of '/': something stands right behind it */
	struct str value;  /* of a term; unescaped, but for '/' as it is written */
};

struct lexer {
	const char *text;
	size_t at;
	struct token token; /* the one to look at */
};

/* Start at the first token. */
void lexer_init(struct lexer *lexer, const char *text);
void lexer_finish(struct lexer *lexer);
void lexer_next(struct lexer *lexer);
