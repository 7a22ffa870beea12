#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Writes JSON member by member; commas come by themselves. Appended to `out`. */

void pen_name(struct str *out, const char *name);
void pen_element(struct str *out);                              /* before an element of an array */
void pen_open(struct str *out, const char *name, char bracket); /* name NULL: an element */
void pen_text(struct str *out, const char *name, const char *value); /* NULL and "": null */
void pen_truth(struct str *out, const char *name, bool value);
void pen_number(struct str *out, const char *name, int64_t value);
void pen_date(struct str *out, const char *name, int64_t ms); /* 0: null */

/* The same, left out where there is nothing to say. */
void pen_some_text(struct str *out, const char *name, const char *value);
void pen_some_truth(struct str *out, const char *name, bool value);
void pen_some_number(struct str *out, const char *name, int64_t value);
