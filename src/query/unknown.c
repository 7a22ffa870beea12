#include "query/query.h"

#include "ast.h"

/* What would be answered if what a row does not tell stood for both answers (Kleene). */
enum truth { NO, YES, UNKNOWN };

static bool term_unknown(const struct term *term, const struct query_row *row)
{
	if (term->word) return (row->untold & term->word->untold) != 0;
	return term->field->unknown && term->field->unknown(term, row);
}

static enum truth node_ask(const struct node *node, const struct query_row *row, int64_t now_ms)
{
	enum truth stop = node->kind == NODE_OR ? YES : NO, answer = stop == YES ? NO : YES;

	if (node->kind == NODE_TERM) {
		if (term_match(&node->term, row, now_ms)) return YES;
		return term_unknown(&node->term, row) ? UNKNOWN : NO;
	}
	if (node->kind == NODE_NOT) {
		answer = node_ask(node->kids[0], row, now_ms);
		return answer == UNKNOWN ? UNKNOWN : answer == YES ? NO : YES;
	}
	for (size_t i = 0; i < node->nkids; i++) {
		enum truth one = node_ask(node->kids[i], row, now_ms);

		if (one == stop) return stop;
		if (one == UNKNOWN) answer = UNKNOWN;
	}
	return answer;
}

static const char *term_name(const struct term *term)
{
	if (term->word) return term->word->word.example;
	return term->field->word.name[0] ? term->field->word.name : "text";
}

const char *query_unknown(const struct query *query, const struct query_row *row, int64_t now_ms)
{
	const struct node *node = query->root;

	if (!node || node_ask(node, row, now_ms) != UNKNOWN) return NULL;
	while (node->kind != NODE_TERM) {
		size_t i = 0;

		while (node_ask(node->kids[i], row, now_ms) != UNKNOWN) {
			i++;
		}
		node = node->kids[i];
	}
	return term_name(&node->term);
}
