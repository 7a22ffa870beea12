#include "query/query.h"

#include <string.h>

#include "ast.h"

static void print_value(struct str *out, const char *text, bool is_value)
{
	if (!lex_needs_quotes(text, is_value)) {
		str_adds(out, text);
		return;
	}
	str_addc(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\') str_addc(out, '\\');
		str_addc(out, *p);
	}
	str_addc(out, '"');
}

void term_print(struct str *out, const struct term *term)
{
	bool named = term->field->word.name[0] != '\0';

	if (term->field->kind == VALUE_REGEX) {
		str_addf(out, "/%s/", term->text);
		return;
	}
	if (named) str_addf(out, "%s:", term->field->word.name);
	print_value(out, term->text, named);
}

static void print_node(struct str *out, const struct node *node);

/* A member that binds weaker than its place needs parentheses. */
static void print_kid(struct str *out, const struct node *kid, bool tight)
{
	bool group = kid->kind == NODE_OR || (tight && kid->kind == NODE_AND);

	if (group) str_addc(out, '(');
	print_node(out, kid);
	if (group) str_addc(out, ')');
}

static void print_node(struct str *out, const struct node *node)
{
	if (node->kind == NODE_TERM || node->kind == NODE_SAVED) {
		term_print(out, &node->term);
		return;
	}
	if (node->kind == NODE_NOT) {
		str_addc(out, '-');
		print_kid(out, node->kids[0], true);
		return;
	}
	for (size_t i = 0; i < node->nkids; i++) {
		if (i > 0) str_adds(out, node->kind == NODE_OR ? " OR " : " ");
		print_kid(out, node->kids[i], false);
	}
}

void query_print(struct str *out, const struct query *query)
{
	if (query->root) print_node(out, query->root);
}
