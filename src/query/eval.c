#include "query/query.h"

#include "ast.h"

static bool count_match(const struct term *term, const struct query_row *row)
{
	uint32_t count = row->post ? term->field->count(row->post) : POST_UNKNOWN;

	if (count == POST_UNKNOWN) return false;
	switch (term->compare) {
	case COMPARE_EQ:
		return count == term->number;
	case COMPARE_GT:
		return count > term->number;
	case COMPARE_GE:
		return count >= term->number;
	case COMPARE_LT:
		return count < term->number;
	case COMPARE_LE:
		return count <= term->number;
	}
	return false;
}

static bool term_match(const struct term *term, const struct query_row *row)
{
	if (term->field->kind == VALUE_WORD) return term->word->match(row, term->word->arg);
	if (term->field->kind == VALUE_COUNT) return count_match(term, row);
	return term->field->match(term, row);
}

bool node_match(const struct node *node, const struct query_row *row)
{
	bool all = node->kind == NODE_AND;

	if (node->kind == NODE_TERM) return term_match(&node->term, row);
	if (node->kind == NODE_NOT) return !node_match(node->kids[0], row);
	for (size_t i = 0; i < node->nkids; i++) {
		if (node_match(node->kids[i], row) != all) return !all;
	}
	return all;
}

bool query_match(const struct query *query, const struct query_row *row, int64_t now_ms)
{
	(void)now_ms;
	return !query->root || node_match(query->root, row);
}
