#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * The pictures of the demo, painted when they are asked for: few shapes, strong colours, so
 * that they can be told apart by the eye on any terminal. `name` as in the world's table of
 * pictures, with or without its ending. Appends a PNG (W3C PNG, third edition) of at most
 * `width` pixels across; false when there is no such picture.
 */
bool paint_png(struct str *out, const char *name, int width);
