#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * The two gates that a stranger's text passes (rendering.md 4, quality.md 1.2).
 *
 * clean_in at the network's boundary, once, after entities are decoded; then
 * clean_out at each sink, because a gate that is far away is soon forgotten.
 * Both are idempotent, give valid UTF-8 and allocate nothing for clean ASCII
 * beyond what `out` needs.
 */

enum clean_in {
	CLEAN_BODY, /* many lines: LF kept, tab to blank, U+2028 and U+2029 to LF */
	CLEAN_LINE, /* a title, warning or alt text: one line, runs of blanks to one */
	CLEAN_NAME, /* a display name, handle or host: also all zero-width and bidi marks out */
};

enum clean_out {
	CLEAN_CELL,  /* a run of cells: one line */
	CLEAN_TITLE, /* a window title: one line, at most 80 cells */
	CLEAN_CLIP,  /* the clipboard: LF kept */
	CLEAN_PLAIN, /* stdout as text: LF and tab kept */
	CLEAN_LOG,   /* one line of a log */
	CLEAN_URL,   /* bytes 33..126 only, the rest percent-encoded */
};

/*
 * Append the cleaned text to `out`. Faulty UTF-8 becomes U+FFFD (in a URL its bytes are
 * percent-encoded as they are), NUL is dropped. Never more than 8 bytes for one.
 */
void clean_in(struct str *out, enum clean_in kind, const char *p, size_t len);
void clean_out(struct str *out, enum clean_out kind, const char *p, size_t len);

/*
 * As clean_in, and move offsets in `p` (ascending; edges of characters) to where the
 * same places are in out->p.
 */
void clean_in_moving(struct str *out, enum clean_in kind, const char *p, size_t len,
        size_t *offsets, size_t noffsets);

/* True when clean_in would change nothing; a quick look for the common case. */
bool clean_is_plain(const char *p, size_t len);
