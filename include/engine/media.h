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

/*
 * The same on a thread of its own. `wake` is called from there when it is over, to wake
 * whoever asks media_task_is_over. media_task_end waits for it, fills *made and gives what
 * media_prepare gave; it may be called early (stoa ends: within half a minute). Copies all
 * but ctx.
 */
struct media_task;
struct media_task *media_task_start(const char *program, const char *in, const char *out,
        const struct media_wish *wish, void (*wake)(void *ctx), void *ctx);
bool media_task_is_over(const struct media_task *task);
bool media_task_end(struct media_task *task, struct media_made *made, struct err *err);
