#pragma once
#include <stddef.h>
#include <stdint.h>

/* How much of a text a network takes, in its own units. */
struct measure {
	const char *unit;         /* "characters", "graphemes" */
	uint32_t count, limit;    /* limit 0: none */
	uint32_t bytes, byte_max; /* byte_max 0: none */
	size_t fits;              /* so many bytes of the text, ending between two graphemes */
};
