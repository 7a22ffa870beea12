#pragma once
#include "private.h"

/*
 * Mutes that hold in the same columns, together. Of those that ask about the post alone the
 * outcome is kept: which posts they hide, and which they fold. The others are asked of rows.
 */
struct mute_group {
	char *columns;   /* NULL: all */
	unsigned nmutes; /* of any kind */
	unsigned nrows;  /* those that ask about rows */
	struct idset hide, fold;
};

/* The group of mute number i. */
struct mute_group *mute_group(const struct store *store, size_t i);
/* What those that ask about posts say of one. */
enum verdict group_verdict(const struct mute_group *group, post_id post);
