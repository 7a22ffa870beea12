#include "query/query.h"

#include <string.h>

#include "ast.h"

/* Names the terms that made the answer what it is: those that could not be otherwise. */

static void add_term(struct str *out, const struct term *term)
{
	if (term->field != query_fields) {
		term_print(out, term);
		return;
	}
	str_adds(out, strchr(term->text, ' ') ? "phrase “" : "word “");
	str_addf(out, "%s”", term->text);
}

struct asking {
	const struct query_row *row;
	int64_t now_ms;
	struct str *out;
	bool some; /* a term was named already */
};

static void add_node(struct asking *asking, const struct node *node, bool negated);

/* Of an AND that holds, and of an OR that does not, all kids count; else the first that decides. */
static void add_kids(struct asking *asking, const struct node *node, bool negated)
{
	bool holds = node_match(node, asking->row, asking->now_ms);
	bool every = holds == (node->kind == NODE_AND);

	for (size_t i = 0; i < node->nkids; i++) {
		if (!every && node_match(node->kids[i], asking->row, asking->now_ms) != holds) {
			continue;
		}
		add_node(asking, node->kids[i], negated);
		if (!every) return;
	}
}

static void add_node(struct asking *asking, const struct node *node, bool negated)
{
	if (node->kind == NODE_NOT) {
		add_node(asking, node->kids[0], !negated);
		return;
	}
	if (node->kind == NODE_AND || node->kind == NODE_OR) {
		add_kids(asking, node, negated);
		return;
	}
	if (asking->some) str_adds(asking->out, ", ");
	asking->some = true;
	if (negated) str_adds(asking->out, "not ");
	add_term(asking->out, &node->term);
	if (node->kind == NODE_SAVED && node->nkids > 0) {
		str_adds(asking->out, " (");
		asking->some = false;
		add_node(asking, node->kids[0], false);
		asking->some = true;
		str_addc(asking->out, ')');
	}
}

bool query_explain(
        const struct query *query, const struct query_row *row, int64_t now_ms, struct str *out)
{
	struct asking asking = {.row = row, .now_ms = now_ms, .out = out};
	bool match = query_match(query, row, now_ms);

	if (!query->root) {
		str_adds(out, "matches: an empty query matches everything");
		return true;
	}
	str_adds(out, match ? "matches: " : "fails at: ");
	add_node(&asking, query->root, false);
	return match;
}
