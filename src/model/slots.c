#include "model/slots.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/mem.h"

enum { DAY_MINUTES = 24 * 60, WEEK_DAYS = 7, ALL_DAYS = (1 << WEEK_DAYS) - 1, YEAR_DAYS = 366 };
static const int64_t day_ms = 86400000, minute_ms = 60000;

static const char *const days[WEEK_DAYS] = {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

/* -- reading -- */

static int day_named(const char *word, size_t len)
{
	for (int i = 0; i < WEEK_DAYS; i++)
		if (len >= 3 && len <= strlen(days[i]) && strncasecmp(word, days[i], len) == 0)
			return i;
	return -1;
}

/* "mon", "mon-fri", "sat,sun", "fri-mon,wed", "daily": bits from Monday; 0: it is none. */
static unsigned days_of(const char *word, size_t len)
{
	unsigned all = 0;

	if (len == 5 && strncasecmp(word, "daily", len) == 0) return ALL_DAYS;
	for (size_t at = 0; at < len;) {
		size_t end = at;
		while (end < len && word[end] != ',')
			end++;
		const char *dash = memchr(word + at, '-', end - at);
		size_t first_len = dash ? (size_t)(dash - word) - at : end - at;
		int first = day_named(word + at, first_len), last = first;
		if (dash) last = day_named(dash + 1, (size_t)(word + end - dash) - 1);
		if (first < 0 || last < 0) return 0;
		for (int day = first;; day = (day + 1) % WEEK_DAYS) {
			all |= 1U << day;
			if (day == last) break;
		}
		at = end + 1;
	}
	return all;
}

/* "9:00": minutes of the day, or -1. */
static int minutes_of(const char *word, size_t len)
{
	int hour = 0, minute = 0;
	size_t at = 0;

	while (at < len && at < 2 && isdigit((unsigned char)word[at]))
		hour = hour * 10 + word[at++] - '0';
	if (at == 0 || at + 3 != len || word[at] != ':') return -1;
	for (at++; at < len; at++) {
		if (!isdigit((unsigned char)word[at])) return -1;
		minute = minute * 10 + word[at] - '0';
	}
	return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

static bool slots_add(struct slots *slots, unsigned at)
{
	size_t i = 0;

	while (i < slots->n && slots->at[i] < at)
		i++;
	if (i < slots->n && slots->at[i] == at) return true;
	if (slots->n == SLOTS_MAX) return false;
	memmove(slots->at + i + 1, slots->at + i, (slots->n - i) * sizeof(*slots->at));
	slots->at[i] = (uint16_t)at;
	slots->n++;
	return true;
}

static bool add_each_day(struct slots *slots, unsigned on, int minutes, struct err *err)
{
	for (int day = 0; day < WEEK_DAYS; day++) {
		if (!(on & 1U << day)) continue;
		if (!slots_add(slots, (unsigned)(day * DAY_MINUTES + minutes))) {
			return err_set(
			        err, ERR_TOO_LARGE, "a week has %d slots at most", (int)SLOTS_MAX);
		}
	}
	return true;
}

static bool take_word(struct slots *slots, const char *word, size_t len, unsigned *on, bool *used,
        struct err *err)
{
	int minutes = minutes_of(word, len);
	unsigned found = minutes < 0 ? days_of(word, len) : 0;

	if (minutes >= 0 && !*on) {
		return err_set(err, ERR_SYNTAX, "'%.*s' on which days? Write `mon-fri %.*s`",
		        (int)len, word, (int)len, word);
	}
	if (minutes >= 0) {
		*used = true;
		return add_each_day(slots, *on, minutes, err);
	}
	if (!found) {
		return err_set(err, ERR_SYNTAX,
		        "'%.*s' is no day and no time: slots are written `mon-fri 09:00 12:30`",
		        (int)len, word);
	}
	if (*on && !*used) {
		return err_set(
		        err, ERR_SYNTAX, "at what time on the days before '%.*s'?", (int)len, word);
	}
	*on = found;
	*used = false;
	return true;
}

bool slots_parse(const char *text, struct slots *out, struct err *err)
{
	struct slots made = {0};
	unsigned on = 0;
	bool used = false;

	for (const char *p = text;;) {
		p += strspn(p, " \t,");
		size_t len = strcspn(p, " \t");
		if (len == 0) break;
		const char *word = p;
		p += len;
		while (word[len - 1] == ',')
			len--;
		if (!take_word(&made, word, len, &on, &used, err)) return false;
	}
	if (!used) {
		return err_set(err, ERR_SYNTAX, "%s: slots are written `mon-fri 09:00 12:30`",
		        on ? "at what time on those days?" : "no slots given");
	}
	*out = made;
	return true;
}

/* -- printing -- */

static size_t day_times(const struct slots *slots, int day, uint16_t out[SLOTS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < slots->n; i++)
		if (slots->at[i] / DAY_MINUTES == day)
			out[n++] = (uint16_t)(slots->at[i] % DAY_MINUTES);
	return n;
}

static bool same_times(const struct slots *slots, int a, int b)
{
	uint16_t of_a[SLOTS_MAX], of_b[SLOTS_MAX];
	size_t n = day_times(slots, a, of_a);

	return n == day_times(slots, b, of_b) && memcmp(of_a, of_b, n * sizeof(*of_a)) == 0;
}

void slots_print(struct str *out, const struct slots *slots)
{
	size_t start = out->len;

	for (int day = 0; day < WEEK_DAYS;) {
		uint16_t times[SLOTS_MAX];
		size_t n = day_times(slots, day, times);
		int last = day;
		while (last + 1 < WEEK_DAYS && same_times(slots, day, last + 1))
			last++;
		if (n > 0) {
			str_addf(out, "%s%.3s", out->len > start ? ", " : "", days[day]);
			if (last > day) str_addf(out, "-%.3s", days[last]);
		}
		for (size_t i = 0; i < n; i++)
			str_addf(out, " %02d:%02d", times[i] / 60, times[i] % 60);
		day = last + 1;
	}
}

/* -- when the next one is -- */

/* Days since 1970 of the day that the clocks show, and its weekday from Monday. */
static bool day_at(const char *zone, int64_t at_ms, int64_t *out_day, char zone_name[WHEN_ZONE_MAX])
{
	struct when when;
	char date[11];
	int64_t ms;

	if (!when_at(at_ms, zone, &when, NULL)) return false;
	snprintf(date, sizeof(date), "%.10s", when.wall);
	if (!date_parse_rfc3339(date, &ms)) return false;
	*out_day = ms / day_ms - (ms % day_ms < 0);
	memcpy(zone_name, when.zone, WHEN_ZONE_MAX);
	return true;
}

static bool slot_on(const char *zone, int64_t day, int minutes, struct when *out)
{
	int64_t year;
	int month, month_day;
	char wall[64];

	date_civil(day, &year, &month, &month_day);
	snprintf(wall, sizeof(wall), "%04d-%02d-%02d %02d:%02d", (int)year, month, month_day,
	        minutes / 60, minutes % 60);
	return when_resolve(wall, zone, 0, out, NULL);
}

bool slots_after(
        const struct slots *slots, const char *zone_given, int64_t after_ms, struct when *out)
{
	int64_t first;
	char zone[WHEN_ZONE_MAX];

	if (!day_at(zone_given, after_ms, &first, zone)) return false;
	/* A day that clocks jump over as a whole may cost one more. */
	for (int64_t day = first; day <= first + WEEK_DAYS + 1; day++) {
		/* 1970-01-01 was a Thursday. */
		int weekday = (int)(((day + 3) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS);
		for (size_t i = 0; i < slots->n; i++) {
			struct when when;
			if (slots->at[i] / DAY_MINUTES != weekday) continue;
			if (!slot_on(zone, day, slots->at[i] % DAY_MINUTES, &when)) continue;
			if (when.utc_ms <= after_ms) continue;
			*out = when;
			return true;
		}
	}
	return false;
}

static bool is_free(int64_t at_ms, const int64_t *taken, size_t ntaken, int64_t spacing_ms)
{
	int64_t least = spacing_ms > minute_ms ? spacing_ms : minute_ms;

	for (size_t i = 0; i < ntaken; i++) {
		int64_t away = at_ms - taken[i];
		if (away > -least && away < least) return false;
	}
	return true;
}

bool slots_next(const struct slots *slots, const char *zone, int64_t after_ms, const int64_t *taken,
        size_t ntaken, int64_t spacing_ms, struct when *out)
{
	const int64_t until = after_ms + YEAR_DAYS * day_ms;
	struct when when = {.utc_ms = after_ms};

	while (slots_after(slots, zone, when.utc_ms, &when) && when.utc_ms < until) {
		if (!is_free(when.utc_ms, taken, ntaken, spacing_ms)) continue;
		*out = when;
		return true;
	}
	return false;
}

bool slots_is_next(const char *text)
{
	char word[2][8];
	char more;

	return sscanf(text, " %7s %7s %c", word[0], word[1], &more) == 2 &&
	       strcasecmp(word[0], "next") == 0 && strcasecmp(word[1], "slot") == 0;
}

/* -- of all accounts -- */

static void book_drop(struct slots_book *book, size_t i)
{
	free(book->rows[i].account);
	memmove(book->rows + i, book->rows + i + 1, (book->n - i - 1) * sizeof(*book->rows));
	book->n--;
}

static size_t book_find(const struct slots_book *book, const char *account)
{
	size_t i = 0;

	while (i < book->n && strcmp(book->rows[i].account, account) != 0)
		i++;
	return i;
}

bool slots_book_put(struct slots_book *book, const char *account, const char *text, struct err *err)
{
	struct slots slots;
	size_t i = book_find(book, account);

	if (strcmp(text, "off") == 0) {
		if (i < book->n) book_drop(book, i);
		return true;
	}
	if (!slots_parse(text, &slots, err)) return false;
	if (i == book->n) {
		book->rows = mem_grow(book->rows, &book->cap, book->n + 1, sizeof(*book->rows));
		book->rows[book->n++].account = xstrdup(account);
	}
	book->rows[i].slots = slots;
	return true;
}

const struct slots *slots_book_get(const struct slots_book *book, const char *account)
{
	size_t i = book_find(book, account);

	return i < book->n ? &book->rows[i].slots : NULL;
}

void slots_book_finish(struct slots_book *book)
{
	for (size_t i = 0; i < book->n; i++)
		free(book->rows[i].account);
	free(book->rows);
	*book = (struct slots_book){0};
}
