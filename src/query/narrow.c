#include "query/query.h"

#include <string.h>

#include "ast.h"

/*
 * Implication by shape alone: never true when it could be false, often false when a
 * proof would take thought. A word implies every word inside it.
 */

/* Alternating groups could be compared in very many ways; past this it is "no". */
enum { MAX_STEPS = 20000 };

static bool implies(const struct node *a, const struct node *b, int *steps);

static bool term_implies(const struct term *a, const struct term *b)
{
	if (a->field != b->field) return false;
	if (a->field == query_fields) return strstr(a->folded, b->folded) != NULL;
	return strcmp(a->text, b->text) == 0;
}

static bool any_kid(const struct node *a, const struct node *b, int *steps)
{
	if (a->kind == NODE_AND) {
		for (size_t i = 0; i < a->nkids; i++) {
			if (implies(a->kids[i], b, steps)) return true;
		}
	}
	if (b->kind == NODE_OR) {
		for (size_t i = 0; i < b->nkids; i++) {
			if (implies(a, b->kids[i], steps)) return true;
		}
	}
	return false;
}

static bool implies(const struct node *a, const struct node *b, int *steps)
{
	if (++*steps > MAX_STEPS) return false;
	if (a->kind == NODE_OR) {
		for (size_t i = 0; i < a->nkids; i++) {
			if (!implies(a->kids[i], b, steps)) return false;
		}
		return true;
	}
	if (b->kind == NODE_AND) {
		for (size_t i = 0; i < b->nkids; i++) {
			if (!implies(a, b->kids[i], steps)) return false;
		}
		return true;
	}
	if (a->kind == NODE_TERM && b->kind == NODE_TERM) return term_implies(&a->term, &b->term);
	if (a->kind == NODE_NOT && b->kind == NODE_NOT)
		return implies(b->kids[0], a->kids[0], steps);
	return any_kid(a, b, steps);
}

bool query_narrows(const struct query *longer, const struct query *shorter)
{
	int steps = 0;

	if (!shorter->root) return true;
	return longer->root && implies(longer->root, shorter->root, &steps);
}
