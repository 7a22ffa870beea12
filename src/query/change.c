#include "query/query.h"

#include "ast.h"
#include "regex.h"

/* Answers that become others by themselves. */

unsigned query_volatile(const struct query *query)
{
	return query->changes;
}

/* When the age's term turns, if it still will. */
static int64_t term_changes_at(const struct term *term, const struct query_row *row, int64_t now_ms)
{
	bool past = term->compare == COMPARE_GT || term->compare == COMPARE_LE;
	int64_t at;

	if (term->field->kind != VALUE_AGE || !row->post || row->post->created_ms == 0) {
		return INT64_MAX;
	}
	at = row->post->created_ms + term->number + past;
	return at > now_ms ? at : INT64_MAX;
}

/* With time, and only with it: a kid that never turns and decides makes the rest idle. */
static int64_t node_changes_at(const struct node *node, const struct query_row *row, int64_t now_ms)
{
	bool all = node->kind == NODE_AND;
	int64_t soonest = INT64_MAX;

	if (node->kind == NODE_TERM) return term_changes_at(&node->term, row, now_ms);
	for (size_t i = 0; i < node->nkids; i++) {
		int64_t at = node_changes_at(node->kids[i], row, now_ms);

		if (at < soonest) soonest = at;
		if (at == INT64_MAX && node->nkids > 1 &&
		        node_match(node->kids[i], row, now_ms) != all) {
			return INT64_MAX;
		}
	}
	return soonest;
}

int64_t query_changes_at(const struct query *query, const struct query_row *row, int64_t now_ms)
{
	if (!(query->changes & QUERY_CHANGES_WITH_TIME)) return INT64_MAX;
	return node_changes_at(query->root, row, now_ms);
}

static unsigned node_trips(const struct node *node)
{
	unsigned most = 0;

	if (node->kind == NODE_TERM) return node->term.regex ? regex_trips(node->term.regex) : 0;
	for (size_t i = 0; i < node->nkids; i++) {
		unsigned one = node_trips(node->kids[i]);

		if (one > most) most = one;
	}
	return most;
}

unsigned query_trips(const struct query *query)
{
	return query->root ? node_trips(query->root) : 0;
}
