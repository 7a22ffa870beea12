#pragma once
#include <stdbool.h>
#include <stddef.h>

/*
 * Pieces of a JSON text as they are written, for changing one and leaving the others to the
 * byte: cJSON loses digits, the order of equal names and the way things were escaped. Only
 * of a text that json_parse has taken. Any thread.
 */
struct json_raw {
	const char *p; /* NULL: there is none */
	size_t len;
};

/* The value that a text begins with, without blanks at its ends. */
struct json_raw json_raw_value(const char *text, size_t len);
/* A member of an object, or the i-th element of an array. */
struct json_raw json_raw_member(struct json_raw object, const char *name);
struct json_raw json_raw_element(struct json_raw array, size_t i);
/* Is it the string `s`? `s` needs no escapes. */
bool json_raw_is(struct json_raw value, const char *s);
