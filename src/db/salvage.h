#pragma once
#include "base/err.h"

struct archive;

/* Rename a damaged file and what belongs to it to `PATH.damaged-N`; its new path, owned, or NULL.
 */
char *salvage_set_aside(const char *path, struct err *err);

/*
 * Carry over into the new, empty `archive` what can still be read of the file at
 * `aside`. Returns a sentence for the user, owned. Never fails: there may be nothing.
 */
char *salvage(struct archive *archive, const char *aside);
