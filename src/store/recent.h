#pragma once
#include "slots.h"
#include "store/store.h"

/* What was found of the posts that came last: those whose id has the same last / 64. Zeroed is
 * valid and empty. */
struct recent {
	uint64_t *holds; /* by slot: bit id % 64 */
	size_t nslots, cap;
	post_id last; /* 0: none */
};

void recent_finish(struct recent *recent);
/* A post came, the last of all, or one is not what it was: these slots hold for it. */
void recent_add(struct store *store, post_id id, const struct slots *slots);
void recent_change(struct store *store, post_id id, const struct slots *slots);
/* Slots are about to mean something else. */
void recent_forget(struct store *store);
/* Have the answers of all filters that are kept, for all posts. */
void filters_fill(struct store *store);
