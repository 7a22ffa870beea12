#include "ui/view.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const marks[MARK_COUNT][2] = {
#define X(id, utf8, ascii) {utf8, ascii},
        MARKS(X)
#undef X
};

bool ui_is_linear(const struct ui *ui)
{
	return ui->options && ui->options->linear;
}

/* In plain lines there are no borders, and a tick is a word. */
static const char *const spoken[MARK_COUNT] = {
        [MARK_VERTICAL] = " ",
        [MARK_HORIZONTAL] = " ",
        [MARK_CORNER_1] = " ",
        [MARK_CORNER_2] = " ",
        [MARK_CORNER_3] = " ",
        [MARK_CORNER_4] = " ",
        [MARK_BAR] = " ",
        [MARK_CHECK] = "yes,",
};

const char *ui_mark(const struct ui *ui, enum mark mark)
{
	if (ui_is_linear(ui) && spoken[mark]) return spoken[mark];
	return marks[mark][ui->ascii];
}

enum role ui_account_role(size_t place, enum role none)
{
	static const enum role roles[] = {ROLE_ACCOUNT_1, ROLE_ACCOUNT_2, ROLE_ACCOUNT_3,
	        ROLE_ACCOUNT_4, ROLE_ACCOUNT_5, ROLE_ACCOUNT_6};
	return place ? roles[(place - 1) % (sizeof(roles) / sizeof(roles[0]))] : none;
}

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
static const int64_t day_ms = 24LL * HOUR;

static void format_time(char out[32], const char *pattern, int64_t ms)
{
	/* The pattern is the user's own, which compilers refuse to see in strftime itself. */
	size_t (*format)(char *, size_t, const char *, const struct tm *) = strftime;
	time_t seconds = (time_t)(ms / SECOND);
	struct tm tm;
	if (!localtime_r(&seconds, &tm) || format(out, 17, pattern, &tm) == 0) {
		snprintf(out, 32, "?");
	}
}

static void relative_time(char out[32], int64_t now, int64_t ms)
{
	int64_t age = now - ms;
	/* Clocks differ by a little; by much only when a post is dated ahead on purpose. */
	if (age < -MINUTE) {
		format_time(out, "%d %b %H:%M", ms);
	} else if (age < MINUTE) {
		snprintf(out, 32, "now");
	} else if (age < HOUR) {
		snprintf(out, 32, "%dm", (int)(age / MINUTE));
	} else if (age < day_ms) {
		snprintf(out, 32, "%dh", (int)(age / HOUR));
	} else if (age < 7 * day_ms) {
		snprintf(out, 32, "%dd", (int)(age / day_ms));
	} else if (age < 300 * day_ms) {
		format_time(out, "%d %b", ms);
	} else {
		format_time(out, "%d %b %Y", ms);
	}
}

void ui_time(const struct ui *ui, char out[32], int64_t ms)
{
	const char *format = ui->options ? ui->options->time_format : "relative";
	int64_t now = clock_wall(ui->clock);
	/* What changes by itself would be read aloud again. */
	bool calm = ui_is_linear(ui);
	if (strcmp(format, "relative") == 0 && !calm) {
		relative_time(out, now, ms);
	} else if (strcmp(format, "clock") == 0 || strcmp(format, "relative") == 0) {
		bool today = now - ms < 18 * (int64_t)HOUR && ms - now < MINUTE;
		format_time(out, today ? "%H:%M" : "%d %b %H:%M", ms);
	} else {
		format_time(out, format, ms);
	}
}
