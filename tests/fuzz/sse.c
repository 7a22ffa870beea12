/*
 * Event streams: the first byte says where the rest is cut in two, and both ways must
 * bring the same events.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "net/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void on_event(void *ctx, const char *name, const char *data, size_t len)
{
	struct str *out = ctx;
	if (data[len] != '\0' || strpbrk(name, "\r\n")) abort();
	str_adds(out, name);
	str_addc(out, '|');
	str_add(out, data, len);
	str_addc(out, '>');
}

static void run(struct str *out, const char *bytes, size_t len, size_t cut)
{
	struct sse sse = {.on_event = on_event, .ctx = out, .max = 256};
	sse_feed(&sse, bytes, cut);
	sse_feed(&sse, bytes + cut, len - cut);
	sse_reset(&sse);
	sse_feed(&sse, bytes, cut);
	sse_finish(&sse);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 2) return 0;
	struct str whole = {0}, cut = {0};
	const char *text = (const char *)bytes + 1;
	run(&whole, text, len - 1, 0);
	run(&cut, text, len - 1, bytes[0] % len);
	/* What follows the reset is another story: compare what both have in full. */
	size_t both = whole.len < cut.len ? whole.len : cut.len;
	if (whole.len > 0 && (both != whole.len || memcmp(whole.p, cut.p, both) != 0)) abort();
	str_finish(&whole);
	str_finish(&cut);
	return 0;
}
