#pragma once
#include "engine/core.h"
#include "engine/source.h"

/*
 * Markers: up to where home and notifications were read, here and at the server. Read
 * when a source is watched and when the machine woke; written a while after the deck
 * says so, each source at most once in MARK_EVERY_MS, and what waits at the very end.
 */
enum { MARK_EVERY_MS = 10000 };

/* Ask the server soon, if it remembers markers of this source. */
void mark_read(struct core *core, const struct source *source);
/* This far was read. Takes `cursor`. Earlier than what is known already: nothing happens. */
void mark_put(struct core *core, const struct source *source, char *cursor, int64_t at_ms);
/* Write what is due. Returns the next time (monotonic). */
int64_t marks_tick(struct core *core, int64_t now_ms);
void marks_flush(struct core *core); /* all that waits is due now */
void marks_free(struct core *core);
