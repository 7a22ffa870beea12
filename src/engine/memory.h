#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "networks/network.h"

/* Rows that are known to be missing: between `cursor` and the time below which rows are known. */
struct known_gap {
	char *cursor;
	int64_t below_ms;
	bool live; /* it came in this run, and is filled without being asked */
};
enum { MEMORY_MAX_GAPS = 32 };

/* What one source's fetches remember, from run to run: one opaque string in archive.db. */
struct memory {
	struct fetch_state fetch; /* the network's part */
	int64_t newest_ms;        /* newest row ever taken in; 0: none */
	int64_t retry_ms;         /* after a failure: not before this wall time; 0: no matter */
	struct known_gap gaps[MEMORY_MAX_GAPS]; /* oldest first */
	size_t ngaps;
};

void memory_finish(struct memory *memory);

/* Remember a gap, forgetting the oldest when there are too many. */
void memory_add_gap(struct memory *memory, const char *cursor, int64_t below_ms, bool live);
/* Forget it. True when it was known; *out then says what it was, but for its cursor. */
bool memory_take_gap(struct memory *memory, const char *cursor, struct known_gap *out);
/* The newest that is live, or NULL. */
const struct known_gap *memory_live_gap(const struct memory *memory);
/* None is live any more. */
void memory_leave_gaps(struct memory *memory);

/* One line of JSON, of which only what is not zero is written. */
void memory_print(struct str *out, const struct memory *memory);

/* False, and *out is empty, when the text makes no sense: then all is fetched anew. */
bool memory_parse(const char *text, struct memory *out);
