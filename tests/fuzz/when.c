/*
 * Times as people write them, and the system's zone files: whatever the bytes, what is taken
 * means the same moment when it is read back, and no moment is out of its span.
 * Bytes that begin with a T are a file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "base/zone.h"

static const int64_t now_ms = 1792891234567; /* in the night clocks go back */

static void check_words(const char *text)
{
	static const char *const zones[] = {"Europe/Amsterdam", "Australia/Lord_Howe"};
	struct err err = {0};
	struct when when, again;
	size_t used;

	for (size_t i = 0; i < 2; i++) {
		if (!when_parse(text, now_ms, zones[i], &when, &err)) {
			if (!err.text[0]) abort();
			continue;
		}
		if (!when_resolve(when.wall, when.zone, when.fold, &again, NULL)) abort();
		if (again.utc_ms / 1000 != when.utc_ms / 1000) abort();
		struct str shown = {0};
		when_print(&shown, &when, now_ms);
		if (shown.len == 0) abort();
		str_finish(&shown);
		if (!when_parse_prefix(text, now_ms, zones[i], &again, &used, NULL)) abort();
		if (text[used] || again.utc_ms != when.utc_ms) abort();
	}
	if (when_parse_prefix(text, now_ms, "UTC", &when, &used, NULL) && used > strlen(text))
		abort();
	struct zone zone;
	if (zone_load(&zone, text, NULL) && strlen(text) >= ZONE_NAME_MAX) abort();
}

static void check_zone(const uint8_t *data, size_t size)
{
	struct zone *zone = xmalloc(sizeof(*zone));

	if (zone_read(zone, data, size, NULL)) {
		int64_t at = INT64_MIN;
		for (int i = 0; i < 4000; i++) {
			struct zone_span span;
			zone_at(zone, at, &span);
			if (span.until_s <= at || !span.clock.abbrev[0]) abort();
			if (span.until_s == INT64_MAX) break;
			struct zone_moments moments;
			if (span.until_s > -(INT64_C(1) << 40) && span.until_s < INT64_C(1) << 40) {
				zone_find(zone, span.until_s, &moments);
				if (moments.n > ZONE_MAX_MOMENTS) abort();
			}
			at = span.until_s;
		}
	}
	free(zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	if (data[0] == 'T') {
		check_zone(data, size);
		return 0;
	}
	char *text = xstrndup((const char *)data, size);
	check_words(text);
	free(text);
	return 0;
}
