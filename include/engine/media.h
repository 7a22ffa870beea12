#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Attachments made fit to leave, by the program stoa-media (src/media), which decodes what
 * strangers and cameras wrote with limits on itself:
 *
 *	stoa-media prepare IN OUT [--max-bytes N] [--max-pixels N] [--types a/b,c/d]
 *	           [--unstripped pass|refuse]
 *
 * It prints `TYPE WIDTH HEIGHT BYTES`, then perhaps a line `note: SENTENCE`, and ends with
 * status 0; with 1 it prints the sentence that says why not. OUT must not be there yet.
 */

/* What a server takes; 0 and NULL: anything. A film or sound is held to max_bytes alone. */
struct media_wish {
	uint64_t max_bytes, max_pixels;
	const char *types; /* MIME types, commas between */
};

struct media_made {
	char type[64];
	uint32_t width, height; /* 0: not known */
	uint64_t bytes;
	char note[200]; /* what could not be done, as a sentence; "" mostly */
};

/* Where the program is; owned; NULL: it was not built, or is not there. */
char *media_program(void);

/*
 * Make `out` of `in`: smaller where it has to be, upright, without what tells where and when
 * it was taken. Waits until it is done, half a minute at most: not for the engine's thread.
 * False with a sentence: what is refused, and the limit. Any thread.
 */
bool media_prepare(const char *program, const char *in, const char *out,
        const struct media_wish *wish, struct media_made *made, struct err *err);
