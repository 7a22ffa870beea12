#pragma once
#include <stdbool.h>

#include "base/str.h"
#include "cmd/option.h"

/* Which ways notices have here, and which one they take; appended. False: not the one that the
 * options wish for, and `advice` says what to do. */
bool notices_say(const struct options *options, struct str *says, struct str *advice);
