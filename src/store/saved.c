#include <stdlib.h>
#include <string.h>

#include "private.h"

/* Named queries, by name. */

struct saved {
	char *name, *query;
};

void saved_finish(struct store *store)
{
	for (size_t i = 0; i < store->nsaved; i++) {
		free(store->saved[i].name);
		free(store->saved[i].query);
	}
	free(store->saved);
}

/* Where it stands, or would. */
static size_t lower(const struct store *store, const char *name, bool *out_there)
{
	size_t i = 0;

	while (i < store->nsaved && strcmp(store->saved[i].name, name) < 0) {
		i++;
	}
	*out_there = i < store->nsaved && strcmp(store->saved[i].name, name) == 0;
	return i;
}

const char *store_saved(const struct store *store, const char *name)
{
	bool there;
	size_t i = lower(store, name, &there);

	return there ? store->saved[i].query : NULL;
}

const char *store_saved_name(const struct store *store, size_t i)
{
	return i < store->nsaved ? store->saved[i].name : NULL;
}

/* Whatever names another can still be read. */
static bool all_readable(struct store *store, struct err *err)
{
	for (size_t i = 0; i < store->nsaved; i++) {
		struct query *query;

		if (!store_parse(store, store->saved[i].query, false, &query, NULL, err)) {
			return false;
		}
		query_free(query);
	}
	return true;
}

static void insert(struct store *store, size_t at, const char *name, const char *query)
{
	store->saved =
	        mem_grow(store->saved, &store->saved_cap, store->nsaved + 1, sizeof *store->saved);
	memmove(store->saved + at + 1, store->saved + at,
	        (store->nsaved++ - at) * sizeof *store->saved);
	store->saved[at] = (struct saved){xstrdup(name), xstrdup(query)};
}

static void cut(struct store *store, size_t at)
{
	free(store->saved[at].name);
	free(store->saved[at].query);
	memmove(store->saved + at, store->saved + at + 1,
	        (--store->nsaved - at) * sizeof *store->saved);
}

static bool forget(struct store *store, const char *name, struct err *err)
{
	bool there;
	size_t at = lower(store, name, &there);
	char *query;

	if (!there) return err_set(err, ERR_NOT_FOUND, "nothing is saved as '%s'", name);
	if (filters_name(store, name)) {
		return err_set(err, ERR_REFUSED,
		        "'saved:%s' is still asked by a column, a mute or a rule", name);
	}
	query = xstrdup(store->saved[at].query);
	cut(store, at);
	if (!all_readable(store, NULL)) {
		insert(store, at, name, query);
		err_set(err, ERR_REFUSED, "'saved:%s' is named by another saved query", name);
		free(query);
		return false;
	}
	free(query);
	return true;
}

bool store_put_saved(struct store *store, const char *name, const char *query, struct err *err)
{
	bool there;
	size_t at = lower(store, name, &there);
	char *old;

	if (!query || !query[0]) return forget(store, name, err);
	old = there ? store->saved[at].query : NULL;
	if (there) {
		store->saved[at].query = xstrdup(query);
	} else {
		insert(store, at, name, query);
	}
	if (!all_readable(store, err)) {
		if (there) {
			free(store->saved[at].query);
			store->saved[at].query = old;
		} else {
			cut(store, at);
		}
		return false;
	}
	free(old);
	filters_reread(store, name);
	return true;
}
