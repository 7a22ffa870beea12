#pragma once
#include "networks/network.h"

/* Bluesky, by the AT Protocol and the lexicons app.bsky.*. */
extern const struct network network_bluesky;
