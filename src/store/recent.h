#pragma once
#include "slots.h"
#include "store/store.h"

/* The slots of the posts that came last, `words` words each. Zeroed is valid and empty. */
struct recent {
	uint64_t *bits;
	size_t words, cap;
	post_id first;
	uint32_t n;
};

void recent_finish(struct recent *recent);
/* A post came, the last of all, or one is not what it was: these slots hold for it. */
void recent_add(struct store *store, post_id id, const struct slots *slots);
void recent_change(struct store *store, post_id id, const struct slots *slots);
/* Slots are about to mean something else. */
void recent_forget(struct store *store);
/* Have the answers of all filters that are kept, for posts up to this one. */
void filters_fill(struct store *store, post_id last);
