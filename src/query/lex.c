#include "lex.h"

#include <string.h>

#include "ast.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A bare word ends here. */
static bool ends_word(char c)
{
	return c == '\0' || is_blank(c) || c == '(' || c == ')' || c == '"';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of a field's name when one stands at p with its colon; an address is none. */
static size_t field_len(const char *p)
{
	size_t n = 0;

	while (is_letter(p[n])) {
		n++;
	}
	if (n == 0 || p[n] != ':' || strncmp(p + n, "://", 3) == 0) return 0;
	return n;
}

static void lex_phrase(struct lexer *lexer, struct token *token)
{
	const char *text = lexer->text;

	token->quoted = true;
	lexer->at++;
	while (text[lexer->at] && text[lexer->at] != '"') {
		char next = text[lexer->at + 1];

		if (text[lexer->at] == '\\' && (next == '"' || next == '\\')) lexer->at++;
		str_addc(&token->value, text[lexer->at++]);
	}
	token->open = text[lexer->at] == '\0';
	if (!token->open) lexer->at++;
}

/* Up to the next slash that no backslash stands before; kept as it is written. */
static void lex_regex(struct lexer *lexer, struct token *token)
{
	const char *text = lexer->text;
	size_t start = ++lexer->at;

	while (text[lexer->at] && text[lexer->at] != '/') {
		lexer->at += text[lexer->at] == '\\' && text[lexer->at + 1] ? 2 : 1;
	}
	str_add(&token->value, text + start, lexer->at - start);
	token->open = text[lexer->at] == '\0';
	if (!token->open) lexer->at++;
	token->trailed = !token->open && !ends_word(text[lexer->at]);
}

static void lex_value(struct lexer *lexer, struct token *token)
{
	size_t start = lexer->at;

	if (lexer->text[start] == '"') {
		lex_phrase(lexer, token);
		return;
	}
	while (!ends_word(lexer->text[lexer->at])) {
		lexer->at++;
	}
	str_add(&token->value, lexer->text + start, lexer->at - start);
}

static void lex_term(struct lexer *lexer, struct token *token)
{
	char c = lexer->text[lexer->at];

	token->kind = TOKEN_TERM;
	token->field_len = field_len(lexer->text + lexer->at);
	if (token->field_len > 0) {
		lexer->at += token->field_len + 1;
	} else if (c == '#' || c == '@') {
		token->sigil = c;
		lexer->at++;
	} else if (c == '/') {
		token->sigil = c;
		lex_regex(lexer, token);
		return;
	}
	lex_value(lexer, token);
	if (token->field_len == 0 && token->sigil == 0 && !token->quoted &&
	        strcmp(str_c(&token->value), "OR") == 0) {
		token->kind = TOKEN_OR;
	}
}

void lexer_next(struct lexer *lexer)
{
	struct token *token = &lexer->token;
	struct str room = token->value;

	str_clear(&room);
	while (is_blank(lexer->text[lexer->at])) {
		lexer->at++;
	}
	*token = (struct token){.start = lexer->at, .value = room};
	switch (lexer->text[lexer->at]) {
	case '\0':
		token->kind = TOKEN_END;
		break;
	case '(':
		token->kind = TOKEN_OPEN;
		lexer->at++;
		break;
	case ')':
		token->kind = TOKEN_CLOSE;
		lexer->at++;
		break;
	case '-':
		token->kind = TOKEN_NOT;
		lexer->at++;
		break;
	default:
		lex_term(lexer, token);
	}
	token->end = lexer->at;
}

void lexer_init(struct lexer *lexer, const char *text)
{
	*lexer = (struct lexer){.text = text};
	lexer_next(lexer);
}

void lexer_finish(struct lexer *lexer)
{
	str_finish(&lexer->token.value);
}

bool lex_needs_quotes(const char *text, bool is_value)
{
	if (text[0] == '\0') return true;
	for (const char *p = text; *p; p++) {
		if (ends_word(*p)) return true;
	}
	if (is_value) return false;
	return strchr("-#@/", text[0]) != NULL || strcmp(text, "OR") == 0 || field_len(text) > 0;
}
