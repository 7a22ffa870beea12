#include <stdlib.h>

#include "filter.h"

/*
 * A post is looked at once for all filters. Its text is read once for the words of them all,
 * its author, tags and links are looked up; then only those are asked that one of the atoms
 * found may satisfy, and those that can do without. So the cost of a post does not grow with
 * the number of mutes.
 */

enum { MAX_REQUIRED = 64 };

/* --- who is asked when --- */

static void list_add(struct watch *watch, struct filter *filter)
{
	watch->all = mem_grow(watch->all, &watch->cap, watch->n + 1, sizeof(struct filter *));
	watch->all[watch->n++] = filter;
}

static void list_drop(struct watch *watch, const struct filter *filter)
{
	for (size_t i = 0; i < watch->n; i++) {
		if (watch->all[i] != filter) continue;
		watch->all[i] = watch->all[--watch->n];
		return;
	}
}

static struct watch *watch_of(struct store *store, uint32_t slot)
{
	store->watches =
	        mem_grow(store->watches, &store->watches_cap, slot + 1, sizeof *store->watches);
	while (store->nwatches <= slot) {
		store->watches[store->nwatches++] = (struct watch){0};
	}
	return &store->watches[slot];
}

/* Of a filter that asks about rows only who put them there is known beforehand. */
static bool by_actor(const struct store *store, const uint32_t *slots, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (store->atoms.all[slots[i]].kind != ATOM_BY) return false;
	}
	return n > 0;
}

void watch_join(struct store *store, struct filter *filter)
{
	uint32_t slots[MAX_REQUIRED];
	size_t n = query_required(filter->query, slots, MAX_REQUIRED);

	if (!filter_by_post(filter) && !by_actor(store, slots, n)) return;
	for (size_t i = 0; i < n; i++) {
		list_add(watch_of(store, slots[i]), filter);
	}
	if (n == 0) list_add(&store->always, filter);
	filter->required = xmalloc((n + 1) * sizeof *slots);
	for (size_t i = 0; i < n; i++) {
		filter->required[i] = slots[i];
	}
	filter->nrequired = n;
}

void watch_leave(struct store *store, struct filter *filter)
{
	for (size_t i = 0; i < filter->nrequired; i++) {
		list_drop(watch_of(store, filter->required[i]), filter);
	}
	list_drop(&store->always, filter);
	free(filter->required);
	filter->required = NULL;
	filter->nrequired = 0;
}

void watches_finish(struct store *store)
{
	for (size_t i = 0; i < store->nwatches; i++) {
		free(store->watches[i].all);
	}
	free(store->watches);
	free(store->always.all);
	slots_finish(&store->seen);
	atoms_finish(&store->atoms);
}

/* --- what holds --- */

static void see_facets(struct store *store, const struct post *post, struct slots *out)
{
	const struct atoms *atoms = &store->atoms;

	if (atoms->counts[ATOM_TAG] + atoms->counts[ATOM_LINK] == 0) return;
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);

		if (!facet.target) continue;
		if (facet.kind == FACET_TAG && atoms->counts[ATOM_TAG] > 0) {
			atoms_see_tag(atoms, facet.target, out);
		}
		if (facet.kind == FACET_LINK && atoms->counts[ATOM_LINK] > 0) {
			atoms_see_link(atoms, facet.target, out);
		}
	}
	if (atoms->counts[ATOM_LINK] > 0) {
		atoms_see_link(atoms, post_str(post, POST_CARD_URL), out);
	}
}

/* A thread is the post itself, its root, and all that it answers. */
static void see_threads(struct store *store, const struct post *post, struct slots *out)
{
	enum { FAR = 100 };

	if (store->atoms.counts[ATOM_THREAD] == 0) return;
	for (int up = 0; post && up < FAR; up++) {
		atoms_see_thread(&store->atoms, post_str(post, POST_URI), out);
		atoms_see_thread(&store->atoms, post_str(post, POST_THREAD), out);
		atoms_see_thread(&store->atoms, post_str(post, POST_REPLY_TO), out);
		post = store_post(store, store_parent(store, post->id));
	}
}

static void see_profile(
        struct store *store, enum query_atom_kind kind, profile_id id, struct slots *out)
{
	const struct profile *profile =
	        store->atoms.counts[kind] > 0 ? store_profile(store, id) : NULL;

	if (profile) atoms_see_handle(&store->atoms, kind, profile->handle, out);
}

const struct slots *slots_of(struct store *store, const struct line *row)
{
	const struct post *post = store_post(store, row->post);
	struct slots *out = &store->seen;

	slots_clear(out, store->atoms.n + 1);
	see_profile(store, ATOM_FROM, post ? post->author : row->actor, out);
	if (row->actor) see_profile(store, ATOM_BY, row->actor, out);
	if (!post) return out;
	if (store->atoms.counts[ATOM_TEXT] > 0) {
		atoms_see_text(&store->atoms, post_str(post, POST_FOLDED),
		        post_len(post, POST_FOLDED), out);
	}
	see_facets(store, post, out);
	see_threads(store, post, out);
	return out;
}

void filter_actors(struct store *store, const struct filter *filter, struct idset *out)
{
	struct slots *slots = &store->seen;

	for (profile_id id = 1; id <= store->nprofiles; id++) {
		slots_clear(slots, store->atoms.n + 1);
		see_profile(store, ATOM_BY, id, slots);
		for (size_t i = 0; i < filter->nrequired && slots->n > 0; i++) {
			uint32_t slot = filter->required[i];

			if (slots->bits[slot / 64] >> slot % 64 & 1) idset_put(out, id, true);
		}
	}
}

bool filters_mark_actor(struct store *store, const struct line *row)
{
	struct slots *slots = &store->seen;
	bool some = false;

	if (!row->actor || store->atoms.counts[ATOM_BY] == 0) return false;
	store->looks++;
	slots_clear(slots, store->atoms.n + 1);
	see_profile(store, ATOM_BY, row->actor, slots);
	for (size_t i = 0; i < slots->n; i++) {
		const struct watch *watch = watch_of(store, slots->list[i]);

		for (size_t k = 0; k < watch->n; k++) {
			watch->all[k]->looked = store->looks;
			some = true;
		}
	}
	return some;
}

/* --- asking them --- */

struct looking {
	struct store *store;
	post_id id;
	struct query_row about;
	struct filter **muting; /* filters of mutes that match; owned */
	size_t n, cap;
};

static void ask(struct looking *looking, struct filter *filter)
{
	struct store *store = looking->store;

	if (filter->looked == store->looks || !filter_by_post(filter)) return;
	filter->looked = store->looks;
	if (!filter_match(store, filter, &looking->about)) return;
	looking->muting =
	        mem_grow(looking->muting, &looking->cap, looking->n + 1, sizeof(struct filter *));
	looking->muting[looking->n++] = filter;
}

static void ask_all(struct looking *looking, const struct watch *watch)
{
	for (size_t i = 0; i < watch->n; i++) {
		ask(looking, watch->all[i]);
	}
}

/* The post changed: those that were asked of it are asked again. */
static void ask_again(const struct looking *looking)
{
	struct store *store = looking->store;
	post_id id = looking->id;

	for (size_t i = 0; i < store->nfilters; i++) {
		struct filter *filter = store->filters[i];

		if (!filter_is_kept(filter)) continue;
		idset_put(&filter->match, id, filter_match(store, filter, &looking->about));
		if (id <= filter->since) idset_put(&filter->known, id, true);
	}
}

static void ask_mutes(struct looking *looking, const struct slots *slots, bool fresh)
{
	struct store *store = looking->store;

	for (size_t i = 0; i < slots->n; i++) {
		if (slots->list[i] < store->nwatches) {
			ask_all(looking, &store->watches[slots->list[i]]);
		}
	}
	ask_all(looking, &store->always);
	mutes_note(store, looking->id, looking->muting, looking->n, fresh);
	free(looking->muting);
}

static void look(struct store *store, post_id id, bool is_new, bool fresh)
{
	struct looking looking = {.store = store, .id = id};
	struct line line = {.post = id};
	const struct slots *slots;

	if (store->nfilters == 0) return;
	store->looks++;
	slots = slots_of(store, &line);
	query_row_fill(store, QUERY_NEEDS_POST | QUERY_NEEDS_AUTHOR, &line, &looking.about);
	looking.about.slots = slots->bits;
	if (is_new) {
		recent_add(store, id, slots);
	} else {
		recent_change(store, id, slots);
	}
	if (id <= store->filled) ask_again(&looking);
	if (store->nmutes > 0) ask_mutes(&looking, slots, fresh);
}

void filters_look_new(struct store *store, post_id id, bool fresh)
{
	look(store, id, true, fresh);
}

void filters_look(struct store *store, post_id id)
{
	look(store, id, false, false);
}

void filters_look_author(struct store *store, profile_id id)
{
	bool some = false;

	for (size_t i = 0; i < store->nfilters; i++) {
		some |= (store->filters[i]->needs & QUERY_NEEDS_AUTHOR) != 0;
	}
	for (post_id post = 1; some && post <= store->last_post; post++) {
		if (store_author(store, post) == id) filters_look(store, post);
	}
}
