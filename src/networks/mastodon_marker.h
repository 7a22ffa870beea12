#pragma once
#include "networks/network.h"

/*
 * Up to where home or the notifications (call->source) were read: call_steps on
 * call->marker (fact sheet 7).
 *
 * The server does not compare markers, so write asks first and leaves a newer one alone,
 * which then is in call->marker in place of the one given. Newer is told by the time
 * of the rows; where a time is not known, by ids if they can be compared.
 */
call_step mastodon_marker_read, mastodon_marker_write;
