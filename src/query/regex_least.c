#include <string.h>

#include "base/str.h"
#include "regex.h"

/*
 * Letters and digits in a row that every match holds: of ASCII only, for these fold to
 * themselves, and what equals one of them whatever the case folds to it too. The pattern is read
 * from outside: groups, classes and escapes are stepped over, and where one is met that
 * changes how the rest is read, nothing is known.
 */
enum { LEAST = 3 };

struct reading {
	const char *p;
	struct str row, best;
	bool unknown;
};

static void end_row(struct reading *reading)
{
	if (reading->row.len > reading->best.len) {
		str_clear(&reading->best);
		str_add(&reading->best, reading->row.p, reading->row.len);
	}
	str_clear(&reading->row);
}

static bool is_letter(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Behind a backslash: one character, which is no letter of more than one. */
static void skip_escape(struct reading *reading)
{
	char c = *reading->p;
	if (c == '\0' || (is_letter(c) && !strchr("bBdDhHnrRsStvVwWAzZ", c)))
		reading->unknown = true;
	else
		reading->p++;
}

/* Behind its opening bracket. */
static void skip_class(struct reading *reading)
{
	if (*reading->p == '^') reading->p++;
	if (*reading->p == ']') reading->p++;
	while (*reading->p && *reading->p != ']') {
		/* Names such as [:alpha:] have a bracket of their own. */
		if (*reading->p == '[') reading->unknown = true;
		if (*reading->p++ == '\\') skip_escape(reading);
		if (reading->unknown) return;
	}
	if (*reading->p)
		reading->p++;
	else
		reading->unknown = true;
}

/* What is repeated may be missing. */
static void drop_last(struct reading *reading)
{
	if (reading->row.len > 0) str_cut(&reading->row, reading->row.len - 1);
	end_row(reading);
}

static void skip_count(struct reading *reading)
{
	const char *end = strchr(reading->p, '}');
	if (end)
		reading->p = end + 1;
	else
		reading->unknown = true;
}

static void read_one(struct reading *reading, size_t *depth)
{
	char c = *reading->p++;
	if (is_letter(c)) {
		if (*depth == 0) str_addc(&reading->row, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
		return;
	}
	if (c == '?' || c == '*' || c == '{')
		drop_last(reading);
	else
		end_row(reading);
	if (c == '{') skip_count(reading);
	if (c == '\\') skip_escape(reading);
	if (c == '[') skip_class(reading);
	if (c == '|' && *depth == 0) reading->unknown = true;
	if (c == ')' && (*depth)-- == 0) reading->unknown = true;
	if (c == '(') {
		const char *p = reading->p;
		if (p[0] == '*' || (p[0] == '?' && p[1] != ':')) reading->unknown = true;
		(*depth)++;
	}
}

char *regex_least(const char *pattern)
{
	struct reading reading = {.p = pattern};
	size_t depth = 0;
	while (*reading.p && !reading.unknown)
		read_one(&reading, &depth);
	end_row(&reading);
	bool known = !reading.unknown && depth == 0 && reading.best.len >= LEAST;
	char *least = known ? str_take(&reading.best) : NULL;
	str_finish(&reading.row);
	str_finish(&reading.best);
	return least;
}
