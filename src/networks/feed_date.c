#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "networks/feed.h"

/*
 * Dates found in the wild (feeds.md 3). First the forms of ISO 8601, whose digits
 * mean something by their place; then one reader of words for all the rest, which
 * knows months, zones and times by their looks and takes the numbers left over as
 * day and year. Overflow (31 June, 25:14) is carried.
 */

enum { MAX_DATE = 100, UNSET = -1 };

struct date {
	long year, month, day;
	long hour, minute, second, milli;
	long offset; /* minutes east of UTC */
	int half;    /* 0 none, 1 am, 2 pm */
	bool timed, zoned;
};

static bool finish(const struct date *d, int64_t *out_ms)
{
	long hour = d->hour;
	if (d->half == 1 && hour == 12) hour = 0;
	if (d->half == 2 && hour < 12) hour += 12;
	if (d->month < 1 || d->month > 12 || d->day < 0 || d->day > 40) return false;
	int64_t s = date_days(d->year, (int)d->month, d->day) * 86400;
	s += (int64_t)hour * 3600 + (int64_t)(d->minute - d->offset) * 60 + d->second;
	*out_ms = s * 1000 + d->milli;
	return true;
}

static long full_year(long year, size_t digits)
{
	if (digits > 2) return year;
	return year < 50 ? 2000 + year : 1900 + year;
}

static size_t digits(const char *p)
{
	size_t n = 0;
	while (isdigit((unsigned char)p[n]))
		n++;
	return n;
}

static long number(const char *p, size_t n)
{
	long value = 0;
	for (size_t i = 0; i < n && i < 9; i++)
		value = value * 10 + (p[i] - '0');
	return value;
}

/* --- parts that both readers share --- */

/* `hh:mm[:ss[.fff]]`, also `hh.mm`; NULL when it is none. */
static const char *read_time(const char *p, struct date *d)
{
	size_t n = digits(p);
	if (n < 1 || n > 2 || p[n] != ':') return NULL;
	d->hour = number(p, n);
	p += n + 1;
	n = digits(p);
	if (n < 1 || n > 2) return NULL;
	d->minute = number(p, n);
	p += n;
	if (*p == ':' && digits(p + 1) >= 1 && digits(p + 1) <= 2) {
		n = digits(p + 1);
		d->second = number(p + 1, n);
		p += n + 1;
		if (*p == ':') return NULL;
	}
	if ((*p == '.' || *p == ',') && digits(p + 1)) {
		n = digits(p + 1);
		d->milli = number(p + 1, n < 3 ? n : 3);
		for (size_t i = n; i < 3; i++)
			d->milli *= 10;
		p += n + 1;
	}
	d->timed = true;
	return p;
}

/* `+hh:mm`, `-hhmm`, `+hh`, `-700`; NULL when it is none. */
static const char *read_offset(const char *p, struct date *d)
{
	long sign = *p == '-' ? -1 : 1;
	size_t n = digits(p + 1);
	long minutes = 0;
	if (n == 0 || n > 4) return NULL;
	long hours = number(p + 1, n);
	p += n + 1;
	if (n > 2) {
		minutes = hours % 100;
		hours /= 100;
	} else if (*p == ':') {
		if (digits(p + 1) != 2) return NULL;
		minutes = number(p + 1, 2);
		p += 3;
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

static bool zone_named(const char *p, size_t len, struct date *d)
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
static bool iso_time(const char *p, struct date *d, int64_t *out_ms)
{
	if (*p == 'T' || *p == 't' || (*p == ' ' && isdigit((unsigned char)p[1]))) {
		p++;
		size_t n = digits(p);
		if (n == 6 || n == 4) {
			d->hour = number(p, 2);
			d->minute = number(p + 2, 2);
			d->second = n == 6 ? number(p + 4, 2) : 0;
			p += n;
		} else if (n == 2 && p[2] != ':') {
			d->hour = number(p, 2);
			p += n;
		} else {
			p = read_time(p, d);
			if (!p) return false;
		}
	}
	while (*p == ' ')
		p++;
	if (*p == 'Z' || *p == 'z')
		p++;
	else if (*p == '+' || *p == '-')
		p = read_offset(p, d);
	else if (isalpha((unsigned char)*p)) {
		size_t n = strlen(p);
		if (!zone_named(p, n, d)) return false;
		p += n;
	}
	return p && *p == 0 && finish(d, out_ms);
}

/* Digits without hyphens: YYYYMMDD, YYMMDD, YYYYMM, YYYYDDD, YYDDD, YYYY. */
static const char *iso_compact(const char *p, struct date *d)
{
	size_t n = digits(p);
	switch (n) {
	case 8:
		d->year = number(p, 4);
		d->month = number(p + 4, 2);
		d->day = number(p + 6, 2);
		break;
	case 7:
	case 5:
		d->year = full_year(number(p, n - 3), n - 3);
		d->month = 1;
		d->day = number(p + n - 3, 3);
		break;
	case 6:
		d->year = full_year(number(p, 2), 2);
		d->month = number(p + 2, 2);
		d->day = number(p + 4, 2);
		break;
	case 4:
		d->year = number(p, 4);
		break;
	default:
		return NULL;
	}
	return p + n;
}

/* With hyphens: YYYY-MM-DD, YYYY-MM, YYYY-DDD, YY-MM-DD, YY-MM. */
static const char *iso_hyphens(const char *p, struct date *d, bool two)
{
	size_t n = digits(p);
	if (two ? n != 2 : n != 4 && n != 2) return NULL;
	d->year = full_year(number(p, n), n);
	p += n;
	if (*p != '-') return p;
	p++;
	n = digits(p);
	if (n == 3 && p[3] != '-') { /* the day of the year */
		d->day = number(p, 3);
		return p + 3;
	}
	if (n < 1 || n > 3) return NULL;
	d->month = number(p, n);
	p += n;
	if (*p != '-' || digits(p + 1) == 0) return p;
	n = digits(p + 1);
	if (n > 2) return NULL;
	d->day = number(p + 1, n);
	return p + n + 1;
}

/* A date alone may have a day of the year beyond every month: carried from January. */
static bool iso(const char *s, int64_t *out_ms)
{
	struct date d = {.month = 1, .day = 1};
	const char *p = s;
	bool century_left_out = *p == '-';
	while (*p == '-')
		p++;
	size_t n = digits(p);
	if (century_left_out && n == 4) {
		d.year = full_year(number(p, 2), 2);
		d.month = number(p + 2, 2);
		p += 4;
	} else if (p[n] == '-' || century_left_out) {
		p = iso_hyphens(p, &d, century_left_out);
	} else {
		p = iso_compact(p, &d);
	}
	if (!p || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 366) return false;
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
	size_t n = digits(s);
	if (s[n] != 0 || n < 9 || n > 13 || n == 11 || n == 12) return false;
	*out_ms = strtoll(s, NULL, 10) * (n == 13 ? 1 : 1000);
	return true;
}

/* --- words --- */

/* Month names by their first letters; the longest of each language that feeds are seen in. */
static const struct {
	const char *name;
	int month;
} months[] = {
        {"jan", 1},
        {"feb", 2},
        {"mar", 3},
        {"apr", 4},
        {"may", 5},
        {"jun", 6},
        {"jul", 7},
        {"aug", 8},
        {"sep", 9},
        {"oct", 10},
        {"nov", 11},
        {"dec", 12},
        {"janv", 1},
        {"f\xc3\xa9v", 2},
        {"fév", 2},
        {"mär", 3},
        {"avr", 4},
        {"mai", 5},
        {"maj", 5},
        {"mei", 5},
        {"mag", 5},
        {"giu", 6},
        {"juin", 6},
        {"lug", 7},
        {"juil", 7},
        {"août", 8},
        {"ago", 8},
        {"okt", 10},
        {"ott", 10},
        {"dez", 12},
        {"dic", 12},
        {"déc", 12},
        {"gen", 1},
        {"ene", 1},
        {"set", 9},
        {"mrt", 3},
        {"abr", 4},
        {"out", 10},
        /* Hungarian */
        {"január", 1},
        {"febru", 2},
        {"márc", 3},
        {"ápr", 4},
        {"máj", 5},
        {"jún", 6},
        {"júl", 7},
        {"szep", 9},
        /* Greek */
        {"Ιαν", 1},
        {"Φεβ", 2},
        {"Μάώ", 3},
        {"Μαώ", 3},
        {"Μάρ", 3},
        {"Μαρ", 3},
        {"Απρ", 4},
        {"Μάι", 5},
        {"Μαϊ", 5},
        {"Μαι", 5},
        {"Ιούν", 6},
        {"Ιον", 6},
        {"Ιούλ", 7},
        {"Ιολ", 7},
        {"Αύγ", 8},
        {"Αυγ", 8},
        {"Σεπ", 9},
        {"Οκτ", 10},
        {"Νοέ", 11},
        {"Νοε", 11},
        {"Δεκ", 12},
        /* Russian */
        {"янв", 1},
        {"фев", 2},
        {"мар", 3},
        {"апр", 4},
        {"мая", 5},
        {"май", 5},
        {"июн", 6},
        {"июл", 7},
        {"авг", 8},
        {"сен", 9},
        {"окт", 10},
        {"ноя", 11},
        {"дек", 12},
};

static int month_named(const char *p, size_t len)
{
	int found = 0;
	size_t best = 0;
	for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
		size_t n = strlen(months[i].name);
		if (n <= len && n > best && strncasecmp(months[i].name, p, n) == 0) {
			found = months[i].month;
			best = n;
		}
	}
	return found;
}

struct words {
	struct date d;
	long numbers[4]; /* left over, in order */
	size_t widths[4], n;
	bool day_first; /* a number came before the month's name */
	int words;      /* that mean nothing: weekdays, mostly */
};

static bool is_word(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool half_day(const char *p, size_t len, struct date *d)
{
	static const struct {
		const char *name;
		int half;
	} halves[] = {{"am", 1}, {"pm", 2}, {"a.m.", 1}, {"p.m.", 2}, {"a.m", 1}, {"p.m", 2},
	        {"오전", 1}, {"오후", 2}, {"오", 0}};
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
		if (strlen(halves[i].name) != len || strncasecmp(halves[i].name, p, len) != 0)
			continue;
		d->half = halves[i].half;
		return true;
	}
	return false;
}

static bool read_word(struct words *w, const char *p, size_t len)
{
	/* Korean writes its units after the numbers, and has one time. */
	static const char *const units[] = {"년", "월", "일"};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (len == strlen(units[i]) && memcmp(p, units[i], len) == 0) {
			w->d.zoned = true;
			w->d.offset = 9 * 60;
			return true;
		}
	}
	int month = month_named(p, len);
	if (half_day(p, len, &w->d)) {
		if (w->d.half && (unsigned char)*p >= 0x80) {
			w->d.zoned = true;
			w->d.offset = 9 * 60;
		}
		return true;
	}
	if (month && !w->d.month) {
		w->d.month = month;
		w->day_first = w->n > 0;
		return true;
	}
	if (zone_named(p, len, &w->d) || (len == 1 && w->d.timed)) return true;
	return ++w->words <= 4;
}

/* Digits that are no time: kept, `1/2/2006` and `2006/01/02` too. */
static const char *read_number(struct words *w, const char *p)
{
	size_t n = digits(p);
	if (w->n == 4 || n > 4) return NULL;
	w->numbers[w->n] = number(p, n);
	w->widths[w->n++] = n;
	return p + n;
}

/* One token; NULL when it fits nowhere. */
static const char *read_token(struct words *w, const char *p)
{
	if (isdigit((unsigned char)*p)) {
		struct date d = w->d;
		const char *next = w->d.timed ? NULL : read_time(p, &d);
		if (next) {
			w->d = d;
			return next;
		}
		if (strspn(p, "0123456789:") > digits(p)) return NULL;
		next = read_number(w, p);
		/* st, nd, rd, th */
		if (next && isalpha((unsigned char)next[0]) && isalpha((unsigned char)next[1]) &&
		        !is_word(next[2]) && !month_named(next, 2) && tolower(*next) != 'a' &&
		        tolower(*next) != 'p')
			next += 2;
		return next;
	}
	if ((*p == '+' || *p == '-') && w->d.timed && is_word(p[1]) == 0 &&
	        (isdigit((unsigned char)p[1])))
		return read_offset(p, &w->d);
	if ((*p == '+' || *p == '-') && w->d.timed && p[1] && p[1] != ' ') return NULL;
	if (is_word(*p)) {
		size_t n = 1;
		while (is_word(p[n]) || (p[n] == '.' && is_word(p[n + 1])) ||
		        (p[n] == '.' && n == 3 && p[1] == '.'))
			n++;
		/* `Etc/GMT`, and `13T9:15` */
		if (n == 1 && tolower((unsigned char)*p) == 't' && isdigit((unsigned char)p[1]))
			return p + 1;
		return read_word(w, p, n) ? p + n : NULL;
	}
	return strchr(" \t\r\n,;.-/()[]'", *p) ? p + 1 : NULL;
}

/* Which of the numbers is the day, which the year, which the month. */
static bool assign(struct words *w)
{
	struct date *d = &w->d;
	long *v = w->numbers;
	if (d->month) {
		if (w->n < 2) return false;
		size_t year = w->widths[0] > 2 ? 0 : 1;
		d->year = full_year(v[year], w->widths[year]);
		d->day = v[1 - year];
		return d->day >= 1 && d->day <= 31;
	}
	if (w->n < 3) return false;
	if (w->widths[0] == 4) { /* 2006/01/02 */
		d->year = v[0];
		d->month = v[1];
		d->day = v[2];
	} else { /* 1/2/2006, and 13/2/2006, which cannot be */
		bool swap = v[0] > 12 && v[1] <= 12;
		d->month = swap ? v[1] : v[0];
		d->day = swap ? v[0] : v[1];
		d->year = full_year(v[2], w->widths[2]);
	}
	return d->month >= 1 && d->month <= 12 && d->day >= 1 && d->day <= 31;
}

static bool in_words(const char *s, int64_t *out_ms)
{
	struct words w = {0};
	for (const char *p = s; *p;) {
		p = read_token(&w, p);
		if (!p) return false;
	}
	return assign(&w) && finish(&w.d, out_ms);
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
	if (!unix_time(buf, &ms) && !iso(buf, &ms) && !in_words(buf, &ms)) return false;
	/* Years that no program here can print. */
	if (ms < date_days(1, 1, 1) * 86400000 || ms >= date_days(10000, 1, 1) * 86400000)
		return false;
	*out_ms = ms;
	return true;
}
