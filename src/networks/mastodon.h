#pragma once
#include "networks/network.h"

/* The Mastodon API, as Mastodon, GoToSocial, Akkoma, Pleroma and snac speak it. */
extern const struct network network_mastodon;
