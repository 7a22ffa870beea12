#pragma once
#include "networks/network.h"

/*
 * A post with all before and behind it (fact sheet 5.5): a call_step, by which a source of
 * kind thread is fetched. Its argument is the post's address, or its id at this server.
 * Rows come newest first; what answers what is in the posts (POST_REPLY_TO).
 */
call_step mastodon_thread;
