#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Lengths of time as people write them, "90s", "30m", "1h30m", "2d", "2w", in milliseconds. */
bool duration_parse(const char *text, int64_t *out_ms);
void duration_print(struct str *out, int64_t ms);
