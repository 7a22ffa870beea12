#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "networks/feed_date.h"

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
	struct feed_when d;
	long numbers[4]; /* left over, in order */
	size_t widths[4], n;
	bool day_first; /* a number came before the month's name */
	int words;      /* that mean nothing: weekdays, mostly */
};

static bool is_word(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool half_day(const char *p, size_t len, struct feed_when *d)
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
	if (feed_date_zone(p, len, &w->d) || (len == 1 && w->d.timed)) return true;
	return ++w->words <= 4;
}

/* Digits that are no time: kept, `1/2/2006` and `2006/01/02` too. */
static const char *read_number(struct words *w, const char *p)
{
	size_t n = feed_date_digits(p);
	if (w->n == 4 || n > 4) return NULL;
	w->numbers[w->n] = feed_date_number(p, n);
	w->widths[w->n++] = n;
	return p + n;
}

/* One token; NULL when it fits nowhere. */
static const char *read_token(struct words *w, const char *p)
{
	if (isdigit((unsigned char)*p)) {
		struct feed_when d = w->d;
		const char *next = w->d.timed ? NULL : feed_date_time(p, &d);
		if (next) {
			w->d = d;
			return next;
		}
		if (strspn(p, "0123456789:") > feed_date_digits(p)) return NULL;
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
		return feed_date_offset(p, &w->d);
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
	struct feed_when *d = &w->d;
	long *v = w->numbers;
	if (d->month) {
		if (w->n < 2) return false;
		size_t year = w->widths[0] > 2 ? 0 : 1;
		d->year = feed_date_full_year(v[year], w->widths[year]);
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
		d->year = feed_date_full_year(v[2], w->widths[2]);
	}
	return d->month >= 1 && d->month <= 12 && d->day >= 1 && d->day <= 31;
}

bool feed_date_words(const char *s, int64_t *out_ms)
{
	struct words w = {0};
	for (const char *p = s; *p;) {
		p = read_token(&w, p);
		if (!p) return false;
	}
	return assign(&w) && feed_date_finish(&w.d, out_ms);
}
