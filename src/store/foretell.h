#pragma once
#include "rows.h"

/* Kinds of characters: of a to z, 0 to 9 and the blank each has its own, others share some. */
enum { FORETELL_KINDS = 64 };

/* The kind of the character that begins there, with so many bytes left. */
unsigned foretell_kind(const char *at, size_t left);
/* One character has it alone. */
bool foretell_is_plain(unsigned kind);

/* For up to `budget` hits of the top level, which has looked at all rows, find out what may
 * follow; false when it is known of all. */
bool foretell_step(struct timeline *timeline, size_t budget);
