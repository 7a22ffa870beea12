#pragma once
#include "networks/network.h"

/*
 * Who a token belongs to, and what its server is and can do: a call_step, for login, for
 * learn, and for the end of a sign-in. Only that the account cannot be told is a
 * failure; what else is not told stays as it was known.
 */
call_step mastodon_learn;
