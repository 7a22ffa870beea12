#include "lex.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct lexer *lexer)
{
	while (is_blank(*lexer->p))
		lexer->p++;
}

/* `#` begins a comment where a line begins, or between blanks; so `#tag` is a word. */
static bool at_comment(const struct lexer *lexer)
{
	if (*lexer->p != '#') return false;
	if (lexer->p == lexer->start) return true;
	char next = lexer->p[1];
	return is_blank(lexer->p[-1]) && (is_blank(next) || next == '\0');
}

/* Take a quoted part; the lexer stands behind its opening quote. False when it is not closed. */
static bool take_quoted(struct lexer *lexer, char quote, struct str *out)
{
	for (; *lexer->p != quote; lexer->p++) {
		if (*lexer->p == '\0') return false;
		if (quote == '"' && *lexer->p == '\\') {
			char c = lexer->p[1];
			if (c == '"' || c == '\\' || c == 'n' || c == 't') {
				str_addc(out, c == 'n' ? '\n' : c == 't' ? '\t' : c);
				lexer->p++;
				continue;
			}
		}
		str_addc(out, *lexer->p);
	}
	lexer->p++;
	return true;
}

struct lex_word lex_next(struct lexer *lexer, struct str *out, struct err *err)
{
	struct lex_word word = {.kind = LEX_WORD};
	str_clear(out);
	skip_blanks(lexer);
	word.at = (size_t)(lexer->p - lexer->start);
	if (*lexer->p == '\0' || at_comment(lexer)) {
		lexer->p += strlen(lexer->p);
		word.kind = LEX_END;
		return word;
	}
	if (*lexer->p == ';') {
		lexer->p++;
		word.kind = LEX_SEP;
		return word;
	}
	while (*lexer->p && !is_blank(*lexer->p) && *lexer->p != ';') {
		char c = *lexer->p++;
		if (c != '"' && c != '\'') {
			str_addc(out, c);
			continue;
		}
		word.quoted = true;
		size_t quote_at = (size_t)(lexer->p - lexer->start);
		if (take_quoted(lexer, c, out)) continue;
		err_set(err, ERR_SYNTAX, "the quote %c at column %zu is not closed", c, quote_at);
		word.kind = LEX_ERROR;
		word.open = true;
		return word;
	}
	return word;
}

void lex_rest(struct lexer *lexer, struct str *out)
{
	str_clear(out);
	skip_blanks(lexer);
	size_t len = strlen(lexer->p);
	str_add(out, lexer->p, len);
	lexer->p += len;
	while (out->len && is_blank(out->p[out->len - 1]))
		str_cut(out, out->len - 1);
}

const char *cmd_word(const char *line, struct str *out, bool *out_quoted)
{
	struct lexer lexer = {.p = line, .start = line};
	struct lex_word got = lex_next(&lexer, out, NULL);
	if (got.kind != LEX_WORD) return NULL;
	if (out_quoted) *out_quoted = got.quoted;
	return lexer.p;
}

char **cmd_split(const char *line, int *out_argc, struct err *err)
{
	struct lexer lexer = {.p = line, .start = line};
	struct str word = {0};
	char **words = NULL;
	size_t n = 0, cap = 0;
	bool ok = true;
	for (;;) {
		struct lex_word got = lex_next(&lexer, &word, err);
		if (got.kind == LEX_END) break;
		if (got.kind == LEX_ERROR) ok = false;
		if (got.kind == LEX_SEP)
			ok = err_set(
			        err, ERR_SYNTAX, "a ; at column %zu has no place here", got.at + 1);
		if (ok && n >= CMD_MAX_WORDS)
			ok = err_set(err, ERR_TOO_LARGE, "more than %d words", CMD_MAX_WORDS);
		if (!ok) break;
		words = mem_grow(words, &cap, n + 2, sizeof(*words));
		words[n++] = xstrdup(str_c(&word));
		words[n] = NULL;
	}
	str_finish(&word);
	if (!words) words = xcalloc(1, sizeof(*words));
	if (!ok) {
		cmd_words_free(words);
		return NULL;
	}
	*out_argc = (int)n;
	return words;
}

void cmd_words_free(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

void cmd_quote(struct str *out, const char *word)
{
	/* A word of its own must not be taken for a keyword, a comment or a separator. */
	if (*word && !strpbrk(word, " \t\r\n\"';\\#")) {
		str_adds(out, word);
		return;
	}
	str_addc(out, '"');
	for (const char *p = word; *p; p++) {
		if (*p == '"' || *p == '\\') str_addc(out, '\\');
		if (*p == '\n')
			str_adds(out, "\\n");
		else if (*p == '\t')
			str_adds(out, "\\t");
		else
			str_addc(out, *p);
	}
	str_addc(out, '"');
}
