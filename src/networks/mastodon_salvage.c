#include "networks/mastodon_salvage.h"

#include <string.h>

/* A server that allows long texts may well send 100 KiB for one post, none sends this. */
enum { MAX_ITEM = 1 << 20 };

struct input {
	const char *p, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_blanks(struct input *in)
{
	while (in->p < in->end && is_blank(*in->p))
		in->p++;
}

static bool skip_string(struct input *in)
{
	for (in->p++; in->p < in->end; in->p++) {
		if (*in->p == '\\' && in->p + 1 < in->end)
			in->p++;
		else if (*in->p == '"')
			return in->p++, true;
	}
	return false;
}

/* A value, whatever is in it: up to its own closing bracket, or to what ends a bare word. */
static bool skip_value(struct input *in)
{
	const char *start = in->p;
	size_t depth = 0;
	while (in->p < in->end) {
		char c = *in->p;
		bool closes = c == ']' || c == '}';
		if (depth == 0 && (c == ',' || closes)) break;
		if (c == '"') {
			if (!skip_string(in)) return false;
			continue;
		}
		depth += c == '[' || c == '{';
		depth -= closes;
		in->p++;
	}
	return depth == 0 && in->p > start;
}

static bool is_readable(const char *item, size_t len)
{
	if (len > MAX_ITEM) return false;
	struct json *json = json_parse(item, len, NULL);
	json_free(json);
	return json != NULL;
}

/* The items of a list, its bracket just behind us. */
static bool copy_items(struct input *in, struct str *out)
{
	for (;;) {
		skip_blanks(in);
		if (in->p < in->end && *in->p == ']') break;
		const char *item = in->p;
		if (!skip_value(in)) return false;
		size_t len = (size_t)(in->p - item);
		if (is_readable(item, len))
			str_add(out, item, len);
		else
			str_adds(out, "null");
		if (in->p == in->end || *in->p == '}') return false;
		if (*in->p == ']') break;
		str_addc(out, *in->p++);
	}
	str_addc(out, *in->p++);
	return true;
}

/* The members of the answer, of which those that are lists are looked into. */
static bool copy_members(struct input *in, struct str *out)
{
	while (in->p < in->end) {
		char c = *in->p;
		const char *from = in->p;
		if (c == '[') {
			str_addc(out, *in->p++);
			if (!copy_items(in, out)) return false;
			continue;
		}
		bool fine = c == '"'   ? skip_string(in)
		            : c == '{' ? skip_value(in)
		                       : (in->p++, true);
		if (!fine) return false;
		str_add(out, from, (size_t)(in->p - from));
	}
	return true;
}

struct json *mastodon_salvage(const struct response *answer)
{
	struct input in = {answer->body, answer->body + answer->body_len};
	struct str out = {0};
	skip_blanks(&in);
	bool list = in.p < in.end && *in.p == '[', object = in.p < in.end && *in.p == '{';
	if (list || object) str_addc(&out, *in.p++);
	bool fine = (list && copy_items(&in, &out)) || (object && copy_members(&in, &out));
	struct json *json = fine ? json_parse(str_c(&out), out.len, NULL) : NULL;
	str_finish(&out);
	return json;
}
