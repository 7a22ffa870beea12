#pragma once
#include "store/store.h"
#include "store/timeline.h"

/*
 * Rows as their server knows them, and how far they were read: for markers, which a server
 * keeps as one row of a source. UI thread.
 */

/*
 * The server's own id of a row (struct entry's cursor; of a gap, what its JOB_GAP wants).
 * NULL: not known. Borrowed until the store changes.
 */
const char *store_cursor(const struct store *store, const struct row *row);

/*
 * The newest row of a source that nothing unread stands below: of its rows up to there, none
 * that some timeline shows (its stored query and mutes; not a search) is unread. False when
 * there is none, or no timeline has the source.
 */
bool store_read_until(const struct store *store, source_id source, struct row *out);

/*
 * The server says that a source was read up to the row `cursor`, of the time *at_ms (0: not
 * told; then it becomes that row's, when it is here). The source's posts up to there that
 * are unread: an owned array in *out. False when it is not known up to where that is.
 */
bool store_unread_until(const struct store *store, source_id source, const char *cursor,
        int64_t *at_ms, post_id **out, size_t *out_n);
