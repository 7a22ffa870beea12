#include <ctype.h>
#include <string.h>

#include "base/date.h"
#include "base/zone.h"

enum { DAY_S = 86400, WEEK_DAYS = 7 };
/* Moments so far away that no rule has to hold there. */
static const int64_t far_s = 400000LL * 366 * DAY_S;

/* A name of three characters or more, `<…>` where it is not of letters alone. */
static bool read_abbrev(const char **p, char out[ZONE_ABBREV_MAX])
{
	bool quoted = **p == '<';
	const char *start = *p + quoted, *end = start;

	while (isalpha((unsigned char)*end) ||
	        (quoted && (isdigit((unsigned char)*end) || *end == '+' || *end == '-'))) {
		end++;
	}
	size_t len = (size_t)(end - start);
	if (len < 3 || len >= ZONE_ABBREV_MAX || (quoted && *end != '>')) return false;
	memcpy(out, start, len);
	out[len] = '\0';
	*p = end + quoted;
	return true;
}

static bool read_number(const char **p, int min, int max, int *out)
{
	int value = 0;

	if (!isdigit((unsigned char)**p)) return false;
	for (; isdigit((unsigned char)**p); (*p)++) {
		value = value * 10 + **p - '0';
		if (value > max) return false;
	}
	*out = value;
	return value >= min;
}

/* [+-]h[h[h]][:mm[:ss]] */
static bool read_time(const char **p, int max_hours, int32_t *out)
{
	int sign = **p == '-' ? -1 : 1, hours, minutes = 0, seconds = 0;

	if (**p == '-' || **p == '+') (*p)++;
	if (!read_number(p, 0, max_hours, &hours)) return false;
	if (**p == ':') {
		(*p)++;
		if (!read_number(p, 0, 59, &minutes)) return false;
		if (**p == ':') {
			(*p)++;
			if (!read_number(p, 0, 59, &seconds)) return false;
		}
	}
	*out = sign * (hours * 3600 + minutes * 60 + seconds);
	return true;
}

static bool read_clock(const char **p, struct zone_clock *clock)
{
	int32_t west;

	if (!read_abbrev(p, clock->abbrev) || !read_time(p, 24, &west)) return false;
	clock->offset_s = -west;
	return true;
}

static bool read_day(const char **p, struct zone_day *day)
{
	*day = (struct zone_day){.form = 'n', .at_s = 2 * 3600};
	if (**p == 'M' || **p == 'J') day->form = *(*p)++;
	if (day->form == 'M') {
		if (!read_number(p, 1, 12, &day->month) || *(*p)++ != '.') return false;
		if (!read_number(p, 1, 5, &day->week) || *(*p)++ != '.') return false;
		if (!read_number(p, 0, 6, &day->day)) return false;
	} else if (!read_number(p, day->form == 'J', 365, &day->day)) {
		return false;
	}
	if (**p != '/') return true;
	(*p)++;
	return read_time(p, 167, &day->at_s);
}

bool zone_rule_read(struct zone_rule *rule, const char *text)
{
	struct zone_rule made = {0};
	const char *p = text;

	if (!read_clock(&p, &made.standard)) return false;
	if (*p) {
		made.changes = true;
		if (!read_abbrev(&p, made.saving.abbrev)) return false;
		made.saving.offset_s = made.standard.offset_s + 3600;
		if (*p != ',') {
			int32_t west;
			if (!read_time(&p, 24, &west)) return false;
			made.saving.offset_s = -west;
		}
		if (*p++ != ',' || !read_day(&p, &made.start)) return false;
		if (*p++ != ',' || !read_day(&p, &made.end)) return false;
	}
	if (*p) return false;
	*rule = made;
	return true;
}

/* Days since 1970 of the rule's day in that year. */
static int64_t day_in_year(const struct zone_day *rule, int64_t year)
{
	int64_t first = date_days(year, 1, 1);
	if (rule->form == 'n') return first + rule->day;
	if (rule->form == 'J') {
		/* The same date every year. */
		bool leap = date_month_days(year, 2) == 29;
		return first + rule->day - 1 + (leap && rule->day >= 60);
	}
	first = date_days(year, rule->month, 1);
	/* 1970-01-01 was a Thursday. */
	int weekday = (int)(((first + 4) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS);
	int day = (rule->day - weekday + WEEK_DAYS) % WEEK_DAYS + (rule->week - 1) * WEEK_DAYS;
	if (day >= date_month_days(year, rule->month)) day -= WEEK_DAYS;
	return first + day;
}

struct change {
	int64_t at_s;
	bool saving;
};

/*
 * The changes of one year in their order. Where saving ends and begins at one moment, as in
 * "XXX3EDT4,0/0,J365/23", it goes on (RFC 9636 section 3.3.2): the end stands first.
 */
static void year_changes(const struct zone_rule *rule, int64_t year, struct change out[2])
{
	struct change start = {.saving = true}, end = {0};

	start.at_s = day_in_year(&rule->start, year) * DAY_S + rule->start.at_s -
	             rule->standard.offset_s;
	end.at_s = day_in_year(&rule->end, year) * DAY_S + rule->end.at_s - rule->saving.offset_s;
	bool start_first = start.at_s < end.at_s;
	out[0] = start_first ? start : end;
	out[1] = start_first ? end : start;
}

void zone_rule_at(const struct zone_rule *rule, int64_t utc_s, struct zone_span *out)
{
	struct change changes[6];
	bool saving = false;

	*out = (struct zone_span){.until_s = INT64_MAX, .clock = rule->standard};
	if (!rule->changes || utc_s > far_s || utc_s < -far_s) return;

	int64_t year;
	int month, day;
	date_civil(utc_s / DAY_S, &year, &month, &day);
	for (int i = 0; i < 3; i++)
		year_changes(rule, year - 1 + i, changes + 2 * i);
	/* Years follow each other, but changes at their edges may not: the latest decides. */
	int64_t latest = INT64_MIN;
	for (int i = 0; i < 6; i++) {
		if (changes[i].at_s <= utc_s && changes[i].at_s >= latest) {
			latest = changes[i].at_s;
			saving = changes[i].saving;
		}
		if (changes[i].at_s > utc_s && changes[i].at_s < out->until_s) {
			out->until_s = changes[i].at_s;
		}
	}
	if (saving) out->clock = rule->saving;
}
