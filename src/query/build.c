#include "build.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/duration.h"
#include "base/fold.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "moment.h"
#include "regex.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static const struct field *find_field(const char *name, size_t len)
{
	for (const struct field *field = query_fields; field->word.name; field++) {
		if (strlen(field->word.name) != len) continue;
		size_t i = 0;

		while (i < len && lower(name[i]) == field->word.name[i]) {
			i++;
		}
		if (i == len) return field;
	}
	return NULL;
}

static bool unknown_field(const char *name, size_t len, struct err *err)
{
	char *given = xstrndup(name, len);
	struct nearest nearest = {.given = given};

	for (const struct field *field = query_fields; field->word.name; field++) {
		if (field->word.name[0]) nearest_offer(&nearest, field->word.name);
	}
	if (nearest.best) {
		err_set(err, ERR_SYNTAX, "unknown field '%s:', did you mean '%s:'", given,
		        nearest.best);
	} else {
		err_set(err, ERR_SYNTAX, "unknown field '%s:'; quote the term to look for the text",
		        given);
	}
	free(given);
	return false;
}

static bool build_word(struct term *term, const char *value, struct err *err)
{
	const char *field = term->field->word.name;
	struct nearest nearest = {.given = value};
	struct str all = {0};

	for (const struct word_row *row = term->field->words; row->word.name; row++) {
		if (strcasecmp(row->word.name, value) == 0) {
			str_finish(&all);
			term->word = row;
			term->text = xstrdup(row->word.name);
			return true;
		}
		nearest_offer(&nearest, row->word.name);
		str_addf(&all, " %s", row->word.name);
	}
	if (nearest.best && value[0]) {
		err_set(err, ERR_SYNTAX, "'%s:' does not know '%s', did you mean '%s'", field,
		        value, nearest.best);
	} else {
		err_set(err, ERR_SYNTAX, "'%s:' wants one of%s", field, str_c(&all));
	}
	str_finish(&all);
	return false;
}

static const struct {
	const char *sign;
	enum compare compare;
} signs[] = {
        {">=", COMPARE_GE},
        {"<=", COMPARE_LE},
        {">", COMPARE_GT},
        {"<", COMPARE_LT},
        {"=", COMPARE_EQ},
        {"", COMPARE_EQ},
};

/* Take the sign from the front of `value`: the row above. */
static size_t take_sign(const char **value)
{
	size_t i = 0;

	while (strncmp(*value, signs[i].sign, strlen(signs[i].sign)) != 0) {
		i++;
	}
	*value += strlen(signs[i].sign);
	return i;
}

static bool build_count(struct term *term, const char *value, struct err *err)
{
	const char *digits = value;
	size_t sign = take_sign(&digits);
	struct str text = {0};

	if (digits[0] == '\0' || strspn(digits, "0123456789") != strlen(digits) ||
	        strlen(digits) > 9) {
		return err_set(err, ERR_SYNTAX, "'%s:' wants a number such as >10",
		        term->field->word.name);
	}
	term->compare = signs[sign].compare;
	term->number = strtol(digits, NULL, 10);
	str_addf(&text, "%s%ld", term->compare == COMPARE_EQ ? "" : signs[sign].sign,
	        (long)term->number);
	term->text = str_take(&text);
	return true;
}

static bool build_age(struct term *term, const char *value, struct err *err)
{
	const char *length = value;
	size_t sign = take_sign(&length);
	struct str text = {0};

	if (!duration_parse(length, &term->number)) {
		return err_set(err, ERR_SYNTAX,
		        "'%s:' wants a length of time in s, m, h, d or w, such as <2h or >3d",
		        term->field->word.name);
	}
	term->compare = signs[sign].compare;
	if (term->compare == COMPARE_EQ) {
		return err_set(err, ERR_SYNTAX,
		        "'%s:' wants < for younger or > for older before '%s'",
		        term->field->word.name, length);
	}
	str_adds(&text, signs[sign].sign);
	duration_print(&text, term->number);
	term->text = str_take(&text);
	return true;
}

static bool build_text(struct term *term, const char *value, struct err *err)
{
	struct str folded = {0};

	fold_add(&folded, value, strlen(value));
	if (folded.len == 0) {
		str_finish(&folded);
		return err_set(err, ERR_SYNTAX, "there is nothing to look for in this term");
	}
	term->text = xstrdup(value);
	term->folded = str_take(&folded);
	return true;
}

static bool build_regex(struct term *term, const char *value, size_t *col, struct err *err)
{
	size_t at = 0;

	if (value[0] == '\0') {
		return err_set(err, ERR_SYNTAX,
		        "there is nothing between the slashes; quote a "
		        "slash to look for it");
	}
	term->regex = regex_new(value, &at, err);
	*col += 1 + at;
	if (!term->regex) return false;
	term->text = xstrdup(value);
	term->least = regex_least(value);
	return true;
}

static bool build_moment(
        struct term *term, const char *value, const struct query_env *env, struct err *err)
{
	term->moment = moment_new(value, env ? env->zone : NULL, env ? env->now_ms : 0, err);
	if (!term->moment) return false;
	term->text = xstrdup(value);
	return true;
}

/* Handles, hosts and codes are kept in lower case; a handle's @ is left out, however many. */
static bool build_plain(struct term *term, const char *value, struct err *err)
{
	enum value_kind kind = term->field->kind;

	while (kind == VALUE_HANDLE && value[0] == '@') {
		value++;
	}
	if (value[0] == '\0') {
		return err_set(err, ERR_SYNTAX, "'%s:' wants a value, such as %s",
		        term->field->word.name, term->field->word.example);
	}
	if (kind == VALUE_HOST && strchr(value, '/')) {
		return err_set(err, ERR_SYNTAX,
		        "'%s:' wants a host such as example.org; 'url:' finds a part of an address",
		        term->field->word.name);
	}
	term->text = xstrdup(value);
	if (kind == VALUE_EXACT || kind == VALUE_SAVED) return true;
	for (char *p = term->text; *p; p++) {
		*p = lower(*p);
	}
	return true;
}

static bool build_value(struct term *term, const char *value, const struct building *in,
        size_t *col, struct err *err)
{
	switch (term->field->kind) {
	case VALUE_WORD:
		return build_word(term, value, err);
	case VALUE_COUNT:
		return build_count(term, value, err);
	case VALUE_AGE:
		return build_age(term, value, err);
	case VALUE_SINCE:
	case VALUE_UNTIL:
		return build_moment(term, value, in->env, err);
	case VALUE_TEXT:
		return build_text(term, value, err);
	case VALUE_REGEX:
		return build_regex(term, value, col, err);
	case VALUE_HANDLE:
	case VALUE_PLAIN:
	case VALUE_HOST:
	case VALUE_EXACT:
	case VALUE_SAVED:
		break;
	}
	return build_plain(term, value, err);
}

/* What is wrong with the token before its value is looked at. */
static bool token_closed(const struct token *token, bool typing, size_t *col, struct err *err)
{
	bool regex = token->sigil == '/';

	if (token->open && !typing) {
		return err_set(err, ERR_SYNTAX,
		        regex ? "this regular expression is never closed; quote the text to look "
		                "for a slash"
		              : "this quote is never closed");
	}
	if (!token->trailed) return true;
	*col = token->end;
	return err_set(err, ERR_SYNTAX,
	        "the regular expression ends at this slash: write \\/ within it, or quote the text "
	        "to look for it");
}

bool term_build(struct term *term, const struct building *in, const struct token *token,
        size_t *col, struct err *err)
{
	const char *text = in->text;
	const char *value = str_c(&token->value);

	*col = token->start;
	if (!token_closed(token, in->typing, col, err)) return false;
	if (token->field_len > 0) {
		term->field = find_field(text + token->start, token->field_len);
		if (!term->field) return unknown_field(text + token->start, token->field_len, err);
		*col = token->start + token->field_len + 1;
	} else {
		term->field = query_fields;
		while (term->field->sigil != token->sigil) {
			term->field++;
		}
	}
	while (term->field->kind != VALUE_REGEX && value[0] && value[0] == term->field->sigil) {
		value++;
	}
	return build_value(term, value, in, col, err);
}
