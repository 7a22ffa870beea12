#pragma once
#include <stdint.h>

#include "base/str.h"

/*
 * Append pixels as a PNG (W3C, third edition) whose data is stored, not packed: for what goes no
 * further than this machine. `channels`: 3 (red, green, blue) or 4 (and alpha), 8 bits each, row
 * by row.
 */
void png_store(struct str *out, uint32_t width, uint32_t height, unsigned channels,
        const unsigned char *pixels);
