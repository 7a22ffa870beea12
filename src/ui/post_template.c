#include "ui/post_template.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* Where a field may stand. */
enum { IN_LINE = 1, OWN_LINES = 2, EITHER = 3 };

static const uint8_t places[FIELD_COUNT] = {
#define X(id, name, where, help) where,
        POST_FIELDS(X)
#undef X
};

const struct post_field_row post_field_rows[] = {
#define X(id, name, where, help) {name, help},
        POST_FIELDS(X)
#undef X
};

const struct post_layout post_layouts[] = {
#define X(name, text, help) {name, text, help},
        POST_LAYOUTS(X)
#undef X
                {0},
};

bool template_line_is_own(const struct template_line *line)
{
	return line->n == 1 && places[line->fields[0].field] & OWN_LINES;
}

/* The number behind `=` in a word, 0 when there is none; cuts the word there. */
static bool take_limit(char *word, uint8_t *out, struct err *err)
{
	char *sign = strchr(word, '='), *end;
	*out = 0;
	if (!sign) return true;
	*sign++ = '\0';
	long n = strtol(sign, &end, 10);
	if (*end || end == sign || n < 1 || n > TEMPLATE_MAX_LIMIT)
		return err_set(err, ERR_SYNTAX,
		        "after `%s=` a number from 1 to %d is wanted, not '%s'", word,
		        TEMPLATE_MAX_LIMIT, sign);
	*out = (uint8_t)n;
	return true;
}

static bool unknown(const char *word, struct err *err)
{
	struct str names = {0};
	for (int i = 0; i < FIELD_COUNT; i++)
		str_addf(&names, " %s", post_field_rows[i].name);
	err_set(err, ERR_SYNTAX,
	        "a layout is compact, cosy, wide, or made of:%s close indent=N; not '%s'",
	        str_c(&names), word);
	str_finish(&names);
	return false;
}

static bool take_field(
        struct template_line *line, const char *word, uint8_t limit, bool right, struct err *err)
{
	int field = 0;
	while (field < FIELD_COUNT && strcmp(post_field_rows[field].name, word) != 0)
		field++;
	if (field == FIELD_COUNT) return unknown(word, err);
	if (line->n == TEMPLATE_MAX_FIELDS)
		return err_set(err, ERR_TOO_LARGE, "a line of a layout has at most %d fields",
		        TEMPLATE_MAX_FIELDS);
	line->fields[line->n++] =
	        (struct template_field){.field = (uint8_t)field, .limit = limit, .right = right};
	return true;
}

static bool line_ends(struct post_template *out, const struct template_line *line, struct err *err)
{
	if (line->n == 0) return true;
	for (size_t i = 0; line->n > 1 && i < line->n; i++) {
		uint8_t field = line->fields[i].field;
		if (!(places[field] & IN_LINE))
			return err_set(err, ERR_SYNTAX, "`%s` has lines of its own: `| %s |`",
			        post_field_rows[field].name, post_field_rows[field].name);
	}
	if (out->nlines == TEMPLATE_MAX_LINES)
		return err_set(
		        err, ERR_TOO_LARGE, "a layout has at most %d lines", TEMPLATE_MAX_LINES);
	out->lines[out->nlines++] = *line;
	return true;
}

/* Takes `text` apart. */
static bool read_words(char *text, struct post_template *out, struct err *err)
{
	struct template_line line = {0};
	bool right = false;
	for (char *word; (word = strtok_r(text, " ", &text));) {
		uint8_t limit;
		if (strcmp(word, "|") == 0) {
			if (!line_ends(out, &line, err)) return false;
			line = (struct template_line){0};
			right = false;
		} else if (strcmp(word, ">") == 0) {
			right = true;
		} else if (strcmp(word, "close") == 0) {
			out->close = true;
		} else if (!take_limit(word, &limit, err)) {
			return false;
		} else if (limit && strcmp(word, "indent") == 0) {
			out->indent = limit;
		} else if (!take_field(&line, word, limit, right, err)) {
			return false;
		}
	}
	if (!line_ends(out, &line, err)) return false;
	return out->nlines || err_set(err, ERR_SYNTAX, "a layout needs a line at least");
}

bool post_template_read(const char *text, struct post_template *out, struct err *err)
{
	struct post_template read = {0};
	for (const struct post_layout *row = post_layouts; row->name; row++) {
		if (strcmp(row->name, text) == 0) text = row->text;
	}
	char *copy = xstrdup(text);
	bool ok = read_words(copy, &read, err);
	free(copy);
	if (ok && out) *out = read;
	return ok;
}
