#include "query/query.h"

#include <string.h>

#include "ast.h"
#include "moment.h"

/*
 * Implication by shape alone: never true when it could be false, often false when a
 * proof would take thought. A word implies every word inside it.
 */

/* What a saved name stands for counts, never the name: that may have meant something else. */
static const struct node *meant(const struct node *node)
{
	while (node && node->kind == NODE_SAVED) {
		node = node->nkids > 0 ? node->kids[0] : NULL;
	}
	return node;
}

/* Alternating groups could be compared in very many ways; past this it is "no". */
enum { MAX_STEPS = 20000 };

static bool implies(const struct node *a, const struct node *b, int *steps);

/* Every number that `a` allows `b` allows too. */
static bool range_implies(const struct term *a, const struct term *b)
{
	int64_t n = a->number, m = b->number;

	switch (b->compare) {
	case COMPARE_EQ:
		return a->compare == COMPARE_EQ && n == m;
	case COMPARE_GT:
		return a->compare == COMPARE_GT
		               ? n >= m
		               : (a->compare == COMPARE_EQ || a->compare == COMPARE_GE) && n > m;
	case COMPARE_GE:
		return a->compare == COMPARE_GT || a->compare == COMPARE_EQ ||
		                       a->compare == COMPARE_GE
		               ? n >= m
		               : false;
	case COMPARE_LT:
		return a->compare == COMPARE_LT
		               ? n <= m
		               : (a->compare == COMPARE_EQ || a->compare == COMPARE_LE) && n < m;
	case COMPARE_LE:
		return a->compare == COMPARE_LT || a->compare == COMPARE_EQ ||
		                       a->compare == COMPARE_LE
		               ? n <= m
		               : false;
	}
	return false;
}

static bool term_implies(const struct term *a, const struct term *b)
{
	bool text = b->field == query_fields && a->field->atom == ATOM_TEXT + 1;
	const char *held = a->field->kind == VALUE_REGEX ? a->least : a->folded;

	if (text && held) return strstr(held, b->folded) != NULL;
	if (a->field != b->field) return false;
	if (a->field->holds) return strstr(a->folded, b->folded) != NULL;
	if (a->field->kind == VALUE_COUNT || a->field->kind == VALUE_AGE) {
		return range_implies(a, b);
	}
	if (a->field->kind == VALUE_SINCE) return moment_after(a->moment, b->moment);
	if (a->field->kind == VALUE_UNTIL) return moment_after(b->moment, a->moment);
	return strcmp(a->folded ? a->folded : a->text, b->folded ? b->folded : b->text) == 0;
}

static bool any_kid(const struct node *a, const struct node *b, int *steps)
{
	if (a && a->kind == NODE_AND) {
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
	a = meant(a);
	b = meant(b);
	if (!b) return true;
	if (++*steps > MAX_STEPS) return false;
	if (!a) return b->kind == NODE_OR && any_kid(a, b, steps);
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

	return implies(longer->root, shorter->root, &steps);
}
