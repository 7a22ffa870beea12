#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Write JSON: members with a key, elements with a NULL key; commas come by themselves. */
void put_open(struct str *out, const char *key, char bracket);     /* '{' or '[' */
void put_close(struct str *out, char bracket);                     /* '}' or ']' */
void put_str(struct str *out, const char *key, const char *value); /* NULL: null */
void put_strf(struct str *out, const char *key, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
void put_int(struct str *out, const char *key, int64_t value);
void put_bool(struct str *out, const char *key, bool value);
void put_null(struct str *out, const char *key);
void put_id(struct str *out, const char *key, uint64_t id);  /* as a string; 0: null */
void put_date(struct str *out, const char *key, int64_t ms); /* 0: null; always with .000 */
void put_none(struct str *out, const char *key, const char *brackets); /* "[]" or "{}" */

/* The same date without JSON round it. */
void date_print(char out[32], int64_t ms);
