#include <stdlib.h>

#include "private.h"

/* What a mute would do to the newest posts, before there is one. */

struct trying {
	struct store *store;
	struct filter *filter;
	size_t max, hits, looked;
};

static void try_posts(struct trying *trying)
{
	for (post_id id = trying->store->last_post; id > 0 && trying->looked < trying->max; id--) {
		struct line line = {.post = id};

		if (!store_post(trying->store, id)) continue;
		trying->looked++;
		trying->hits += filter_test(trying->store, trying->filter, &line);
	}
}

/* The newest entry that was not tried yet, of all sources; NULL: there is none. */
static const struct source_entry *next(
        const struct store *store, size_t *left, source_id *out_source)
{
	const struct source_entry *newest = NULL;

	for (size_t s = 0; s < store->nsources; s++) {
		const struct source_entry *entry =
		        left[s] > 0 ? &store->sources[s].entries[left[s] - 1] : NULL;

		if (!entry || (newest && entry->sort_ms <= newest->sort_ms)) continue;
		newest = entry;
		*out_source = (source_id)s + 1;
	}
	if (newest) left[*out_source - 1]--;
	return newest;
}

/* A query about rows: of each post the newest that matches counts. */
static void try_rows(struct trying *trying)
{
	struct store *store = trying->store;
	size_t *left = xcalloc(store->nsources + 1, sizeof *left);
	struct idset looked = {0}, hit = {0};
	const struct source_entry *entry;
	source_id source = 0;

	for (size_t s = 0; s < store->nsources; s++) {
		left[s] = store->sources[s].nentries;
	}
	while ((entry = next(store, left, &source))) {
		struct line line = item_of(source, entry).line;

		if (!line.post) continue;
		if (!idset_has(&looked, line.post)) {
			if (trying->looked == trying->max) break;
			trying->looked++;
			idset_put(&looked, line.post, true);
		}
		if (idset_has(&hit, line.post)) continue;
		if (!filter_test(store, trying->filter, &line)) continue;
		idset_put(&hit, line.post, true);
		trying->hits++;
	}
	idset_finish(&looked);
	idset_finish(&hit);
	free(left);
}

bool store_try_mute(struct store *store, const char *query, size_t max, size_t *out_hits,
        size_t *out_looked, struct err *err)
{
	struct trying trying = {.store = store, .max = max};

	trying.filter = mute_filter(store, query, err);
	if (!trying.filter) return false;
	if (filter_by_post(trying.filter)) {
		try_posts(&trying);
	} else {
		try_rows(&trying);
	}
	filter_put(store, FILTER_ASKED, trying.filter);
	*out_hits = trying.hits;
	*out_looked = trying.looked;
	return true;
}
