#include <stdlib.h>

#include "private.h"

/* Few, beside posts: whoever's profile was looked at, or acted on. */

static uint64_t key_of(account_id account, profile_id profile)
{
	return table_mix((uint64_t)account << 32 | profile);
}

const struct relation *store_relation(
        const struct store *store, account_id account, profile_id profile)
{
	int64_t at;

	if (!account || !profile) return NULL;
	return table_value(&store->relation_keys, key_of(account, profile), &at)
	               ? &store->relations[at]
	               : NULL;
}

void store_put_relation(struct store *store, const struct relation *relation)
{
	uint64_t key = key_of(relation->account, relation->profile);
	unsigned followed = 0;
	int64_t at;

	if (!relation->account || !relation->profile) return;
	if (!table_value(&store->relation_keys, key, &at)) {
		at = (int64_t)store->nrelations++;
		store->relations = mem_grow(store->relations, &store->relations_cap,
		        store->nrelations, sizeof *store->relations);
		table_put_value(&store->relation_keys, key, at);
	} else {
		followed = store->relations[at].flags & RELATION_FOLLOWING;
	}
	store->relations[at] = *relation;
	if ((relation->flags & RELATION_FOLLOWING) != followed) {
		rules_followed(store, relation->account, relation->profile);
	}
}

/* The last one takes its place. */
static void drop(struct store *store, account_id account, profile_id profile)
{
	uint64_t key = key_of(account, profile);
	struct relation *last;
	int64_t at;

	if (!table_value(&store->relation_keys, key, &at)) return;
	table_drop(&store->relation_keys, key);
	last = &store->relations[--store->nrelations];
	if ((size_t)at == store->nrelations) return;
	store->relations[at] = *last;
	table_put_value(&store->relation_keys, key_of(last->account, last->profile), at);
}

void relations_drop(struct store *store, profile_id profile)
{
	for (size_t i = 0; i < store->naccounts; i++) {
		drop(store, store->accounts[i]->id, profile);
	}
}

void relations_finish(struct store *store)
{
	table_finish(&store->relation_keys);
	free(store->relations);
}
