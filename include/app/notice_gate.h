#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * How many notices may leave the terminal: GATE_MAX in GATE_SPAN_MS, and none in quiet hours.
 * What is held back is told later as one, with how many more there were. Times are monotonic.
 */
enum { GATE_MAX = 5, GATE_SPAN_MS = 60000 };

struct gate {
	int64_t told_ms[GATE_MAX]; /* oldest first */
	unsigned ntold, held;
	bool hushed;        /* quiet hours held some of them */
	char *title, *body; /* the newest that is held */
};
void gate_finish(struct gate *gate);

/* May this one be told now? When not, it is held. */
bool gate_pass(struct gate *gate, const char *title, const char *body, int64_t now_ms, bool quiet);
/* What was held may be told: appends it, and begins anew. False: not yet, or nothing is held. */
bool gate_release(
        struct gate *gate, int64_t now_ms, bool quiet, struct str *title, struct str *body);
/* When to ask again; 0: nothing is held. In quiet hours that is for the caller to know. */
int64_t gate_next_ms(const struct gate *gate);
