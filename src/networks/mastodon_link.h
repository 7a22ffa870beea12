#pragma once
#include <stdbool.h>

#include "net/transport.h"

/* Paging by the Link header (RFC 8288; fact sheet 3), read as loosely as servers write it. */

/*
 * The query of the Link header's rel="next" (older rows), fit to be sent again to our
 * own base URL and without min_id and since_id; owned. NULL when there is none.
 * *out_linked (may be NULL) tells whether there was a Link header at all.
 */
char *mastodon_next(const struct response *answer, bool *out_linked);

/*
 * The id that bounds what is newer than this page, of rel="prev"; owned. NULL when it
 * does not say. Where rows are ordered by something else than their own id, this is the
 * only id that `since_id` understands.
 */
char *mastodon_newest(const struct response *answer);
