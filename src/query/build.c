#include "build.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/nearest.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static const struct field *find_field(const char *name, size_t len)
{
	for (const struct field *field = query_fields + 1; field->word.name; field++) {
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

	for (const struct field *field = query_fields + 1; field->word.name; field++) {
		nearest_offer(&nearest, field->word.name);
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

static bool build_count(struct term *term, const char *value, struct err *err)
{
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
	const char *digits = value;
	size_t i = 0;
	struct str text = {0};

	while (strncmp(value, signs[i].sign, strlen(signs[i].sign)) != 0) {
		i++;
	}
	digits += strlen(signs[i].sign);
	if (digits[0] == '\0' || strspn(digits, "0123456789") != strlen(digits) ||
	        strlen(digits) > 9) {
		return err_set(err, ERR_SYNTAX, "'%s:' wants a number such as >10",
		        term->field->word.name);
	}
	term->compare = signs[i].compare;
	term->number = (uint32_t)strtoul(digits, NULL, 10);
	str_addf(&text, "%s%lu", signs[i].compare == COMPARE_EQ ? "" : signs[i].sign,
	        (unsigned long)term->number);
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

/* Handles and codes are kept in lower case; a handle's @ is left out, however many. */
static bool build_plain(struct term *term, const char *value, struct err *err)
{
	while (term->field->kind == VALUE_HANDLE && value[0] == '@') {
		value++;
	}
	if (value[0] == '\0') {
		return err_set(err, ERR_SYNTAX, "'%s:' wants a value", term->field->word.name);
	}
	term->text = xstrdup(value);
	for (char *p = term->text; *p; p++) {
		*p = lower(*p);
	}
	return true;
}

static bool build_value(struct term *term, const char *value, struct err *err)
{
	switch (term->field->kind) {
	case VALUE_WORD:
		return build_word(term, value, err);
	case VALUE_COUNT:
		return build_count(term, value, err);
	case VALUE_TEXT:
		return build_text(term, value, err);
	case VALUE_HANDLE:
	case VALUE_PLAIN:
		break;
	}
	return build_plain(term, value, err);
}

bool term_build(struct term *term, const char *text, const struct token *token, bool typing,
        size_t *col, struct err *err)
{
	const char *value = str_c(&token->value);

	*col = token->start;
	if (token->open && !typing) {
		return err_set(err, ERR_SYNTAX, "this quote is never closed");
	}
	if (token->sigil == '/') {
		return err_set(err, ERR_UNSUPPORTED,
		        "regular expressions are not known yet; quote the text to look for it");
	}
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
	while (value[0] && value[0] == term->field->sigil) {
		value++;
	}
	return build_value(term, value, err);
}
