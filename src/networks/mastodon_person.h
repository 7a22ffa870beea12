#pragma once
#include "networks/network.h"

/*
 * All about a profile (fact sheet 6, 11): a call_step. call->arg is a handle or address.
 * What only signed-in people are told (the relation) and the pinned posts may be missing
 * from a server; then the rest comes without.
 */
call_step mastodon_person;
