#pragma once
#include "base/str.h"
#include "model/image.h"

/*
 * Pixels as the bytes that terminals take for them. What goes out is made here of numbers
 * alone: nothing that a stranger wrote gets to the terminal as it came.
 */

/* base64 (RFC 4648, 4). */
void image_base64(struct str *out, const void *bytes, size_t len);

/* kitty's graphics protocol: a picture over cols times rows cells from the cursor on, which
 * stays where it is; the terminal answers nothing. All have one number. */
void image_kitty(struct str *out, const struct image *image, int cols, int rows);
/* Take it away, and forget it. */
void image_kitty_drop(struct str *out);

/* DEC's sixels, in at most 255 colours; what is transparent is left out. */
void image_sixel(struct str *out, const struct image *image);

/* iTerm2's inline pictures, as a PNG. */
void image_iterm(struct str *out, const struct image *image, int cols, int rows);
