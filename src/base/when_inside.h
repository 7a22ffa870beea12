#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "base/zone.h"

/* "2026-10-25 02:30", also with seconds: seconds from 1970 to it, were the clocks UTC's. */
bool when_wall_s(const char *wall, int64_t *out_s);

/* That one of the moments of a wall time, or the first after the jump where there is none. */
bool when_of_moments(const struct zone_moments *moments, size_t pick, int64_t wall_s,
        const char *zone, struct when *out, struct err *err);
