#pragma once
#include "automaton.h"
#include "query/query.h"
#include "table.h"

/*
 * The atoms of all queries (query_bind), each with a slot that equal ones share; and which of
 * them hold for a post, all looked up at once. Zeroed is valid and empty.
 */
struct atom {
	enum query_atom_kind kind;
	char *value; /* owned; NULL: the slot is free */
	size_t len;
	unsigned users;
};

struct atoms {
	struct atom *all; /* by slot; slot 0 is none */
	size_t n, cap;
	struct table slots; /* hash of kind and value to slot */
	size_t counts[ATOM_NKINDS], text_bytes;
	struct automaton *automaton;
	bool stale; /* the automaton is to be made anew */
};

void atoms_finish(struct atoms *atoms);
/* The slot of an atom, for one user more; 0: there is no room for it. */
uint32_t atoms_take(struct atoms *atoms, const struct query_atom *atom);
void atoms_drop(struct atoms *atoms, uint32_t slot);
/* The slot of an atom that somebody uses; 0: nobody does. */
uint32_t atoms_find(
        const struct atoms *atoms, enum query_atom_kind kind, const char *value, size_t len);
size_t atoms_memory(const struct atoms *atoms);

/* What holds for a handle (FROM, BY), a tag's target, a link, a thread's URI: put into *out. */
void atoms_see_handle(const struct atoms *atoms, enum query_atom_kind kind, const char *handle,
        struct slots *out);
void atoms_see_tag(const struct atoms *atoms, const char *target, struct slots *out);
void atoms_see_link(const struct atoms *atoms, const char *url, struct slots *out);
void atoms_see_thread(const struct atoms *atoms, const char *uri, struct slots *out);
/* All words in a folded text. */
void atoms_see_text(struct atoms *atoms, const char *folded, size_t len, struct slots *out);
