#include "demo/relation.h"

#include "demo/kept.h"

struct stance *stance_of(const struct world *world, size_t who, size_t whom)
{
	return &world->stances[who * npeople + whom];
}

void relation_follow(struct world *world, size_t who, size_t whom, bool reposts, bool notify)
{
	struct stance *stance = stance_of(world, who, whom);
	bool before = world->following[who] & BIT(whom) || stance->asked;
	stance->without_reposts = !reposts;
	stance->notifying = notify;
	if (before) return;
	if (people[whom].flags & PERSON_LOCKED) {
		stance->asked = true;
		world_notify(world, "follow_request", whom, who, NULL);
		return;
	}
	world->following[who] |= BIT(whom);
	world_notify(world, "follow", whom, who, NULL);
}

void relation_unfollow(struct world *world, size_t who, size_t whom)
{
	struct stance *stance = stance_of(world, who, whom);
	world->following[who] &= ~BIT(whom);
	stance->asked = stance->without_reposts = stance->notifying = false;
}

bool relation_answer(struct world *world, size_t who, size_t whom, bool yes)
{
	struct stance *stance = stance_of(world, who, whom);
	if (!stance->asked) return false;
	stance->asked = false;
	if (!yes) return true;
	world->following[who] |= BIT(whom);
	world_notify(world, "follow", whom, who, NULL);
	return true;
}

void relation_block(struct world *world, size_t who, size_t whom)
{
	world->blocking[who] |= BIT(whom);
	relation_unfollow(world, who, whom);
	relation_unfollow(world, whom, who);
}

void relation_expire(struct world *world)
{
	int64_t now = world_now(world);
	for (size_t i = 0; i < npeople; i++) {
		for (size_t j = 0; world->muting[i] && j < npeople; j++) {
			struct stance *stance = stance_of(world, i, j);
			if (stance->mute_ends_ms == 0 || stance->mute_ends_ms > now) continue;
			stance->mute_ends_ms = 0;
			world->muting[i] &= ~BIT(j);
		}
	}
}

uint64_t relation_hushed(const struct world *world, size_t viewer)
{
	return world->muting[viewer] | world->blocking[viewer] | world->kept->hiding[viewer];
}
