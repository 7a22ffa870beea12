#include "base/hours.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"

/* "7:00", "07:00" or "24:00"; *text moves behind it. */
static bool take_time(const char **text, int *out)
{
	const char *p = *text;
	int hour = 0, minute = 0, digits = 0;
	for (; isdigit((unsigned char)*p) && digits < 2; p++, digits++)
		hour = hour * 10 + (*p - '0');
	if (digits == 0 || *p++ != ':') return false;
	for (digits = 0; isdigit((unsigned char)*p) && digits < 2; p++, digits++)
		minute = minute * 10 + (*p - '0');
	if (digits != 2 || minute > 59 || hour > 24 || (hour == 24 && minute)) return false;
	*out = (hour * 60 + minute) % (24 * 60);
	*text = p;
	return true;
}

bool hours_parse(const char *text, struct hours *out)
{
	struct hours hours = {0};
	if (!*text || strcmp(text, "off") == 0) {
		*out = hours;
		return true;
	}
	if (!take_time(&text, &hours.from) || *text++ != '-' || !take_time(&text, &hours.to))
		return false;
	if (*text || hours.from == hours.to) return false;
	*out = hours;
	return true;
}

void hours_print(struct str *out, const struct hours *hours)
{
	if (hours->from == hours->to)
		str_adds(out, "off");
	else
		str_addf(out, "%02d:%02d-%02d:%02d", hours->from / 60, hours->from % 60,
		        hours->to / 60, hours->to % 60);
}

bool hours_hold(const struct hours *hours, int64_t wall_ms)
{
	struct when now;
	if (hours->from == hours->to || !when_at(wall_ms, NULL, &now, NULL)) return false;
	const char *blank = strchr(now.wall, ' ');
	if (!blank) return false;
	int minute = (int)strtol(blank + 1, NULL, 10) * 60 + (int)strtol(blank + 4, NULL, 10);
	bool late = minute >= hours->from, early = minute < hours->to;
	return hours->from < hours->to ? late && early : late || early;
}
