#pragma once
#include "demo/world.h"

/* How people stand to each other, beyond the sets in struct world. */

struct stance {
	bool without_reposts; /* follows, but not for the reposts */
	bool notifying;       /* wants to be told of each status */
	bool asked;           /* wants to follow somebody locked */
	bool spares_notices;  /* mutes, but for notifications */
	int64_t mute_ends_ms; /* 0: for good */
	char *note;           /* or NULL */
};

struct stance *stance_of(const struct world *world, size_t who, size_t whom);

/* Follow, or ask to when they are locked. */
void relation_follow(struct world *world, size_t who, size_t whom, bool reposts, bool notify);
void relation_unfollow(struct world *world, size_t who, size_t whom);
/* Let `who` follow, who asked to, or do not. False when they did not ask. */
bool relation_answer(struct world *world, size_t who, size_t whom, bool yes);
void relation_block(struct world *world, size_t who, size_t whom);
/* Mutes whose time is over are. */
void relation_expire(struct world *world);
/* People of whom `viewer` wants to hear nothing: muted, blocked or of a hidden host. */
uint64_t relation_hushed(const struct world *world, size_t viewer);
