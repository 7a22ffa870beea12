#include "query/query.h"

#include "ast.h"
#include "moment.h"
#include "regex.h"

/* Answers that become others by themselves. */

unsigned query_volatile(const struct query *query)
{
	return query->changes;
}

enum { MINUTE_MS = 60000 };

static int64_t age_changes_at(const struct term *term, const struct post *post, int64_t now_ms)
{
	bool past = term->compare == COMPARE_GT || term->compare == COMPARE_LE;
	int64_t at = post->created_ms + term->number + past;

	return at > now_ms ? at : INT64_MAX;
}

/* A time moves on with the clock and may pass the post, but never comes back. */
static int64_t moment_changes_at(const struct term *term, const struct post *post, int64_t now_ms)
{
	bool passed = post->created_ms < moment_at(term->moment, now_ms);

	if (passed || !moment_moves(term->moment)) return INT64_MAX;
	return (now_ms / MINUTE_MS + 1) * MINUTE_MS;
}

static int64_t term_changes_at(const struct term *term, const struct query_row *row, int64_t now_ms)
{
	enum value_kind kind = term->field->kind;

	if (!row->post || row->post->created_ms == 0) return INT64_MAX;
	if (kind == VALUE_AGE) return age_changes_at(term, row->post, now_ms);
	if (kind != VALUE_SINCE && kind != VALUE_UNTIL) return INT64_MAX;
	return moment_changes_at(term, row->post, now_ms);
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
