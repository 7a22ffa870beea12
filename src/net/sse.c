#include "net/sse.h"

#include <string.h>

enum { SSE_MAX = 1 << 20 };

static size_t limit(const struct sse *sse)
{
	return sse->max ? sse->max : SSE_MAX;
}

static void event_clear(struct sse *sse)
{
	str_clear(&sse->name);
	str_clear(&sse->data);
	sse->has_data = sse->skipping = 0;
}

static void event_end(struct sse *sse)
{
	if (sse->has_data && !sse->skipping && sse->on_event) {
		const char *name = sse->name.len ? str_c(&sse->name) : "message";
		sse->on_event(sse->ctx, name, str_c(&sse->data), sse->data.len);
	}
	event_clear(sse);
}

static void field(struct sse *sse, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t name = colon ? (size_t)(colon - line) : len;
	const char *value = colon ? colon + 1 : line + len;
	size_t value_len = (size_t)(line + len - value);
	if (value_len > 0 && *value == ' ') {
		value++;
		value_len--;
	}
	if (name == 5 && memcmp(line, "event", 5) == 0) {
		str_clear(&sse->name);
		str_add(&sse->name, value, value_len);
	} else if (name == 4 && memcmp(line, "data", 4) == 0) {
		if (sse->data.len + value_len + 1 > limit(sse)) {
			sse->skipping = 1;
			str_clear(&sse->data);
			return;
		}
		if (sse->has_data) str_addc(&sse->data, '\n');
		str_add(&sse->data, value, value_len);
		sse->has_data = 1;
	}
}

static void line_end(struct sse *sse)
{
	const char *line = str_c(&sse->line);
	size_t len = sse->line.len;
	if (!sse->started && len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3;
		len -= 3;
	}
	sse->started = 1;
	if (sse->long_line)
		sse->skipping = 1;
	else if (len == 0)
		event_end(sse);
	else if (line[0] != ':' && !sse->skipping)
		field(sse, line, len);
	sse->long_line = 0;
	str_clear(&sse->line);
}

static void line_add(struct sse *sse, const char *bytes, size_t len)
{
	if (sse->long_line) return;
	if (sse->line.len + len > limit(sse) + 64) { /* room for the field's name */
		sse->long_line = 1;
		str_clear(&sse->line);
		return;
	}
	str_add(&sse->line, bytes, len);
}

void sse_feed(struct sse *sse, const char *bytes, size_t len)
{
	size_t i = 0;
	while (i < len) {
		if (sse->after_cr && bytes[i] == '\n') {
			sse->after_cr = 0;
			i++;
			continue;
		}
		sse->after_cr = 0;
		size_t start = i;
		while (i < len && bytes[i] != '\r' && bytes[i] != '\n')
			i++;
		line_add(sse, bytes + start, i - start);
		if (i == len) return;
		sse->after_cr = bytes[i] == '\r';
		i++;
		line_end(sse);
	}
}

void sse_reset(struct sse *sse)
{
	str_clear(&sse->line);
	event_clear(sse);
	sse->after_cr = sse->long_line = sse->started = 0;
}

void sse_finish(struct sse *sse)
{
	str_finish(&sse->line);
	str_finish(&sse->name);
	str_finish(&sse->data);
}
