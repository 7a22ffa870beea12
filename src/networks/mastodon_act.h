#pragma once
#include "networks/network.h"

/*
 * Do call->action (model/action.h): a call_step. What posts, profiles and relations are
 * afterwards is in call->out; call->gone and call->said tell the rest; FILTER_PUT gives the
 * filter as it is now in call->filters.
 *
 * A thing without an id is looked up first. DISMISS takes a notification's id or a
 * group's key; REPORT may name only a post, then its author is meant; its name is a
 * category (spam, legal, violation, other), and a second word "forward" has the report sent
 * to the author's own server too.
 *
 * All verbs may be tried again after a lost connection, because they say how things
 * shall be; but for REPORT, VOTE, LIST_MAKE, a FILTER_PUT without an id, and REDRAFT where
 * the server does not honour its key: these may happen twice.
 *
 * Failures: ERR_UNSUPPORTED only when the server does not know the operation (it will
 * not another time either) and the verb is the only one of its capability, or when that
 * was learned to be missing; ERR_NOT_FOUND when the thing is gone or hidden; ERR_REFUSED
 * when the server understood and says no; ERR_SYNTAX when the action makes no sense.
 */
call_step mastodon_act;
