#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Hours of each day, "22:00-07:00": from the first up to the second, also over midnight. */
struct hours {
	int from, to; /* minutes since midnight; equal: none */
};

/* "off" and "" are none. */
bool hours_parse(const char *text, struct hours *out);
void hours_print(struct str *out, const struct hours *hours); /* as it is written; "off" */
/* Do the machine's own clocks stand within them at this moment? */
bool hours_hold(const struct hours *hours, int64_t wall_ms);
