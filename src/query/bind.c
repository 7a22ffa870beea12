#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "flat.h"

/* What its atom asks; NULL: it has none. */
static const char *atom_value(const struct term *term)
{
	if (!term->field->atom) return NULL;
	if (term->field->kind == VALUE_REGEX) return term->least;
	return term->folded ? term->folded : term->text;
}

static void bind_node(
        struct node *node, uint32_t (*slot)(void *ctx, const struct query_atom *atom), void *ctx)
{
	const char *value = node->kind == NODE_TERM ? atom_value(&node->term) : NULL;

	if (value) {
		const struct field *field = node->term.field;
		struct query_atom atom = {.kind = (enum query_atom_kind)(field->atom - 1),
		        .value = value,
		        .len = strlen(value),
		        .whole = field->kind == VALUE_TEXT && !field->atom_decides};

		node->term.slot = slot(ctx, &atom);
	}
	for (size_t i = 0; i < node->nkids; i++) {
		bind_node(node->kids[i], slot, ctx);
	}
}

void query_bind(
        struct query *query, uint32_t (*slot)(void *ctx, const struct query_atom *atom), void *ctx)
{
	if (query->root) bind_node(query->root, slot, ctx);
	flat_make(query);
}

/* --- slots of which one must hold --- */

struct slots {
	uint32_t *ids;
	size_t n, max;
};

static bool add_slot(struct slots *slots, uint32_t slot)
{
	for (size_t i = 0; i < slots->n; i++) {
		if (slots->ids[i] == slot) return true;
	}
	if (slots->n >= slots->max) return false;
	slots->ids[slots->n++] = slot;
	return true;
}

static bool require(const struct node *node, bool negated, struct slots *slots);

/* All of the kids: any one's slots do; the fewest are taken. */
static bool require_least(const struct node *node, bool negated, struct slots *slots)
{
	struct slots best = {.n = SIZE_MAX};
	bool any = false;

	for (size_t i = 0; i < node->nkids; i++) {
		struct slots one = {.max = slots->max};

		one.ids = xcalloc(one.max, sizeof *one.ids);
		if (require(node->kids[i], negated, &one) && one.n < best.n) {
			free(best.ids);
			best = one;
			any = true;
		} else {
			free(one.ids);
		}
	}
	for (size_t i = 0; any && i < best.n; i++) {
		any = add_slot(slots, best.ids[i]);
	}
	free(best.ids);
	return any;
}

static bool require(const struct node *node, bool negated, struct slots *slots)
{
	bool any = (node->kind == NODE_OR) != negated;

	if (node->kind == NODE_TERM) {
		return !negated && node->term.slot && add_slot(slots, node->term.slot);
	}
	if (node->kind == NODE_NOT) return require(node->kids[0], !negated, slots);
	if (node->kind == NODE_SAVED) {
		return node->nkids > 0 && require(node->kids[0], negated, slots);
	}
	if (!any) return require_least(node, negated, slots);
	for (size_t i = 0; i < node->nkids; i++) {
		if (!require(node->kids[i], negated, slots)) return false;
	}
	return true;
}

size_t query_required(const struct query *query, uint32_t *out, size_t max)
{
	struct slots slots = {.ids = out, .max = max};

	return query->root && require(query->root, false, &slots) ? slots.n : 0;
}
