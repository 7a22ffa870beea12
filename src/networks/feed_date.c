#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "networks/feed.h"
#include "networks/feed_date.h"

/*
 * Dates found in the wild (feeds.md 3). First the forms of ISO 8601, whose digits
 * mean something by their place; then one reader of words for all the rest, which
 * knows months, zones and times by their looks and takes the numbers left over as
 * day and year. Overflow (31 June, 25:14) is carried.
 */

enum { MAX_DATE = 100, MAX_MONTH = 19 /* what is over 12 is carried */ };

bool feed_date_finish(const struct feed_when *d, int64_t *out_ms)
{
	long hour = d->hour;
	if (d->half == 1 && hour == 12) hour = 0;
	if (d->half == 2 && hour < 12) hour += 12;
	if (d->month < 1 || d->month > MAX_MONTH || d->day < 0 || d->day > 40) return false;
	long year = d->year + (d->month - 1) / 12, month = (d->month - 1) % 12 + 1;
	int64_t s = date_days(year, (int)month, d->day) * 86400;
	s += (int64_t)hour * 3600 + (int64_t)(d->minute - d->offset) * 60 + d->second;
	*out_ms = s * 1000 + d->milli;
	return true;
}

long feed_date_full_year(long year, size_t digits)
{
	if (digits > 2) return year;
	return year < 50 ? 2000 + year : 1900 + year;
}

size_t feed_date_digits(const char *p)
{
	size_t n = 0;
	while (isdigit((unsigned char)p[n]))
		n++;
	return n;
}

long feed_date_number(const char *p, size_t n)
{
	long value = 0;
	for (size_t i = 0; i < n && i < 9; i++)
		value = value * 10 + (p[i] - '0');
	return value;
}

/* --- parts that both readers share --- */

const char *feed_date_time(const char *p, struct feed_when *d)
{
	size_t n = feed_date_digits(p);
	if (n < 1 || n > 2 || p[n] != ':') return NULL;
	d->hour = feed_date_number(p, n);
	p += n + 1;
	n = feed_date_digits(p);
	if (n < 1 || n > 2) return NULL;
	d->minute = feed_date_number(p, n);
	p += n;
	if (*p == ':' && feed_date_digits(p + 1) >= 1 && feed_date_digits(p + 1) <= 2) {
		n = feed_date_digits(p + 1);
		d->second = feed_date_number(p + 1, n);
		p += n + 1;
		if (*p == ':') return NULL;
	}
	if ((*p == '.' || *p == ',') && feed_date_digits(p + 1)) {
		n = feed_date_digits(p + 1);
		d->milli = feed_date_number(p + 1, n < 3 ? n : 3);
		for (size_t i = n; i < 3; i++)
			d->milli *= 10;
		p += n + 1;
	}
	d->timed = true;
	return p;
}

const char *feed_date_offset(const char *p, struct feed_when *d)
{
	long sign = *p == '-' ? -1 : 1;
	size_t n = feed_date_digits(p + 1);
	long minutes = 0;
	if (n == 0 || n > 4) return NULL;
	long hours = feed_date_number(p + 1, n);
	p += n + 1;
	if (n > 2) {
		minutes = hours % 100;
		hours /= 100;
	} else if (*p == ':') {
		n = feed_date_digits(p + 1);
		if (n < 1 || n > 2) return NULL;
		minutes = feed_date_number(p + 1, n);
		p += n + 1;
	}
	d->offset = sign * (hours * 60 + minutes);
	d->zoned = true;
	return p;
}

static const struct {
	const char *name;
	int minutes;
} zones[] = {
        {"UT", 0},
        {"UTC", 0},
        {"GMT", 0},
        {"Z", 0},
        {"WET", 0},
        {"EST", -300},
        {"ET", -300},
        {"EDT", -240},
        {"CST", -360},
        {"CT", -360},
        {"CDT", -300},
        {"MST", -420},
        {"MT", -420},
        {"MDT", -360},
        {"PST", -480},
        {"PT", -480},
        {"PDT", -420},
        {"AT", -240},
        {"AST", -240},
        {"ADT", -180},
        {"AKST", -540},
        {"AKDT", -480},
        {"HST", -600},
        {"NST", -210},
        {"NDT", -150},
        {"CET", 60},
        {"MET", 60},
        {"MEZ", 60},
        {"CEST", 120},
        {"MEST", 120},
        {"MESZ", 120},
        {"BST", 60},
        {"WEST", 60},
        {"EET", 120},
        {"EEST", 180},
        {"MSK", 180},
        {"MSD", 240},
        {"IST", 330},
        {"JST", 540},
        {"KST", 540},
        {"HKT", 480},
        {"SGT", 480},
        {"AEST", 600},
        {"AEDT", 660},
        {"AWST", 480},
        {"ACST", 570},
        {"ACDT", 630},
        {"NZST", 720},
        {"NZDT", 780},
        {"BRT", -180},
};

bool feed_date_zone(const char *p, size_t len, struct feed_when *d)
{
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		if (strlen(zones[i].name) != len || strncasecmp(zones[i].name, p, len) != 0)
			continue;
		if (!d->zoned || zones[i].minutes != 0) d->offset = zones[i].minutes;
		d->zoned = true;
		return true;
	}
	return false;
}

/* --- ISO 8601, W3C-DTF, RFC 3339 --- */

/* The rest after the day: nothing, or T or a blank and a time and a zone. */
static bool iso_time(const char *p, struct feed_when *d, int64_t *out_ms)
{
	if (*p == 'T' || *p == 't' || (*p == ' ' && isdigit((unsigned char)p[1]))) {
		p++;
		size_t n = feed_date_digits(p);
		if (n == 6 || n == 4) {
			d->hour = feed_date_number(p, 2);
			d->minute = feed_date_number(p + 2, 2);
			d->second = n == 6 ? feed_date_number(p + 4, 2) : 0;
			p += n;
		} else if (n == 2 && p[2] != ':') {
			d->hour = feed_date_number(p, 2);
			p += n;
		} else {
			p = feed_date_time(p, d);
			if (!p) return false;
		}
	}
	while (*p == ' ')
		p++;
	if (*p == 'Z' || *p == 'z')
		p++;
	else if (*p == '+' || *p == '-')
		p = feed_date_offset(p, d);
	else if (isalpha((unsigned char)*p)) {
		size_t n = strlen(p);
		if (!feed_date_zone(p, n, d)) return false;
		p += n;
	}
	return p && *p == 0 && feed_date_finish(d, out_ms);
}

/* Digits without hyphens: YYYYMMDD, YYMMDD, YYYYMM, YYYYDDD, YYDDD, YYYY. */
static const char *iso_compact(const char *p, struct feed_when *d)
{
	size_t n = feed_date_digits(p);
	switch (n) {
	case 8:
		d->year = feed_date_number(p, 4);
		d->month = feed_date_number(p + 4, 2);
		d->day = feed_date_number(p + 6, 2);
		break;
	case 7:
	case 5:
		d->year = feed_date_full_year(feed_date_number(p, n - 3), n - 3);
		d->month = 1;
		d->day = feed_date_number(p + n - 3, 3);
		break;
	case 6:
		d->year = feed_date_full_year(feed_date_number(p, 2), 2);
		d->month = feed_date_number(p + 2, 2);
		d->day = feed_date_number(p + 4, 2);
		break;
	case 4:
		d->year = feed_date_number(p, 4);
		break;
	default:
		return NULL;
	}
	return p + n;
}

/* With hyphens: YYYY-MM-DD, YYYY-MM, YYYY-DDD, YY-MM-DD, YY-MM. */
static const char *iso_hyphens(const char *p, struct feed_when *d, bool two)
{
	size_t n = feed_date_digits(p);
	if (two ? n != 2 : n != 4 && n != 2) return NULL;
	d->year = feed_date_full_year(feed_date_number(p, n), n);
	p += n;
	if (*p != '-') return p;
	p++;
	n = feed_date_digits(p);
	if (n == 3 && p[3] != '-') { /* the day of the year */
		d->day = feed_date_number(p, 3);
		return p + 3;
	}
	if (n < 1 || n > 3) return NULL;
	d->month = feed_date_number(p, n);
	p += n;
	if (*p != '-' || feed_date_digits(p + 1) == 0) return p;
	n = feed_date_digits(p + 1);
	if (n > 2) return NULL;
	d->day = feed_date_number(p + 1, n);
	return p + n + 1;
}

/* A date alone may have a day of the year beyond every month: carried from January. */
static bool iso(const char *s, int64_t *out_ms)
{
	struct feed_when d = {.month = 1, .day = 1};
	const char *p = s;
	bool century_left_out = *p == '-';
	while (*p == '-')
		p++;
	size_t n = feed_date_digits(p);
	if (century_left_out && n == 4) {
		d.year = feed_date_full_year(feed_date_number(p, 2), 2);
		d.month = feed_date_number(p + 2, 2);
		p += 4;
	} else if (p[n] == '-' || century_left_out) {
		p = iso_hyphens(p, &d, century_left_out);
	} else {
		p = iso_compact(p, &d);
	}
	if (!p || d.month < 1 || d.month > MAX_MONTH || d.day < 1 || d.day > 366) return false;
	if (d.day > 40) {
		int64_t days = date_days(d.year, 1, d.day);
		d.day = 1;
		int64_t rest;
		if (!iso_time(p, &d, &rest)) return false;
		*out_ms = rest + (days - date_days(d.year, 1, 1)) * 86400000;
		return true;
	}
	return iso_time(p, &d, out_ms);
}

/* Unix time, in seconds or milliseconds. */
static bool unix_time(const char *s, int64_t *out_ms)
{
	size_t n = feed_date_digits(s);
	if (s[n] != 0 || n < 9 || n > 13 || n == 11 || n == 12) return false;
	*out_ms = strtoll(s, NULL, 10) * (n == 13 ? 1 : 1000);
	return true;
}

bool feed_date(const char *s, int64_t *out_ms)
{
	char buf[MAX_DATE];
	size_t len = strlen(s);
	while (len > 0 && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	if (len == 0 || len >= sizeof buf) return false;
	memcpy(buf, s, len);
	buf[len] = 0;
	int64_t ms;
	if (!unix_time(buf, &ms) && !iso(buf, &ms) && !feed_date_words(buf, &ms)) return false;
	/* Years that no program here can print. */
	if (ms < date_days(1, 1, 1) * 86400000 || ms >= date_days(10000, 1, 1) * 86400000)
		return false;
	*out_ms = ms;
	return true;
}
