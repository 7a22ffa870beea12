#pragma once
#include "private.h"

/*
 * Mutes that hold in the same columns, together. Of those that ask about the post alone the
 * outcome is kept: which posts they hide, and which they fold. The others are asked of rows:
 * those that want certain people to have put the row there when these did, the rest always.
 */
struct mute_group {
	char *columns;   /* NULL: all */
	unsigned nmutes; /* of any kind */
	uint32_t *rows;  /* numbers of those that are always asked of rows */
	size_t nrows, rows_cap;
	bool by_actor; /* some ask who put a row there */
	struct idset hide, fold;
};

/* What those that ask about posts say of one. */
enum verdict group_verdict(const struct mute_group *group, post_id post);
