#include <stdlib.h>

#include "ast.h"
#include "base/mem.h"
#include "moment.h"

static void add_needle(struct query *query, const char *needle)
{
	query->needles = mem_grow(
	        query->needles, &query->needles_cap, query->nneedles + 1, sizeof *query->needles);
	query->needles[query->nneedles++] = needle;
}

/* Both of plain text and of word:, which marks the word wherever it stands. */
static bool is_shown(const struct field *field)
{
	return field->atom == ATOM_TEXT + 1;
}

static void learn(struct query *query, const struct node *node, bool negated)
{
	if (node->kind == NODE_TERM) {
		const struct term *term = &node->term;

		query->needs |= term->word ? term->word->needs : term->field->needs;
		if (!term->moment || moment_moves(term->moment)) {
			query->changes |= term->word ? term->word->changes : term->field->changes;
		}
		if (is_shown(term->field) && !negated) add_needle(query, term->folded);
		return;
	}
	for (size_t i = 0; i < node->nkids; i++) {
		learn(query, node->kids[i], negated != (node->kind == NODE_NOT));
	}
}

void query_learn(struct query *query)
{
	if (query->root) learn(query, query->root, false);
}

const char *query_needle(const struct query *query, size_t i)
{
	return query && i < query->nneedles ? query->needles[i] : NULL;
}

unsigned query_needs(const struct query *query)
{
	return query->needs;
}
