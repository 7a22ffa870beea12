#include "ast.h"

/*
 * One query, many rows: bit i of a word stands for row i. What has a slot is known of all of them
 * at once; the rest is asked of those rows alone whose answer it can still change.
 */

static uint64_t term_some(const struct term *term, const struct query_rows *rows, uint64_t of)
{
	uint64_t match = 0;

	if (term->slot) {
		of &= rows->holds[term->slot];
		if (term->field->atom_decides) return of;
	}
	for (; of; of &= of - 1) {
		const struct query_row *row = &rows->all[__builtin_ctzll(of)];

		if (term_match(term, row, rows->now_ms)) match |= of & -of;
	}
	return match;
}

static uint64_t node_some(const struct node *node, const struct query_rows *rows, uint64_t of)
{
	uint64_t left = of;

	switch (node->kind) {
	case NODE_TERM:
		return term_some(&node->term, rows, of);
	case NODE_NOT:
		return of & ~node_some(node->kids[0], rows, of);
	case NODE_OR:
		for (size_t i = 0; i < node->nkids && left; i++) {
			left &= ~node_some(node->kids[i], rows, left);
		}
		return of & ~left;
	case NODE_AND:
	case NODE_SAVED:
		for (size_t i = 0; i < node->nkids && left; i++) {
			left = node_some(node->kids[i], rows, left);
		}
		break;
	}
	return left;
}

uint64_t query_match_some(const struct query *query, const struct query_rows *rows, uint64_t of)
{
	return query->root ? node_some(query->root, rows, of) : of;
}
