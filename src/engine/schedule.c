#include "engine/schedule.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

const struct patience patience_account = {
        .floor_ms = SECOND,
        .cap_ms = 15 * MINUTE,
        .believe_ms = HOUR,
        .limited_ms = 5 * MINUTE, /* the window of Mastodon's limits */
};
const struct patience patience_feed = {
        .floor_ms = 15 * MINUTE,
        .cap_ms = 24 * HOUR,
        .believe_ms = 24 * HOUR,
        .limited_ms = HOUR,
};
const struct patience patience_stream = {
        .floor_ms = SECOND,
        .cap_ms = MINUTE,
        .believe_ms = HOUR,
        .limited_ms = MINUTE,
};
const struct patience patience_stream_here = {
        .floor_ms = 50,
        .cap_ms = SECOND / 4,
        .believe_ms = HOUR,
        .limited_ms = MINUTE,
};

int64_t schedule_jitter(struct random *random, int64_t interval_ms)
{
	int64_t tenth = interval_ms / 10;
	return interval_ms - tenth + (int64_t)random_below(random, (uint64_t)(2 * tenth + 1));
}

int64_t schedule_backoff(struct random *random, const struct patience *patience, int failures)
{
	int64_t most = patience->floor_ms;
	for (int i = 0; i < failures && most < patience->cap_ms; i++)
		most *= 2;
	if (most > patience->cap_ms) most = patience->cap_ms;
	uint64_t span = (uint64_t)(most - patience->floor_ms);
	return patience->floor_ms + (int64_t)random_below(random, span + 1);
}

/* Digits only, as RFC 9110 has it; huge ones stay huge. */
static bool seconds(const char *s, int64_t *out_ms)
{
	size_t digits = strspn(s, "0123456789");
	if (digits == 0 || s[digits + strspn(s + digits, " \t")] != '\0') return false;
	int64_t n = 0;
	for (size_t i = 0; i < digits && n < INT64_MAX / 20000; i++)
		n = n * 10 + (s[i] - '0');
	*out_ms = n * SECOND;
	return true;
}

/* A plain number, as a header has it. */
static bool number(const char *s, int64_t *out)
{
	int64_t ms;
	if (!s || !seconds(s, &ms)) return false;
	*out = ms / SECOND;
	return true;
}

/* Mastodon's name of the header, or that of the AT Protocol and of those who follow the IETF. */
static const char *limit_header(const struct response *response, const char *what)
{
	static const char *const before[] = {"X-RateLimit-", "RateLimit-"};
	const char *value = NULL;
	for (size_t i = 0; !value && i < sizeof(before) / sizeof(*before); i++) {
		char name[40];
		snprintf(name, sizeof(name), "%s%s", before[i], what);
		value = response_header(response, name);
	}
	return value;
}

/* Until a reset: a time, seconds since 1970 or a span of seconds. Negative: it is over. */
static bool until_reset(const struct response *response, int64_t now_ms, int64_t *out_ms)
{
	enum { FROM_NOW = 366 * 24 * 3600 }; /* fewer seconds are a span, more are a date */
	const char *reset = limit_header(response, "Reset");
	int64_t at;
	if (number(reset, &at)) {
		*out_ms = at < FROM_NOW ? at * SECOND : at * SECOND - now_ms;
		return true;
	}
	if (!reset || !date_parse_rfc3339(reset, &at)) return false;
	*out_ms = at - now_ms;
	return true;
}

int64_t schedule_retry_after(const struct response *response, int64_t now_ms)
{
	const char *after = response_header(response, "Retry-After");
	int64_t ms;
	if (after && seconds(after, &ms)) return ms;
	if (after && date_parse_http(after, &ms)) return ms > now_ms ? ms - now_ms : 0;
	if (response && response->status == 429 && until_reset(response, now_ms, &ms))
		return ms > 0 ? ms : 0;
	return 0;
}

bool schedule_allowance(const struct response *response, int64_t now_ms, struct allowance *out)
{
	const char *date = response_header(response, "Date");
	struct allowance told;
	int64_t theirs;
	if (date && date_parse_http(date, &theirs)) now_ms = theirs;
	if (!number(limit_header(response, "Limit"), &told.limit) ||
	        !number(limit_header(response, "Remaining"), &told.left) || told.limit <= 0 ||
	        told.left > told.limit || !until_reset(response, now_ms, &told.reset_ms))
		return false;
	if (told.reset_ms < 0) told.reset_ms = 0;
	if (told.reset_ms > patience_account.believe_ms)
		told.reset_ms = patience_account.believe_ms;
	*out = told;
	return true;
}
