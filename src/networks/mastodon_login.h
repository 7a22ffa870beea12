#pragma once
#include "networks/network.h"

/* Who a token belongs to, and what the server calls itself: a call_step. */
call_step mastodon_login;
