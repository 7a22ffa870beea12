#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slots.h"

/*
 * Finds all of many words in one pass over a text (Aho and Corasick, 1975). Bytes that
 * stand in no word are one class, each other byte is one of its own; a state has a row
 * with the next state for each class, so that a byte costs one look into the table.
 */
struct automaton;

struct automaton_word {
	const char *bytes; /* not empty; borrowed until automaton_new returns */
	size_t len;
	uint32_t slot;
};

/* Bytes of all words together that one automaton takes. */
enum { AUTOMATON_MAX_BYTES = 1 << 16 };

struct automaton *automaton_new(const struct automaton_word *words, size_t n);
void automaton_free(struct automaton *automaton);
/* Put the slots of all words that stand in the text. */
void automaton_find(
        const struct automaton *automaton, const char *text, size_t len, struct slots *out);
size_t automaton_memory(const struct automaton *automaton);
