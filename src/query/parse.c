#include "query/query.h"

#include <stdlib.h>
#include <string.h>

#include "ast.h"
#include "base/mem.h"
#include "build.h"
#include "flat.h"
#include "lex.h"
#include "moment.h"
#include "regex.h"

/*
 * Recursive descent, OR lowest. While typing, a faulty term that reaches the end of
 * the text is left out: `dropped` says so, and the caller goes on as if it were not there.
 */
struct parser {
	struct lexer lexer;
	const struct query_env *env;
	const struct saved *within; /* the saved query that this is, and by which way */
	size_t *saved_len;          /* bytes of all of them so far */
	bool typing;
	bool dropped;
	int depth;
	int err_col;
	struct err err;
};

/* A saved query that is being read, and the one that names it. */
struct saved {
	const char *name;
	const struct saved *within;
};

void term_finish(struct term *term)
{
	free(term->text);
	free(term->folded);
	free(term->least);
	regex_free(term->regex);
	moment_free(term->moment);
	*term = (struct term){0};
}

void node_free(struct node *node)
{
	if (!node) return;
	for (size_t i = 0; i < node->nkids; i++) {
		node_free(node->kids[i]);
	}
	free(node->kids);
	term_finish(&node->term);
	free(node);
}

static struct node *node_new(enum node_kind kind)
{
	struct node *node = xcalloc(1, sizeof *node);

	node->kind = kind;
	return node;
}

/* Add to an AND or OR; one of the same kind gives its members. Takes `kid`. */
static void node_add(struct node *node, struct node *kid)
{
	size_t n = kid->kind == node->kind ? kid->nkids : 1;

	node->kids = mem_grow(node->kids, &node->cap, node->nkids + n, sizeof *node->kids);
	if (kid->kind != node->kind) {
		node->kids[node->nkids++] = kid;
		return;
	}
	memcpy(node->kids + node->nkids, kid->kids, n * sizeof *kid->kids);
	node->nkids += n;
	kid->nkids = 0;
	node_free(kid);
}

/* An AND or OR of one is that one, of none is nothing. */
static struct node *node_settle(struct node *node)
{
	struct node *only = NULL;

	if (node->nkids > 1) return node;
	if (node->nkids == 1) only = node->kids[0];
	node->nkids = 0;
	node_free(node);
	return only;
}

static bool fail_at(struct parser *parser, size_t col, const char *why)
{
	parser->err_col = (int)col;
	return err_set(&parser->err, ERR_SYNTAX, "%s", why);
}

static bool parse_or(struct parser *parser, struct node **out);

static bool parse_all(struct parser *parser, struct node **out);

/* Two sentences in one: where the mistake is, and what it is. */
static bool blame_saved(struct parser *parser, const char *name, const struct err *inner)
{
	return err_set(&parser->err, ERR_SYNTAX, "in 'saved:%s': %s", name, inner->text);
}

/* What a name stands for, as its one kid. */
static bool expand(struct parser *parser, struct node *node)
{
	const struct query_env *env = parser->env;
	const char *name = node->term.text;
	struct saved here = {.name = name, .within = parser->within};
	struct parser inner = {.env = env,
	        .within = &here,
	        .saved_len = parser->saved_len,
	        .depth = parser->depth};
	const char *text = env && env->saved ? env->saved(env->ctx, name) : NULL;
	struct node *kid = NULL;
	char *copy;
	bool ok;

	for (const struct saved *up = parser->within; up; up = up->within) {
		if (strcmp(up->name, name) == 0) {
			return err_set(&parser->err, ERR_SYNTAX,
			        "'saved:%s' names itself; a saved query cannot", name);
		}
	}
	if (!text) {
		return err_set(&parser->err, ERR_NOT_FOUND,
		        "there is no saved query '%s'; `save %s QUERY` makes it", name, name);
	}
	*parser->saved_len += strlen(text);
	if (*parser->saved_len > QUERY_MAX_SAVED) {
		return err_set(&parser->err, ERR_TOO_LARGE,
		        "the saved queries that this names are too long");
	}
	copy = xstrdup(text); /* it is ours until the next one is asked for */
	lexer_init(&inner.lexer, copy);
	ok = parse_all(&inner, &kid);
	lexer_finish(&inner.lexer);
	free(copy);
	if (!ok) return blame_saved(parser, name, &inner.err);
	node->kind = NODE_SAVED;
	if (!kid) return true;
	node->kids = mem_grow(NULL, &node->cap, 1, sizeof *node->kids);
	node->kids[node->nkids++] = kid;
	return true;
}

static bool build(struct parser *parser, struct node *node, size_t *col)
{
	struct building in = {
	        .text = parser->lexer.text, .env = parser->env, .typing = parser->typing};

	return term_build(&node->term, &in, &parser->lexer.token, col, &parser->err) &&
	       (node->term.field->kind != VALUE_SAVED || expand(parser, node));
}

static bool parse_term(struct parser *parser, struct node **out)
{
	struct token *token = &parser->lexer.token;
	struct node *node = node_new(NODE_TERM);
	size_t col = token->start;

	if (!build(parser, node, &col)) {
		bool last = parser->lexer.text[token->end] == '\0';

		node_free(node);
		node = NULL;
		parser->dropped = parser->typing && last;
		if (!parser->dropped) {
			parser->err_col = (int)col;
			return false;
		}
	}
	lexer_next(&parser->lexer);
	*out = node;
	return true;
}

static bool parse_group(struct parser *parser, struct node **out)
{
	size_t start = parser->lexer.token.start;

	lexer_next(&parser->lexer);
	if (parser->lexer.token.kind == TOKEN_CLOSE) {
		return fail_at(parser, start, "nothing between the parentheses");
	}
	if (!parse_or(parser, out)) return false;
	if (parser->lexer.token.kind == TOKEN_CLOSE) {
		lexer_next(&parser->lexer);
		return true;
	}
	if (parser->typing) return true;
	node_free(*out);
	*out = NULL;
	return fail_at(parser, start, "this parenthesis is never closed");
}

static bool parse_not(struct parser *parser, struct node **out);

/* A term, a group or a negation; *out NULL when it was left out. */
static bool parse_one(struct parser *parser, struct node **out)
{
	size_t start = parser->lexer.token.start;

	switch (parser->lexer.token.kind) {
	case TOKEN_NOT:
		return parse_not(parser, out);
	case TOKEN_OPEN:
		return parse_group(parser, out);
	case TOKEN_TERM:
		return parse_term(parser, out);
	case TOKEN_CLOSE:
		return fail_at(parser, start, "a closing parenthesis without its opening one");
	case TOKEN_OR:
		return fail_at(parser, start,
		        "OR wants a term on both sides; quote it to look for the word");
	case TOKEN_END:
		break;
	}
	parser->dropped = parser->typing;
	return parser->typing || fail_at(parser, start, "a term is missing at the end");
}

static bool parse_deeper(struct parser *parser, struct node **out)
{
	bool ok;

	*out = NULL;
	if (parser->depth >= QUERY_MAX_DEPTH) {
		return fail_at(parser, parser->lexer.token.start,
		        "too many parentheses or minus signs within each other");
	}
	parser->depth++;
	ok = parse_one(parser, out);
	parser->depth--;
	return ok;
}

static bool parse_not(struct parser *parser, struct node **out)
{
	struct token *token = &parser->lexer.token;
	size_t start = token->start, end = token->end;
	struct node *kid, *node;

	lexer_next(&parser->lexer);
	if (token->start != end || token->kind == TOKEN_END || token->kind == TOKEN_CLOSE) {
		parser->dropped = parser->typing && token->kind == TOKEN_END;
		return parser->dropped || fail_at(parser, start,
		                                  "a minus sign wants a term right behind it; "
		                                  "quote it to look for it");
	}
	if (!parse_deeper(parser, &kid)) return false;
	if (!kid) return true;
	node = node_new(NODE_NOT);
	node->kids = mem_grow(NULL, &node->cap, 1, sizeof *node->kids);
	node->kids[node->nkids++] = kid;
	*out = node;
	return true;
}

static bool parse_and(struct parser *parser, struct node **out)
{
	struct node *all = node_new(NODE_AND), *one;

	do {
		if (!parse_deeper(parser, &one)) {
			node_free(all);
			return false;
		}
		if (one) node_add(all, one);
	} while (parser->lexer.token.kind != TOKEN_END && parser->lexer.token.kind != TOKEN_OR &&
	         parser->lexer.token.kind != TOKEN_CLOSE);
	*out = node_settle(all);
	return true;
}

static bool parse_or(struct parser *parser, struct node **out)
{
	struct node *any = node_new(NODE_OR), *one;

	for (;;) {
		if (!parse_and(parser, &one)) {
			node_free(any);
			return false;
		}
		if (one) node_add(any, one);
		if (parser->lexer.token.kind != TOKEN_OR) break;
		lexer_next(&parser->lexer);
	}
	*out = node_settle(any);
	return true;
}

static bool parse_all(struct parser *parser, struct node **out)
{
	if (strlen(parser->lexer.text) > QUERY_MAX_LEN) {
		return fail_at(parser, QUERY_MAX_LEN, "this query is longer than 4096 bytes");
	}
	if (parser->lexer.token.kind == TOKEN_END) return true;
	if (!parse_or(parser, out)) return false;
	if (parser->lexer.token.kind == TOKEN_END) return true;
	node_free(*out);
	*out = NULL;
	return fail_at(
	        parser, parser->lexer.token.start, "a closing parenthesis without its opening one");
}

bool query_parse_in(const struct query_env *env, const char *text, bool typing, struct query **out,
        int *err_col, struct err *err)
{
	size_t saved_len = 0;
	struct parser parser = {.env = env, .typing = typing, .saved_len = &saved_len};
	struct node *root = NULL;
	struct query *query;
	bool ok;

	lexer_init(&parser.lexer, text ? text : "");
	ok = parse_all(&parser, &root);
	lexer_finish(&parser.lexer);
	if (!ok) {
		if (err_col) *err_col = parser.err_col;
		if (err) *err = parser.err;
		return false;
	}
	query = xcalloc(1, sizeof *query);
	query->root = root;
	query_learn(query);
	*out = query;
	return true;
}

bool query_parse(const char *text, bool typing, struct query **out, int *err_col, struct err *err)
{
	return query_parse_in(NULL, text, typing, out, err_col, err);
}

void query_free(struct query *query)
{
	if (!query) return;
	node_free(query->root);
	flat_finish(&query->flat);
	free((void *)query->shown);
	free(query);
}
