#include "cmd/option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"

enum { OPTION_MAX_STRING = 1024 };

const struct option_row option_rows[] = {
#define X(field, name, type, otherwise, range, help) {name, OPTION_##type, otherwise, range, help},
        OPTIONS(X)
#undef X
                {0},
};

/* Where a row's value is in struct options. */
static const size_t offsets[] = {
#define X(field, name, type, otherwise, range, help) offsetof(struct options, field),
        OPTIONS(X)
#undef X
};

static void *value_at(const struct options *options, size_t i)
{
	return (char *)options + offsets[i];
}

static bool is_text(enum option_type type)
{
	return type == OPTION_STRING || type == OPTION_CHOICE;
}

void options_init(struct options *options)
{
	memset(options, 0, sizeof(*options));
	for (size_t i = 0; option_rows[i].name; i++)
		option_set(options, option_rows[i].name, option_rows[i].otherwise, NULL);
}

void options_finish(struct options *options)
{
	if (!options) return;
	for (size_t i = 0; option_rows[i].name; i++) {
		if (is_text(option_rows[i].type)) free(*(char **)value_at(options, i));
	}
	memset(options, 0, sizeof(*options));
}

static const char *option_candidate(void *ctx, size_t i)
{
	(void)ctx;
	return option_rows[i].name;
}

/* The row's number, or -1 with a sentence. */
static int option_find(const char *name, struct err *err)
{
	for (int i = 0; option_rows[i].name; i++) {
		if (strcmp(option_rows[i].name, name) == 0) return i;
	}
	const char *near = cmd_nearest(name, option_candidate, NULL);
	if (near)
		err_set(err, ERR_SYNTAX, "there is no option '%s'; did you mean '%s'?", name, near);
	else
		err_set(err, ERR_SYNTAX, "there is no option '%s'", name);
	return -1;
}

static bool parse_int(const char *text, int64_t *out)
{
	char *end;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno || end == text || *end) return false;
	*out = value;
	return true;
}

static const char units[] = "KMG"; /* of 1024, and of each other */

/* "200M". */
static bool parse_size(const char *text, int64_t *out)
{
	size_t len = strspn(text, "0123456789");
	const char *unit = text[len] ? strchr(units, text[len]) : NULL;
	char *digits = xstrndup(text, len);
	int64_t value = 0;
	bool ok = parse_int(digits, &value) && value >= 0 && value <= INT32_MAX &&
	          (unit ? !text[len + 1] : !text[len]);
	for (const char *at = units; ok && unit && at <= unit; at++)
		value *= 1024;
	free(digits);
	if (ok) *out = value;
	return ok;
}

static void print_size(struct str *out, int64_t bytes)
{
	int unit = -1;
	while (bytes >= 1024 && bytes % 1024 == 0 && unit < 2) {
		bytes /= 1024;
		unit++;
	}
	str_addf(out, "%lld", (long long)bytes);
	if (unit >= 0) str_addc(out, units[unit]);
}

static bool parse_number(enum option_type type, const char *text, int64_t *out)
{
	if (type == OPTION_SIZE) return parse_size(text, out);
	return type == OPTION_INT ? parse_int(text, out) : duration_parse(text, out);
}

/* What such a value is called in a complaint. */
static const char *number_word(enum option_type type)
{
	if (type == OPTION_SIZE) return "a size such as 500K, 200M or 1G";
	return type == OPTION_INT ? "a number" : "a duration such as 90s or 1h30m";
}

static bool set_number(
        const struct option_row *row, int64_t *field, const char *value, struct err *err)
{
	int64_t number, least, most;
	const char *dots = strstr(row->range, "..");
	char *low = xstrndup(row->range, (size_t)(dots - row->range));
	bool ok = parse_number(row->type, low, &least) &&
	          parse_number(row->type, dots + 2, &most) &&
	          parse_number(row->type, value, &number) && number >= least && number <= most;
	free(low);
	if (ok) {
		*field = number;
		return true;
	}
	return err_set(err, ERR_SYNTAX, "%s wants %s of %s, not '%s'", row->name,
	        number_word(row->type), row->range, value);
}

static bool set_bool(const struct option_row *row, bool *field, const char *value, struct err *err)
{
	bool on = strcmp(value, "on") == 0;
	if (!on && strcmp(value, "off") != 0)
		return err_set(err, ERR_SYNTAX, "%s is on or off, not '%s'", row->name, value);
	*field = on;
	return true;
}

static bool set_hours(
        const struct option_row *row, struct hours *field, const char *value, struct err *err)
{
	return hours_parse(value, field) ||
	       err_set(err, ERR_SYNTAX, "%s wants hours such as 22:00-07:00, or off, not '%s'",
	               row->name, value);
}

static bool is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);
	for (const char *p = choices; *p;) {
		size_t n = strcspn(p, " ");
		if (n == len && memcmp(p, value, n) == 0) return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

static bool set_text(const struct option_row *row, char **field, const char *value, struct err *err)
{
	if (row->type == OPTION_CHOICE && !is_choice(row->range, value))
		return err_set(err, ERR_SYNTAX, "%s is one of: %s; not '%s'", row->name, row->range,
		        value);
	if (strlen(value) > OPTION_MAX_STRING)
		return err_set(err, ERR_TOO_LARGE, "%s is longer than %d bytes", row->name,
		        OPTION_MAX_STRING);
	char *copy = xstrdup(value);
	free(*field);
	*field = copy;
	return true;
}

bool option_set(struct options *options, const char *name, const char *value, struct err *err)
{
	int i = option_find(name, err);
	if (i < 0) return false;
	const struct option_row *row = &option_rows[i];
	void *field = value_at(options, (size_t)i);
	switch (row->type) {
	case OPTION_BOOL:
		return set_bool(row, field, value, err);
	case OPTION_INT:
	case OPTION_DURATION:
	case OPTION_SIZE:
		return set_number(row, field, value, err);
	case OPTION_HOURS:
		return set_hours(row, field, value, err);
	default:
		return set_text(row, field, value, err);
	}
}

bool option_print(const struct options *options, const char *name, struct str *out)
{
	int i = option_find(name, NULL);
	if (i < 0) return false;
	const void *field = value_at(options, (size_t)i);
	switch (option_rows[i].type) {
	case OPTION_BOOL:
		str_adds(out, *(const bool *)field ? "on" : "off");
		break;
	case OPTION_INT:
		str_addf(out, "%lld", (long long)*(const int64_t *)field);
		break;
	case OPTION_DURATION:
		duration_print(out, *(const int64_t *)field);
		break;
	case OPTION_HOURS:
		hours_print(out, field);
		break;
	case OPTION_SIZE:
		print_size(out, *(const int64_t *)field);
		break;
	default:
		cmd_quote(out, *(char *const *)field);
	}
	return true;
}
