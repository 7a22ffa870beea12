#pragma once
#include "demo/exchange.h"

/*
 * Lists whose cursor is not an id of what is in them (fact sheet 3): the place of a row in
 * the demo's own tables, in clothes that fit no entity. Clients must follow the Link header.
 */

/* People of the set, paged. */
void roster_serve(struct exchange *x, uint64_t people, size_t limit, size_t most);
/* The cursor of row i, for a struct listing of one's own. */
uint64_t roster_cursor(const struct exchange *x, size_t i);
