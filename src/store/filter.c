#include "filter.h"

#include <stdlib.h>
#include <string.h>

/* --- one for each query --- */

/* What a query names is noted in the filter that it becomes. */
struct reading {
	struct store *store;
	struct filter *filter; /* NULL: nobody wants to know */
};

static const char *read_saved(void *ctx, const char *name)
{
	const struct reading *reading = ctx;
	struct filter *filter = reading->filter;

	if (filter) {
		filter->saved = mem_grow(filter->saved, &filter->saved_cap, filter->nsaved + 1,
		        sizeof *filter->saved);
		filter->saved[filter->nsaved++] = xstrdup(name);
	}
	return store_saved(reading->store, name);
}

static void forget_saved(struct filter *filter)
{
	for (size_t i = 0; i < filter->nsaved; i++) {
		free(filter->saved[i]);
	}
	free(filter->saved);
	filter->saved = NULL;
	filter->nsaved = filter->saved_cap = 0;
}

/* As the store knows names and the time. */
static bool read_query(struct reading *reading, const char *text, bool typing, struct query **out,
        int *err_col, struct err *err)
{
	struct query_env env = {.saved = read_saved, .ctx = reading};

	store_now(reading->store);
	env.now_ms = reading->store->now_ms;
	return query_parse_in(&env, text, typing, out, err_col, err);
}

bool store_parse(struct store *store, const char *text, bool typing, struct query **out,
        int *err_col, struct err *err)
{
	struct reading reading = {.store = store};

	return read_query(&reading, text, typing, out, err_col, err);
}

/* --- atoms --- */

struct binding {
	struct store *store;
	struct filter *filter;
};

static uint32_t bind(void *ctx, const struct query_atom *atom)
{
	const struct binding *binding = ctx;
	struct filter *filter = binding->filter;
	uint32_t slot = atoms_take(&binding->store->atoms, atom);

	if (!slot) return 0;
	if (atom->kind == ATOM_THREAD) filter->threads = true;
	filter->slots = mem_grow(
	        filter->slots, &filter->slots_cap, filter->nslots + 1, sizeof *filter->slots);
	filter->slots[filter->nslots++] = slot;
	return slot;
}

static void unbind(struct store *store, struct filter *filter)
{
	for (size_t i = 0; i < filter->nslots; i++) {
		atoms_drop(&store->atoms, filter->slots[i]);
	}
	free(filter->slots);
	filter->slots = NULL;
	filter->nslots = filter->slots_cap = 0;
	filter->threads = false;
}

static void filter_free(struct filter *filter)
{
	query_free(filter->query);
	forget_saved(filter);
	free(filter->slots);
	free(filter->required);
	idset_finish(&filter->known);
	idset_finish(&filter->match);
	due_finish(&filter->due);
	free(filter->text);
	free(filter);
}

static struct filter *filter_find(const struct store *store, const char *text)
{
	for (size_t i = 0; i < store->nfilters; i++) {
		if (strcmp(store->filters[i]->text, text) == 0) return store->filters[i];
	}
	return NULL;
}

/* It is a part of the store from now on. */
static void filter_join(struct store *store, struct filter *filter)
{
	struct binding binding = {store, filter};

	recent_forget(store);
	query_bind(filter->query, bind, &binding);
	filter->since = store->last_post;
	if (filter->asked > 0) watch_join(store, filter);
}

static void filter_take(struct filter *filter, struct query *query)
{
	filter->query = query;
	filter->needs = query_needs(query);
	filter->changes = query_volatile(query);
}

struct filter *filter_get(
        struct store *store, enum filter_use use, const char *text, int *err_col, struct err *err)
{
	struct filter *filter = xcalloc(1, sizeof *filter), *there;
	struct reading reading = {store, filter};
	struct str canonical = {0};
	struct query *query;

	if (!read_query(&reading, text, false, &query, err_col, err)) {
		filter_free(filter);
		return NULL;
	}
	filter_take(filter, query);
	query_print(&canonical, query);
	filter->text = str_take(&canonical);
	there = filter_find(store, filter->text);
	if (there) {
		filter_free(filter);
		filter = there;
	} else {
		store->filters = mem_grow(store->filters, &store->filters_cap, store->nfilters + 1,
		        sizeof *store->filters);
		store->filters[store->nfilters++] = filter;
		filter_join(store, filter);
	}
	if (use == FILTER_ASKED) {
		if (filter->asked++ == 0) watch_join(store, filter);
		return filter;
	}
	if (filter->kept++ > 0) return filter;
	/* Nothing was kept up to now. */
	filters_fill(store);
	filter->since = store->last_post;
	return filter;
}

void filter_put(struct store *store, enum filter_use use, struct filter *filter)
{
	size_t i = 0;

	if (!filter) return;
	if (use == FILTER_KEPT) filter->kept--;
	if (use == FILTER_ASKED && --filter->asked == 0) watch_leave(store, filter);
	if (filter->kept == 0) {
		idset_finish(&filter->known);
		idset_finish(&filter->match);
	}
	if (filter->kept + filter->asked > 0) return;
	while (store->filters[i] != filter) {
		i++;
	}
	store->filters[i] = store->filters[--store->nfilters];
	unbind(store, filter);
	filter_free(filter);
}

const struct query *filter_query(const struct filter *filter)
{
	return filter->query;
}

unsigned filter_needs(const struct filter *filter)
{
	return filter->needs;
}

bool filter_by_post(const struct filter *filter)
{
	return !(filter->needs & ~(unsigned)(QUERY_NEEDS_AUTHOR | QUERY_NEEDS_POST));
}

/* --- asking --- */

void query_row_fill(
        const struct store *store, unsigned needs, const struct line *row, struct query_row *out)
{
	*out = (struct query_row){.reason = row->reason, .attention = ATTENTION_NONE};
	if (row->post && needs & QUERY_NEEDS_POST) out->post = store_post(store, row->post);
	if (needs & QUERY_NEEDS_ACTOR) out->actor = store_profile(store, row->actor);
	if (needs & QUERY_NEEDS_AUTHOR) {
		profile_id author = row->post ? store_author(store, row->post) : row->actor;

		out->author = store_profile(store, author);
	}
	if (needs & QUERY_NEEDS_UNREAD) out->unread = row->post && !store_is_read(store, row->post);
	if (needs & QUERY_NEEDS_ATTENTION) out->attention = store_attention(store, row->post);
	out->muted = row->flags & (ROW_IS_MUTED | ROW_IS_HELD);
	if (needs & QUERY_NEEDS_ORIGIN && row->source) {
		const struct source *source = store_source_row(store, row->source);
		const struct account *account = store_account_named(store, source->account);

		out->source = source->name;
		out->account = source->account;
		out->network = account                                 ? account->network
		               : strcmp(source->account, "feeds") == 0 ? "feed"
		                                                       : NULL;
	}
}

bool filter_match(struct store *store, struct filter *filter, const struct query_row *about)
{
	int64_t at;

	if (about->post && filter->changes & QUERY_CHANGES_WITH_TIME) {
		at = query_changes_at(filter->query, about, store->now_ms);
		if (at < INT64_MAX) due_put(&filter->due, about->post->id, at);
	}
	return query_match(filter->query, about, store->now_ms);
}

static bool filter_ask(struct store *store, struct filter *filter, const struct line *row)
{
	struct query_row about;

	query_row_fill(store, filter->needs, row, &about);
	if (filter->threads) about.slots = slots_of(store, row)->bits;
	return filter_match(store, filter, &about);
}

const struct idset *filter_answers(
        struct store *store, const struct filter *filter, post_id *out_since)
{
	filters_fill(store);
	*out_since = filter->since;
	return filter_is_kept(filter) ? &filter->match : NULL;
}

bool filter_test(struct store *store, struct filter *filter, const struct line *row)
{
	bool match;

	if (!row->post || !filter_is_kept(filter)) return filter_ask(store, filter, row);
	if (row->post > store->filled) filters_fill(store);
	if (row->post > filter->since || idset_has(&filter->known, row->post)) {
		return idset_has(&filter->match, row->post);
	}
	match = filter_ask(store, filter, row);
	idset_put(&filter->known, row->post, true);
	idset_put(&filter->match, row->post, match);
	return match;
}

/* --- saved queries --- */

static bool filter_names(const struct filter *filter, const char *saved)
{
	for (size_t i = 0; i < filter->nsaved; i++) {
		if (strcmp(filter->saved[i], saved) == 0) return true;
	}
	return false;
}

bool filters_name(const struct store *store, const char *saved)
{
	for (size_t i = 0; i < store->nfilters; i++) {
		if (filter_names(store->filters[i], saved)) return true;
	}
	return false;
}

/* What a saved query names may have changed, never that the text can be read. */
static void filter_reread(struct store *store, struct filter *filter)
{
	struct reading reading = {store, filter};
	struct query *query;

	forget_saved(filter);
	if (!read_query(&reading, filter->text, false, &query, NULL, NULL)) return;
	if (filter->asked > 0) watch_leave(store, filter);
	unbind(store, filter);
	query_free(filter->query);
	filter_take(filter, query);
	filter_join(store, filter);
	idset_finish(&filter->known);
	idset_finish(&filter->match);
	due_finish(&filter->due);
}

void filters_reread(struct store *store, const char *saved)
{
	bool muting = false;

	for (size_t i = 0; i < store->nfilters; i++) {
		struct filter *filter = store->filters[i];

		if (!filter_names(filter, saved)) continue;
		filter_reread(store, filter);
		muting |= filter->asked > 0;
	}
	if (muting) mutes_reread(store);
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_refilter(store->timelines[t]);
	}
}

/* --- time --- */

/* Posts of which this filter may say something else by now: asked anew. */
static void filter_tick(struct store *store, struct filter *filter, struct idset *out)
{
	for (post_id id; (id = due_take(&filter->due, store->now_ms)) != 0;) {
		if (store_post(store, id)) idset_put(out, id, true);
	}
}

bool filters_tick(struct store *store)
{
	struct idset posts = {0};
	bool some = false;

	for (size_t i = 0; i < store->nfilters; i++) {
		filter_tick(store, store->filters[i], &posts);
	}
	for (post_id id = idset_next(&posts, 1); id != UINT32_MAX;
	        id = idset_next(&posts, id + 1)) {
		store_tell_changed(store, id);
		some = true;
	}
	idset_finish(&posts);
	for (size_t t = 0; t < store->ntimelines; t++) {
		some |= timeline_tick(store->timelines[t]);
	}
	return some;
}

void filters_drop_block(struct store *store, size_t block)
{
	for (size_t i = 0; i < store->nfilters; i++) {
		idset_drop_block(&store->filters[i]->known, block);
		idset_drop_block(&store->filters[i]->match, block);
	}
}

size_t filters_memory(const struct store *store)
{
	size_t bytes = atoms_memory(&store->atoms);

	for (size_t i = 0; i < store->nfilters; i++) {
		const struct filter *filter = store->filters[i];

		bytes += sizeof *filter + idset_memory(&filter->known) +
		         idset_memory(&filter->match) + due_memory(&filter->due);
	}
	return bytes;
}
