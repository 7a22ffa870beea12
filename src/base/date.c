#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000 };

static const char months[12][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct fields {
	int year, month, day, hour, minute, second, ms;
};

int64_t date_days(int64_t year, int month, int64_t day)
{
	/* Years that begin in March put the leap day last. */
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468 + day - 1;
}

int date_month_days(int64_t year, int month)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static bool to_ms(const struct fields *f, int64_t *out_ms)
{
	if (f->month < 1 || f->month > 12 || f->day < 1) return false;
	if (f->day > date_month_days(f->year, f->month)) return false;
	/* 24:00:00 is the next midnight (ISO 8601), 23:59:60 a leap second. */
	if (f->hour > 24 || f->minute > 59 || f->second > 60) return false;
	if (f->hour == 24 && (f->minute || f->second || f->ms)) return false;

	int64_t seconds = f->hour * 3600 + f->minute * 60 + f->second;
	*out_ms = date_days(f->year, f->month, f->day) * DAY_MS + seconds * 1000 + f->ms;
	return true;
}

/* Read exactly n digits, or fail. */
static bool digits(const char **p, int n, int *out)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if ((*p)[i] < '0' || (*p)[i] > '9') return false;
		value = value * 10 + (*p)[i] - '0';
	}
	*p += n;
	*out = value;
	return true;
}

static bool literal(const char **p, char c)
{
	if (**p != c) return false;
	(*p)++;
	return true;
}

static bool fraction(const char **p, int *out_ms)
{
	int scale = 100;

	*out_ms = 0;
	if (**p != '.' && **p != ',') return true;
	if ((*p)[1] < '0' || (*p)[1] > '9') return false;
	for ((*p)++; **p >= '0' && **p <= '9'; (*p)++) {
		*out_ms += (**p - '0') * scale;
		scale /= 10;
	}
	return true;
}

/* `Z`, `+01:00`, `+0100`, `+01`, or nothing, which we take for UTC. */
static bool offset(const char **p, int *out_minutes)
{
	int hours, minutes = 0;

	*out_minutes = 0;
	if (literal(p, 'Z') || literal(p, 'z') || !**p) return true;
	int sign = **p == '-' ? -1 : 1;
	if (!literal(p, '+') && !literal(p, '-')) return false;
	if (!digits(p, 2, &hours)) return false;
	bool colon = literal(p, ':');
	if ((colon || **p) && !digits(p, 2, &minutes)) return false;
	if (hours > 23 || minutes > 59) return false;
	*out_minutes = sign * (hours * 60 + minutes);
	return true;
}

bool date_parse_rfc3339(const char *s, int64_t *out_ms)
{
	struct fields f = {0};
	int minutes = 0;
	int64_t ms;

	if (!s) return false;
	if (!digits(&s, 4, &f.year) || !literal(&s, '-') || !digits(&s, 2, &f.month) ||
	        !literal(&s, '-') || !digits(&s, 2, &f.day)) {
		return false;
	}
	if (*s) {
		if (!literal(&s, 'T') && !literal(&s, 't') && !literal(&s, ' ')) return false;
		if (!digits(&s, 2, &f.hour) || !literal(&s, ':') || !digits(&s, 2, &f.minute)) {
			return false;
		}
		if (literal(&s, ':') && (!digits(&s, 2, &f.second) || !fraction(&s, &f.ms))) {
			return false;
		}
		if (*s == ' ') s++;
		if (!offset(&s, &minutes) || *s) return false;
	}
	if (!to_ms(&f, &ms)) return false;
	*out_ms = ms - (int64_t)minutes * 60000;
	return true;
}

static bool month_name(const char **p, int *out)
{
	for (int m = 0; m < 12; m++) {
		if (strncmp(*p, months[m], 3) == 0) {
			*out = m + 1;
			*p += 3;
			return true;
		}
	}
	return false;
}

static bool clock_time(const char **p, struct fields *f)
{
	return digits(p, 2, &f->hour) && literal(p, ':') && digits(p, 2, &f->minute) &&
	       literal(p, ':') && digits(p, 2, &f->second);
}

/* `06 Nov 1994 08:49:37 GMT` */
static bool imf_fixdate(const char *p, struct fields *f)
{
	return digits(&p, 2, &f->day) && literal(&p, ' ') && month_name(&p, &f->month) &&
	       literal(&p, ' ') && digits(&p, 4, &f->year) && literal(&p, ' ') &&
	       clock_time(&p, f) && strcmp(p, " GMT") == 0;
}

/* `06-Nov-94 08:49:37 GMT`. A two-digit year is put in 1970 … 2069. */
static bool rfc850(const char *p, struct fields *f)
{
	bool ok = digits(&p, 2, &f->day) && literal(&p, '-') && month_name(&p, &f->month) &&
	          literal(&p, '-') && digits(&p, 2, &f->year) && literal(&p, ' ') &&
	          clock_time(&p, f) && strcmp(p, " GMT") == 0;

	f->year += f->year < 70 ? 2000 : 1900;
	return ok;
}

/* `Nov  6 08:49:37 1994` */
static bool asctime_date(const char *p, struct fields *f)
{
	if (!month_name(&p, &f->month) || !literal(&p, ' ')) return false;
	if (!digits(&p, *p == ' ' ? (p++, 1) : 2, &f->day)) return false;
	return literal(&p, ' ') && clock_time(&p, f) && literal(&p, ' ') &&
	       digits(&p, 4, &f->year) && !*p;
}

bool date_parse_http(const char *s, int64_t *out_ms)
{
	struct fields f = {0};
	int64_t ms;

	if (!s) return false;
	/* The weekday says nothing that the date does not. */
	size_t word = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	const char *rest = s + word;
	bool ok = false;
	if (word >= 3 && rest[0] == ',' && rest[1] == ' ') {
		ok = imf_fixdate(rest + 2, &f) || rfc850(rest + 2, &f);
	} else if (word == 3 && rest[0] == ' ') {
		ok = asctime_date(rest + 1, &f);
	}
	if (!ok || !to_ms(&f, &ms)) return false;
	*out_ms = ms;
	return true;
}

void date_civil(int64_t days, int64_t *year, int *month, int *day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era =
	        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
	        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t m = (5 * day_of_year + 2) / 153;

	*day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

size_t date_format_rfc3339(char out[32], int64_t ms)
{
	/* The form has four digits for the year: 0000 … 9999. */
	const int64_t first = date_days(0, 1, 1) * DAY_MS, end = date_days(10000, 1, 1) * DAY_MS;
	if (ms < first) ms = first;
	if (ms >= end) ms = end - 1;

	int64_t days = (ms >= 0 ? ms : ms - (DAY_MS - 1)) / DAY_MS, year;
	int in_day = (int)(ms - days * DAY_MS), month, day;
	date_civil(days, &year, &month, &day);
	int n = snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, month, day,
	        in_day / 3600000, in_day / 60000 % 60, in_day / 1000 % 60);
	if (in_day % 1000) n += snprintf(out + n, 32 - (size_t)n, ".%03d", in_day % 1000);
	n += snprintf(out + n, 32 - (size_t)n, "Z");
	return (size_t)n;
}
