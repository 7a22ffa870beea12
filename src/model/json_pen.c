#include "model/json_pen.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"

void pen_element(struct str *out)
{
	if (out->len > 0 && !strchr("{[:", out->p[out->len - 1])) str_addc(out, ',');
}

void pen_name(struct str *out, const char *name)
{
	pen_element(out);
	json_quote(out, name);
	str_addc(out, ':');
}

void pen_open(struct str *out, const char *name, char bracket)
{
	if (name)
		pen_name(out, name);
	else
		pen_element(out);
	str_addc(out, bracket);
}

void pen_text(struct str *out, const char *name, const char *value)
{
	pen_name(out, name);
	json_quote(out, value && *value ? value : NULL);
}

void pen_truth(struct str *out, const char *name, bool value)
{
	pen_name(out, name);
	str_adds(out, value ? "true" : "false");
}

void pen_number(struct str *out, const char *name, int64_t value)
{
	pen_name(out, name);
	str_addf(out, "%" PRId64, value);
}

void pen_date(struct str *out, const char *name, int64_t ms)
{
	char when[32];

	if (ms) date_format_rfc3339(when, ms);
	pen_text(out, name, ms ? when : NULL);
}

void pen_some_text(struct str *out, const char *name, const char *value)
{
	if (value && *value) pen_text(out, name, value);
}

void pen_some_truth(struct str *out, const char *name, bool value)
{
	if (value) pen_truth(out, name, true);
}

void pen_some_number(struct str *out, const char *name, int64_t value)
{
	if (value) pen_number(out, name, value);
}
