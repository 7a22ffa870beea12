#include "networks/feed_value.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "base/utf8.h"
#include "net/url.h"
#include "networks/html_tag.h"

enum { MAX_REFERENCE = 12 }; /* bytes of `&name;` */

const char *feed_trim(const char *s, size_t *len)
{
	while (*len > 0 && isspace((unsigned char)*s)) {
		s++;
		(*len)--;
	}
	while (*len > 0 && isspace((unsigned char)s[*len - 1]))
		(*len)--;
	return s;
}

bool feed_ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcasecmp(s + n - m, end) == 0;
}

bool feed_has_scheme(const char *url)
{
	if (!isalpha((unsigned char)*url)) return false;
	size_t n = 1;
	while (isalnum((unsigned char)url[n]) || strchr("+-.", url[n])) {
		if (!url[n]) return false;
		n++;
	}
	return url[n] == ':';
}

const char *feed_resolve(struct arena *arena, const char *base, const char *ref)
{
	if (!base || feed_has_scheme(ref)) return ref;
	char *full = url_resolve(base, ref);
	if (!full) return ref;
	const char *kept = arena_strndup(arena, full, strlen(full));
	free(full);
	return kept;
}

static int base64_digit(char c)
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* A word may look like base64: "test" does. */
static bool is_text(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)p[i] < 0x20 && !isspace((unsigned char)p[i])) return false;
	}
	return utf8_valid(p, len);
}

void feed_unbase64(struct str *text)
{
	struct str out = {0};
	unsigned bits = 0;
	int n = 0;
	for (size_t i = 0; i < text->len && text->p[i] != '='; i++) {
		if (isspace((unsigned char)text->p[i])) continue;
		int digit = base64_digit(text->p[i]);
		if (digit < 0) {
			str_finish(&out);
			return;
		}
		bits = bits << 6 | (unsigned)digit;
		n += 6;
		if (n < 8) continue;
		n -= 8;
		str_addc(&out, (char)(bits >> n & 0xff));
	}
	bool meant = is_text(str_c(&out), out.len);
	str_finish(meant ? text : &out);
	if (meant) *text = out;
}

/* HTML 4's elements are known to libxml2, those since to our own table. */
static bool is_html_tag(const char *p)
{
	char name[16];
	size_t n = 0;
	while (n < sizeof name - 1 && isalnum((unsigned char)p[n])) {
		name[n] = (char)tolower((unsigned char)p[n]);
		n++;
	}
	name[n] = 0;
	return *html_tag_find(name)->name || htmlTagLookup((const xmlChar *)name);
}

static bool is_reference(const char *amp)
{
	size_t n = 1;
	while (n < MAX_REFERENCE && (isalnum((unsigned char)amp[n]) || amp[n] == '#'))
		n++;
	return n > 2 && amp[n] == ';';
}

bool feed_looks_html(const char *s)
{
	bool html = false;
	for (s = strpbrk(s, "<&"); s; s = strpbrk(s + 1, "<&")) {
		if (*s == '&') {
			html = html || is_reference(s);
			continue;
		}
		const char *name = s[1] == '/' ? s + 2 : s + 1;
		if (strncmp(name, "!--", 3) == 0) return true;
		if (!isalpha((unsigned char)*name) || !strchr(name, '>')) continue;
		if (!is_html_tag(name)) return false;
		html = true;
	}
	return html;
}

void feed_wish_hour(struct feed_wishes *wishes, const char *s)
{
	long hour = strtol(s, NULL, 10);
	/* Some count from 1 to 24. */
	if (*s && hour >= 0 && hour <= 24) wishes->skip_hours |= 1u << (hour % 24);
}

void feed_wish_day(struct feed_wishes *wishes, const char *s)
{
	static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
	for (int i = 0; i < 7; i++) {
		if (strncasecmp(s, days[i], 3) == 0) wishes->skip_days |= (uint8_t)(1u << i);
	}
}

enum { MAX_TTL_MINUTES = 7 * 24 * 60 };

void feed_wish_ttl(struct feed_wishes *wishes, const char *minutes)
{
	long ttl = strtol(minutes, NULL, 10);
	if (ttl <= 0) return;
	if (ttl > MAX_TTL_MINUTES) ttl = MAX_TTL_MINUTES;
	wishes->ttl_ms = (int64_t)ttl * 60 * 1000;
}

void feed_wish_period(struct feed_wishes *wishes, const char *period, const char *frequency)
{
	static const struct {
		const char *name;
		int64_t minutes;
	} periods[] = {{"hourly", 60}, {"daily", 24 * 60}, {"weekly", 7 * 24 * 60},
	        {"monthly", 30 * 24 * 60}, {"yearly", 365 * 24 * 60}};
	if (!period) return;
	long times = frequency ? strtol(frequency, NULL, 10) : 1;
	if (times < 1) times = 1;
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
		if (strcasecmp(period, periods[i].name) != 0) continue;
		int64_t ttl = periods[i].minutes / times;
		if (ttl > MAX_TTL_MINUTES) ttl = MAX_TTL_MINUTES;
		if (ttl * 60 * 1000 > wishes->ttl_ms) wishes->ttl_ms = ttl * 60 * 1000;
	}
}
