#pragma once
#include "networks/network.h"

/*
 * Up to when notifications were seen (fact sheet 4: seenAt, updateSeen): call_steps. A row's
 * cursor is the time at which the server had it, in the server's own words. Of no other
 * source does Bluesky remember it: none is set there.
 */
call_step bluesky_marker_read, bluesky_marker_write;
