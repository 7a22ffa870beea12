#pragma once
#include "base/str.h"
#include "demo/kept.h"

/*
 * Which of a viewer's filters a status meets (fact sheet 7). The keywords' case does not
 * matter, as far as ASCII goes.
 */

/* The elements of Status.filtered, into an array that is open. */
void filter_put_results(
        struct str *out, const struct world *world, const struct status *status, size_t viewer);
/* One filter as JSON, with its keywords and statuses when `whole`. */
void filter_put(struct str *out, const char *key, const struct world *world,
        const struct kept_filter *filter, bool whole);
