#pragma once
#include "demo/world.h"

/* Fill an empty world with the past four days. */
void seed_world(struct world *world);
/* Something happens by itself: mostly a new post. */
void seed_live(struct world *world);
/* One more post in everybody's home: for measuring. */
void seed_burst(struct world *world, uint64_t number);
