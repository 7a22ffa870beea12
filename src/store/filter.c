#include <stdlib.h>
#include <string.h>

#include "private.h"

/*
 * One filter for each distinct query. Answers that depend on the post alone, or on its
 * author alone, are kept in two bitsets: what was asked, and what the answer was. An
 * edit forgets; the next who asks evaluates anew.
 */

enum scope { BY_ROW, BY_POST, BY_AUTHOR };

struct filter {
	char *text; /* canonical */
	struct query *query;
	enum scope scope;
	unsigned refs;
	struct idset known, match;
};

static enum scope scope_of(unsigned needs)
{
	if (needs == QUERY_NEEDS_AUTHOR) return BY_AUTHOR;
	if (needs & ~(unsigned)(QUERY_NEEDS_AUTHOR | QUERY_NEEDS_POST)) return BY_ROW;
	return BY_POST;
}

struct filter *filter_get(struct store *store, const char *text, int *err_col, struct err *err)
{
	struct query *query;
	struct filter *filter;
	struct str canonical = {0};

	if (!query_parse(text, false, &query, err_col, err)) return NULL;
	query_print(&canonical, query);
	for (size_t i = 0; i < store->nfilters; i++) {
		filter = store->filters[i];
		if (strcmp(filter->text, str_c(&canonical)) != 0) continue;
		str_finish(&canonical);
		query_free(query);
		filter->refs++;
		return filter;
	}
	filter = xcalloc(1, sizeof *filter);
	filter->text = str_take(&canonical);
	filter->query = query;
	filter->scope = scope_of(query_needs(query));
	filter->refs = 1;
	store->filters = mem_grow(
	        store->filters, &store->filters_cap, store->nfilters + 1, sizeof *store->filters);
	store->filters[store->nfilters++] = filter;
	return filter;
}

void filter_put(struct store *store, struct filter *filter)
{
	size_t i = 0;

	if (!filter || --filter->refs > 0) return;
	while (store->filters[i] != filter) {
		i++;
	}
	store->filters[i] = store->filters[--store->nfilters];
	query_free(filter->query);
	idset_finish(&filter->known);
	idset_finish(&filter->match);
	free(filter->text);
	free(filter);
}

const struct query *filter_query(const struct filter *filter)
{
	return filter->query;
}

bool filter_by_author(const struct filter *filter)
{
	return filter->scope == BY_AUTHOR;
}

void query_row_fill(
        const struct store *store, unsigned needs, const struct line *row, struct query_row *out)
{
	*out = (struct query_row){.reason = row->reason};
	if (row->post && needs & QUERY_NEEDS_POST) out->post = store_post(store, row->post);
	if (needs & QUERY_NEEDS_ACTOR) out->actor = store_profile(store, row->actor);
	if (needs & QUERY_NEEDS_AUTHOR) {
		profile_id author = row->post ? store_author(store, row->post) : row->actor;

		out->author = store_profile(store, author);
	}
	if (needs & QUERY_NEEDS_UNREAD) out->unread = row->post && !store_is_read(store, row->post);
	if (needs & QUERY_NEEDS_ORIGIN) {
		const struct source *source = store_source_row(store, row->source);
		const struct account *account = store_account_named(store, source->account);

		out->source = source->name;
		out->account = source->account;
		out->network = account                                 ? account->network
		               : strcmp(source->account, "feeds") == 0 ? "feed"
		                                                       : NULL;
	}
}

bool filter_test(struct store *store, struct filter *filter, const struct line *row)
{
	struct query_row about;
	uint32_t id = 0;
	bool match;

	if (filter->scope == BY_POST) id = row->post;
	if (filter->scope == BY_AUTHOR) {
		id = row->post ? store_author(store, row->post) : row->actor;
	}
	if (id && idset_has(&filter->known, id)) return idset_has(&filter->match, id);
	query_row_fill(store, query_needs(filter->query), row, &about);
	match = query_match(filter->query, &about, store->now_ms);
	if (id) {
		idset_put(&filter->known, id, true);
		idset_put(&filter->match, id, match);
	}
	return match;
}

void filters_forget_post(struct store *store, post_id id)
{
	for (size_t i = 0; i < store->nfilters; i++) {
		if (store->filters[i]->scope == BY_POST) {
			idset_put(&store->filters[i]->known, id, false);
		}
	}
}

void filters_forget_author(struct store *store, profile_id id)
{
	for (size_t i = 0; i < store->nfilters; i++) {
		struct filter *filter = store->filters[i];

		if (filter->scope == BY_AUTHOR) idset_put(&filter->known, id, false);
		if (filter->scope != BY_POST) continue;
		if (!(query_needs(filter->query) & QUERY_NEEDS_AUTHOR)) continue;
		for (post_id post = 1; post <= store->last_post; post++) {
			if (store_author(store, post) == id) idset_put(&filter->known, post, false);
		}
	}
}

void filters_drop_block(struct store *store, size_t block)
{
	for (size_t i = 0; i < store->nfilters; i++) {
		if (store->filters[i]->scope != BY_POST) continue;
		idset_drop_block(&store->filters[i]->known, block);
		idset_drop_block(&store->filters[i]->match, block);
	}
}

size_t filters_memory(const struct store *store)
{
	size_t bytes = 0;

	for (size_t i = 0; i < store->nfilters; i++) {
		bytes += sizeof(struct filter) + idset_memory(&store->filters[i]->known) +
		         idset_memory(&store->filters[i]->match);
	}
	return bytes;
}
