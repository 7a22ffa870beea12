#include "automaton.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* In the table: some word ends in the state. The rest is where its row begins. */
#define ENDS (UINT32_C(1) << 31)

struct automaton {
	uint8_t class_of[256];
	uint32_t nclasses, nstates;
	uint32_t *next; /* nstates rows of nclasses; row starts, perhaps with ENDS */
	uint32_t *slot; /* of the word that a state is; 0: none */
	uint32_t *less; /* the longest other word that a state ends with, as a state; 0: none */
};

static void find_classes(struct automaton *automaton, const struct automaton_word *words, size_t n,
        size_t *out_bytes)
{
	automaton->nclasses = 1;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < words[i].len; k++) {
			uint8_t byte = (uint8_t)words[i].bytes[k];

			if (automaton->class_of[byte] > 0) continue;
			automaton->class_of[byte] = (uint8_t)automaton->nclasses++;
		}
		*out_bytes += words[i].len;
	}
}

/* The trie of the words: states by number, 0: no such state. */
static void add_word(struct automaton *automaton, const struct automaton_word *word)
{
	uint32_t state = 0;

	for (size_t k = 0; k < word->len; k++) {
		uint8_t class = automaton->class_of[(uint8_t)word->bytes[k]];
		uint32_t *to = &automaton->next[state * automaton->nclasses + class];

		if (*to == 0) *to = automaton->nstates++;
		state = *to;
	}
	automaton->slot[state] = word->slot;
}

/* Nearer states first: where a state has no next, that of its longest end goes on. */
static void link_states(struct automaton *automaton, uint32_t *fail)
{
	uint32_t *queue = xmalloc(automaton->nstates * sizeof *queue);
	uint32_t n = automaton->nclasses, head = 0, tail = 0;

	for (uint32_t c = 0; c < n; c++) {
		if (automaton->next[c]) queue[tail++] = automaton->next[c];
	}
	while (head < tail) {
		uint32_t state = queue[head++], end = fail[state];

		automaton->less[state] = automaton->slot[end] ? end : automaton->less[end];
		for (uint32_t c = 0; c < n; c++) {
			uint32_t *to = &automaton->next[state * n + c];

			if (*to) {
				fail[*to] = automaton->next[end * n + c];
				queue[tail++] = *to;
			} else {
				*to = automaton->next[end * n + c];
			}
		}
	}
	free(queue);
}

static void point_at_rows(struct automaton *automaton)
{
	for (size_t i = 0; i < (size_t)automaton->nstates * automaton->nclasses; i++) {
		uint32_t state = automaton->next[i];
		bool ends = automaton->slot[state] || automaton->less[state];

		automaton->next[i] = state * automaton->nclasses | (ends ? ENDS : 0);
	}
}

struct automaton *automaton_new(const struct automaton_word *words, size_t n)
{
	struct automaton *automaton = xcalloc(1, sizeof *automaton);
	size_t bytes = 0;
	uint32_t *fail;

	find_classes(automaton, words, n, &bytes);
	automaton->next = xcalloc((bytes + 1) * automaton->nclasses, sizeof *automaton->next);
	automaton->slot = xcalloc(bytes + 1, sizeof *automaton->slot);
	automaton->less = xcalloc(bytes + 1, sizeof *automaton->less);
	automaton->nstates = 1;
	for (size_t i = 0; i < n; i++) {
		add_word(automaton, &words[i]);
	}
	fail = xcalloc(automaton->nstates, sizeof *fail);
	link_states(automaton, fail);
	free(fail);
	point_at_rows(automaton);
	return automaton;
}

void automaton_free(struct automaton *automaton)
{
	if (!automaton) return;
	free(automaton->next);
	free(automaton->slot);
	free(automaton->less);
	free(automaton);
}

static void put_all(const struct automaton *automaton, uint32_t state, struct slots *out)
{
	for (; state; state = automaton->less[state]) {
		if (automaton->slot[state]) slots_put(out, automaton->slot[state]);
	}
}

void automaton_find(
        const struct automaton *automaton, const char *text, size_t len, struct slots *out)
{
	const uint32_t *next = automaton->next;
	const uint8_t *class_of = automaton->class_of;
	uint32_t row = 0;

	for (size_t i = 0; i < len; i++) {
		row = next[(row & ~ENDS) + class_of[(uint8_t)text[i]]];
		if (row & ENDS) put_all(automaton, (row & ~ENDS) / automaton->nclasses, out);
	}
}

size_t automaton_memory(const struct automaton *automaton)
{
	if (!automaton) return 0;
	return sizeof *automaton + (size_t)automaton->nstates * (automaton->nclasses + 2) * 4;
}
