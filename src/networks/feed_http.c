#include "networks/feed_http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"

#define HOUR_MS ((int64_t)3600 * 1000)
static const int64_t max_fresh_ms = 5 * HOUR_MS;
static const int64_t max_retry_ms = 24 * HOUR_MS;
static const int64_t usual_ms = HOUR_MS / 2; /* when a look is due anyway */

/* A whole number of seconds in ms; -1 when it is none. Absurd ones are cut, not wrapped. */
static int64_t seconds(const char *s)
{
	while (*s == ' ' || *s == '"')
		s++;
	if (!isdigit((unsigned char)*s)) return -1;
	int64_t value = 0;
	for (; isdigit((unsigned char)*s); s++) {
		value = value * 10 + (*s - '0');
		if (value > INT32_MAX) value = INT32_MAX;
	}
	return value * 1000;
}

/* A directive of Cache-Control; NULL when it is absent; its value may be empty. */
static const char *directive(const char *header, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = header; p && *p;) {
		p += strspn(p, " \t,");
		if (strncasecmp(p, name, n) == 0 && !isalnum((unsigned char)p[n]) && p[n] != '-')
			return p + n + (p[n] == '=');
		p += strcspn(p, ",");
	}
	return NULL;
}

static int64_t expires(const struct response *answer, int64_t now_ms)
{
	const char *text = response_header(answer, "Expires");
	const char *date = response_header(answer, "Date");
	int64_t at, from;
	if (!text || !date_parse_http(text, &at)) return 0;
	if (!date || !date_parse_http(date, &from)) from = now_ms;
	return at - from;
}

int64_t feed_http_fresh(const struct response *answer, int64_t now_ms)
{
	const char *control = response_header(answer, "Cache-Control");
	const char *max_age = directive(control, "max-age");
	int64_t fresh = max_age ? seconds(max_age) : -1;
	if (directive(control, "no-cache") || directive(control, "no-store")) return 0;
	if (fresh >= 0) {
		const char *age = response_header(answer, "Age");
		int64_t spent = age ? seconds(age) : 0;
		if (spent > 0) fresh -= spent;
	} else {
		fresh = expires(answer, now_ms);
	}
	if (fresh <= 0) return 0;
	return fresh < max_fresh_ms ? fresh : max_fresh_ms;
}

int64_t feed_http_retry(const struct response *answer, int64_t now_ms)
{
	const char *text = response_header(answer, "Retry-After");
	if (!text) return 0;
	int64_t at, wait = seconds(text);
	if (wait < 0) wait = date_parse_http(text, &at) ? at - now_ms : 0;
	if (wait <= 0) return 0;
	return wait < max_retry_ms ? wait : max_retry_ms;
}

static bool is_skipped(const struct feed_wishes *wishes, int64_t ms)
{
	int64_t hours = ms / HOUR_MS;
	int day = (int)((hours / 24 + 4) % 7); /* 1970 began on a Thursday */
	return (wishes->skip_hours >> (hours % 24) & 1) || (wishes->skip_days >> day & 1);
}

int64_t feed_http_next(const struct feed_wishes *wishes, int64_t wait_ms, int64_t now_ms)
{
	int64_t start = now_ms + (wait_ms > usual_ms ? wait_ms : usual_ms), at = start;
	for (int i = 0; i < 8 * 24 && is_skipped(wishes, at); i++)
		at = (at / HOUR_MS + 1) * HOUR_MS;
	/* What leaves no hour of the week means nothing. */
	if (at != start && !is_skipped(wishes, at)) return at;
	return wait_ms > 0 ? now_ms + wait_ms : 0;
}
