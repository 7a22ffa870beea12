#include "base/csv.h"

#include <string.h>

/* Of all in the first line, outside of quotes, the one that stands most often. */
static char find_separator(const char *text, size_t len)
{
	static const char all[] = {',', ';', '\t'};
	size_t counts[sizeof(all)] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < len && (quoted || text[i] != '\n'); i++) {
		if (text[i] == '"') quoted = !quoted;
		for (size_t s = 0; s < sizeof(all) && !quoted; s++)
			counts[s] += text[i] == all[s];
	}
	for (size_t s = 1; s < sizeof(all); s++)
		if (counts[s] > counts[best]) best = s;
	return all[best];
}

static void begin(struct csv *csv)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (csv->len >= 3 && memcmp(csv->text, mark, 3) == 0) csv->at = 3;
	csv->separator = find_separator(csv->text + csv->at, csv->len - csv->at);
}

/* The length of a line's end here; 0: it goes on. */
static size_t line_end(const struct csv *csv)
{
	const char *p = csv->text + csv->at;
	size_t left = csv->len - csv->at;

	if (left >= 1 && *p == '\n') return 1;
	return left >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

static bool wrong(const struct csv *csv, struct err *err, const char *what)
{
	return err_set(err, ERR_FORMAT, "line %zu: %s", csv->line, what);
}

/* Up to the closing quote; the opening one is behind us. */
static bool quoted_field(struct csv *csv, struct err *err)
{
	for (; csv->at < csv->len; csv->at++) {
		char c = csv->text[csv->at];
		if (c == '\0') return wrong(csv, err, "a NUL byte");
		if (c == '\n') csv->lines++;
		if (c != '"') {
			str_addc(&csv->data, c);
			continue;
		}
		if (csv->at + 1 < csv->len && csv->text[csv->at + 1] == '"') {
			str_addc(&csv->data, c);
			csv->at++;
			continue;
		}
		csv->at++;
		if (csv->at == csv->len || csv->text[csv->at] == csv->separator || line_end(csv)) {
			return true;
		}
		return wrong(csv, err,
		        "something stands after a closing quote; a quote within "
		        "quotes is written twice");
	}
	return wrong(csv, err, "a quote is never closed");
}

static bool plain_field(struct csv *csv, struct err *err)
{
	while (csv->at < csv->len && csv->text[csv->at] != csv->separator && !line_end(csv)) {
		char c = csv->text[csv->at++];
		if (c == '\0') return wrong(csv, err, "a NUL byte");
		if (c == '"') {
			return wrong(csv, err, "a quote in a field that does not begin with one");
		}
		str_addc(&csv->data, c);
	}
	return true;
}

static bool field(struct csv *csv, struct err *err)
{
	if (csv->nfields == CSV_MAX_FIELDS) return wrong(csv, err, "more than 128 fields");
	csv->starts[csv->nfields++] = csv->data.len;
	bool quoted = csv->at < csv->len && csv->text[csv->at] == '"';
	if (quoted) csv->at++;
	bool ok = quoted ? quoted_field(csv, err) : plain_field(csv, err);
	str_addc(&csv->data, '\0');
	return ok;
}

bool csv_next(struct csv *csv, bool *out_more, struct err *err)
{
	if (!csv->separator) begin(csv);
	for (size_t n; (n = line_end(csv)); csv->at += n)
		csv->lines++;
	csv->line = csv->lines + 1;
	csv->nfields = 0;
	str_clear(&csv->data);
	*out_more = csv->at < csv->len;
	while (csv->at < csv->len) {
		if (!field(csv, err)) return false;
		size_t n = line_end(csv);
		if (n || csv->at == csv->len) {
			csv->at += n;
			csv->lines++;
			return true;
		}
		csv->at++;
		/* A separator at the very end has one more field behind it. */
		if (csv->at == csv->len && !field(csv, err)) return false;
	}
	return true;
}

const char *csv_field(const struct csv *csv, size_t i)
{
	return i < csv->nfields ? csv->data.p + csv->starts[i] : "";
}

void csv_finish(struct csv *csv)
{
	str_finish(&csv->data);
	*csv = (struct csv){0};
}

void csv_put(struct str *out, const char *value)
{
	if (!strpbrk(value, ",;\t\"\r\n")) {
		str_adds(out, value);
		return;
	}
	str_addc(out, '"');
	for (const char *p = value; *p; p++) {
		if (*p == '"') str_addc(out, '"');
		str_addc(out, *p);
	}
	str_addc(out, '"');
}
