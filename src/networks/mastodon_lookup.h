#pragma once
#include "networks/network.h"

/*
 * What an address or handle (call->arg) is there: a call_step. Of a post the last one
 * of call->out's posts is meant (one that it quotes comes before it); of a profile there is
 * only one, and no post.
 */
call_step mastodon_lookup;
