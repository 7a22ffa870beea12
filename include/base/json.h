#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/str.h"

/*
 * The door to cJSON, which trusts its input more than we do (quality.md 0.6):
 * depth and size are limited, the whole text must be one value, an unescaped
 * \u0000 and faulty UTF-8 become U+FFFD, names are compared with case. One
 * document lives in one arena and is freed at once.
 */
struct json; /* one document */

enum { JSON_MAX_DEPTH = 100, JSON_MAX_VALUES = 1000000, JSON_MAX_BYTES = 64 << 20 };

/* Returns an owned document, or NULL with the reason and offset in *err. `text` is borrowed. */
struct json *json_parse(const char *text, size_t len, struct err *err);
void json_free(struct json *json);
const cJSON *json_root(const struct json *json);

/* Member of an object by exact name; NULL when absent, or `obj` is no object, or is NULL. */
const cJSON *json_get(const cJSON *obj, const char *name);

/* Typed members. A member of another type counts as absent; null counts as absent. */
const char *json_str(const cJSON *obj, const char *name); /* borrowed; NULL when absent */
bool json_bool(const cJSON *obj, const char *name, bool otherwise);
int64_t json_int(const cJSON *obj, const char *name,
        int64_t otherwise); /* also from digits in a string; clamped to ±2^53 */
const cJSON *json_arr(const cJSON *obj, const char *name); /* NULL when absent */
const cJSON *json_obj(const cJSON *obj, const char *name); /* NULL when absent */

/* The elements of an array (or members of an object); `list` may be NULL. */
#define json_each(item, list)                                                                      \
	for (const cJSON *item = (list) ? (list)->child : NULL; item; item = item->next)

/* Append `value` to `out` as one line. Borrows. Control characters, also bidi ones, are escaped. */
void json_print(struct str *out, const cJSON *value);

/* Append a string literal, quoted and escaped; NULL gives null. */
void json_quote(struct str *out, const char *s);
