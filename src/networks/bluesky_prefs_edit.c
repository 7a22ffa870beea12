#include <stdio.h>
#include <string.h>

#include "networks/bluesky_prefs.h"

/* putPreferences replaces all that there is: what is not ours to change must not change. */

static const char *end_of(struct json_raw value)
{
	return value.p + value.len;
}

/* `whole` with what stands from `from` to `to` replaced. */
static void splice(
        struct str *out, struct json_raw whole, const char *from, const char *to, const char *with)
{
	str_add(out, whole.p, (size_t)(from - whole.p));
	str_adds(out, with);
	str_add(out, to, (size_t)(end_of(whole) - to));
}

/* Without an element, and without one of the commas beside it. */
static void cut(struct str *out, struct json_raw whole, struct json_raw array, struct json_raw old)
{
	const char *from = old.p, *to = end_of(old);
	const char *after = to + strspn(to, " \t\r\n");
	if (*after == ',') {
		to = after + 1;
	} else {
		const char *before = from;
		while (before > array.p && strchr(" \t\r\n", before[-1]))
			before--;
		if (before[-1] == ',') from = before - 1;
	}
	splice(out, whole, from, to, "");
}

/* With one more element at the end of the array. */
static void append(
        struct str *out, struct json_raw whole, struct json_raw array, const char *element)
{
	const char *bracket = end_of(array) - 1;
	struct str with = {0};
	if (json_raw_element(array, 0).p) str_addc(&with, ',');
	str_adds(&with, element);
	splice(out, whole, bracket, bracket, str_c(&with));
	str_finish(&with);
}

static void replace(struct str *out, struct json_raw whole, struct json_raw array,
        struct json_raw old, const char *element)
{
	if (!old.p)
		append(out, whole, array, element);
	else if (element)
		splice(out, whole, old.p, end_of(old), element);
	else
		cut(out, whole, array, old);
}

struct json_raw bluesky_prefs_find(struct json_raw prefs, const char *type)
{
	char full[96];
	struct json_raw element;
	snprintf(full, sizeof full, "%s%s", BLUESKY_PREF, type);
	for (size_t i = 0; (element = json_raw_element(prefs, i)).p; i++) {
		if (json_raw_is(json_raw_member(element, "$type"), full)) return element;
	}
	return (struct json_raw){0};
}

void bluesky_prefs_element(
        struct str *out, struct json_raw prefs, struct json_raw old, const char *element)
{
	replace(out, prefs, prefs, old, element);
}

void bluesky_prefs_item(struct str *out, struct json_raw prefs, const char *type,
        struct json_raw old, const char *item)
{
	struct json_raw element = bluesky_prefs_find(prefs, type);
	struct json_raw items = json_raw_member(element, "items");
	struct str with = {0};
	if (items.p && *items.p == '[') {
		replace(out, prefs, items, old, item);
		return;
	}
	if (item) str_addf(&with, "{\"$type\":\"%s%s\",\"items\":[%s]}", BLUESKY_PREF, type, item);
	if (with.len)
		replace(out, prefs, prefs, element, str_c(&with));
	else
		str_add(out, prefs.p, prefs.len);
	str_finish(&with);
}
