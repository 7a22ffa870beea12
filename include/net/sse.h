#pragma once
#include <stddef.h>

#include "base/str.h"

/*
 * Server-Sent Events (WHATWG HTML, section 9.2.6), cut from chunks of any size.
 * Lines and events past the limit are dropped whole, never cut.
 */
struct sse {
	struct str line, name, data;
	/* name is "message" when none was given; data is NUL-terminated beyond len. Must not free
	 * or feed. */
	void (*on_event)(void *ctx, const char *name, const char *data, size_t len);
	void *ctx;
	size_t max;    /* bytes of one event; 0: 1 MiB */
	int after_cr;  /* a CR ended the last line: swallow a following LF */
	int has_data;  /* this event has a data line, be it empty */
	int long_line; /* this line is past the limit */
	int skipping;  /* this event is past the limit */
	int started;   /* the BOM, if any, is behind us */
};

void sse_feed(struct sse *sse, const char *bytes, size_t len);
void sse_reset(struct sse *sse); /* for a new connection */
void sse_finish(struct sse *sse);
