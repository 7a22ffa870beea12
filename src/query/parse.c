#include "query/query.h"

#include <stdlib.h>
#include <string.h>

#include "ast.h"
#include "base/mem.h"
#include "build.h"
#include "lex.h"

/*
 * Recursive descent, OR lowest. While typing, a faulty term that reaches the end of
 * the text is left out: `dropped` says so, and the caller goes on as if it were not there.
 */
struct parser {
	struct lexer lexer;
	bool typing;
	bool dropped;
	int depth;
	int err_col;
	struct err err;
};

void node_free(struct node *node)
{
	if (!node) return;
	for (size_t i = 0; i < node->nkids; i++) {
		node_free(node->kids[i]);
	}
	free(node->kids);
	free(node->term.text);
	free(node->term.folded);
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

static bool parse_term(struct parser *parser, struct node **out)
{
	struct token *token = &parser->lexer.token;
	struct node *node = node_new(NODE_TERM);
	size_t col = token->start;

	if (!term_build(
	            &node->term, parser->lexer.text, token, parser->typing, &col, &parser->err)) {
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

static void add_needle(struct query *query, const char *needle)
{
	query->needles = mem_grow(
	        query->needles, &query->needles_cap, query->nneedles + 1, sizeof *query->needles);
	query->needles[query->nneedles++] = needle;
}

/* Learn what the query depends on, and its words that a match must show. */
static void gather(struct query *query, const struct node *node, bool negated)
{
	if (node->kind == NODE_TERM) {
		const struct term *term = &node->term;

		query->needs |= term->word ? term->word->needs : term->field->needs;
		if (term->field == query_fields && !negated) add_needle(query, term->folded);
		return;
	}
	for (size_t i = 0; i < node->nkids; i++) {
		gather(query, node->kids[i], negated != (node->kind == NODE_NOT));
	}
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

bool query_parse(const char *text, bool typing, struct query **out, int *err_col, struct err *err)
{
	struct parser parser = {.typing = typing};
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
	if (root) gather(query, root, false);
	*out = query;
	return true;
}

void query_free(struct query *query)
{
	if (!query) return;
	node_free(query->root);
	free(query->needles);
	free(query);
}

const char *query_needle(const struct query *query, size_t i)
{
	return query && i < query->nneedles ? query->needles[i] : NULL;
}

unsigned query_needs(const struct query *query)
{
	return query->needs;
}
