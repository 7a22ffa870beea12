#include "engine/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"

/* X(field): what is written, in this order. */
#define STRINGS(X)                                                                                 \
	X(fetch.etag)                                                                              \
	X(fetch.modified)                                                                          \
	X(fetch.newest) X(fetch.url) X(fetch.moved_to) X(fetch.remote) X(fetch.error)
#define NUMBERS(X)                                                                                 \
	X(fetch.fetched_ms)                                                                        \
	X(fetch.full_ms) X(fetch.next_ms) X(fetch.failures) X(fetch.gone) X(newest_ms) X(retry_ms)

void memory_finish(struct memory *memory)
{
#define X(field) free(memory->field);
	STRINGS(X)
#undef X
	for (size_t i = 0; i < memory->ngaps; i++)
		free(memory->gaps[i].cursor);
	*memory = (struct memory){0};
}

static void remove_gap(struct memory *memory, size_t i)
{
	free(memory->gaps[i].cursor);
	memory->ngaps--;
	memmove(memory->gaps + i, memory->gaps + i + 1,
	        (memory->ngaps - i) * sizeof(*memory->gaps));
}

void memory_add_gap(struct memory *memory, const char *cursor, int64_t below_ms, bool live)
{
	if (memory->ngaps == MEMORY_MAX_GAPS) remove_gap(memory, 0);
	memory->gaps[memory->ngaps++] = (struct known_gap){xstrdup(cursor), below_ms, live};
}

bool memory_take_gap(struct memory *memory, const char *cursor, struct known_gap *out)
{
	for (size_t i = 0; i < memory->ngaps; i++) {
		if (strcmp(memory->gaps[i].cursor, cursor) != 0) continue;
		*out = memory->gaps[i];
		out->cursor = NULL;
		remove_gap(memory, i);
		return true;
	}
	return false;
}

const struct known_gap *memory_live_gap(const struct memory *memory)
{
	for (size_t i = memory->ngaps; i-- > 0;) {
		if (memory->gaps[i].live) return &memory->gaps[i];
	}
	return NULL;
}

void memory_leave_gaps(struct memory *memory)
{
	for (size_t i = 0; i < memory->ngaps; i++)
		memory->gaps[i].live = false;
}

static void print_string(struct str *out, const char *name, const char *value)
{
	if (!value) return;
	str_addf(out, "%s\"%s\":", out->len > 1 ? "," : "", name);
	json_quote(out, value);
}

static void print_number(struct str *out, const char *name, int64_t value)
{
	if (value != 0) str_addf(out, "%s\"%s\":%" PRId64, out->len > 1 ? "," : "", name, value);
}

void memory_print(struct str *out, const struct memory *memory)
{
	struct str line = {0};
	str_addc(&line, '{');
#define X(field) print_string(&line, #field, memory->field);
	STRINGS(X)
#undef X
#define X(field) print_number(&line, #field, (int64_t)memory->field);
	NUMBERS(X)
#undef X
	if (memory->fetch.body_hash != 0) /* as text: JSON's numbers lose its last bits */
		str_addf(&line, "%s\"body_hash\":\"%" PRIx64 "\"", line.len > 1 ? "," : "",
		        memory->fetch.body_hash);
	for (size_t i = 0; i < memory->ngaps; i++) {
		str_adds(&line, i ? "," : line.len > 1 ? ",\"gaps\":[" : "\"gaps\":[");
		str_adds(&line, "{\"cursor\":");
		json_quote(&line, memory->gaps[i].cursor);
		str_addf(&line, ",\"below_ms\":%" PRId64 "}", memory->gaps[i].below_ms);
	}
	str_adds(&line, memory->ngaps ? "]}" : "}");
	str_add(out, line.p, line.len);
	str_finish(&line);
}

bool memory_parse(const char *text, struct memory *out)
{
	*out = (struct memory){0};
	struct json *json = text ? json_parse(text, strlen(text), NULL) : NULL;
	if (!json) return false;
	const cJSON *root = json_root(json);
#define X(field) out->field = xstrdup(json_str(root, #field));
	STRINGS(X)
#undef X
#define X(field) out->field = json_int(root, #field, 0);
	NUMBERS(X)
#undef X
	json_each (gap, json_arr(root, "gaps")) {
		const char *cursor = json_str(gap, "cursor");
		if (cursor) memory_add_gap(out, cursor, json_int(gap, "below_ms", 0), false);
	}
	const char *hash = json_str(root, "body_hash");
	out->fetch.body_hash = hash ? strtoull(hash, NULL, 16) : 0;
	json_free(json);
	return true;
}
