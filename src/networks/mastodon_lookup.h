#pragma once
#include "networks/network.h"

/*
 * What an address or handle (call->arg) is there: a call_step. Of a post the last one
 * of call->out's posts is meant (one that it quotes comes before it); of a profile there is
 * only one, and no post.
 */
call_step mastodon_lookup;

/* A post of our own by the id that its server gave it, as it is now (network.h: look). */
call_step mastodon_look;
