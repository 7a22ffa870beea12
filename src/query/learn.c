#include <stdlib.h>

#include "base/mem.h"
#include "flat.h"
#include "moment.h"

static void add_shown(struct query *query, const struct term *term)
{
	query->shown =
	        mem_grow(query->shown, &query->shown_cap, query->nshown + 1, sizeof *query->shown);
	query->shown[query->nshown++] = term;
}

static bool is_shown(const struct field *field)
{
	return field->atom == ATOM_TEXT + 1 || field->kind == VALUE_REGEX;
}

static void learn(struct query *query, const struct node *node, bool negated)
{
	if (node->kind == NODE_TERM) {
		const struct term *term = &node->term;

		query->needs |= term->word ? term->word->needs : term->field->needs;
		if (!term->moment || moment_moves(term->moment)) {
			query->changes |= term->word ? term->word->changes : term->field->changes;
		}
		if (is_shown(term->field) && !negated) add_shown(query, term);
		return;
	}
	for (size_t i = 0; i < node->nkids; i++) {
		learn(query, node->kids[i], negated != (node->kind == NODE_NOT));
	}
}

void query_learn(struct query *query)
{
	if (query->root) learn(query, query->root, false);
	flat_make(query);
}

const char *query_needle(const struct query *query, size_t i)
{
	for (size_t k = 0; query && k < query->nshown; k++) {
		if (query->shown[k]->folded && i-- == 0) return query->shown[k]->folded;
	}
	return NULL;
}

unsigned query_needs(const struct query *query)
{
	return query->needs;
}
