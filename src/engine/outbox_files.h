#pragma once
#include "engine/outbox.h"

/*
 * Copies of what is attached to posts that are planned, in the state directory (0600): the
 * file may be moved or changed before its time. A copy goes when its post was sent, or a day
 * after nothing needs it: until then a cancelled post can be planned again.
 */

/* Copy what these items attach and does not lie there; their paths are the copies' then. False
 * with the reason, and nothing is left. Items without a time to come keep theirs. */
bool outbox_files_take(
        struct outbox *outbox, struct outgoing *const *items, size_t n, struct err *err);
/* Remove those copies of these items that no post and no draft needs. */
void outbox_files_drop(struct outbox *outbox, struct outgoing *const *items, size_t n);
/* Remove all that have not been needed for a day. */
void outbox_files_sweep(struct outbox *outbox);
