#include "flat.h"

#include <stdlib.h>

#include "base/mem.h"

static uint16_t add_step(struct flat *flat, const struct term *term, uint16_t yes, uint16_t no)
{
	flat->steps = mem_grow(flat->steps, &flat->cap, flat->n + 1, sizeof *flat->steps);
	flat->steps[flat->n] = (struct step){.term = term,
	        .slot = term->field->atom_decides ? term->slot : 0,
	        .yes = yes,
	        .no = no};
	return (uint16_t)flat->n++;
}

/* A regular expression costs more than all else together: it is asked last. */
static bool is_dear(const struct node *node)
{
	if (node->kind == NODE_TERM) return node->term.regex != NULL;
	for (size_t i = 0; i < node->nkids; i++) {
		if (is_dear(node->kids[i])) return true;
	}
	return false;
}

/* Where to begin with the node. What comes after it is there already: steps are made from the
 * last to the first. */
static uint16_t make(struct flat *flat, const struct node *node, uint16_t yes, uint16_t no)
{
	bool any = node->kind == NODE_OR;
	uint16_t begin = any ? no : yes;

	if (node->kind == NODE_TERM) return add_step(flat, &node->term, yes, no);
	if (node->kind == NODE_NOT) return make(flat, node->kids[0], no, yes);
	for (int dear = 1; dear >= 0; dear--) {
		for (size_t i = node->nkids; i-- > 0;) {
			if (is_dear(node->kids[i]) != (dear != 0)) continue;
			begin = make(flat, node->kids[i], any ? yes : begin, any ? begin : no);
		}
	}
	return begin;
}

void flat_make(struct query *query)
{
	struct flat *flat = &query->flat;

	flat->n = 0;
	flat->begin = query->root ? make(flat, query->root, FLAT_YES, FLAT_NO) : FLAT_YES;
}

void flat_finish(struct flat *flat)
{
	free(flat->steps);
	*flat = (struct flat){0};
}

bool flat_match(const struct flat *flat, const struct query_row *row, int64_t now_ms)
{
	const uint64_t *slots = row->slots;
	uint16_t at = flat->begin;

	while (at < FLAT_NO) {
		const struct step *step = &flat->steps[at];
		bool holds = slots && step->slot ? slots[step->slot / 64] >> step->slot % 64 & 1
		                                 : term_match(step->term, row, now_ms);

		at = holds ? step->yes : step->no;
	}
	return at == FLAT_YES;
}
