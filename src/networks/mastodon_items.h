#pragma once
#include "networks/network.h"

/*
 * A page of a collection (model/items.h), into call->items: a call_step. Profiles and
 * posts that call->arg names are looked up first; the cursor of a later page remembers
 * what was found.
 */
call_step mastodon_items;
