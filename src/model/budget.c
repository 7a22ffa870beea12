#include "model/budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/when.h"

enum { HOUR_S = 3600, DAY_LEN = 10 /* of "2026-11-22" */ };

bool budget_parse(const char *text, struct budget *out, struct err *err)
{
	static const char wanted[] = "a budget is a time for each week or day: 2h/week, 20m/day";
	const char *slash = strchr(text, '/');
	struct budget budget = {0};
	struct str time = {0};
	if (strcmp(text, "off") == 0) {
		*out = budget;
		return true;
	}
	if (!slash) return err_set(err, ERR_SYNTAX, "%s; not '%.40s'", wanted, text);
	str_add(&time, text, (size_t)(slash - text));
	bool ok = duration_parse(str_c(&time), &budget.ms) && budget.ms > 0;
	str_finish(&time);
	budget.daily = strcmp(slash + 1, "day") == 0;
	if (!ok || (!budget.daily && strcmp(slash + 1, "week") != 0))
		return err_set(err, ERR_SYNTAX, "%s; not '%.40s'", wanted, text);
	*out = budget;
	return true;
}

void budget_print(struct str *out, const struct budget *budget)
{
	if (budget->ms == 0) {
		str_adds(out, "off");
		return;
	}
	duration_print(out, budget->ms);
	str_adds(out, budget->daily ? "/day" : "/week");
}

int64_t budget_start(const struct budget *budget, int64_t now_ms)
{
	enum { WEEK = 7, EPOCH = 3 /* 1970-01-01 was a Thursday, three days after a Monday */ };
	struct when when;
	int year = 1970, month = 1, day = 1;
	char wall[20];
	if (!when_at(now_ms, NULL, &when, NULL)) return now_ms;
	sscanf(when.wall, "%d-%d-%d", &year, &month, &day);
	int64_t days = date_days(year, month, day), civil_year;
	if (!budget->daily) days -= ((days + EPOCH) % WEEK + WEEK) % WEEK;
	date_civil(days, &civil_year, &month, &day);
	snprintf(wall, sizeof(wall), "%04d-%02d-%02d 00:00", (int)(civil_year % 10000), month, day);
	return when_resolve(wall, NULL, 0, &when, NULL) ? when.utc_ms : now_ms;
}

void budget_print_time(struct str *out, int64_t seconds)
{
	int64_t hours = seconds / HOUR_S, minutes = seconds / 60 % 60;
	if (hours) str_addf(out, "%" PRId64 " h", hours);
	if (hours && minutes) str_addc(out, ' ');
	if (minutes) str_addf(out, "%" PRId64 " min", minutes);
	if (!hours && !minutes) str_addf(out, "%" PRId64 " s", seconds);
}

void budget_print_used(struct str *out, const struct budget *budget, int64_t used_s)
{
	budget_print_time(out, used_s);
	if (budget->ms) {
		str_adds(out, " of ");
		budget_print_time(out, budget->ms / 1000);
	}
	str_adds(out, budget->ms && budget->daily ? " today" : " this week");
}
