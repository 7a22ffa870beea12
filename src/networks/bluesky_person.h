#pragma once
#include "networks/network.h"

/* All about call->arg, a handle or DID: a call_step. */
call_step bluesky_person;

/* A page of a collection: a call_step. */
call_step bluesky_items;
/* The same of COLLECTION_FEEDS. */
call_step bluesky_feeds;
