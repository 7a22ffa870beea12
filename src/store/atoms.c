#include "atoms.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"

void slots_clear(struct slots *slots, size_t room)
{
	if (room > slots->room) {
		size_t words = room / 64 + 1;

		free(slots->bits);
		free(slots->list);
		slots->bits = xcalloc(words, sizeof *slots->bits);
		slots->list = xmalloc(words * 64 * sizeof *slots->list);
		slots->room = words * 64;
		slots->n = 0;
		return;
	}
	while (slots->n > 0) {
		slots->bits[slots->list[--slots->n] / 64] = 0;
	}
}

void slots_finish(struct slots *slots)
{
	free(slots->bits);
	free(slots->list);
	*slots = (struct slots){0};
}

void atoms_finish(struct atoms *atoms)
{
	for (size_t i = 0; i < atoms->n; i++) {
		free(atoms->all[i].value);
	}
	free(atoms->all);
	table_finish(&atoms->slots);
	automaton_free(atoms->automaton);
	*atoms = (struct atoms){0};
}

static uint32_t hash_of(enum query_atom_kind kind, const char *value, size_t len)
{
	return (uint32_t)(table_mix(table_hash(TABLE_FNV_START ^ kind, value, len)) >> 32);
}

uint32_t atoms_find(
        const struct atoms *atoms, enum query_atom_kind kind, const char *value, size_t len)
{
	uint32_t hash = hash_of(kind, value, len), slot;
	size_t cursor = 0;

	while ((slot = table_next(&atoms->slots, hash, &cursor)) != 0) {
		const struct atom *atom = &atoms->all[slot];

		if (atom->kind == kind && atom->len == len &&
		        memcmp(atom->value, value, len) == 0) {
			return slot;
		}
	}
	return 0;
}

static uint32_t free_slot(struct atoms *atoms)
{
	for (size_t i = 1; i < atoms->n; i++) {
		if (!atoms->all[i].value) return (uint32_t)i;
	}
	if (atoms->n == 0) atoms->n = 1;
	atoms->all = mem_grow(atoms->all, &atoms->cap, atoms->n + 1, sizeof *atoms->all);
	atoms->all[0] = (struct atom){0};
	return (uint32_t)atoms->n++;
}

uint32_t atoms_take(struct atoms *atoms, const struct query_atom *atom)
{
	uint32_t slot = atoms_find(atoms, atom->kind, atom->value, atom->len);

	if (slot) {
		atoms->all[slot].users++;
		return slot;
	}
	if (atom->len == 0) return 0;
	if (atom->kind == ATOM_TEXT) {
		if (atoms->text_bytes + atom->len > AUTOMATON_MAX_BYTES) return 0;
		atoms->text_bytes += atom->len;
		atoms->stale = true;
	}
	slot = free_slot(atoms);
	atoms->all[slot] = (struct atom){.kind = atom->kind,
	        .value = xstrndup(atom->value, atom->len),
	        .len = atom->len,
	        .users = 1};
	atoms->counts[atom->kind]++;
	table_put(
	        &atoms->slots, (uint64_t)hash_of(atom->kind, atom->value, atom->len) << 32 | slot);
	return slot;
}

void atoms_drop(struct atoms *atoms, uint32_t slot)
{
	struct atom *atom = &atoms->all[slot];

	if (!slot || --atom->users > 0) return;
	table_drop(
	        &atoms->slots, (uint64_t)hash_of(atom->kind, atom->value, atom->len) << 32 | slot);
	atoms->counts[atom->kind]--;
	if (atom->kind == ATOM_TEXT) {
		atoms->text_bytes -= atom->len;
		atoms->stale = true;
	}
	free(atom->value);
	*atom = (struct atom){0};
}

size_t atoms_memory(const struct atoms *atoms)
{
	return atoms->cap * sizeof *atoms->all + table_memory(&atoms->slots) +
	       automaton_memory(atoms->automaton);
}

/* --- looking up --- */

static void see(const struct atoms *atoms, enum query_atom_kind kind, const char *value, size_t len,
        struct slots *out)
{
	uint32_t slot = len > 0 ? atoms_find(atoms, kind, value, len) : 0;

	if (slot) slots_put(out, slot);
}

enum { MAX_NAME = 512 }; /* a longer handle or host is nobody's */

/* ASCII in lower case; false when it does not fit. */
static bool lower(char out[MAX_NAME], const char *text, size_t len)
{
	if (len >= MAX_NAME) return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out[len] = '\0';
	return true;
}

void atoms_see_handle(
        const struct atoms *atoms, enum query_atom_kind kind, const char *handle, struct slots *out)
{
	char lowered[MAX_NAME];
	size_t len = strlen(handle), name;

	if (atoms->counts[kind] == 0 || !lower(lowered, handle, len)) return;
	name = strcspn(lowered, "@");
	see(atoms, kind, lowered, len, out);
	if (name < len) see(atoms, kind, lowered, name, out);
}

void atoms_see_tag(const struct atoms *atoms, const char *target, struct slots *out)
{
	struct str folded = {0};

	fold_add(&folded, target, strlen(target));
	see(atoms, ATOM_TAG, str_c(&folded), folded.len, out);
	str_finish(&folded);
}

void atoms_see_link(const struct atoms *atoms, const char *url, struct slots *out)
{
	const char *host = strstr(url, "://"), *at;
	char lowered[MAX_NAME];
	size_t len;

	if (!host) return;
	host += 3;
	len = strcspn(host, "/?#");
	at = memchr(host, '@', len);
	if (at) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	len = strcspn(host, "/?#:") < len ? strcspn(host, "/?#:") : len;
	if (!lower(lowered, host, len)) return;
	for (const char *part = lowered; part; part = strchr(part, '.')) {
		part += *part == '.';
		see(atoms, ATOM_LINK, part, strlen(part), out);
	}
}

void atoms_see_thread(const struct atoms *atoms, const char *uri, struct slots *out)
{
	see(atoms, ATOM_THREAD, uri, strlen(uri), out);
}

static void make_automaton(struct atoms *atoms)
{
	struct automaton_word *words = xmalloc((atoms->n + 1) * sizeof *words);
	size_t n = 0;

	for (size_t i = 1; i < atoms->n; i++) {
		const struct atom *atom = &atoms->all[i];

		if (!atom->value || atom->kind != ATOM_TEXT) continue;
		words[n++] = (struct automaton_word){atom->value, atom->len, (uint32_t)i};
	}
	automaton_free(atoms->automaton);
	atoms->automaton = n > 0 ? automaton_new(words, n) : NULL;
	atoms->stale = false;
	free(words);
}

void atoms_see_text(struct atoms *atoms, const char *folded, size_t len, struct slots *out)
{
	if (atoms->stale) make_automaton(atoms);
	if (atoms->automaton) automaton_find(atoms->automaton, folded, len, out);
}
