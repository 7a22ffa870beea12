#include "base/when_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/nearest.h"
#include "base/when_reader.h"

/* Names that say a day; long ones may be cut to three letters. */
static const char *const weekdays[7] = {
        "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
static const char *const months[12] = {"january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december"};
static const struct {
	const char *name;
	int shift;
} near_days[] = {{"today", 0}, {"tomorrow", 1}, {"yesterday", -1}};
static const struct {
	const char *name;
	int clock_s;
} near_clocks[] = {{"midnight", 0}, {"noon", 12 * 3600}};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char how[] = "times are `in 2h`, `tomorrow 9:00`, `fri 14:30`, `2026-12-24 08:00`";

static bool is_short_for(const struct when_word *word, const char *name)
{
	return word->len >= 3 && word->len <= strlen(name) &&
	       strncasecmp(word->p, name, word->len) == 0;
}

static bool take(struct when_reader *r, const char *name)
{
	if (r->at >= r->n || !when_is_word(&r->words[r->at], name)) return false;
	r->at++;
	return true;
}

static bool split(struct when_reader *r, const char *text, size_t len)
{
	const char *end = text + len;

	for (const char *p = text;;) {
		while (p < end && isspace((unsigned char)*p))
			p++;
		if (p == end) return true;
		if (r->n == WHEN_MAX_WORDS) return false;
		struct when_word *word = &r->words[r->n++];
		word->p = p;
		while (p < end && !isspace((unsigned char)*p))
			p++;
		word->len = (size_t)(p - word->p);
	}
}

static int find_name(const struct when_word *word, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (is_short_for(word, names[i])) return i;
	return -1;
}

/* 1: read, 0: not a clock's time, -1: a wrong one */
static int clock_shape(struct when_reader *r, const struct when_word *word)
{
	int hour, minute = 0, second = 0;
	const char *p = word->p, *end = p + word->len;
	size_t n = when_number_at(p, word->len, 2, &hour);

	if (n == 0) return 0;
	p += n;
	bool colon = p < end && *p == ':';
	if (colon) {
		if (when_number_at(p + 1, (size_t)(end - p - 1), 2, &minute) != 2) return 0;
		p += 3;
		if (p < end && *p == ':') {
			if (when_number_at(p + 1, (size_t)(end - p - 1), 2, &second) != 2) return 0;
			p += 3;
		}
	}
	struct when_word rest = {p, (size_t)(end - p)};
	if (rest.len == 0 && when_peek(r) &&
	        (when_is_word(when_peek(r), "am") || when_is_word(when_peek(r), "pm"))) {
		rest = r->words[r->at++];
	}
	bool pm = when_is_word(&rest, "pm"), half = pm || when_is_word(&rest, "am");
	if (!half && !colon) return 0;
	if (half) {
		if (hour < 1 || hour > 12) {
			err_set(r->err, ERR_SYNTAX, "'%.*s': with am and pm hours are 1 to 12",
			        (int)word->len, word->p);
			return -1;
		}
		hour = hour % 12 + (pm ? 12 : 0);
	} else if (rest.len > 0) {
		return 0;
	}
	if (hour > 23 || minute > 59 || second > 59) {
		err_set(r->err, ERR_SYNTAX,
		        "'%.*s': hours are 0 to 23, minutes and seconds 0 to 59", (int)word->len,
		        word->p);
		return -1;
	}
	r->out->clock_s = hour * 3600 + minute * 60 + second;
	r->out->has_clock = true;
	return 1;
}

/* "Z", "+01:00", "-0530" */
static bool offset_shape(struct when_reader *r, const char *p, size_t len)
{
	int hours, minutes = 0;

	if (len == 1 && (*p == 'z' || *p == 'Z')) {
		r->out->has_offset = true;
		r->out->offset_s = 0;
		return true;
	}
	if (len < 3 || (*p != '+' && *p != '-') || when_number_at(p + 1, len - 1, 2, &hours) != 2) {
		return false;
	}
	size_t at = 3;
	if (at < len && p[at] == ':') at++;
	if (at < len && when_number_at(p + at, len - at, 2, &minutes) != 2) return false;
	if (at < len) at += 2;
	if (at != len || hours > 23 || minutes > 59) return false;
	r->out->has_offset = true;
	r->out->offset_s = (hours * 3600 + minutes * 60) * (*p == '-' ? -1 : 1);
	return true;
}

static int read_clock(struct when_reader *r)
{
	const struct when_word *word = &r->words[r->at];

	for (size_t i = 0; i < COUNT(near_clocks); i++) {
		if (when_is_word(word, near_clocks[i].name)) {
			r->at++;
			r->out->has_clock = true;
			r->out->clock_s = near_clocks[i].clock_s;
			return 1;
		}
	}
	/* "08:00+01:00", "08:00:00.000Z": what follows the digits and colons is the offset. */
	struct when_word clock = *word;
	size_t at = 0;
	while (at < word->len && (isdigit((unsigned char)word->p[at]) || word->p[at] == ':'))
		at++;
	size_t end = at;
	if (at < word->len && word->p[at] == '.') {
		for (at++; at < word->len && isdigit((unsigned char)word->p[at]); at++) {
		}
	}
	if (at < word->len && offset_shape(r, word->p + at, word->len - at)) clock.len = end;
	r->at++;
	int is = clock_shape(r, &clock);
	if (is == 0) r->at--;
	return is;
}

static int wrong_date(struct when_reader *r, const struct when_word *word)
{
	const struct when_words *out = r->out;

	if (out->month < 1 || out->month > 12) {
		err_set(r->err, ERR_SYNTAX, "'%.*s': months are 1 to 12, written 2026-12-24",
		        (int)word->len, word->p);
	} else {
		/* Without a year, 29 February is one. */
		err_set(r->err, ERR_SYNTAX, "'%.*s': that month has %d days", (int)word->len,
		        word->p, date_month_days(out->year ? out->year : 2000, out->month));
	}
	return -1;
}

static bool date_is_sound(const struct when_words *out)
{
	return out->month >= 1 && out->month <= 12 && out->month_day >= 1 &&
	       out->month_day <= date_month_days(out->year ? out->year : 2000, out->month);
}

/* "2026-12-24", and before a T or blank of RFC 3339 too. */
static int read_iso_date(struct when_reader *r)
{
	struct when_word *word = &r->words[r->at];
	const char *p = word->p;
	int year, month, day;

	if (word->len < 10 || p[4] != '-' || p[7] != '-') return 0;
	if (when_number_at(p, 4, 4, &year) != 4 || when_number_at(p + 5, 2, 2, &month) != 2 ||
	        when_number_at(p + 8, 2, 2, &day) != 2) {
		return 0;
	}
	bool more = word->len > 11 && (p[10] == 'T' || p[10] == 't');
	if (word->len > 10 && !more) return 0;
	r->out->day = WHEN_DAY_DATE;
	r->out->year = year;
	r->out->month = month;
	r->out->month_day = day;
	if (!date_is_sound(r->out) || year == 0) {
		struct when_word date = {p, 10};
		return wrong_date(r, &date);
	}
	if (!more) {
		r->at++;
		return 1;
	}
	/* The clock's part is a word of its own from here on. */
	word->p += 11;
	word->len -= 11;
	return 1;
}

/* "24", "24th" */
static bool day_of_month(const struct when_word *word, int *out)
{
	size_t n = when_number_at(word->p, word->len, 2, out);
	struct when_word rest = {word->p + n, word->len - n};

	return n > 0 && (rest.len == 0 || when_is_word(&rest, "st") || when_is_word(&rest, "nd") ||
	                        when_is_word(&rest, "rd") || when_is_word(&rest, "th"));
}

/* "24 dec", "dec 24", "24 december 2026" */
static int read_named_date(struct when_reader *r)
{
	if (r->at + 1 >= r->n) return 0;
	const struct when_word *first = &r->words[r->at], *second = first + 1;
	int day, month = find_name(second, months, 12);

	if (month < 0 || !day_of_month(first, &day)) {
		month = find_name(first, months, 12);
		if (month < 0 || !day_of_month(second, &day)) return 0;
	}
	r->at += 2;
	r->out->day = WHEN_DAY_DATE;
	r->out->month = month + 1;
	r->out->month_day = day;
	r->out->year = 0;
	int year;
	const struct when_word *third = when_peek(r);
	if (third && third->len == 4 && when_number_at(third->p, 4, 4, &year) == 4 &&
	        year >= 1900) {
		r->out->year = year;
		r->at++;
	}
	struct when_word both = {first->p, (size_t)(second->p + second->len - first->p)};
	return date_is_sound(r->out) ? 1 : wrong_date(r, &both);
}

static int read_day(struct when_reader *r)
{
	const struct when_word *word = &r->words[r->at];
	bool after = when_is_word(word, "next"), before = when_is_word(word, "last");

	if ((after || before) && r->at + 1 < r->n) word++;
	int weekday = find_name(word, weekdays, 7);
	if (weekday >= 0) {
		r->at += after || before ? 2 : 1;
		r->out->weekday = weekday;
		r->out->day = after    ? WHEN_DAY_WEEKDAY_AFTER
		              : before ? WHEN_DAY_WEEKDAY_BEFORE
		                       : WHEN_DAY_WEEKDAY;
		return 1;
	}
	if (after || before) {
		err_set(r->err, ERR_SYNTAX, "'%s' wants a weekday: `%s friday`, `%s fri 14:30`",
		        after ? "next" : "last", after ? "next" : "last", after ? "next" : "last");
		return -1;
	}
	for (size_t i = 0; i < COUNT(near_days); i++) {
		if (when_is_word(word, near_days[i].name)) {
			r->at++;
			r->out->day = WHEN_DAY_NEAR;
			r->out->day_shift = near_days[i].shift;
			return 1;
		}
	}
	int is = read_iso_date(r);
	return is ? is : read_named_date(r);
}

/* "fri 27 nov": both have to agree, which is seen once the year is known. */
static int read_day_or_more(struct when_reader *r)
{
	struct when_words *out = r->out;
	enum when_day was = out->day;
	int weekday = out->weekday;

	if (was != WHEN_DAY_NONE && was != WHEN_DAY_WEEKDAY) return 0;
	struct when_words before = *out;
	size_t at = r->at;
	int is = read_day(r);
	if (is == 1 && was == WHEN_DAY_WEEKDAY) {
		if (out->day == WHEN_DAY_DATE) {
			out->also_weekday = weekday + 1;
		} else {
			*out = before;
			r->at = at;
			return 0;
		}
	}
	return is;
}

/* Which of two equal wall times, or whose clocks: after a time of day. */
static int read_pick(struct when_reader *r)
{
	struct when_words *out = r->out;
	const struct when_word *word = &r->words[r->at];

	if (!out->has_clock) return 0;
	if (when_is_word(word, "first") || when_is_word(word, "second")) {
		out->pick = when_is_word(word, "first") ? WHEN_PICK_FIRST : WHEN_PICK_SECOND;
	} else if (offset_shape(r, word->p, word->len)) {
		r->at++;
		return 1;
	} else if (when_is_word(word, "utc") || when_is_word(word, "gmt")) {
		out->has_offset = true;
		out->offset_s = 0;
	} else if (memchr(word->p, '/', word->len) && isalpha((unsigned char)*word->p) &&
	           word->len < sizeof(out->zone)) {
		memcpy(out->zone, word->p, word->len);
		out->zone[word->len] = '\0';
	} else {
		for (size_t i = 0; i < word->len; i++)
			if (!isupper((unsigned char)word->p[i])) return 0;
		if (word->len < 3 || word->len >= sizeof(out->abbrev)) return 0;
		out->pick = WHEN_PICK_ABBREV;
		memcpy(out->abbrev, word->p, word->len);
		out->abbrev[word->len] = '\0';
	}
	r->at++;
	return 1;
}

static bool is_number(const struct when_word *word)
{
	for (size_t i = 0; i < word->len; i++)
		if (!isdigit((unsigned char)word->p[i])) return false;
	return word->len > 0;
}

/* What somebody may have meant by a word that is none of ours. */
static bool refuse(struct when_reader *r, const struct when_word *word)
{
	char given[32];
	struct nearest nearest = {.given = given};

	snprintf(given, sizeof(given), "%.*s", (int)word->len, word->p);
	if (is_number(word) && word->len <= 4 && word->len != 3) {
		int n;
		when_number_at(word->p, word->len, 4, &n);
		int hour = word->len == 4 ? n / 100 : n;
		if (hour < 24) {
			return err_set(r->err, ERR_SYNTAX, "'%s' is no time of day: write %d:%02d",
			        given, hour, word->len == 4 ? n % 100 : 0);
		}
	}
	if (isdigit((unsigned char)given[0]) && strpbrk(given, "/.")) {
		return err_set(r->err, ERR_SYNTAX,
		        "'%s' may mean two days: write 2026-12-24 or 24 dec", given);
	}
	for (size_t i = 0; i < 7; i++)
		nearest_offer(&nearest, weekdays[i]);
	for (size_t i = 0; i < 12; i++)
		nearest_offer(&nearest, months[i]);
	for (size_t i = 0; i < COUNT(near_days); i++)
		nearest_offer(&nearest, near_days[i].name);
	for (size_t i = 0; i < COUNT(near_clocks); i++)
		nearest_offer(&nearest, near_clocks[i].name);
	if (nearest.best) {
		return err_set(r->err, ERR_SYNTAX, "'%s' is no time: did you mean '%s'?", given,
		        nearest.best);
	}
	return err_set(r->err, ERR_SYNTAX, "'%s' is no time: %s", given, how);
}

static bool read_parts(struct when_reader *r)
{
	struct when_words *out = r->out;

	while (r->at < r->n) {
		const struct when_word *word = when_peek(r);
		int is = 0;
		if (r->at + 1 < r->n &&
		        ((!out->has_clock && take(r, "at")) || (out->has_clock && take(r, "on")))) {
			word = when_peek(r);
		}
		if (!out->is_relative) is = read_day_or_more(r);
		if (is == 0 && !out->has_clock) is = read_clock(r);
		if (is == 0) is = read_pick(r);
		if (is < 0) return false;
		if (is == 0) return refuse(r, word);
	}
	return true;
}

/* "in 2h", "2h ago"; true also when it is none of these. */
static bool read_relative(struct when_reader *r)
{
	struct when_words *out = r->out;

	if (take(r, "now")) {
		out->is_relative = true;
		return true;
	}
	bool in = take(r, "in");
	if (!when_read_span(r)) {
		if (!in) return true;
		return err_set(r->err, ERR_SYNTAX, "'in' wants how long: `in 2h`, `in 3 days`");
	}
	bool ago = !in && take(r, "ago");
	if (!in && !ago) {
		return err_set(r->err, ERR_SYNTAX,
		        "a time that long from now is `in %.*s`, or `%.*s ago`",
		        (int)r->words[0].len, r->words[0].p, (int)r->words[0].len, r->words[0].p);
	}
	out->is_relative = true;
	if (ago) {
		out->months = -out->months;
		out->days = -out->days;
		out->seconds = -out->seconds;
	}
	if (r->at < r->n && out->seconds) return refuse(r, when_peek(r));
	return true;
}

bool when_words_read(const char *text, size_t len, struct when_words *out, struct err *err)
{
	struct when_words made = {0};
	struct when_reader r = {.out = &made, .err = err};

	if (!split(&r, text, len)) return err_set(err, ERR_SYNTAX, "too many words: %s", how);
	if (r.n == 0) return err_set(err, ERR_SYNTAX, "no time given: %s", how);
	if (!read_relative(&r) || !read_parts(&r)) return false;
	*out = made;
	return true;
}
