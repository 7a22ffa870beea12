#include "base/json_raw.h"

#include <string.h>

static size_t blanks(const char *p, size_t len)
{
	size_t n = 0;
	while (n < len && (p[n] == ' ' || p[n] == '\t' || p[n] == '\n' || p[n] == '\r'))
		n++;
	return n;
}

static size_t string_len(const char *p, size_t len)
{
	size_t n = 1;
	while (n < len && p[n] != '"')
		n += p[n] == '\\' ? 2 : 1;
	return n + 1 < len ? n + 1 : len;
}

/* Bytes of the value at `p`: to the bracket that closes it, or of a string, number or word. */
static size_t value_len(const char *p, size_t len)
{
	size_t n = 0, depth = 0;
	while (n < len) {
		if (p[n] == '"') {
			n += string_len(p + n, len - n);
		} else if (p[n] == '{' || p[n] == '[') {
			depth++;
			n++;
		} else if (p[n] == '}' || p[n] == ']') {
			if (!depth) return n;
			depth--;
			n++;
		} else if (!depth && (p[n] == ',' || p[n] == ':' || blanks(p + n, 1))) {
			return n;
		} else {
			n++;
			continue;
		}
		if (!depth) return n;
	}
	return len;
}

struct json_raw json_raw_value(const char *text, size_t len)
{
	size_t at = blanks(text, len);
	struct json_raw value = {text + at, value_len(text + at, len - at)};
	return value.len ? value : (struct json_raw){0};
}

/* The value after `at` and what parts them; moves `at` behind it. */
static struct json_raw next(struct json_raw in, size_t *at)
{
	while (*at < in.len && (in.p[*at] == ',' || in.p[*at] == ':' || blanks(in.p + *at, 1)))
		++*at;
	struct json_raw value = json_raw_value(in.p + *at, in.len - *at);
	*at += value.len;
	return value;
}

struct json_raw json_raw_member(struct json_raw object, const char *name)
{
	size_t at = 1;
	if (!object.p || *object.p != '{') return (struct json_raw){0};
	for (;;) {
		struct json_raw key = next(object, &at), value = next(object, &at);
		if (!value.p || json_raw_is(key, name)) return value;
	}
}

struct json_raw json_raw_element(struct json_raw array, size_t i)
{
	size_t at = 1;
	struct json_raw value = {0};
	if (!array.p || *array.p != '[') return value;
	do
		value = next(array, &at);
	while (value.p && i-- > 0);
	return value;
}

bool json_raw_is(struct json_raw value, const char *s)
{
	size_t len = strlen(s);
	return value.len == len + 2 && *value.p == '"' && memcmp(value.p + 1, s, len) == 0;
}
