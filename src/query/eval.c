#include "query/query.h"

#include "flat.h"
#include "moment.h"

static bool compares(enum compare compare, int64_t a, int64_t b)
{
	switch (compare) {
	case COMPARE_EQ:
		return a == b;
	case COMPARE_GT:
		return a > b;
	case COMPARE_GE:
		return a >= b;
	case COMPARE_LT:
		return a < b;
	case COMPARE_LE:
		return a <= b;
	}
	return false;
}

/* Whether the most that it can be settles it: then nothing has to be counted. */
static bool is_settled(const struct term *term, const struct query_row *row, bool *out_holds)
{
	bool above = term->compare == COMPARE_GT || term->compare == COMPARE_GE ||
	             term->compare == COMPARE_EQ;
	int64_t most = term->field->most ? term->field->most(row) : COUNT_UNKNOWN;

	if (most == COUNT_UNKNOWN) return false;
	*out_holds = !above;
	return above ? most < term->number : compares(term->compare, most, term->number);
}

static bool count_match(const struct term *term, const struct query_row *row)
{
	bool holds;
	int64_t count;

	if (is_settled(term, row, &holds)) return holds;
	count = term->field->count(row);
	return count != COUNT_UNKNOWN && compares(term->compare, count, term->number);
}

static bool age_match(const struct term *term, const struct query_row *row, int64_t now_ms)
{
	if (!row->post || row->post->created_ms == 0) return false;
	return compares(term->compare, now_ms - row->post->created_ms, term->number);
}

static bool moment_match(const struct term *term, const struct query_row *row, int64_t now_ms)
{
	bool since = term->field->kind == VALUE_SINCE;

	if (!row->post || row->post->created_ms == 0) return false;
	return (row->post->created_ms >= moment_at(term->moment, now_ms)) == since;
}

static bool slot_holds(const struct query_row *row, uint32_t slot)
{
	return row->slots[slot / 64] >> slot % 64 & 1;
}

bool term_match(const struct term *term, const struct query_row *row, int64_t now_ms)
{
	const struct field *field = term->field;

	if (term->slot && row->slots) {
		bool holds = slot_holds(row, term->slot);

		if (field->atom_decides || !holds) return holds;
	}
	switch (field->kind) {
	case VALUE_WORD:
		return term->word->match(row, term->word->arg);
	case VALUE_COUNT:
		return count_match(term, row);
	case VALUE_AGE:
		return age_match(term, row, now_ms);
	case VALUE_SINCE:
	case VALUE_UNTIL:
		return moment_match(term, row, now_ms);
	default:
		return field->match(term, row);
	}
}

bool node_match(const struct node *node, const struct query_row *row, int64_t now_ms)
{
	bool all = node->kind == NODE_AND || node->kind == NODE_SAVED;

	if (node->kind == NODE_TERM) return term_match(&node->term, row, now_ms);
	if (node->kind == NODE_NOT) return !node_match(node->kids[0], row, now_ms);
	for (size_t i = 0; i < node->nkids; i++) {
		if (node_match(node->kids[i], row, now_ms) != all) return !all;
	}
	return all;
}

bool query_match(const struct query *query, const struct query_row *row, int64_t now_ms)
{
	return flat_match(&query->flat, row, now_ms);
}
