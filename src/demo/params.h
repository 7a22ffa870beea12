#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * What a request was given, wherever it stood: query, form or JSON body. Names are as
 * in forms: a JSON member of a member is `a[b]`, an element of an array is `a[]`, the
 * members of the i-th object in an array are `a[i][b]`, and null is "".
 */
struct params {
	struct param {
		char *name, *value;
	} * list;
	size_t n, cap;
};

void params_add(struct params *params, const char *name, const char *value);
void params_finish(struct params *params);
/* Flatten a JSON object. */
bool params_add_json(struct params *params, const char *text, size_t len, struct err *err);

const char *params_get(const struct params *params, const char *name); /* NULL: absent */
const char *params_str(const struct params *params, const char *name); /* "" when absent */
bool params_bool(const struct params *params, const char *name);       /* as Rails reads it */
uint64_t params_id(const struct params *params, const char *name);     /* 0: none */
/* The i-th of `name[]` (or of a repeated `name`); NULL past the last. */
const char *params_at(const struct params *params, const char *name, size_t i);
